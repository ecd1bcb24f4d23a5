"""Attendance of the demo, as ordinary scans: the program's own rules turn them into figures."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from checkin.scanning import scans
from checkin.scanning.scan_input import LONGEST_BATCH, ScanEntry
from demo.bulk import Kept
from events.event.event import Event
from events.programme.sessions import Session
from registrations.registration import tickets

DOOR = "Bob at the door"


class Span(NamedTuple):
    """What is attended on one day: its local date, from when to when, and the sessions of it."""

    day: date
    starts_at: datetime
    ends_at: datetime
    sessions: tuple[int, ...]


def days_of(event: Event, sessions: Sequence[Session]) -> list[Span]:
    """The event's days: of its counted sessions; without a programme each from its starting to its
    closing hour.
    """
    zone = ZoneInfo(event.timezone)
    counted = [s for s in sessions if s.counted]
    if not counted:
        begins, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
        dates = [
            begins.date() + timedelta(days=n) for n in range((ends.date() - begins.date()).days + 1)
        ]
        return [Span(d, _on(d, begins.timetz()), _on(d, ends.timetz()), ()) for d in dates]
    found: dict[date, list[Session]] = {}
    for session in counted:
        found.setdefault(session.starts_at.astimezone(zone).date(), []).append(session)
    return [
        Span(
            day,
            min(s.starts_at for s in those),
            max(s.ends_at for s in those),
            tuple(s.id for s in those),
        )
        for day, those in sorted(found.items())
    ]


def _on(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour)


def entries(event: Event, kept: Iterable[Kept], days: Sequence[Span]) -> list[ScanEntry]:
    """The scans of these people on these days.

    qr, manual: in before it begins · late: 25 minutes after · left: away for half an hour · paper:
    the sheet of each session, entered afterwards · first: by ticket, on the first day only · no:
    never came.
    """
    found: list[ScanEntry] = []
    for number, one in enumerate(kept):
        came = one.seat.came
        ticket = tickets.ticket(event.id, one.identity)
        for span in days[:1] if came == "first" else days:
            if came == "paper" and span.sessions:
                found += [
                    ScanEntry(str(uuid4()), ticket, session=s, method="paper")
                    for s in span.sessions
                ]
            elif came != "no":
                found += _stays(ticket, came, span, number)
    return found


def _stays(ticket: str, came: str, span: Span, number: int) -> list[ScanEntry]:
    early = span.starts_at - timedelta(minutes=2 + number * 7 % 24, seconds=number * 13 % 60)
    method = came if came in {"manual", "paper"} else "qr"
    at = (
        span.starts_at + timedelta(minutes=25)
        if came == "late"
        else span.starts_at
        if came == "paper"
        else early
    )
    found = [ScanEntry(str(uuid4()), ticket, scanned_at=at, method=method)]
    if came == "left":
        away = span.starts_at + (span.ends_at - span.starts_at) / 2
        found.append(ScanEntry(str(uuid4()), ticket, scanned_at=away, direction="out"))
        found.append(ScanEntry(str(uuid4()), ticket, scanned_at=away + timedelta(minutes=30)))
    return found


async def scan(event: Event, found: Sequence[ScanEntry]) -> None:
    """Hand scans to the door, as an organiser."""
    for start in range(0, len(found), LONGEST_BATCH):
        batch = list(found[start : start + LONGEST_BATCH])
        await scans.record(event, batch, actor_name=DOOR, organiser=True)
