"""Copying an event: a new draft on other days, with the same programme at the same times of day."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db, times
from core.clock import now
from core.i18n import text
from events.event.event import Event
from events.event.fields import PLAIN
from events.event.history import record
from events.event.organisers import EventOrganiser
from events.programme.sessions import Session
from events.projects import addresses
from events.projects.projects import Project

event_copied: list[Callable[[Event, Event], Awaitable[Any]]] = []
"""Called in the transaction with the event and its copy: what else belongs to an event (its
questions).
"""

_SAME = (*PLAIN, "project_id", "activity_id", "series_id", "direction_from", "direction_to")
_OF_SESSION = (
    "kind",
    "title",
    "description",
    "timezone",
    "end_timezone",
    "place",
    "speakers",
    "capacity",
    "counted",
)


async def copied(event: Event, actor: Actor, starts_at: str | datetime) -> Event:
    """A draft like this event, beginning then; all else moves by as many days. Raises a 422 for
    `starts_at`.
    """
    begins = times.moment(starts_at, event.timezone)
    project = await Project.get(id=event.project_id)
    slug = await addresses.free(Event, event.title.get(project.first_language) or text(event.title))
    return await addresses.retried(slug, lambda slug: _copied(event, actor, begins, slug))


@db.atomic
async def _copied(event: Event, actor: Actor, begins: datetime, slug: str) -> Event:
    zone = ZoneInfo(event.timezone)
    days = (begins.astimezone(zone).date() - event.starts_at.astimezone(zone).date()).days
    # the hour may move too, by the length of time between the two beginnings on one day
    rest = begins - times.shifted(event.starts_at, days, event.timezone)

    def later(moment: datetime, where: str) -> datetime:
        return times.shifted(moment, days, where) + rest

    same = {name: getattr(event, name) for name in _SAME}
    copy = await Event.create(
        **same,
        slug=slug,
        starts_at=begins,
        ends_at=later(event.ends_at, event.timezone),
        created_at=now(),
        changed_at=now(),
    )
    for organiser in await EventOrganiser.filter(event_id=event.id):
        await EventOrganiser.create(event_id=copy.id, partner_id=organiser.partner_id)
    for session in await event.sessions_now():
        await Session.create(
            **{name: getattr(session, name) for name in _OF_SESSION},
            event_id=copy.id,
            starts_at=later(session.starts_at, session.zone(event)),
            ends_at=later(session.ends_at, session.zone_at_end(event)),
            created_at=now(),
            changed_at=now(),
        )
    for hook in event_copied:
        await hook(event, copy)
    await record(copy, actor, "copied", {})
    await audit(actor, "event.copied", copy)
    return copy
