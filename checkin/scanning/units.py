"""Counting units of attendance: counted sessions, or the dates of an event that has none
(docs/counting-rules.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEFORE = AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Unit:
    """What attendance is counted of: a counted session, or (without `session_id`) one local date of
    the event.
    """

    key: str
    session_id: int | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    day: date

    def of_day(self, at: datetime) -> bool:
        """Whether a scan without a session, then, is of the unit's day; or in it, if it goes past
        midnight.
        """
        last = self.ends_at if self.session_id else self.ends_at + AFTER
        return at.astimezone(ZoneInfo(self.zone)).date() == self.day or self.starts_at <= at < last

    def parallel(self, other: "Unit") -> bool:
        """Whether two run side by side: they share half of the shorter one or more. Less is a slip
        of the programme.
        """
        both = min(self.ends_at, other.ends_at) - max(self.starts_at, other.starts_at)
        shorter = min(self.ends_at - self.starts_at, other.ends_at - other.starts_at)
        return both > timedelta(0) and 2 * both >= shorter


def of_day(units: Sequence[Unit], at: datetime) -> list[Unit]:
    """What a scan without a session, then, is for: what its day holds; if that is over, what the
    doors are open for.

    The doors of what starts just after midnight open on the date before.
    """
    there = [u for u in units if u.of_day(at)]
    if not any(at < u.ends_at for u in there):
        there += [u for u in units if u not in there and u.starts_at - BEFORE <= at < u.starts_at]
    return there


def days(starts_at: datetime, ends_at: datetime, zone: str) -> list[Unit]:
    """The units of an event without counted sessions: its local dates, each from its starting to
    its closing hour.

    When it closes at or before the hour at which it starts, as a night does, each goes on into the
    next date.
    """
    here = ZoneInfo(zone)
    first, last = starts_at.astimezone(here), ends_at.astimezone(here)
    opens, closes = first.time(), last.time()
    night = timedelta(days=1 if closes <= opens else 0)
    dates = [
        first.date() + timedelta(days=n)
        for n in range(max(1, (last.date() - night - first.date()).days + 1))
    ]
    found = []
    for day in dates:
        start = starts_at if day == dates[0] else _local(day, opens, here)
        end = ends_at if day == dates[-1] else _local(day + night, closes, here)
        found.append(Unit(day.isoformat(), None, start, end, zone, day))
    return found


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock.replace(tzinfo=None, fold=0), zone).astimezone(
        ZoneInfo("UTC")
    )
