"""The units of an event: its counted sessions or, without any, its local dates (docs/counting-rules.md)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from checkin.scanning.units import days
from core import db


class Unit(NamedTuple):
    """A counted session or an event day. `day` is the local date on which it starts."""

    key: str
    start: datetime
    end: datetime
    day: date

    @property
    def minutes(self) -> int:
        """Its length."""
        return max(0, int((self.end - self.start).total_seconds() // 60))


def session_unit(row: dict[str, Any]) -> Unit:
    """The unit of a counted session; `row` has id, starts_at, ends_at and the zone it starts in."""
    start = db.moment(row["starts_at"])
    return Unit(
        str(row["id"]),
        start,
        db.moment(row["ends_at"]),
        start.astimezone(ZoneInfo(row["timezone"])).date(),
    )


def day_units(starts_at: datetime, ends_at: datetime, timezone: str) -> list[Unit]:
    """An event's days: each local date from the event's starting to its closing hour."""
    return [
        Unit(unit.key, unit.starts_at, unit.ends_at, unit.day)
        for unit in days(starts_at, ends_at, timezone)
    ]


def union_minutes(units: Iterable[Unit]) -> int:
    """How long a person can be present at most: parallel units count once."""
    total, until = timedelta(), None
    for unit in sorted(units, key=lambda u: u.start):
        start = max(unit.start, until) if until else unit.start
        if unit.end > start:
            total += unit.end - start
        until = max(until, unit.end) if until else unit.end
    return int(total.total_seconds() // 60)
