"""Calendar feeds (RFC 5545, RFC 7986): an event with its sessions, a project's public events, an organiser's events.

What was cancelled or removed stays 60 days as CANCELLED. A feed is built once per state, however many subscribe.
"""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from core import db
from core.clock import now
from core.i18n import text
from events.events import Event
from events.ics import Entry, Feed, assembled, fragment, uid
from events.projects import Project
from events.sessions import Session

KEPT = timedelta(days=60)
READ = 20
"""Sessions made of rows at a time, about a millisecond: other requests get their turn in between."""


def event_entry(event: Event, code: str, *, sessions: bool, sequence: int = 0, status: str = "") -> Entry:
    """The event itself. With sessions of its own and over several days it is a banner over them, by dates."""
    zone = ZoneInfo(event.timezone)
    first, last = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    banner = sessions and first.date() != last.date()
    return Entry(
        uid=uid("event", event.id, event.created_at),
        sequence=event.revision + sequence,
        changed=event.changed_at,
        created=event.created_at,
        summary=text(event.title, code),
        start=first.date() if banner else event.starts_at,
        end=last.date() + timedelta(days=1) if banner else event.ends_at,
        zone=event.timezone,
        end_zone=event.timezone,
        status=status or _status(event),
        place=event.place or event.online_url,
        description=text(event.description, code),
        url=event.url,
        category=event.kind,
        transparent=sessions,
    )


def session_entry(event: Event, session: Session, code: str, *, sequence: int = 0, status: str = "") -> Entry:
    """One item of the programme. Its own changes and the event's both raise its sequence."""
    gone = session.removed_at is not None
    return Entry(
        uid=uid("session", session.id, session.created_at),
        sequence=event.revision + session.revision + sequence,
        changed=max(event.changed_at, session.changed_at),
        created=session.created_at,
        summary=text(session.title, code),
        start=session.starts_at,
        end=session.ends_at,
        zone=session.timezone or event.timezone,
        end_zone=session.end_timezone or session.timezone or event.timezone,
        status="CANCELLED" if gone else status or _status(event),
        place=session.place or event.place,
        description="\n".join([*session.speakers, text(session.description, code)]).strip(),
        url=event.url,
        category=session.kind,
    )


def _status(event: Event) -> str:
    return {"cancelled": "CANCELLED", "draft": "TENTATIVE"}.get(event.status, "CONFIRMED")


def lasting(at: datetime | None) -> bool:
    """Whether what ended then is still shown as cancelled."""
    return at is None or at > now() - KEPT


async def entries_of(event: Event, code: str, *, sequence: int = 0, status: str = "") -> list[Entry]:
    """The event and its sessions, those removed less than 60 days ago among them; in order of time."""
    if not lasting(event.cancelled_at):
        return []
    # read at once, so that all of it is of one moment
    rows = await db.rows("SELECT * FROM session WHERE event_id = $1 ORDER BY starts_at, id", event.id)
    present, found = False, []
    for start in range(0, len(rows), READ):
        for row in rows[start : start + READ]:
            session = Session._init_from_db(**row)  # noqa: SLF001 - as the ORM reads a row
            if lasting(session.removed_at) and _was_public(event, session):
                present = present or session.removed_at is None
                found.append(session_entry(event, session, code, sequence=sequence, status=status))
        await asyncio.sleep(0)
    return [event_entry(event, code, sessions=present, sequence=sequence, status=status), *found]


def _was_public(event: Event, session: Session) -> bool:
    """Whether subscribers may have seen it: not if it was removed while the event was a draft."""
    return not (session.removed_at and event.published_at and session.removed_at < event.published_at)


def event_feed(event: Event, code: str) -> Feed:
    """One event with its sessions. Every change of either raises the event's revision."""
    mark = f"e{event.id}.{event.created_at.timestamp()}.{event.revision}.{event.status}.{code}.{now().date()}"
    return Feed(
        text(event.title, code), mark, lambda: entries_of(event, code), colour=event.project.accent, url=event.url
    )


async def project_feed(project: Project, code: str) -> Feed:
    """A project's events that are open to the public: published, held, or cancelled lately."""
    found = (
        await Event.filter(project_id=project.id, open_to_public=True)
        .exclude(status="draft")
        .order_by("starts_at", "id")
    )
    return _several(f"p{project.id}", project.name, found, code, project.accent, project.url)


async def organiser_feed(projects: Sequence[int] | None, code: str) -> Feed:
    """What an organiser may see: every event of the projects (None: all), drafts as tentative."""
    query = Event.all() if projects is None else Event.filter(project_id__in=projects)
    return _several("o", "Viesis", await query.order_by("starts_at", "id"), code, "", "")


def _several(kind: str, name: str, events: Iterable[Event], code: str, colour: str, url: str) -> Feed:
    shown = [e for e in events if lasting(e.cancelled_at)]
    state = ",".join(f"{e.id}.{e.revision}.{e.status}.{e.changed_at.timestamp()}" for e in shown)
    mark = f"{kind}.{code}.{now().date()}." + sha256(f"{name}{colour}{state}".encode()).hexdigest()[:20]

    async def entries() -> list[Entry]:
        return [event_entry(e, code, sessions=False) for e in shown]

    return Feed(name, mark, entries, colour=colour, url=url)


def etag(feed: Feed) -> str:
    """The ETag of a feed in its present state."""
    return f'"{sha256(feed.mark.encode()).hexdigest()[:27]}"'


_built: OrderedDict[str, bytes] = OrderedDict()
_building: dict[str, asyncio.Task[bytes]] = {}
_HELD = 200


async def built(feed: Feed) -> bytes:
    """The feed's bytes: built once per state, however many ask at the same time."""
    if feed.mark in _built:
        _built.move_to_end(feed.mark)
        return _built[feed.mark]
    if feed.mark not in _building:
        task = asyncio.create_task(_build(feed))
        _building[feed.mark] = task
        task.add_done_callback(lambda _done: _building.pop(feed.mark, None))
    return await asyncio.shield(_building[feed.mark])


def _keep(key: str, body: bytes) -> None:
    _built[key] = body
    while len(_built) > _HELD:
        _built.popitem(last=False)


async def packed(feed: Feed) -> bytes:
    """The feed's bytes, compressed once."""
    key = feed.mark + ".gz"
    if key not in _built:
        _keep(key, await asyncio.to_thread(gzip.compress, await built(feed), 6, mtime=0))
    return _built[key]


async def _build(feed: Feed) -> bytes:
    entries = await feed.entries()
    parts = []
    for entry in entries:
        parts.append(fragment(entry))
        await asyncio.sleep(0)  # a quarter of a millisecond each: nobody waits for 500 of them
    body = assembled(feed, entries, parts)
    _keep(feed.mark, body)
    return body
