"""A programme to take along: as the schedule that conference apps read (frab's, as XML and JSON),
and as a table.
"""

import json
import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from core.http.spreadsheets import Cell
from core.i18n import _, fmt, speaking, text
from core.text import fold, slug
from events.event.event import Event
from events.event.kind import SessionKind
from events.feeds.ics import uid
from events.programme.sessions import Session
from events.programme.words import heads, speakers_said

SLOT = "00:05"
MOST_DAYS = 60
DAY = 24 * 60
"""In minutes."""
LONGEST = "23:59"
"""Giggity reads a duration as a time of day."""
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WIDTHS = {"title": 40, "description": 60, "place": 24, "speakers": 30, "reference": 16, "kind": 16}
Json = dict[str, Any]


def schedule(event: Event, sessions: Sequence[Session], code: str) -> Json:
    """The programme in frab's JSON structure, in one language; times with the offset of the event's
    zone.

    `{"schedule": {"version", "base_url", "conference": {"acronym", "title", "start", "end",
    "daysCount", …, "days": [{"index", "date", "day_start", "day_end", "rooms": {name: [event,
    …]}}]}}}`. An event that was cancelled has no sessions left.
    """
    zone = ZoneInfo(event.timezone)
    found = (
        []
        if event.status == "cancelled"
        else sorted(sessions, key=lambda s: (s.starts_at, s.ends_at, s.id))
    )
    with speaking(code):
        title = text(event.title, code)
        if event.status == "cancelled":
            title = str(_("Cancelled: %(title)s", title=title))
        days = [_day(event, n, day, found, code) for n, day in enumerate(_days(event, found), 1)]
    conference = {
        "acronym": _acronym(event),
        "title": title,
        "start": event.starts_at.astimezone(zone).date().isoformat(),
        "end": _last(event).isoformat(),
        "daysCount": len(days),
        "timeslot_duration": SLOT,
        "time_zone_name": event.timezone,
        "url": event.url,
        "rooms": [
            {"guid": str(uuid5(NAMESPACE_URL, f"{event.url}#{name}")), "name": name}
            for name in dict.fromkeys(name for day in days for name in day["rooms"])
        ],
        "days": days,
    }
    return {
        "generator": {"name": "Viesis"},
        "schedule": {
            "version": str(event.revision),
            "base_url": event.url,
            "conference": conference,
        },
    }


def _acronym(event: Event) -> str:
    found = event.slug.replace("-", "_")
    return found if len(found) >= 4 else f"{found}_event"


def _last(event: Event) -> date:
    return (event.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(event.timezone)).date()


def _days(event: Event, sessions: Iterable[Session]) -> list[date]:
    """The event's days, and those of sessions before and after; of a long event those with
    sessions.
    """
    zone = ZoneInfo(event.timezone)
    first = event.starts_at.astimezone(zone).date()
    found = {s.starts_at.astimezone(zone).date() for s in sessions}
    length = (_last(event) - first).days + 1
    if not found or length <= MOST_DAYS:
        found |= {first + timedelta(days=n) for n in range(max(1, min(length, MOST_DAYS)))}
    return sorted(found)


def _day(event: Event, index: int, day: date, sessions: Iterable[Session], code: str) -> Json:
    zone = ZoneInfo(event.timezone)
    rooms: dict[str, list[Json]] = {}
    for session in (s for s in sessions if s.starts_at.astimezone(zone).date() == day):
        made = _event(event, session, code)
        rooms.setdefault(made["room"], []).append(made)
    return {
        "index": index,
        "date": day.isoformat(),
        "day_start": datetime.combine(day, time(), zone).isoformat(),
        # EventFahrplan takes its hour for the one at which each day begins.
        "day_end": datetime.combine(day + timedelta(days=1), time(), zone).isoformat(),
        "rooms": rooms,
    }


def _event(event: Event, session: Session, code: str) -> Json:
    zone = ZoneInfo(event.timezone)
    begins = session.starts_at.astimezone(zone)
    minutes = max(1, round((session.ends_at - session.starts_at).total_seconds() / 60))
    title = text(session.title, code)
    return {
        "id": session.id,
        "guid": str(uuid5(NAMESPACE_URL, uid("session", session.id, session.created_at))),
        "date": begins.isoformat(timespec="seconds"),
        "start": f"{begins:%H:%M}",
        "duration": f"{minutes // 60:02}:{minutes % 60:02}",
        "room": session.place or event.place or str(_("Place not known yet")),
        "slug": f"{_acronym(event).replace('_', '')}-{session.id}-{slug(title)}-{session.kind}",
        "url": event.url,
        "title": title,
        "subtitle": fmt.span(session.starts_at, session.ends_at, event.timezone)
        if minutes >= DAY
        else "",
        "track": str(SessionKind.labels().get(session.kind, session.kind)),
        "type": session.kind,
        "language": code
        if session.title.get(code)
        else next((c for c, t in session.title.items() if t), code),
        "abstract": "",
        "description": text(session.description, code),
        "persons": [
            {"id": _number(name), "name": name, "public_name": name} for name in session.speakers
        ],
        "links": [],
        "attachments": [],
    }


