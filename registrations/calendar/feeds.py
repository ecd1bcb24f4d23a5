"""A person's own calendar: everything registered for in this project, with travel; and the .ics of
a confirmation.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from core.clock import now
from core.i18n import Lazy, _, speaking, text
from events.event.event import Event
from events.feeds.entries import event_entry, session_entry
from events.feeds.feeds import built, lasting, paragraphs
from events.feeds.ics import Entry, Feed, Head
from events.programme.sessions import Session
from registrations.registration.choices import Choice
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ACTIVE

EVENING = time(18)
_SHOWN = {"confirmed": "", "waiting": "TENTATIVE", "pending": "TENTATIVE", "offered": "TENTATIVE"}


REMINDERS: dict[str, Lazy] = {
    "60": _("1 hour before"),
    "120": _("2 hours before"),
    "180": _("3 hours before"),
    "evening": _("the evening before"),
}
"""When a calendar may remind of a journey: minutes before, or at 18:00 the day before; a part of
its address.
"""


async def person_feed(registration: Registration, code: str, remind: str = "") -> Feed:
    """All registrations of this person in this project. `registration` has its project fetched."""
    found = await _registrations(registration)
    state = ",".join(
        f"{r.id}.{r.changed_at}.{r.status}.{r.revision}.{r.event.revision}.{r.event.status}"
        for r in found
    )
    remind = remind if remind in REMINDERS else ""
    mark = (
        f"r{registration.id}.{code}.{remind}.{now().date()}."
        + sha256(state.encode()).hexdigest()[:20]
    )

    async def entries() -> list[Entry]:
        return [_reminded(entry, remind) for entry in await _entries(found, code)]

    project = registration.project
    with speaking(code):
        about = str(_("What you are registered for in this project, journeys included."))
    about = paragraphs(about, text(project.title, code), text(project.statement, code))
    changed = max(
        (moment for r in found for moment in (r.changed_at, r.event.changed_at)),
        default=project.changed_at,
    )
    return Feed(
        project.name,
        mark,
        entries,
        Head(about, project.accent, project.url, project.timezone),
        changed,
    )


def _reminded(entry: Entry, remind: str) -> Entry:
    """A journey with the reminder that the subscriber wants."""
    if not remind or entry.category != "travel" or not isinstance(entry.start, datetime):
        return entry
    if remind != "evening":
        return replace(entry, alarm=timedelta(minutes=int(remind)))
    zone = ZoneInfo(entry.zone)
    day = entry.start.astimezone(zone).date() - timedelta(days=1)
    return replace(entry, alarm=datetime.combine(day, EVENING, zone))


async def confirmation_ics(registration: Registration, *, programme_only: bool = False) -> bytes:
    """This one event with the person's own sessions, to be opened once; event and its project are
    fetched.

    `programme_only`: without the event itself; nothing at all when it has no sessions.
    """

    async def entries() -> list[Entry]:
        return (await _entries([registration], registration.language))[int(programme_only) :]

    if programme_only and not await entries():
        return b""

    event: Event = registration.event
    state = (
        f"{registration.revision}.{registration.status}.{event.revision}.{registration.language}"
    )
    mark = f"c{registration.id}.{int(programme_only)}.{registration.created_at.timestamp()}.{state}"
    return await built(Feed(event.project.name, mark, entries, Head(colour=event.project.accent)))


async def _registrations(registration: Registration) -> list[Registration]:
    """One for each event: the active one, else the last that ended within 60 days."""
    person = await Person.get(id=registration.person_id)
    root = person.merged_into_id or person.id
    same = await Person.filter(merged_into_id=root).values_list("id", flat=True)
    query = Registration.filter(project_id=registration.project_id, person_id__in=[root, *same])
    latest: dict[int, Registration] = {}
    before: dict[int, int] = {}
    for found in await query.order_by("id").prefetch_related("event__project"):
        # whoever cancelled and came again has one entry, whose SEQUENCE goes on rising
        found.earlier = before.get(found.event_id, 0)
        before[found.event_id] = found.earlier + found.revision + 1
        present = latest.get(found.event_id)
        if not present or present.status not in ACTIVE or found.status in ACTIVE:
            latest[found.event_id] = found
    shown = [
        r
        for r in latest.values()
        if (r.status in ACTIVE or lasting(r.ended_at)) and lasting(r.event.cancelled_at)
    ]
    return sorted(shown, key=lambda r: (r.event.starts_at, r.id))


async def _entries(registrations: Sequence[Registration], code: str) -> list[Entry]:
    ids = [r.event_id for r in registrations]
    sessions = [
        s
        for s in await Session.filter(event_id__in=ids).order_by("starts_at", "id")
        if lasting(s.removed_at)
    ]
    chosen = set(
        await Choice.filter(registration_id__in=[r.id for r in registrations]).values_list(
            "registration_id", "session_id"
        )
    )
    found: list[Entry] = []
    for registration in registrations:
        own = [
            s
            for s in sessions
            if s.event_id == registration.event_id
            and (s.capacity is None or (registration.id, s.id) in chosen)
        ]
        found.extend(_of(registration, own, code))
    return found


def _of(registration: Registration, sessions: Sequence[Session], code: str) -> list[Entry]:
    event: Event = registration.event
    status = _SHOWN.get(registration.status, "CANCELLED")
    if event.status == "cancelled":
        status = "CANCELLED"
    present = any(s.removed_at is None for s in sessions)
    sequence = registration.earlier + registration.revision
    changed: datetime = registration.changed_at
    online = registration.status == "confirmed"
    made = [
        event_entry(event, code, sessions=present, sequence=sequence, status=status, online=online)
    ]
    made += [
        session_entry(event, s, code, sequence=sequence, status=status, online=online)
        for s in sessions
    ]
    return [_touched(entry, changed) for entry in made]


def _touched(entry: Entry, changed: datetime) -> Entry:
    return replace(entry, changed=max(entry.changed, changed))
