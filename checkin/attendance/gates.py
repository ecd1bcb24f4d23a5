"""The doors of an event: each of its days and each counted session, with the people expected there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checkin.scanning.event_days import ASLEEP, Night, day_of, nights
from checkin.scanning.units import days
from core import db
from core.i18n import _, fmt, text
from events.event.event import Event
from events.programme.sessions import Session
from registrations.registration import tickets


@dataclass(frozen=True)
class Entrance:
    """A door. `unit` is what scans call it: a session's id, or a local date; `own_seats`: the
    session has its own.
    """

    unit: str
    title: str
    when: str
    starts_at: datetime
    ends_at: datetime
    session_id: int | None = None
    own_seats: bool = False

    @property
    def label(self) -> str:
        """For a list to choose from."""
        return f"{self.title} · {self.when}"


@dataclass(frozen=True)
class Expected:
    """Someone with a seat, as a list for the door shows them."""

    id: int
    name: str
    organisation: str
    code: str
    note: str


def entrances(event: Event, programme: Sequence[Session]) -> list[Entrance]:
    """Every day of the event, then every counted session, in order of time."""
    counted = [s for s in programme if s.counted]
    rooms = [
        Entrance(
            str(s.id),
            text(s.title),
            fmt.span(s.starts_at, s.ends_at, s.timezone or event.timezone),
            s.starts_at,
            s.ends_at,
            s.id,
            s.capacity is not None,
        )
        for s in counted
    ]
    dark = nights(event, programme)
    return [_day(event, day, programme, dark) for day in _dates(event, dark)] + rooms


def _dates(event: Event, dark: tuple[Night, ...]) -> list[date]:
    first, last = (day_of(at, event.timezone, dark) for at in (event.starts_at, event.ends_at))
    return [first + timedelta(days=n) for n in range(min(366, (last - first).days + 1))]


def _day(
    event: Event, day: date, programme: Sequence[Session], dark: tuple[Night, ...]
) -> Entrance:
    here = ZoneInfo(event.timezone)
    midnight = datetime.combine(day, time.min, here).astimezone(UTC)
    starts, ends = max(event.starts_at, midnight), min(event.ends_at, midnight + timedelta(days=1))
    that_day = [s for s in programme if day_of(s.starts_at, event.timezone, dark) == day]
    held = [s for s in that_day if s.counted]
    whole = [u for u in days(event.starts_at, event.ends_at, event.timezone) if u.day == day]
    if held:
        starts = min(s.starts_at for s in held)
        ends = max(s.ends_at for s in that_day if s.counted or s.kind not in ASLEEP)
    elif whole and not any(s.counted for s in programme):
        starts, ends = whole[0].starts_at, whole[0].ends_at
    return Entrance(day.isoformat(), str(_("Main door")), fmt.date(day), starts, ends)


def one_of(found: Sequence[Entrance], unit: str, moment: datetime) -> Entrance:
    """The door that was asked for; else the one that is open, else that of the day that was last,
    else the first.
    """
    named = next((e for e in found if e.unit == unit), None)
    begun = [e for e in found if e.starts_at <= moment]
    there = next((e for e in begun if moment < e.ends_at), None)
    return named or there or next((e for e in reversed(begun) if e.session_id is None), found[0])


def units_of_day(event: Event, programme: Sequence[Session], day: date) -> list[str]:
    """The doors of a day: the event's own, and that of each session that starts on it."""
    dark = nights(event, programme)
    zones = [(s, s.timezone or event.timezone) for s in programme]
    return [
        day.isoformat(),
        *(str(s.id) for s, zone in zones if day_of(s.starts_at, zone, dark) == day),
    ]


_MAY_COME = """AND (NOT EXISTS (SELECT 1 FROM choice c WHERE c.registration_id = r.id)
  OR EXISTS (SELECT 1 FROM choice c WHERE c.registration_id = r.id AND c.session_id = $2))"""


async def expected(event: Event, door: Entrance) -> list[Expected]:
    """Those with a seat who may come to this door, by name; where a session has seats of its own,
    who chose it.
    """
    found = await db.rows(
        f"""SELECT r.id, r.ticket_identity, r.door_note, p.name, o.name AS organisation FROM registration r
        JOIN person p ON p.id = r.person_id LEFT JOIN organisation o ON o.id = r.organisation_id
        WHERE r.event_id = $1 AND r.status = 'confirmed' {_MAY_COME if door.own_seats else ""}
        ORDER BY p.search, r.id""",
        event.id,
        *([door.session_id] if door.own_seats else []),
    )
    return [
        Expected(
            r["id"],
            r["name"],
            organisation(r["organisation"]),
            " ".join(_fours(tickets.ticket(event.id, r["ticket_identity"]))),
            r["door_note"],
        )
        for r in found
    ]


def _fours(code: str) -> list[str]:
    return [code[n : n + 4] for n in range(0, len(code), 4)]


def organisation(name: Any) -> str:
    """An organisation's name, as raw SQL answers it on either engine."""
    return text(json.loads(name) if isinstance(name, str) else name)
