"""The roster: what a phone needs to know of its event without reception, and no more.

No address and no private answer; of other events only what tells that a ticket is theirs.
"""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from checkin.attendance.gates import organisation
from checkin.scanning.event_days import Night, nights_of
from core import db
from core.clock import now
from core.db import moment
from core.i18n import text
from events.event.event import Event
from events.programme.sessions import Session
from registrations.registration import tickets

OVERLAP = timedelta(seconds=10)
"""A change is seen when its transaction ends, later than the time that it carries."""
AROUND = timedelta(days=1)
"""Tickets of what lies so near are shown at the wrong door."""
_NEWEST = 20
_PAIRS = [one + two for one in tickets.ALPHABET for two in tickets.ALPHABET]
"""Ten bits as two characters."""


async def roster(event: Event, since: str = "") -> dict[str, Any]:
    """The whole roster, or what has changed since the cursor of an earlier answer. Repeating it is
    harmless.
    """
    cursor = await current(event)
    at = _moment_of(since)
    delta: tuple[datetime, ...] = () if at is None else (at,)
    programme = await event.sessions_now()
    # a session may have seats of its own now: who chose it is told anew
    who = _CHANGED if at and any(s.changed_at >= at for s in programme) else "r.changed_at >= $2"
    found: dict[str, Any] = {
        "cursor": cursor,
        "whole": at is None,
        "event": await _event(event),
        "sessions": _sessions(event, programme),
        "people": await _people(event, who, *delta),
        "inside": await _inside(event, *delta),
        "gone": [],
        **await _others(event, *delta),
    }
    if at is None:
        found["key"] = base64.b64encode(tickets.event_key(event.id)).decode()
    return found


_CURSOR = f"""SELECT * FROM (SELECT CAST(id AS text) AS id, changed_at AS at FROM registration WHERE event_id = $1
    ORDER BY changed_at DESC, id DESC LIMIT {_NEWEST}) r
UNION ALL SELECT * FROM (SELECT CAST(id AS text) AS id, received_at AS at FROM scan WHERE event_id = $1
    ORDER BY received_at DESC LIMIT {_NEWEST}) s
UNION ALL SELECT * FROM (SELECT CAST(id AS text) AS id, withdrawn_at AS at FROM scan WHERE event_id = $1
    AND withdrawn_at IS NOT NULL ORDER BY withdrawn_at DESC LIMIT {_NEWEST}) w
UNION ALL SELECT * FROM (SELECT CAST(id AS text) AS id, reviewed_at AS at FROM scan WHERE event_id = $1
    AND marks <> '' AND reviewed_at IS NOT NULL ORDER BY reviewed_at DESC LIMIT {_NEWEST}) v"""


async def current(event: Event) -> str:
    """A word that differs when anything in the roster has changed. It begins with when that was, in
    milliseconds.

    It is made of the newest few changes, so that one that was seen late is seen.
    """
    found = [(r["id"], _milliseconds(moment(r["at"]))) for r in await db.rows(_CURSOR, event.id)]
    last = _milliseconds(event.changed_at)
    said = json.dumps(
        [sorted(found), last, event.revision, event.status, event.walk_ins, event.rooms_grouped]
    )
    return f"{max([at for _id, at in found] + [last])}.{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _moment_of(cursor: str) -> datetime | None:
    """From when on changes are wanted; None if the cursor is none of ours."""
    at, _dot, rest = cursor.partition(".")
    if not rest or not at.isascii() or not at.isdigit() or len(at) > 14:
        return None
    return datetime.fromtimestamp(int(at) / 1000, now().tzinfo) - OVERLAP


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


async def _event(event: Event) -> dict[str, Any]:
    return {
        "id": str(event.id),
        "slug": event.slug,
        "title": text(event.title),
        "starts_at": _milliseconds(event.starts_at),
        "ends_at": _milliseconds(event.ends_at),
        "zone": event.timezone,
        "status": event.status,
        "walk_ins": event.walk_ins,
        "rooms_grouped": event.rooms_grouped,
        "grace_minutes": event.grace_minutes,
        "nights": told(await nights_of(event)),
    }


def told(nights: Sequence[Night]) -> list[list[Any]]:
    """Nights as phones have them: from when, until when, which day."""
    return [
        [_milliseconds(n.starts_at), _milliseconds(n.ends_at), n.day.isoformat()] for n in nights
    ]


def _sessions(event: Event, programme: Sequence[Session]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(s.id),
            "title": text(s.title),
            "starts_at": _milliseconds(s.starts_at),
            "ends_at": _milliseconds(s.ends_at),
            "zone": s.timezone or event.timezone,
            "capacity": s.capacity is not None,
            "room": s.place,
        }
        for s in programme
    ]


_CHANGED = """(r.changed_at >= $2 OR r.id IN (SELECT c.registration_id FROM choice c JOIN session s
  ON s.id = c.session_id WHERE s.event_id = $1 AND s.changed_at >= $2))"""


