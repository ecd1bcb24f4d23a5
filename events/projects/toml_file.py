"""Projects from a TOML file, in the format of demo/projects.toml.

What the file says and a person must decide (corrupt dates, months, where a code comes from) is kept
as text in the project's notes, beside what someone confirms later. The same file again changes
nothing, whatever people have changed since; a changed file changes what it names.
"""

import hashlib
import json
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from accounts.sessions.access import Actor
from core import db
from core.errors import NO_LIST, NO_OBJECT, UNKNOWN_FIELD, DomainError
from core.i18n import _, plural
from events.projects.projects import Project

indicators_given: list[Callable[[Project, list[dict[str, Any]]], Awaitable[Any]]] = []
"""Called with a project, new or changed, and its indicators as in the file. Raises a DomainError
for a bad one.
"""

ACTOR = Actor("viesis import")
SOURCE = "source_digest"
"""The note that tells whether the file says anything new."""

_FIELDS = (
    "code",
    "acronym",
    "title",
    "programme",
    "statement",
    "starts_on",
    "ends_on",
    "timezone",
    "languages",
)
_MORE = ("lead", "partners", "target_groups", "resources")
NOTES = (
    "code_note",
    "dates_raw",
    "dates_note",
    "starts_note",
    "duration_months",
    "municipalities",
    "event_kinds",
)
"""What is kept as it stands."""
_KNOWN = {*_FIELDS, *_MORE, *NOTES, "slug", "activities", "budget_eur", "indicator"}


@dataclass
class Summary:
    """What an import did: the codes of the projects that are new, that changed, and that stayed as
    they were.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = [
            plural("%(n)s project added", "%(n)s projects added", len(self.added)),
            plural("%(n)s changed", "%(n)s changed", len(self.changed)),
            plural("%(n)s unchanged", "%(n)s unchanged", len(self.same)),
        ]
        return ", ".join(str(s) for s in said)


async def import_projects(path: Path, report: Callable[[str], None] | None = None) -> Summary:
    """Load every project of a file, all or none; `report` hears of each. Raises a DomainError of
    one line.
    """
    projects = _read(path)
    summary = Summary()
    await _import(projects, path, summary)
    for words, codes in (
        (_("added"), summary.added),
        (_("changed"), summary.changed),
        (_("unchanged"), summary.same),
    ):
        for code in codes if report else []:
            report(f"{code}: {words}")  # type: ignore[misc]  # there is a report when there are codes
    return summary


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refused(path, str(error)) from error
    projects = found.get("project")
    if set(found) != {"project"} or not isinstance(projects, list) or not projects:
        raise _refused(path, _("a list of [[project]] is expected"))
    for number, one in enumerate(projects, 1):
        if not isinstance(one, dict) or not isinstance(one.get("code"), str):
            raise _refused(path, _("project %(number)s has no code", number=number))
        for name in one:
            if name not in _KNOWN:
                raise _refused(path, f"{one['code']}: {name}: {UNKNOWN_FIELD}")
        for name, kind in {"indicator": list, "activities": list, "budget_eur": dict}.items():
            if not isinstance(one.get(name, kind()), kind):
                said = NO_LIST if kind is list else NO_OBJECT
                raise _refused(path, f"{one['code']}: {name}: {said}")
    return projects


def _refused(path: Path, said: object) -> DomainError:
    return DomainError(f"{path.name}: {' '.join(str(said).split())}", 422)


@db.atomic
async def _import(projects: list[dict[str, Any]], path: Path, summary: Summary) -> None:
    for one in projects:
        try:
            await _one(one, summary)
        except DomainError as error:
            where = ", ".join(f"{name}: {said}" for name, said in error.fields.items()) or str(
                error
            )
            raise _refused(path, f"{one['code']}: {where}") from error


async def _one(one: dict[str, Any], summary: Summary) -> None:
    digest = hashlib.sha256(_canonical(one).encode()).hexdigest()
    project = await Project.get_or_none(code=one["code"])
    if project and project.notes.get(SOURCE) == digest:
        summary.same.append(project.code)
        return
    values = _values(one)
    values["notes"] = {**(project.notes if project else {}), **values["notes"], SOURCE: digest}
    if project:
        values.pop("slug", None)
        await project.change(ACTOR, **values)
        summary.changed.append(project.code)
    else:
        project = await Project.begin(ACTOR, **values)
        summary.added.append(project.code)
    for hook in indicators_given:
        await hook(project, [dict(indicator) for indicator in one.get("indicator", [])])


def _values(one: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: one[name] for name in (*_FIELDS, *_MORE, "slug") if name in one}
    values["notes"] = {name: _plain(one[name]) for name in NOTES if name in one}
    if "activities" in one:
        values["activities"] = [
            a if isinstance(a, Mapping) else {"number": a, "title": ""} for a in one["activities"]
        ]
    if "budget_eur" in one:
        values["budget"] = {name: str(amount) for name, amount in one["budget_eur"].items()}
    return values


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return json.loads(_canonical(value))


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_as_text)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
