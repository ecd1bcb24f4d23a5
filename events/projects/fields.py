"""Reads the fields of a project: each one is checked, and all errors are raised together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import NO_LIST, NO_OBJECT, REQUIRED, DomainError
from core.http.fields import FieldReader
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
    reader = FieldReader(values, FIELDS, first)
    columns = {name: _column(reader, name) for name in COLUMNS if reader.has(name) or not project}
    _agree(reader, columns, project)
    found = Read(
        {name: value for name, value in columns.items() if value is not None or reader.has(name)}
    )
    _partners(reader, found, new=project is None)
    if reader.has("activities"):
        found.activities = _activities(reader)
    if reader.has("resources"):
        found.resources = _resources(reader)
    reader.check()
    return found


def _column(reader: FieldReader, name: str) -> Any:  # noqa: PLR0911 - one return for each way of reading
    if name in {"title", "statement"}:
        return reader.translations(
            name, required=name == "title", longest=2000, lines=name == "statement"
        )
    if name in {"starts_on", "ends_on", "retention_on"}:
        return reader.day(name)
    if name == "timezone":
        return reader.zone(name, required=True)
    if name == "languages":
        return reader.languages(name)
    if name == "target_groups":
        return reader.texts(name)
    if name in {"budget", "notes"}:
        return _plain_object(reader, name)
    if name == "contact_email":
        return reader.email(name)
    if name == "accent":
        return reader.colour(name)
    return reader.text(name, required=name == "code", longest=300 if name == "programme" else 80)


def _agree(reader: FieldReader, columns: dict[str, Any], project: Any) -> None:
    begins = columns.get("starts_on") or (
        project.starts_on if project and "starts_on" not in columns else None
    )
    ends = columns.get("ends_on") or (
        project.ends_on if project and "ends_on" not in columns else None
    )
    if begins and ends and ends < begins:
        reader.wrong("ends_on", _("This is before the beginning."))
    slug = columns.get("slug")
    if project and slug is not None:
        reader.wrong("slug", _("An address that people know does not change."))
    if slug and slug != slugged(slug):
        reader.wrong("slug", _("Please use small letters, digits and hyphens only."))


def _plain_object(reader: FieldReader, name: str) -> dict[str, Any]:
    value = reader.values.get(name)
    if value is not None and not isinstance(value, Mapping):
        reader.wrong(name, NO_OBJECT)
        return {}
    return dict(value or {})


def _partners(reader: FieldReader, found: Read, *, new: bool) -> None:
    lead = [("lead", reader.values.get("lead"))] if new or reader.has("lead") else []
    rest = [(f"partners.{i}", one) for i, one in enumerate(_list(reader, "partners"))]
    if not lead and not reader.has("partners"):
        return
    found.whole = bool(lead) and (new or reader.has("partners"))
    found.partners = []
    seen: set[tuple[str, str]] = set()
    for where, one in lead + rest:
        partner = _partner(reader, where, one)
        if partner:
            known = {(fold(said), partner.country) for said in partner.name.values()}
            if known & seen:
                reader.wrong(where, _("This organisation is already named."))
            seen |= known
            found.partners.append(partner)


def _partner(reader: FieldReader, where: str, value: Any) -> PartnerGiven | None:
    if not isinstance(value, Mapping):
        reader.wrong(where, REQUIRED if value is None else NO_OBJECT)
        return None
    names = ("name", "country", "kind") if where == "lead" else ("name", "country", "kind", "role")
    part = FieldReader(value, names, reader.first)
    found = PartnerGiven(
        part.translations("name", required=True),
        part.country("country", required=True),
        part.choice("kind", OrganisationKind.labels()),
        "lead"
        if where == "lead"
        else part.choice("role", PartnerRole.besides_lead(), required=True),
    )
    reader.take_part(where, part)
    return found


def _activities(reader: FieldReader) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for index, value in enumerate(_list(reader, "activities")):
        where = f"activities.{index}"
        part = FieldReader(
            value if isinstance(value, Mapping) else {}, ("number", "title"), reader.first
        )
        number = part.text("number", required=True, longest=20)
        if number in found:
            part.wrong("number", _("This number is already taken."))
        found[number] = {"number": number, "title": part.translations("title")}
        reader.take_part(where, part)
    return list(found.values())


def _resources(reader: FieldReader) -> list[dict[str, Any]]:
    found = []
    for index, value in enumerate(_list(reader, "resources")):
        part = FieldReader(
            value if isinstance(value, Mapping) else {},
            ("kind", "title", "status", "url"),
            reader.first,
        )
        one = {"kind": part.text("kind", required=True, longest=100), "title": part.text("title")}
        found.append({**one, "status": part.text("status", longest=40), "url": part.address("url")})
        reader.take_part(f"resources.{index}", part)
    return found


def _list(reader: FieldReader, name: str) -> list[Any]:
    value = reader.values.get(name)
    if value is None:
        return []
    if not isinstance(value, list | tuple) or len(value) > 500:
        reader.wrong(name, NO_LIST)
        return []
    return list(value)
