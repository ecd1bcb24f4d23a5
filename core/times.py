"""Times as given: ISO 8601 with an offset, or local in a zone; and "9-10.30" as typed in a
programme.

A local time that a clock change makes double or void is refused, with both moments to choose from.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from core.errors import NO_MOMENT, DomainError, invalid
from core.i18n import _

EARLIEST, LATEST = 1900, 2199
"""Years outside of these are slips of the keyboard, and some cannot be kept in UTC."""

_TIME = r"(\d{1,2})(?:[.:](\d{2}))?"
_SPAN = re.compile(rf"^\s*{_TIME}\s*(?:[-–—−]|to)\s*{_TIME}\s*$")
_HAS_TIME = re.compile(r"[T ]\d")


@lru_cache
def zone(name: str) -> ZoneInfo | None:
    """The zone of this IANA name in its own spelling, or None."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+/-]{1,59}", name) or name.lower() in {
        "localtime",
        "posixrules",
    }:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zones() -> list[str]:
    """The zones to choose from: one name for each that Unicode's CLDR knows."""
    return sorted(
        name
        for name in get_global("zone_territories")
        if "/" in name and not name.startswith("Etc/")
    )


def moment(value: "str | datetime", zone_name: str, field: str = "starts_at") -> datetime:
    """A moment in UTC. Without an offset it is local in `zone_name`.

    Raises a 422 naming `field`; for a double or void local time with `choices`, two ISO 8601 times
    in the zone.
    """
    found = value if isinstance(value, datetime) else _read(value, field)
    if not EARLIEST <= found.year <= LATEST:
        raise invalid(
            **{
                field: _(
                    "Please give a year from %(first)s to %(last)s.", first=EARLIEST, last=LATEST
                )
            }
        )
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    return local(found, zone_name, field)


def local(wall: datetime, zone_name: str, field: str = "starts_at") -> datetime:
    """The moment, in UTC, at which the zone's clocks show `wall`. Raises a 422 with choices when
    none or two do.
    """
    both = both_moments(wall, zone_name)
    if len(both) == 1:
        return both[0]
    choices = [iso(m, zone_name) for m in both]
    if _wall(both[0], zone_name) == wall:
        said = _(
            "The clocks go back that night, so this time comes twice. Please choose: %(first)s or %(second)s.",
            first=choices[0],
            second=choices[1],
        )
    else:
        said = _(
            "The clocks go forward that night, so this time does not exist. Please choose: %(first)s or %(second)s.",
            first=choices[0],
            second=choices[1],
        )
    raise DomainError(said, 422, {field: said}, extra={"choices": choices})


def both_moments(wall: datetime, zone_name: str) -> list[datetime]:
    """The moments in UTC that a local time may mean, the earlier first: one, but two when it is
    double or void.

    For a void time they are where the offset before and the offset after the change lead (PEP 495).
    """
    here = ZoneInfo(zone_name)
    return sorted({wall.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1)})


def rezoned(value: datetime, old: str, new: str, field: str = "starts_at") -> datetime:
    """The moment, in UTC, at which clocks in `new` show what those in `old` showed.

    The second of two equal hours stays the second one where both zones have it twice. Raises a 422
    as `local` does.
    """
    here, wall = value.astimezone(ZoneInfo(old)), _wall(value, old)
    both = both_moments(wall, new)
    if len(both) == len(both_moments(wall, old)) == 2 and _wall(both[0], new) == wall:
        return both[here.fold]
    return local(wall, new, field)


def shifted(value: datetime, days: int, zone_name: str) -> datetime:
    """The same time of day, in the zone, so many days later: the earlier of two, the later where
    there is none.
    """
    if not days:
        return value
    wall = _wall(value, zone_name) + timedelta(days=days)
    both = both_moments(wall, zone_name)
    return both[0] if _wall(both[0], zone_name) == wall else both[-1]


def iso(value: datetime, zone_name: str) -> str:
    """ISO 8601 with the zone's offset at that moment."""
    return value.astimezone(ZoneInfo(zone_name)).isoformat()


def typed_span(
    text: str, day: date, zone_name: str, end_zone: str = "", field: str = "time"
) -> tuple[datetime, datetime]:
    """From when to when, in UTC, as typed: `9-10.30`, `9.00–17:00`, `22-1` (which ends on the next
    day).

    Raises a 422 naming `field` when it cannot be read, and as `local` does.
    """
    found = _SPAN.match(text)
    clock = [(int(found[i]), int(found[i + 1] or 0)) for i in (1, 3)] if found else []
    if (
        not clock
        or any(hour > 24 or minute > 59 or hour * 60 + minute > 1440 for hour, minute in clock)
        or clock[0][0] > 23
    ):
        raise invalid(**{field: _("Please type a time like 9-10.30.")})
    midnight = datetime.combine(day, time())
    first, last = (midnight + timedelta(hours=hour, minutes=minute) for hour, minute in clock)
    begin = local(first, zone_name, field)
    end = local(last, end_zone or zone_name, field)
    if end <= begin:
        end = local(last + timedelta(days=1), end_zone or zone_name, field)
    return begin, end


def said_span(start: datetime, end: datetime, zone_name: str, end_zone: str = "") -> str:
    """A span as one would type it: `9.00-10.30`."""
    first, last = _wall(start, zone_name), _wall(end, end_zone or zone_name)
    return f"{first.hour}.{first.minute:02}-{last.hour}.{last.minute:02}"


def _wall(value: datetime, zone_name: str) -> datetime:
    return value.astimezone(ZoneInfo(zone_name)).replace(tzinfo=None, fold=0)


def _read(value: str, field: str) -> datetime:
    wrong = invalid(**{field: NO_MOMENT})
    if not value.isascii() or not _HAS_TIME.search(value):
        raise wrong
    try:
        found = datetime.fromisoformat(value.strip())
        if found.tzinfo is not None and EARLIEST <= found.year <= LATEST:
            found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise wrong from error
    return found
