"""Items of a programme out of a calendar file (RFC 5545): repetitions one by one, within the
event's days.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

from icalendar import Calendar, Component

from core.errors import REQUIRED, invalid
from core.i18n import _
from events.programme.words import kind_named
from events.programme_import.files import MOST_ROWS
from events.programme_import.recurrence import iana, occurrences, stamp
from events.programme_import.rows import Row

LONGEST_UID = 255
AROUND = timedelta(days=31)
"""How far from the event's own days a repetition may be."""
_OFTEN = re.compile(
    r"^RRULE[;:][^\r\n]*(SECONDLY|MINUTELY|HOURLY|BYSECOND|BYMINUTE|BYHOUR)",
    re.IGNORECASE | re.MULTILINE,
)
_PREFIXED = re.compile(
    r'(TZID[=:]"?)/[^:;"\r\n]+?/((?:[A-Z][A-Za-z_]+/)+[A-Z][A-Za-z_+-]+)(?=[:;"\r\n])'
)
"""Zones as Lightning names them: `/mozilla.org/20050126_1/Europe/Riga`."""
_MARKUP = re.compile(r"</(p|b|i|u|ul|ol|li|a|span|div|strong|em|html)>|<br\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^>]*>|</(p|li|div)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_OF_EVENT = re.compile(r"event-\d+-[0-9a-f]+@viesis")


def of_calendar(
    text: str, language: str, begins: datetime, ends: datetime, name: str = "file"
) -> list[Row]:
    """The VEVENTs as rows, in order of their start. Raises a 422 for `name` that says why it cannot
    be read.
    """
    if text.upper().count("BEGIN:VEVENT") > MOST_ROWS:
        raise invalid(**{name: _("At most %(most)s rows, please.", most=MOST_ROWS)})
    text = _PREFIXED.sub(r"\1\2", re.sub(r"\r?\n[ \t]", "", text))
    if _OFTEN.search(text):
        raise invalid(
            **{
                name: _(
                    "An entry of this calendar repeats within a day. Write its times out, please."
                )
            }
        )
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        found = [one for calendar in calendars for one in _entries(calendar, begins, ends)]
        rows = [_row(n, one, language, home) for n, (one, home) in enumerate(found, 1)]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise invalid(
            **{name: _("This calendar is damaged. Export it once more, please.")}
        ) from error
    if len(rows) > MOST_ROWS:
        raise invalid(**{name: _("At most %(most)s rows, please.", most=MOST_ROWS)})
    if not rows:
        raise invalid(**{name: _("This calendar has no entries.")})
    return rows


def _entries(
    calendar: Component, begins: datetime, ends: datetime
) -> Iterator[tuple[Component, str]]:
    """Each entry, and the zone of times that name none; one that repeats as often as it does around
    the event.
    """
    home = iana(str(calendar.get("x-wr-timezone", "")))
    every = [e for e in calendar.walk("VEVENT") if not _OF_EVENT.fullmatch(str(e.get("uid", "")))]
    moved = {
        (str(e.get("uid", "")), stamp(e.decoded("recurrence-id")))
        for e in every
        if "recurrence-id" in e
    }
    for one in every:
        if "rrule" not in one and "rdate" not in one:
            yield one, home
            continue
        for again in occurrences(one, begins - AROUND, ends + AROUND):
            if (str(one.get("uid", "")), stamp(again.decoded("recurrence-id"))) not in moved:
                yield again, home


def _row(number: int, entry: Component, language: str, home: str) -> Row:
    row = Row(number, uid=_uid(entry), calendar=True)
    row.cancelled = str(entry.get("status", "")).upper() == "CANCELLED"
    row.values["title"] = {language: str(entry.get("summary", ""))}
    row.values["place"] = str(entry.get("location", ""))
    said = str(entry.get("description", ""))
    row.values["description"] = {language: said if row.uid.endswith("@viesis") else _plain(said)}
    if kind := _kind(entry):
        row.values["kind"] = kind
    row.said = {"title": row.title[:80], "place": row.values["place"][:80]}
    _times(row, entry, home)
    return row


def _plain(said: str) -> str:
    """A description without its markup, where it has some."""
    if not _MARKUP.search(said):
        return said
    lines = unescape(_TAG.sub("", _BREAK.sub("\n", said))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _uid(entry: Component) -> str:
    """Its UID; of a repetition also which one it is. A very long one is kept as a hash."""
    found = str(entry.get("uid", "")).strip()
    if found and "recurrence-id" in entry:
        found += f"#{stamp(entry.decoded('recurrence-id'))}"
    return (
        found
        if len(found) <= LONGEST_UID
        else hashlib.sha256(found.encode("utf-8", "replace")).hexdigest()
    )


def _kind(entry: Component) -> str:
    given = entry.get("categories")
    lists = given if isinstance(given, list) else [given] if given else []
    words = [str(c) for one in lists for c in getattr(one, "cats", [one])]
    return next((k for k in map(kind_named, words) if k), "")


def _times(row: Row, entry: Component, home: str) -> None:
    if "dtstart" not in entry:
        row.wrong("starts", REQUIRED)
        return
    begins = entry.decoded("dtstart")
    ends = entry.decoded("dtend") if "dtend" in entry else None
    if ends is None:
        ends = begins + entry.decoded("duration") if "duration" in entry else begins
    if not isinstance(begins, datetime) or not isinstance(ends, datetime):
        last = ends if ends > begins else begins + timedelta(days=1)
        row.days = [begins.isoformat(), last.isoformat()]
        return
    row.said |= {"starts": str(begins), "ends": str(ends)}
    for name, at, zone_name in (
        ("starts_at", begins, "timezone"),
        ("ends_at", ends, "end_timezone"),
    ):
        prop = "dtstart" if name == "starts_at" or "dtend" not in entry else "dtend"
        row.values[name] = at.isoformat()
        row.values[zone_name] = _zone_of(row, at, str(entry[prop].params.get("TZID", "")), home)


def _zone_of(row: Row, at: datetime, named: str, home: str) -> str:
    """The zone's IANA name; empty where the entry has a moment and no zone of its own."""
    known = iana(named) or iana(str(getattr(at.tzinfo, "key", "")))
    if at.tzinfo is None:
        if named:
            row.notes.append(
                str(
                    _(
                        "The time zone “%(zone)s” is not known: taken as that of the event.",
                        zone=named[:60],
                    )
                )
            )
        return home
    return "" if known in {"UTC", "Etc/UTC"} else known
