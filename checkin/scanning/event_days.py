"""Assigns a scan at the event's own door to a day: its date, or after midnight the day whose door
is still open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from checkin.scanning.units import AFTER, BEFORE, days
from events.event.event import Event
from events.programme.sessions import Session

Span = tuple[datetime, datetime]
"""From when to when something of the programme is."""

ASLEEP = frozenset(("stay", "travel"))
"""Kinds of sessions that keep no door open: a hotel is not a party."""
SMALL_HOURS = time(4)
"""What begins before that is still of the evening, if its door was open."""
NOON = time(12)
"""What goes on beyond is no night."""


@dataclass(frozen=True, slots=True)
class Night:
    """From `starts_at`, until `ends_at`, a scan at the event's own door is of this day, whatever
    the date.
    """

    starts_at: datetime
    ends_at: datetime
    day: date


def day_of(at: datetime, zone: str, nights: Iterable[Night]) -> date:
    """The day of a scan at the event's own door."""
    there = next((n.day for n in nights if n.starts_at <= at < n.ends_at), None)
    return there or at.astimezone(ZoneInfo(zone)).date()


async def nights_of(event: Event) -> tuple[Night, ...]:
    """The event's nights; asks for its programme only if there can be any."""
    here = ZoneInfo(event.timezone)
    if (event.starts_at - BEFORE).astimezone(here).date() == (event.ends_at + AFTER).astimezone(
        here
    ).date():
        return ()
    return nights(event, await event.sessions_now())


def nights(event: Event, programme: Sequence[Session]) -> tuple[Night, ...]:
    """The nights of an event with this programme."""
    awake = [(s.starts_at, s.ends_at) for s in programme if s.kind not in ASLEEP]
    return nights_between(event.starts_at, event.ends_at, event.timezone, awake)


def nights_between(
    starts_at: datetime, ends_at: datetime, zone: str, awake: Iterable[Span]
) -> tuple[Night, ...]:
    """The nights of an event from then to then.

    A day's door closes two hours after its last item, but before the next day's opens; it opens two
    hours before the first. So the doors of an event that begins just after midnight open on its
    first day too.
    """
    here = ZoneInfo(zone)
    first, last = starts_at.astimezone(here).date(), ends_at.astimezone(here).date()
    spans = sorted(awake) or [(u.starts_at, u.ends_at) for u in days(starts_at, ends_at, zone)]
    if ends_at.astimezone(here).time() < SMALL_HOURS:
        spans.append((spans[-1][0], ends_at))
    spans = [
        s
        for s in spans
        if s[1] <= _local(s[0].astimezone(here).date() + timedelta(days=1), NOON, here)
    ]
    found = []
    if starts_at - BEFORE < _local(first, time.min, here):
        found.append(Night(starts_at - BEFORE, _local(first, time.min, here), first))
    for n in range(min(366, (last - first).days + 1)):
        day = first + timedelta(days=n)
        midnight = _local(day + timedelta(days=1), time.min, here)
        until = _until(day, midnight, spans, here)
        if until and until > midnight:
            found.append(Night(midnight, until, day))
    return tuple(found)


def _until(day: date, midnight: datetime, spans: Sequence[Span], here: ZoneInfo) -> datetime | None:
    """When the door of that day closes, if it had one."""
    evening = [end for start, end in spans if start.astimezone(here).date() == day]
    if not evening:
        return None
    end = max(evening)
    small, noon = (_local(day + timedelta(days=1), clock, here) for clock in (SMALL_HOURS, NOON))
    for start, later in spans:
        if midnight <= start <= min(end + AFTER, small) and later <= noon:
            end = max(end, later)
    following = [start for start, _end in spans if start >= max(end, midnight)]
    return min(end + AFTER, max(end, min(following) - BEFORE)) if following else end + AFTER


def _local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(ZoneInfo("UTC"))
