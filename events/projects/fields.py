"""Reading what someone gave for a project: every field checked, all errors at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import DomainError
from core.http.fields import REQUIRED, Given
from core.i18n import _
from core.text import fold
from core.text import slug as slugged
from events.projects.organisations import OrganisationKind, PartnerRole

COLUMNS = (
    "code", "slug", "acronym", "title", "programme", "statement", "starts_on", "ends_on", "timezone", "languages",
    "target_groups", "budget", "notes", "contact_email", "accent", "retention_on",
)  # fmt: skip
FIELDS = (*COLUMNS, "lead", "partners", "activities", "resources")

_SAID = _("There is already a project with this code.")
TAKEN = DomainError(_SAID, 422, {"code": _SAID})


@dataclass(frozen=True)
class PartnerGiven:
    """An organisation's part in the project, as given."""

    name: dict[str, str]
    country: str
    kind: str
    role: str


@dataclass
class Read:
    """What was read. What was not given is None; `whole` when both the lead and the other partners
    were.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    partners: list[PartnerGiven] | None = None
    activities: list[dict[str, Any]] | None = None
    resources: list[dict[str, Any]] | None = None
    whole: bool = False


def read(values: Mapping[str, Any], project: Any = None) -> Read:
    """Check what was given for a new project, or for changes of an existing one. Raises a 422."""
    languages = values.get("languages") or (project.languages if project else [])
    first = (
        languages[0]
        if isinstance(languages, list) and languages and isinstance(languages[0], str)
        else "en"
    )
    given = Given(values, FIELDS, first)
    columns = {name: _column(given, name) for name in COLUMNS if given.has(name) or not project}
    _agree(given, columns, project)
    found = Read(
        {name: value for name, value in columns.items() if value is not None or given.has(name)}
    )
    _partners(given, found, new=project is None)
    if given.has("activities"):
        found.activities = _activities(given)
    if given.has("resources"):
        found.resources = _resources(given)
    given.check()
    return found


def _column(given: Given, name: str) -> Any:  # noqa: PLR0911 - one return for each way of reading
    if name in {"title", "statement"}:
        return given.words(name, required=name == "title", longest=2000, lines=name == "statement")
    if name in {"starts_on", "ends_on", "retention_on"}:
        return given.day(name)
    if name == "timezone":
        return given.zone(name, required=True)
    if name == "languages":
        return given.languages(name)
    if name == "target_groups":
        return given.items(name)
    if name in {"budget", "notes"}:
        return _plain_object(given, name)
    if name == "contact_email":
        return given.email(name)
    if name == "accent":
        return given.colour(name)
    return given.text(name, required=name == "code", longest=300 if name == "programme" else 80)


def _agree(given: Given, columns: dict[str, Any], project: Any) -> None:
    begins = columns.get("starts_on") or (
        project.starts_on if project and "starts_on" not in columns else None
    )
    ends = columns.get("ends_on") or (
        project.ends_on if project and "ends_on" not in columns else None
    )
    if begins and ends and ends < begins:
        given.wrong("ends_on", _("This is before the beginning."))
    slug = columns.get("slug")
    if project and slug is not None:
        given.wrong("slug", _("An address that people know does not change."))
    if slug and slug != slugged(slug):
        given.wrong("slug", _("Please use small letters, digits and hyphens only."))


def _plain_object(given: Given, name: str) -> dict[str, Any]:
    value = given.values.get(name)
    if value is not None and not isinstance(value, Mapping):
        given.wrong(name, _("This must be an object."))
        return {}
    return dict(value or {})


def _partners(given: Given, found: Read, *, new: bool) -> None:
    lead = [("lead", given.values.get("lead"))] if new or given.has("lead") else []
    rest = [(f"partners.{i}", one) for i, one in enumerate(_list(given, "partners"))]
    if not lead and not given.has("partners"):
        return
    found.whole = bool(lead) and (new or given.has("partners"))
    found.partners = []
    seen: set[tuple[str, str]] = set()
    for where, one in lead + rest:
        partner = _partner(given, where, one)
        if partner:
            known = {(fold(said), partner.country) for said in partner.name.values()}
            if known & seen:
                given.wrong(where, _("This organisation is already named."))
            seen |= known
            found.partners.append(partner)


def _partner(given: Given, where: str, value: Any) -> PartnerGiven | None:
    if not isinstance(value, Mapping):
        given.wrong(where, REQUIRED if value is None else _("This must be an object."))
        return None
    names = ("name", "country", "kind") if where == "lead" else ("name", "country", "kind", "role")
    part = Given(value, names, given.first)
    found = PartnerGiven(
        part.words("name", required=True),
        part.country("country", required=True),
        part.choice("kind", OrganisationKind.labels()),
        "lead"
        if where == "lead"
        else part.choice("role", PartnerRole.besides_lead(), required=True),
    )
    for name, message in part.errors.items():
        given.wrong(f"{where}.{name}", message)
    return found


def _activities(given: Given) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for index, value in enumerate(_list(given, "activities")):
        where = f"activities.{index}"
        part = Given(value if isinstance(value, Mapping) else {}, ("number", "title"), given.first)
        number = part.text("number", required=True, longest=20)
        if number in found:
            part.wrong("number", _("This number is already taken."))
        found[number] = {"number": number, "title": part.words("title")}
        for name, message in part.errors.items():
            given.wrong(f"{where}.{name}", message)
    return list(found.values())


def _resources(given: Given) -> list[dict[str, Any]]:
    found = []
    for index, value in enumerate(_list(given, "resources")):
        part = Given(
            value if isinstance(value, Mapping) else {},
            ("kind", "title", "status", "url"),
            given.first,
        )
        one = {"kind": part.text("kind", required=True, longest=100), "title": part.text("title")}
        found.append({**one, "status": part.text("status", longest=40), "url": part.address("url")})
        for name, message in part.errors.items():
            given.wrong(f"resources.{index}.{name}", message)
    return found


def _list(given: Given, name: str) -> list[Any]:
    value = given.values.get(name)
    if value is None:
        return []
    if not isinstance(value, list | tuple) or len(value) > 500:
        given.wrong(name, _("This must be a list."))
        return []
    return list(value)
