"""Reads the fields of an event: each one is checked and resolved, and all errors are raised
together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import NO_OBJECT, REQUIRED, DomainError
from core.http.fields import FieldReader
from core.i18n import _, text
from events.event.kinds import KINDS, kind_of
from events.event.zones import ENDS
from events.projects.projects import Activity, Partner, Project
from events.projects.series import Series

WALK_INS = {"no": _("No"), "ask": _("Ask an organiser"), "yes": _("Yes")}

_READ: dict[str, Callable[[FieldReader], Any]] = {
    "title": lambda g: g.translations("title", required=True),
    "description": lambda g: g.translations("description", longest=20_000, lines=True),
    "place": lambda g: g.text("place"),
    "latitude": lambda g: g.degrees("latitude", 90),
    "longitude": lambda g: g.degrees("longitude", 180),
    "online_url": lambda g: g.address("online_url"),
    "feedback_url": lambda g: g.address("feedback_url"),
    "capacity": lambda g: g.number("capacity"),
    "grace_minutes": lambda g: g.number("grace_minutes", most=1440) or 0,
    "waiting_list": lambda g: g.flag("waiting_list", otherwise=True),
    "approval": lambda g: g.flag("approval", otherwise=False),
    "open_to_public": lambda g: g.flag("open_to_public", otherwise=False),
    "invitation_only": lambda g: g.flag("invitation_only", otherwise=False),
    "internal": lambda g: g.flag("internal", otherwise=False),
    "rooms_grouped": lambda g: g.flag("rooms_grouped", otherwise=False),
    "walk_ins": lambda g: g.choice("walk_ins", WALK_INS) or "ask",
    "offer_hours": lambda g: g.number("offer_hours", least=1, most=24 * 60) or 48,
    "agenda_days_before": lambda g: g.number("agenda_days_before", most=365),
    "reminder_hours_before": lambda g: g.number("reminder_hours_before", most=24 * 60),
    "reminder_days_before": lambda g: g.number("reminder_days_before", most=365),
    "calendar_invites": lambda g: g.flag("calendar_invites", otherwise=False),
}
"""What is read alike for a new event and for a change of one; names are those of the columns."""

TIMES = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")
PLAIN = (*_READ, "kind", "timezone", "country", "details")
PARTS = ("project", "activity", "series", "organisers__partner__organisation")
"""What an event names elsewhere; to be fetched for `linked_now`."""
FIELDS = (*PLAIN, *TIMES, "organisers", "activity", "series", "direction")


@dataclass
class Read:
    """What was read: columns to write; the organising partners, or None when they stay."""

    columns: dict[str, Any] = field(default_factory=dict)
    organisers: list[Partner] | None = None


async def read(project: Project, values: Mapping[str, Any], event: Any = None) -> Read:
    """Check what was given for a new event, or for changes of one. Raises a 422 that names each
    wrong field.
    """
    reader = FieldReader(values, FIELDS, project.first_language)
    columns: dict[str, Any] = {
        name: get(reader) for name, get in _READ.items() if reader.has(name) or not event
    }
    if reader.has("kind") or not event:
        columns["kind"] = reader.choice("kind", KINDS, required=True)
    _read_times(reader, columns, project, event)
    _read_direction(reader, columns)
    _read_map(reader, columns, event)
    _read_details(reader, columns, event)
    found = Read(columns)
    await _read_country(reader, columns, project, event)
    await _read_activity(reader, columns, project.id)
    await _read_series(reader, columns, project.id)
    if reader.has("organisers") or not event:
        found.organisers = await _organisers(reader, project.id)
    reader.check()
    return found


def _read_times(reader: FieldReader, columns: dict[str, Any], project: Project, event: Any) -> None:
    """A change of the zone alone keeps what the clocks show of the event; a deadline of
    registration is a moment.
    """
    zone = reader.zone("timezone", event.timezone if event else project.timezone)
    if reader.has("timezone") or not event:
        columns["timezone"] = zone
    for name in TIMES:
        if reader.has(name) or not event:
            columns[name] = reader.moment(name, zone, required=name in ENDS)
        elif name in ENDS and zone != event.timezone:
            columns[name] = reader.same_clock(name, getattr(event, name), event.timezone, zone)

    def value(name: str) -> Any:
        return columns[name] if name in columns else getattr(event, name)

    if value("starts_at") and value("ends_at") and value("ends_at") <= value("starts_at"):
        reader.wrong("ends_at", _("The end must be after the beginning."))
    opens, closes = value("registration_opens_at"), value("registration_closes_at")
    if opens and closes and closes <= opens:
        reader.wrong("registration_closes_at", _("The end must be after the beginning."))


def _read_direction(reader: FieldReader, columns: dict[str, Any]) -> None:
    if not reader.has("direction"):
        return
    value = reader.values["direction"]
    columns["direction_from"] = columns["direction_to"] = ""
    if value is None:
        return
    if not isinstance(value, Mapping):
        reader.wrong("direction", _("This must be an object with from and to."))
        return
    ends = FieldReader(value, ("from", "to"))
    columns["direction_from"] = ends.country("from", required=True)
    columns["direction_to"] = ends.country("to", required=True)
    reader.take_part("direction", ends)


def _read_map(reader: FieldReader, columns: dict[str, Any], event: Any) -> None:
    """A place on the map is two numbers or none."""
    found = {
        name: columns.get(name, getattr(event, name, None)) for name in ("latitude", "longitude")
    }
    for name, value in found.items():
        if value is None and any(v is not None for v in found.values()):
            reader.wrong(name, REQUIRED)


def _read_details(reader: FieldReader, columns: dict[str, Any], event: Any) -> None:
    """A new kind keeps none of the old kind's own fields."""
    kind = columns.get("kind") or (event.kind if event else "")
    if not reader.has("details"):
        if event and kind != event.kind:
            columns["details"] = {}
        return
    value = reader.values["details"]
    if value is not None and not isinstance(value, Mapping):
        reader.wrong("details", NO_OBJECT)
    elif kind in KINDS:
        try:
            columns["details"] = kind_of(kind).read_details(value or {})
        except DomainError as error:
            reader.take(error)


