"""Calendars as bytes (RFC 5545, RFC 7986): one VEVENT from one Entry, and a feed put together from
them.

UIDs come from stored identity, SEQUENCE, DTSTAMP and LAST-MODIFIED from stored revisions: the same
state gives the same bytes. No METHOD: feeds are published, not sent.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import (
    Alarm,
    Calendar,
    Component,
    Timezone,
    vDatetime,
    vDDDLists,
    vDuration,
    vText,
    vUri,
)
from icalendar import Event as VEvent

from core.text import clean
from events.projects import accents

REFRESH = timedelta(hours=1)
_BREAKS = str.maketrans({"\t": " ", "\u2028": "\n", "\u2029": "\n"})


@dataclass(frozen=True)
class Entry:
    """One VEVENT to be: `start`, `end` are aware moments shown in `zone`, `end_zone`, or dates (end
    exclusive).
    """

    uid: str
    sequence: int
    changed: datetime
    created: datetime
    summary: str
    start: datetime | date
    end: datetime | date
    zone: str
    end_zone: str
    status: str = "CONFIRMED"
    place: str = ""
    description: str = ""
    url: str = ""
    category: str = ""
    transparent: bool = False
    geo: tuple[float, float] | None = None
    """Degrees north and east."""
    conference: str = ""
    """Where one joins from elsewhere."""
    alarm: timedelta | datetime | None = None
    """When the program reminds: so long before the start, or at a moment."""


@dataclass(frozen=True)
class Head:
    """What a calendar says of itself. `source` is where it is read again, unless that is a
    secret.
    """

    description: str = ""
    colour: str = ""
    url: str = ""
    zone: str = ""
    source: str = ""


@dataclass(frozen=True)
class Feed:
    """A calendar: its name, a mark that changes when its entries do, and how these are had."""

    name: str
    mark: str
    entries: Callable[[], Awaitable[list[Entry]]] = field(compare=False)
    head: Head = Head()
    changed: datetime | None = None
    """When something in it last changed, as far as is known."""

    @property
    def key(self) -> str:
        """Changes exactly when the body does: with the entries, or with what the head says."""
        return f"{self.mark}.{sha256(repr((self.name, self.head)).encode()).hexdigest()[:12]}"


def host() -> str:
    """The right side of every UID: the program's, so that an address that moves keeps its
    entries.
    """
    return "viesis"


def uid(kind: str, identity: int, created: datetime, *more: int) -> str:
    """A UID from stored identity: the same for ever, and unlike another installation's."""
    tail = "".join(f"-{m}" for m in more)
    return f"{kind}-{identity}{tail}-{int(created.timestamp() * 1_000_000):x}@{host()}"


def assembled(feed: Feed, entries: Sequence[Entry], parts: Sequence[bytes]) -> bytes:
    """Head, the zones used, and the entries."""
    head = Calendar()
    head.add("prodid", "-//Viesis//viesis//EN")
    head.add("version", "2.0")
    # Made a text by hand: the library escapes only in properties that it knows.
    head["name"] = head["x-wr-calname"] = vText(_shown(feed.name) or "—")
    if about := _shown(feed.head.description):
        head["description"] = head["x-wr-caldesc"] = vText(about)
    if feed.head.url:
        head["url"] = vUri(feed.head.url)
    if feed.head.source:
        head["source"] = vUri(feed.head.source, params={"VALUE": "URI"})
    if feed.head.zone:
        head.add("x-wr-timezone", feed.head.zone)
    if feed.head.colour:
        # RFC 7986, 5.9: a name of CSS 3
        head.add("color", accents.nearest_name(feed.head.colour))
        head.add("x-apple-calendar-color", feed.head.colour)
    refresh = vDuration(REFRESH)
    refresh.params["VALUE"] = "DURATION"
    head["refresh-interval"] = refresh
    head["x-published-ttl"] = vDuration(REFRESH)
    opening, closing = head.to_ical().rsplit(b"END:VCALENDAR", 1)
    return bytes(opening + b"".join(zones(entries)) + b"".join(parts) + b"END:VCALENDAR" + closing)


