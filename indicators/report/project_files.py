"""Adds the indicators of a project file when projects are imported."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.clock import today
from core.db import atomic
from core.errors import NO_NUMBER, REQUIRED, UNKNOWN_FIELD, invalid
from core.i18n import _, speaking
from events.projects.projects import Project
from events.projects.toml_file import ACTOR
from indicators.rules.indicators import Indicator, ManualValue
from indicators.rules.rules import Rule

_KNOWN = {
    "name",
    "code",
    "rule",
    "unit",
    "baseline",
    "target",
    "reported",
    "counted",
    "note",
    "split",
    "activity",
}


@atomic
async def bring(project: Project, wanted: list[dict[str, Any]]) -> None:
    """Create or change a project's indicators so that they are as in the file; known by their
    English name.
    """
    there = {one.name.get("en", ""): one for one in await Indicator.filter(project_id=project.id)}
    for one in wanted:
        if unknown := sorted(set(one) - _KNOWN):
            raise invalid(**{unknown[0]: UNKNOWN_FIELD})
        name = _named(one.get("name"))
        rule = (
            Rule.read(one["rule"]) if isinstance(one.get("rule"), Mapping) else Rule(unit="manual")
        )
        columns = {"name": name, **_columns(one)}
        found = there.get(name["en"])
        if found:
            await found.count_by(rule, ACTOR)
            await found.change(ACTOR, columns)
        else:
            found = await Indicator.add(project, ACTOR, rule, **columns)
        if rule.unit == "manual" and found.reported is not None:
            await _enter(project, found)


def _named(given: Any) -> dict[str, str]:
    found = (
        {"en": given}
        if isinstance(given, str)
        else dict(given)
        if isinstance(given, Mapping)
        else {}
    )
    if not found.get("en"):
        raise invalid(name=REQUIRED)
    return found


def _columns(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": str(one.get("code", "")),
        "unit": str(one.get("unit", "")),
        "note": str(one.get("note", "")),
        "split": dict(one.get("split", {})),
        "baseline": _number(one, "baseline"),
        "target": _number(one, "target"),
        "reported": _number(one, "reported"),
    }


def _number(one: Mapping[str, Any], name: str) -> Decimal | None:
    if one.get(name) is None:
        return None
    try:
        return Decimal(str(one[name])).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise invalid(**{name: NO_NUMBER}) from None


async def _enter(project: Project, one: Indicator) -> None:
    """A figure that nothing can be computed from is entered as it was published, once."""
    if await ManualValue.filter(indicator_id=one.id).exists():
        return
    assert one.reported is not None, "it was reported"
    first: date = project.starts_on or project.ends_on or today(project.timezone)
    with speaking(next(iter(project.languages), "en")):
        await ManualValue.enter(
            one, ACTOR, one.reported, first, project.ends_on or first, str(_("As published."))
        )
