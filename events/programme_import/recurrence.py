"""Entries of a calendar that repeat (RFC 5545, 3.8.5), one by one, and the names that calendars
give to zones.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rruleset, rrulestr
from icalendar import Component
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from core import times

MOST = 500
"""Repetitions of one entry."""
_EARLIEST = 1970


def occurrences(entry: Component, begins: datetime, ends: datetime) -> Iterator[Component]:
    """A copy for each time that it takes place between the two, with the RECURRENCE-ID that it
    would have.

    The hour on the clock stays, whatever the clocks do. Raises a ValueError for a rule that cannot
    be read.
    """
    first = entry.decoded("dtstart")
    zone = first.tzinfo if isinstance(first, datetime) else None
    start = _wall(first, zone)
    if start.year < _EARLIEST:
        raise ValueError(start)
    every = rruleset()
    for rule in _list(entry.get("rrule")):
        every.rrule(rrulestr(_rule(rule, zone), dtstart=start))
    every.rdate(start)
    for moment in _dates(entry, "rdate"):
        every.rdate(_wall(moment, zone))
    for moment in _dates(entry, "exdate"):
        every.exdate(_wall(moment, zone))
    low, high = _wall(begins, zone), _wall(ends, zone)
    for at in islice(every.xafter(low, inc=True), MOST):
        if at > high:
            return
        yield _copy(
            entry, first, at.replace(tzinfo=zone) if isinstance(first, datetime) else at.date()
        )


def _copy(entry: Component, first: Any, at: Any) -> Component:
    """The entry as it is at this time, as long as it was; the length is one of clocks and of
    nights.
    """
    made = entry.copy()
    for name in ("rrule", "rdate", "exdate", "dtstart", "recurrence-id"):
        made.pop(name, None)
    named = {"TZID": entry["dtstart"].params["TZID"]} if "TZID" in entry["dtstart"].params else {}
    made.add("dtstart", at, named)
    made.add("recurrence-id", at)
    if "dtend" in entry:
        made.pop("dtend")
        made.add("dtend", at + (entry.decoded("dtend") - first), named)
    return made


def _rule(rule: Any, zone: tzinfo | None) -> str:
    """The rule as text; its end, often in UTC, as the clocks of the entry's place show it."""
    found = rule.copy()
    if until := _list(found.get("until")):
        last = (
            until[0]
            if isinstance(until[0], datetime)
            else datetime.combine(until[0], time(23, 59, 59))
        )
        found["until"] = [_wall(last, zone)]
    return str(found.to_ical().decode())


def _wall(at: date, zone: tzinfo | None) -> datetime:
    """What the clocks of the zone show; of a day, its first moment."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    return (at.astimezone(zone or UTC) if at.tzinfo else at).replace(tzinfo=None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dates(entry: Component, name: str) -> Iterator[Any]:
    for one in _list(entry.get(name)):
        for moment in one.dts:
            yield moment.dt[0] if isinstance(moment.dt, tuple) else moment.dt


def stamp(at: Any) -> str:
    """A moment or a day as part of a name."""
    if isinstance(at, datetime) and at.tzinfo:
        return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{at:%Y%m%dT%H%M%S}" if isinstance(at, datetime) else f"{at:%Y%m%d}"


def iana(name: str) -> str:
    """The IANA name of a zone as calendars write it: `/mozilla.org/…/Europe/Riga`, `FLE Standard
    Time`.
    """
    name = name.strip().strip('"')
    if name in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[name]
    parts = name.strip("/").split("/")
    tails = ["/".join(parts[n:]) for n in range(len(parts))]
    return next((t for t in tails if times.zone(t)), "")