def zones(entries: Iterable[Entry]) -> Iterable[bytes]:
    """The VTIMEZONEs that these entries need, each cut to its years."""
    years: dict[str, tuple[int, int]] = {}
    for entry in entries:
        for name, at in ((entry.zone, entry.start), (entry.end_zone, entry.end)):
            # the second of two equal hours is told in UTC, and UTC itself has no VTIMEZONE
            local = _local(at, name)
            if isinstance(local, datetime) and local.tzinfo is not UTC and name != "UTC":
                low, high = years.get(name, (at.year, at.year))
                years[name] = min(low, at.year), max(high, at.year)
    return [_zone(name, low, high) for name, (low, high) in sorted(years.items())]


@lru_cache(maxsize=500)
def _zone(name: str, first: int, last: int) -> bytes:
    """A VTIMEZONE cut to the years in use, without the comment that libical rejects."""
    made = Timezone.from_tzinfo(ZoneInfo(name), name, date(first - 1, 1, 1), date(last + 1, 12, 31))
    made.pop("comment", None)
    part: Any
    for part in made.subcomponents:
        # the library tells when clocks go forward by the new time; it is the old one (RFC 5545,
        # 3.6.5)
        forward = max(part["tzoffsetto"].td - part["tzoffsetfrom"].td, timedelta())
        part["dtstart"] = vDatetime(part["dtstart"].dt - forward)
        if "rdate" in part:
            part["rdate"] = vDDDLists([one.dt - forward for one in part["rdate"].dts])
    return bytes(made.to_ical())


@lru_cache(maxsize=20_000)
def fragment(entry: Entry) -> bytes:
    """The VEVENT of an entry; kept, since the library takes a quarter of a millisecond for one."""
    made = VEvent()
    made.add("uid", entry.uid)
    made.add("dtstamp", entry.changed)
    made.add("created", entry.created)
    made.add("last-modified", entry.changed)
    made.add("sequence", entry.sequence)
    made.add("summary", _shown(entry.summary) or "—")
    made.add("status", entry.status)
    made.add("dtstart", _local(entry.start, entry.zone))
    made.add("dtend", _local(entry.end, entry.end_zone))
    # a property without a value is removed by libical, with a complaint
    if place := _shown(entry.place):
        made.add("location", place)
    if description := _shown(entry.description):
        made.add("description", description)
    if entry.url:
        made["url"] = vUri(entry.url)
    if entry.category:
        made["categories"] = vText(entry.category.replace("_", " ").upper())
    if entry.geo:
        # by hand: the library writes 0.00002 as 2e-05
        made["geo"] = vUri(";".join(f"{part:.6f}" for part in entry.geo))
    if entry.conference:
        made["conference"] = vUri(entry.conference, params={"VALUE": "URI", "FEATURE": "VIDEO"})
    if entry.transparent or entry.status == "CANCELLED":
        made.add("transp", "TRANSPARENT")
    if entry.alarm is not None and entry.status != "CANCELLED":
        made.add_component(_alarm(entry.alarm, entry.summary))
    return bytes(Component.to_ical(made))


def _alarm(when: timedelta | datetime, words: str) -> Alarm:
    """Shown by the subscriber's own program, at a moment or so long before the start."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", _shown(words) or "—")
    if isinstance(when, datetime):
        made["trigger"] = vDatetime(when.astimezone(UTC), params={"VALUE": "DATE-TIME"})
    else:
        made["trigger"] = vDuration(-when)
    return made


def _local(at: datetime | date, zone: str) -> datetime | date:
    """In its zone; the second of two equal hours, when clocks go back, has no local name (RFC 5545,
    3.3.5): UTC.
    """
    if not isinstance(at, datetime):
        return at
    local = at.astimezone(ZoneInfo(zone))
    return at.astimezone(UTC) if local.fold else local


def _shown(value: str) -> str:
    """Without control characters, which the library lets through; a line break stays, a tab becomes
    a space.
    """
    return clean(value.translate(_BREAKS), lines=True)
