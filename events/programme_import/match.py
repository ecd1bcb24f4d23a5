"""Matches the rows of a file to existing sessions."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from core import times
from core.text import fold
from events.event.event import Event
from events.feeds.ics import uid
from events.programme.sessions import Session
from events.programme_import.rows import Row


def matched(event: Event, sessions: Sequence[Session], rows: Sequence[Row]) -> dict[int, Session]:
    """The session of each row, by the row's number; each session once, better matches first."""
    found: dict[int, Session] = {}
    free = {s.id: s for s in sessions}

    def take(marks: Callable[[Session], Iterable[object]], mark: Callable[[Row], object]) -> None:
        by: dict[object, list[Session]] = {}
        for session in free.values():
            for one in marks(session):
                by.setdefault(one, []).append(session)
        for row in rows:
            said = mark(row) if row.number not in found else None
            candidates = [s for s in by.get(said, []) if s.id in free] if said else []
            if candidates:
                found[row.number] = free.pop(candidates[0].id)

    take(lambda s: {uid("session", s.id, s.created_at), s.imported_uid} - {""}, lambda r: r.uid)
    named = _titled(event)
    take(lambda s: {(t, _wall(s, event)) for t in _names(s)}, lambda r: named(r, 16))
    take(lambda s: {(t, _wall(s, event)[:10]) for t in _names(s)}, lambda r: named(r, 10))
    take(lambda s: set(_names(s)), lambda r: fold(r.title))
    return found


def _names(session: Session) -> set[str]:
    return {fold(t) for t in session.title.values() if t}


def _wall(session: Session, event: Event) -> str:
    return session.starts_at.astimezone(ZoneInfo(session.zone(event))).isoformat()[:16]


def _titled(event: Event) -> Callable[[Row, int], object]:
    """A row's title with so much of its start, as the clocks of its place show it."""

    def mark(row: Row, length: int) -> object:
        begins = str(row.values.get("starts_at") or next(iter(row.days), ""))
        if begins[19:]:
            zone = times.zone(str(row.values.get("timezone") or "")) or ZoneInfo(event.timezone)
            begins = datetime.fromisoformat(begins).astimezone(zone).isoformat()
        return (fold(row.title), begins[:length]) if row.title and begins else None

    return mark