def _number(name: str) -> int:
    """A number for a person that stays as long as the name does."""
    return zlib.crc32(fold(name).encode()) % (2**31 - 1) + 1


def as_xml(found: Json) -> bytes:
    """The same as schedule.xml."""
    given = found["schedule"]
    conference = given["conference"]
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name=found["generator"]["name"])
    _leaf(root, "version", given["version"])
    head = ET.SubElement(root, "conference")
    for name in ("acronym", "title", "start", "end"):
        _leaf(head, name, conference[name])
    _leaf(head, "days", str(conference["daysCount"]))
    for name in ("timeslot_duration", "time_zone_name"):
        _leaf(head, name, conference[name])
    _leaf(head, "base_url", given["base_url"])
    for day in conference["days"]:
        made = ET.SubElement(
            root,
            "day",
            index=str(day["index"]),
            date=day["date"],
            start=day["day_start"],
            end=day["day_end"],
        )
        for name, events in day["rooms"].items():
            room = ET.SubElement(made, "room", name=_NO_XML.sub("", name))
            for one in events:
                _xml_event(room, one)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _xml_event(room: ET.Element, one: Json) -> None:
    made = ET.SubElement(room, "event", id=str(one["id"]), guid=one["guid"])
    hours = one["duration"].partition(":")[0]
    given = {**one, "duration": one["duration"] if int(hours) < 24 else LONGEST}
    for name in (
        "date",
        "start",
        "duration",
        "room",
        "slug",
        "url",
        "title",
        "subtitle",
        "track",
        "type",
        "language",
    ):
        _leaf(made, name, given[name])
    _leaf(made, "abstract", one["abstract"])
    _leaf(made, "description", one["description"])
    persons = ET.SubElement(made, "persons")
    for person in one["persons"]:
        _leaf(persons, "person", person["name"]).set("id", str(person["id"]))
    ET.SubElement(made, "links")
    recording = ET.SubElement(made, "recording")
    _leaf(recording, "license", "")
    _leaf(recording, "optout", "false")


def _leaf(parent: ET.Element, name: str, said: str) -> ET.Element:
    found = ET.SubElement(parent, name)
    found.text = _NO_XML.sub("", said)
    return found


def as_file(found: Json, kind: str) -> bytes:
    """The schedule as bytes: `kind` is json or xml."""
    return (
        as_xml(found)
        if kind == "xml"
        else json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    )


def table(
    event: Event, sessions: Iterable[Session], codes: list[str]
) -> tuple[list[str], list[list[Cell]], list[int]]:
    """Head, rows and widths of columns of a table that the import reads as what is there."""
    used = [*codes, *(c for s in sessions for c in {**s.title, **s.description} if c not in codes)]
    columns = heads(list(dict.fromkeys(used)))
    rows = [_cells(event, session, columns) for session in sessions]
    return [head for _name, _code, head in columns], rows, widths(columns)


def widths(columns: Iterable[tuple[str, str, str]]) -> list[int]:
    """How wide each of these columns (agenda_import_words.heads) is."""
    return [_WIDTHS.get(name, max(12, len(head) + 2)) for name, _code, head in columns]


def _cells(event: Event, session: Session, columns: list[tuple[str, str, str]]) -> list[Cell]:
    begins = session.starts_at.astimezone(ZoneInfo(session.zone(event))).replace(
        tzinfo=None, microsecond=0
    )
    ends = session.ends_at.astimezone(ZoneInfo(session.zone_at_end(event))).replace(
        tzinfo=None, microsecond=0
    )
    given: dict[str, Any] = {
        "day": begins.date(),
        "starts": begins.time(),
        "ends": ends.time(),
        "end_day": ends.date() if ends.date() != begins.date() or ends <= begins else None,
        "kind": str(SessionKind.labels().get(session.kind, session.kind)),
        "place": session.place,
        "speakers": speakers_said(session.speakers),
        "capacity": session.capacity,
        "counted": str(_("Yes") if session.counted else _("No")),
        "timezone": session.timezone,
        "end_timezone": session.end_timezone,
        "reference": uid("session", session.id, session.created_at),
    }
    return [
        getattr(session, n).get(code, "") if code else given.get(n, "")
        for n, code, _head in columns
    ]
