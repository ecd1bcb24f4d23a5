"""What the organiser's live screen shows: who came, per minute, gate and session; who is missing;
the phones.

The number of queries does not grow with people, scans or phones.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checkin.attendance.gates import organisation
from checkin.attendance.totals import current_day
from checkin.phone.devices import Device
from checkin.review.scan_details import COLUMNS, TABLES, Seen, seen, where_of
from checkin.scanning.event_days import nights_of
from checkin.scanning.scan_input import AHEAD
from core import db
from core.clock import now
from core.db import moment
from core.text import clean, search_key
from events.event.event import Event

LAST = 10
MISSING = 50
STEPS = 60
"""Columns of the arrivals chart at most, each of as many whole minutes as needed."""
SILENT = timedelta(seconds=60)
"""A phone sends a sign of life every few seconds: without one for so long it has no reception."""


async def counts(event: Event) -> dict[str, dict[str, int]]:
    """By door (a session's id, a date): how many came, how many are inside. Written by the scans,
    so fresh.
    """
    found = await db.rows(
        "SELECT unit, count(first_at) AS came, sum(CASE WHEN inside THEN 1 ELSE 0 END) AS inside FROM presence "
        "WHERE event_id = $1 GROUP BY unit",
        event.id,
    )
    return {r["unit"]: {"came": int(r["came"]), "inside": int(r["inside"] or 0)} for r in found}


async def people(event: Event) -> dict[str, int]:
    """How many are expected, how many of them came to any door, and how many came altogether."""
    found = await db.row(
        """SELECT count(CASE WHEN r.status = 'confirmed' THEN 1 END) AS expected,
          count(CASE WHEN r.status = 'confirmed' AND p.registration_id IS NULL THEN 1 END) AS missing,
          count(p.registration_id) AS came
        FROM registration r LEFT JOIN
          (SELECT DISTINCT registration_id FROM presence WHERE event_id = $1 AND first_at IS NOT NULL) p
          ON p.registration_id = r.id WHERE r.event_id = $1""",
        event.id,
    )
    return dict(found or {})


@dataclass(frozen=True)
class Missing:
    """Those expected who have not come: the first of them by name, and how many fit what was
    typed.
    """

    people: list[dict[str, Any]]
    total: int
    q: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.people)


async def missing(event: Event, q: str = "") -> Missing:
    """Those who have a seat and have not come to any door, narrowed by typing."""
    typed = search_key(clean(q))[:100]
    like = "%" + "".join("!" + c if c in "!%_" else c for c in typed) + "%" if typed else ""
    found = await db.rows(
        f"""SELECT r.id, p.name, o.name AS organisation, count(*) OVER () AS total FROM registration r
        JOIN person p ON p.id = r.person_id LEFT JOIN organisation o ON o.id = r.organisation_id
        WHERE r.event_id = $1 AND r.status = 'confirmed'
        AND ($2::text = '' OR p.search LIKE $2::text ESCAPE '!' OR o.folded LIKE $2::text ESCAPE '!')
        AND NOT EXISTS (SELECT 1 FROM presence x WHERE x.registration_id = r.id AND x.first_at IS NOT NULL)
        ORDER BY p.search, r.id LIMIT {MISSING}""",
        event.id,
        like,
    )
    lines = [
        {"id": r["id"], "name": r["name"], "organisation": organisation(r["organisation"])}
        for r in found
    ]
    return Missing(lines, int(found[0]["total"]) if found else 0, q)


async def last_scans(event: Event) -> list[Seen]:
    """The newest scans, whatever their result."""
    found = await db.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE s.event_id = $1 ORDER BY s.received_at DESC, s.id LIMIT {LAST}",
        event.id,
    )
    return [seen(r) for r in found]


async def bounds_of_day(event: Event) -> tuple[datetime, datetime]:
    """The current day of the event, from midnight to midnight in its zone, or to when a night is
    over.
    """
    found = await nights_of(event)
    day, here = current_day(event, found), ZoneInfo(event.timezone)
    start, end = (
        datetime.combine(d, datetime.min.time(), here) for d in (day, day + timedelta(days=1))
    )
    for night in found:
        if night.day == day:
            start, end = min(start, night.starts_at), max(end, night.ends_at)
        elif night.day == day - timedelta(days=1):
            start = max(start, night.ends_at)
    return start, end


@dataclass(frozen=True)
class Gate:
    """How many people one phone, or one person at a desk, has let in and out today; what was
    refused, in scans.
    """

    name: str
    came: int
    left: int
    refused: int
    last_at: datetime


async def gates(event: Event) -> list[Gate]:
    """Who scans today: each phone, and whoever ticks at a desk. Whoever is in already is not let in
    again.
    """
    found = await db.rows(
        """SELECT s.device_id, max(d.name) AS device, CASE WHEN s.device_id IS NULL THEN s.actor ELSE '' END AS actor,
          count(DISTINCT CASE WHEN s.counts AND s.direction = 'in' AND (s.admitted OR s.result = 'valid'
            OR NOT EXISTS (SELECT 1 FROM scan b WHERE b.registration_id = s.registration_id AND b.unit = s.unit
              AND b.direction = 'in' AND b.counts AND b.withdrawn_at IS NULL AND b.scanned_at < s.scanned_at))
            THEN s.registration_id END) AS came,
          count(DISTINCT CASE WHEN s.counts AND s.direction = 'out' THEN s.registration_id END) AS gone,
          sum(CASE WHEN s.counts THEN 0 ELSE 1 END) AS refused, max(s.received_at) AS last_at
        FROM scan s LEFT JOIN device d ON d.id = s.device_id
        WHERE s.event_id = $1 AND s.withdrawn_at IS NULL AND s.scanned_at >= $2 AND s.scanned_at < $3
        GROUP BY s.device_id, CASE WHEN s.device_id IS NULL THEN s.actor ELSE '' END ORDER BY 4 DESC, 1, 3""",
        event.id,
        *(await bounds_of_day(event)),
    )
    return [
        Gate(
            where_of(r["device"], r["actor"]),
            int(r["came"]),
            int(r["gone"]),
            int(r["refused"]),
            moment(r["last_at"]),
        )
        for r in found
    ]


@dataclass(frozen=True)
class Arrivals:
    """First entries of the day in even steps of so many minutes: `(local time, how many)`."""

    step: int
    points: list[tuple[str, int]]


async def arrivals(event: Event) -> Arrivals:
    """When people came on the current day, from the first to now or the last."""
    found = await db.rows(
        """SELECT min(scanned_at) AS at FROM scan WHERE event_id = $1 AND counts AND withdrawn_at IS NULL
        AND direction = 'in' AND NOT whole AND scanned_at >= $2 AND scanned_at < $3 GROUP BY registration_id""",
        event.id,
        *(await bounds_of_day(event)),
    )
    minutes = sorted(moment(r["at"]).replace(second=0, microsecond=0) for r in found)
    if not minutes:
        return Arrivals(1, [])
    last = max(minutes[-1], min(now(), event.ends_at, minutes[-1] + timedelta(minutes=15)))
    step = -(-(int((last - minutes[0]) / timedelta(minutes=1)) + 1) // STEPS)
    counted = Counter((m - minutes[0]) // timedelta(minutes=step) for m in minutes)
    here = ZoneInfo(event.timezone)
    number = (last - minutes[0]) // timedelta(minutes=step) + 1
    return Arrivals(
        step,
        [
            (
                (minutes[0] + timedelta(minutes=step * n)).astimezone(here).strftime("%H:%M"),
                counted[n],
            )
            for n in range(number)
        ],
    )


@dataclass(frozen=True)
class Phone:
    """A paired phone as the desk sees it. `clock` is by how many minutes it is off, 0 if that does
    not matter.
    """

    device: Device
    state: str
    unsent: int
    clock: int


async def phones(event: Event) -> list[Phone]:
    """The paired phones: those that serve first, then the ones that are stopped or over."""
    found = await Device.filter(event_id=event.id, paired_at__isnull=False).order_by("name", "id")
    return sorted((_phone(d) for d in found), key=lambda p: p.state in {"stopped", "over"})


def _phone(device: Device) -> Phone:
    moment_now = now()
    state = "here"
    if not device.seen_at or device.seen_at < moment_now - SILENT:
        state = "silent"
    if device.expires_at <= moment_now:
        state = "over"
    if device.revoked_at:
        state = "stopped"
    offset = timedelta(milliseconds=device.clock_offset_ms or 0)
    return Phone(
        device,
        state,
        device.unsent,
        round(offset / timedelta(minutes=1)) if abs(offset) > AHEAD else 0,
    )