async def _read_country(
    reader: FieldReader, columns: dict[str, Any], project: Project, event: Any
) -> None:
    """The country of the place; the lead partner's unless said."""
    if event and not reader.has("country"):
        return
    columns["country"] = reader.country("country")
    if not columns["country"]:
        lead = await project.lead()
        columns["country"] = lead.country if lead else ""


async def _read_activity(reader: FieldReader, columns: dict[str, Any], project_id: int) -> None:
    if not reader.has("activity"):
        return
    columns["activity_id"] = None
    if number := reader.text("activity"):
        found = await Activity.get_or_none(project_id=project_id, number=number)
        columns["activity_id"] = found.id if found else None
        if not found:
            reader.wrong("activity", _("The project has no activity with this number."))


async def _read_series(reader: FieldReader, columns: dict[str, Any], project_id: int) -> None:
    if not reader.has("series"):
        return
    columns["series_id"] = None
    if number := reader.text("series"):
        known = number.isascii() and number.isdigit() and len(number) < 19
        found = await Series.get_or_none(id=int(number), project_id=project_id) if known else None
        columns["series_id"] = found.id if found else None
        if not found:
            reader.wrong("series", _("The project has no such series."))


async def _organisers(reader: FieldReader, project_id: int) -> list[Partner]:
    """The partners named; the lead unless said."""
    names = reader.texts("organisers")
    if not names:
        if reader.values.get("organisers") == []:
            reader.wrong("organisers", REQUIRED)
        return (
            await Partner.filter(project_id=project_id, role="lead")
            .prefetch_related("organisation")
            .limit(1)
        )
    found, unknown = await Partner.named(project_id, names)
    if unknown:
        reader.wrong(
            "organisers", _("No partner of the project is called %(name)s.", name=unknown[0])
        )
    return found


async def linked(event: Any) -> dict[str, Any]:
    """What an event names elsewhere, in words of JSON."""
    await event.fetch_related(*PARTS)
    return linked_now(event)


def linked_now(event: Any) -> dict[str, Any]:
    """As `linked`, where PARTS are fetched."""
    language = event.project.first_language
    organisers = sorted(event.organisers, key=lambda o: (o.partner.position, o.id))
    return {
        "direction": {"from": event.direction_from, "to": event.direction_to}
        if event.direction_from
        else None,
        "activity": event.activity.number if event.activity else None,
        "series": str(event.series_id) if event.series_id else None,
        "organisers": [text(o.partner.organisation.name, language) for o in organisers],
    }
