"""Who changed what: every change of an event or its programme after the first, with old and new
values.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.dates import format_time
from tortoise import fields
from tortoise.models import Model

from accounts.sessions.access import Actor
from core.clock import now
from core.db import UtcField
from core.i18n import Lazy, _, fmt, text
from core.memory.change_notification import tell
from events.event.kind import SessionKind
from events.event.kinds import kind_of


class Change(Model):
    """One change. `values` is `{name: [old, new]}`, for `readable`; `told_at` when those registered
    were told.
    """

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="changes", on_delete=fields.CASCADE
    )
    session_id = fields.BigIntField(null=True)
    at = UtcField()
    actor = fields.CharField(254)
    revision = fields.IntField()
    action = fields.CharField(20)
    values = fields.JSONField[dict[str, list[object]]](default=dict)
    told_at = UtcField(null=True)

    class Meta:
        table = "change"
        indexes = (("event_id", "id"),)


async def record(
    event: Any,
    actor: Actor,
    action: str,
    values: dict[str, list[object]],
    session_id: int | None = None,
) -> Change:
    """Write down a change. Once the event is or was published it is a revision: `event.revision`
    and `changed_at` rise.

    To be called in the verb's transaction, after the event's row was locked (`event.held_fast()`).
    """
    await _raise(event)
    made = _change(event, actor, action, values, session_id)
    await made.save()
    return made


async def record_all(
    event: Any, actor: Actor, action: str, changes: Iterable[tuple[int, dict[str, list[object]]]]
) -> None:
    """Write down the same change of several sessions, with its values, as one revision."""
    await _raise(event)
    await Change.bulk_create(
        [_change(event, actor, action, values, id_) for id_, values in changes]
    )


async def _raise(event: Any) -> None:
    event.changed_at = now()
    if event.published_at:
        event.revision += 1
    await event.save(update_fields=["revision", "changed_at"])
    await tell()


def _change(
    event: Any, actor: Actor, action: str, values: dict[str, list[object]], session_id: int | None
) -> Change:
    return Change(
        event_id=event.id,
        session_id=session_id,
        at=event.changed_at,
        actor=actor.name[:254],
        revision=event.revision,
        action=action,
        values=values,
    )


ACTIONS: dict[str, Lazy] = {
    "created": _("Created"),
    "copied": _("Created as a copy"),
    "changed": _("Changed"),
    "published": _("Published"),
    "cancelled": _("Cancelled"),
    "held": _("Marked as held"),
    "session_added": _("Session added"),
    "session_changed": _("Session changed"),
    "session_removed": _("Session removed"),
    "session_restored": _("Session brought back"),
    "not_told": _("Decided to tell nobody"),
}

LABELS: dict[str, Lazy] = {
    "kind": _("Kind"),
    "title": _("Title"),
    "description": _("Description"),
    "starts_at": _("Begins"),
    "ends_at": _("Ends"),
    "timezone": _("Time zone"),
    "end_timezone": _("Time zone at the end"),
    "place": _("Place"),
    "latitude": _("On the map, north"),
    "longitude": _("On the map, east"),
    "online_url": _("Online"),
    "feedback_url": _("Feedback form"),
    "country": _("Country"),
    "capacity": _("Seats"),
    "grace_minutes": _("Minutes of grace"),
    "waiting_list": _("Waiting list"),
    "approval": _("Registrations need approval"),
    "open_to_public": _("Open to the public"),
    "invitation_only": _("By invitation only"),
    "internal": _("Internal meeting of the project"),
    "walk_ins": _("Registering at the door"),
    "rooms_grouped": _("Whoever enters one room has left the last one"),
    "activity": _("Activity"),
    "series": _("Series"),
    "direction": _("Direction"),
    "details": _("Details"),
    "organisers": _("Organisers"),
    "registration_opens_at": _("Registration opens"),
    "registration_closes_at": _("Registration closes"),
    "offer_hours": _("Hours to answer an offer of a seat"),
    "agenda_days_before": _("Agenda sent, days before"),
    "reminder_hours_before": _("Reminder sent, hours before"),
    "reminder_days_before": _("Reminder sent, days before"),
    "calendar_invites": _("Invitations for calendars"),
    "speakers": _("Speakers"),
    "counted": _("Attendance is taken"),
    "reason": _("Reason"),
    "status": _("Status"),
}


def readable(change: Change) -> list[tuple[str, str, str]]:
    """What changed, for a page: the field's name, what it was, what it is. Times are in the zone
    they were kept in.
    """
    return [
        (str(LABELS.get(name, name)), said(old, name), said(new, name))
        for name, (old, new) in change.values.items()
    ]


def said(value: object, name: str = "") -> str:  # noqa: PLR0911 - one return for each type of value
    """A kept value in words; an empty text for nothing."""
    if value is None or value == "":
        return ""
    if name == "kind":
        return str(SessionKind.labels().get(str(value)) or kind_of(str(value)).label)
    if name == "country":
        return fmt.country(str(value))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        return f"{fmt.country(value['from'])} → {fmt.country(value['to'])}"
    if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return text(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value)
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T" and value[:4].isdigit():
        return _time(value)
    return str(value)


def _time(value: str) -> str:
    moment = datetime.fromisoformat(value)
    return f"{fmt.day(moment.date())}, {format_time(moment.time(), 'short', locale=fmt.locale)}"