async def _people(event: Event, who: str, *since: datetime) -> list[list[Any]]:
    more = f"AND {who}" if since else ""
    found = await db.rows(
        "SELECT r.id, r.ticket_identity, p.name, o.name AS organisation, r.role, r.status, r.door_note "
        "FROM registration r JOIN person p ON p.id = r.person_id LEFT JOIN organisation o ON o.id = r.organisation_id "
        f"WHERE r.event_id = $1 {more} ORDER BY r.id",
        event.id,
        *since,
    )
    chosen = await _chosen(event, more, *since)
    called: dict[Any, str] = {}
    return [
        [
            str(r["id"]),
            identity(r["ticket_identity"]),
            r["name"],
            _organisation(r["organisation"], called),
            r["role"],
            r["status"],
            r["door_note"],
            chosen.get(r["id"]),
        ]
        for r in found
    ]


def _organisation(name: Any, called: dict[Any, str]) -> str:
    """An organisation's name; most come with several people."""
    if name is None:
        return ""
    if not isinstance(name, str):
        return organisation(name)
    if name not in called:
        called[name] = organisation(name)
    return called[name]


def identity(number: int) -> str:
    """A ticket's 48 bits as a number in ten characters."""
    return "".join([_PAIRS[number >> shift & 1023] for shift in (40, 30, 20, 10, 0)])


async def _chosen(event: Event, more: str, *since: datetime) -> dict[int, list[str]]:
    """By registration, of those who chose: the sessions that they chose and that have seats of
    their own.
    """
    found = await db.rows(
        "SELECT c.registration_id, c.session_id, s.capacity IS NOT NULL AS seated FROM registration r "
        "JOIN choice c ON c.registration_id = r.id JOIN session s ON s.id = c.session_id "
        f"WHERE r.event_id = $1 {more} ORDER BY c.session_id",
        event.id,
        *since,
    )
    chosen: dict[int, list[str]] = defaultdict(list)
    for r in found:
        chosen[r["registration_id"]] += [str(r["session_id"])] if r["seated"] else []
    return chosen


_PRESENCE = """SELECT p.registration_id, p.unit, p.inside, p.first_at, d.name AS gate FROM presence p
LEFT JOIN scan s ON p.inside AND s.registration_id = p.registration_id AND s.scanned_at = p.first_at AND s.unit = p.unit
  AND s.direction = 'in' AND s.counts AND s.withdrawn_at IS NULL
LEFT JOIN device d ON d.id = s.device_id WHERE p.event_id = $1"""
_PRESENCE_AMONG = f"{_PRESENCE} AND p.registration_id = ANY($2::bigint[])"
_MOVED = """SELECT registration_id, unit FROM scan WHERE event_id = $1 AND registration_id IS NOT NULL
  AND received_at >= $2
UNION SELECT registration_id, unit FROM scan WHERE event_id = $1 AND registration_id IS NOT NULL
  AND withdrawn_at IS NOT NULL AND withdrawn_at >= $2
UNION SELECT registration_id, unit FROM scan WHERE event_id = $1 AND registration_id IS NOT NULL
  AND marks <> '' AND reviewed_at >= $2"""


async def _inside(event: Event, *since: datetime) -> list[list[Any]]:
    if not since:
        return _places(await db.rows(_PRESENCE, event.id))
    touched = {(r["registration_id"], r["unit"]) for r in await db.rows(_MOVED, event.id, *since)}
    ids = sorted({rid for rid, _unit in touched})
    # of a changed event all: its rooms may be grouped now
    if event.changed_at >= since[0]:
        found = _places(await db.rows(_PRESENCE, event.id))
    else:
        found = _places(await db.rows(_PRESENCE_AMONG, event.id, ids))
    there = {(int(p[0]), p[1]) for p in found}
    return found + [[str(rid), unit, 0, None, ""] for rid, unit in sorted(touched - there)]


def _places(rows: list[dict[str, Any]]) -> list[list[Any]]:
    found = {
        (r["registration_id"], r["unit"]): [
            str(r["registration_id"]),
            r["unit"],
            int(bool(r["inside"])),
            _milliseconds(moment(r["first_at"])) if r["first_at"] else None,
            r["gate"] or "",
        ]
        for r in rows
    }
    return list(found.values())


async def _others(event: Event, *since: datetime) -> dict[str, Any]:
    """By title, what the tickets of this project's other events near this one hash to: a phone can
    tell, and no more.

    Of changes: all of them again if there are new ones, else nothing.
    """
    near = (event.project_id, event.id, event.ends_at + AROUND, event.starts_at - AROUND)
    if since and not await db.rows(
        f"SELECT r.id {_NEAR} AND r.changed_at >= $5 LIMIT 1", *near, *since
    ):
        return {}
    found = await db.rows(
        f"SELECT e.id, e.title, r.ticket_identity {_NEAR} ORDER BY e.id, r.id", *near
    )
    titles: dict[int, str] = {}
    others: dict[str, list[str]] = defaultdict(list)
    for r in found:
        if r["id"] not in titles:
            titles[r["id"]] = organisation(r["title"])
        code = tickets.ticket(r["id"], r["ticket_identity"])
        others[titles[r["id"]]].append(
            base64.urlsafe_b64encode(hashlib.sha256(code.encode()).digest()[:8])
            .decode()
            .rstrip("=")
        )
    return {"others": others}


_NEAR = """FROM event e JOIN registration r ON r.event_id = e.id
WHERE e.project_id = $1 AND e.id <> $2 AND e.starts_at <= $3 AND e.ends_at >= $4"""
