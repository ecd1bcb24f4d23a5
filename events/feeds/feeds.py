"""Calendar feeds (RFC 5545, RFC 7986): an event with its sessions, a project's public events, an
organiser's events.

What was cancelled or removed stays 60 days as CANCELLED. A feed is built once per state, however
many subscribe.
"""

import asyncio
import gzip
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from core import db, settings
from core.clock import now
from core.i18n import _, speaking, text
from core.memory.lru import LRU, MEGABYTE
from events.event.event import Event
from events.feeds.entries import event_entry, session_entry
from events.feeds.ics import Entry, Feed, Head, assembled, fragment
from events.programme.sessions import Session
from events.projects.projects import Project

KEPT = timedelta(days=60)
REST = 0.001
"""Seconds between two pieces of a long feed: not a mere turn of the loop, since SQLite's thread
needs the interpreter too, and other requests wait for it.
"""
BREATH = 8
"""Entries written at a time, about two milliseconds."""
READ = 20
"""Sessions made of rows at a time, about a millisecond: other requests get their turn in
between.
"""


def lasting(at: datetime | None) -> bool:
    """Whether what ended then is still shown as cancelled."""
    return at is None or at > now() - KEPT


async def entries_of(
    event: Event, code: str, *, sequence: int = 0, status: str = ""
) -> list[Entry]:
    """The event and its sessions, those removed less than 60 days ago among them; in order of
    time.
    """
    if not lasting(event.cancelled_at):
        return []
    # read at once, so that all of it is of one moment
    rows = await db.rows(
        "SELECT * FROM session WHERE event_id = $1 ORDER BY starts_at, id", event.id
    )
    present, found = False, []
    for start in range(0, len(rows), READ):
        for row in rows[start : start + READ]:
            session = Session._init_from_db(**row)  # noqa: SLF001 - as the ORM reads a row
            if lasting(session.removed_at) and _was_public(event, session):
                present = present or session.removed_at is None
                found.append(session_entry(event, session, code, sequence=sequence, status=status))
        await asyncio.sleep(REST)
    return [event_entry(event, code, sessions=present, sequence=sequence, status=status), *found]


def _was_public(event: Event, session: Session) -> bool:
    """Whether subscribers may have seen it: not if it was removed while the event was a draft."""
    return not (
        session.removed_at and event.published_at and session.removed_at < event.published_at
    )


def event_feed(event: Event, code: str) -> Feed:
    """One event with its sessions. Every change of either raises the event's revision. Its project
    is fetched.
    """
    project = event.project
    about = paragraphs(text(event.description, code), text(project.statement, code))
    return Feed(
        text(event.title, code),
        f"e{event.id}.{event.created_at.timestamp()}.{event.revision}.{event.status}.{code}.{now().date()}",
        lambda: entries_of(event, code),
        Head(about, project.accent, event.url, event.timezone, event.calendar_url),
        max(event.changed_at, project.changed_at),
    )


async def project_feed(project: Project, code: str) -> Feed:
    """A project's events that are open to the public: published, held, or cancelled lately."""
    found = (
        await Event.filter(project_id=project.id, open_to_public=True)
        .exclude(status="draft")
        .order_by("starts_at", "id")
    )
    about = paragraphs(text(project.title, code), project.programme, text(project.statement, code))
    head = Head(about, project.accent, project.url, project.timezone, project.calendar_url)
    return _several(f"p{project.id}", project.name, found, code, head)


async def organiser_feed(projects: Sequence[int] | None, code: str) -> Feed:
    """What an organiser may see: every event of the projects (None: all), drafts as tentative."""
    query = Event.all() if projects is None else Event.filter(project_id__in=projects)
    with speaking(code):
        about = str(_("The events of the projects that you work on; drafts are tentative."))
    head = Head(about, url=f"{settings.get().base_url}/desk", zone=settings.get().timezone)
    return _several("o", "Viesis", await query.order_by("starts_at", "id"), code, head, online=True)


def paragraphs(*texts: str) -> str:
    """What a feed says of itself."""
    return "\n\n".join(filter(None, texts))


def _several(
    kind: str, name: str, events: Iterable[Event], code: str, head: Head, *, online: bool = False
) -> Feed:
    shown = [e for e in events if lasting(e.cancelled_at)]
    state = ",".join(f"{e.id}.{e.revision}.{e.status}.{e.changed_at.timestamp()}" for e in shown)
    mark = f"{kind}.{code}.{now().date()}." + sha256(state.encode()).hexdigest()[:20]

    async def entries() -> list[Entry]:
        return [event_entry(e, code, sessions=False, online=online) for e in shown]

    return Feed(name, mark, entries, head, max((e.changed_at for e in shown), default=None))


def etag(feed: Feed) -> str:
    """The ETag of a feed in its present state."""
    return f'"{sha256(feed.key.encode()).hexdigest()[:27]}"'


_built: LRU[str, bytes] = LRU(64 * MEGABYTE, len)
_building: dict[str, asyncio.Task[bytes]] = {}


async def built(feed: Feed) -> bytes:
    """The feed's bytes: built once per state, however many ask at the same time."""
    key = feed.key
    if (body := _built.get(key)) is not None:
        return body
    if key not in _building:
        task = asyncio.create_task(_build(feed))
        _building[key] = task
        task.add_done_callback(lambda _done: _building.pop(key, None))
    return await asyncio.shield(_building[key])


async def packed(feed: Feed) -> bytes:
    """The feed's bytes, compressed once."""
    key = feed.key + ".gz"
    body = _built.get(key)
    if body is None:
        body = await asyncio.to_thread(gzip.compress, await built(feed), 6, mtime=0)
        _built[key] = body
    return body


async def _build(feed: Feed) -> bytes:
    entries = await feed.entries()
    parts = []
    for entry in entries:
        parts.append(fragment(entry))
        if len(parts) % BREATH == 0:
            await asyncio.sleep(REST)
    body = assembled(feed, entries, parts)
    _built[feed.key] = body
    return body
