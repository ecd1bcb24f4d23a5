"""What the door's screens show: who came, per minute and per session; who is missing; what someone should look at."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checkin.totals import current_day
from core import db
from core.clock import now
from core.db import moment
from core.i18n import text
from events.events import Event

LAST = 12
MISSING = 30
STEPS = 30
"""Points of the arrivals chart at most, each of as many whole minutes as needed."""


@dataclass(frozen=True)
class Seen:
    """A scan as the desk lists it."""

    id: str
    name: str
    at: datetime
    result: str
    where: str
    undone: bool
    may_undo: bool
    why: str = ""


async def counts(event: Event) -> dict[str, dict[str, int]]:
    """By door (a session's id, a date): how many came, how many are inside. Written by the scans, so fresh."""
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


async def missing(event: Event) -> list[dict[str, str]]:
    """The first of those expected who have not come."""
    found = await db.rows(
        f"""SELECT r.id, p.name, o.name AS organisation FROM registration r JOIN person p ON p.id = r.person_id
        LEFT JOIN organisation o ON o.id = r.organisation_id WHERE r.event_id = $1 AND r.status = 'confirmed'
        AND NOT EXISTS (SELECT 1 FROM presence x WHERE x.registration_id = r.id AND x.first_at IS NOT NULL)
        ORDER BY p.search, r.id LIMIT {MISSING}""",
        event.id,
    )
    return [{"name": r["name"], "organisation": organisation(r["organisation"])} for r in found]


def organisation(name: Any) -> str:
    """An organisation's name, as raw SQL answers it on either engine."""
    return text(json.loads(name) if isinstance(name, str) else name)


_SCANS = """SELECT s.id, s.result, s.received_at, s.scanned_at, s.counts, s.ticket, s.flagged, s.admitted, s.actor,
  s.withdrawn_at, p.name, d.name AS device
FROM scan s LEFT JOIN registration r ON r.id = s.registration_id LEFT JOIN person p ON p.id = r.person_id
LEFT JOIN device d ON d.id = s.device_id WHERE s.event_id = $1 {more} ORDER BY s.received_at DESC, s.id LIMIT $2"""
_REVIEW = """AND s.withdrawn_at IS NULL AND ((s.result = 'unknown' AND s.ticket <> '') OR s.flagged
  OR (s.admitted AND s.result NOT IN ('valid', 'already_in', 'exit', 'not_inside')))"""


async def last_scans(event: Event) -> list[Seen]:
    """The newest scans, whatever their result."""
    return [_seen(r) for r in await db.rows(_SCANS.format(more=""), event.id, LAST)]


async def to_review(event: Event) -> list[Seen]:
    """Forged codes, people admitted against the list, clocks that ran ahead."""
    return [_seen(r) for r in await db.rows(_SCANS.format(more=_REVIEW), event.id, MISSING)]


def _seen(row: dict[str, Any]) -> Seen:
    undone = row["withdrawn_at"] is not None
    return Seen(
        id=str(row["id"]),
        name=row["name"] or "",
        at=moment(row["received_at"]),
        result=row["result"],
        where=row["device"] or row["actor"],
        undone=undone,
        may_undo=bool(row["counts"]) and not undone,
        why="clock" if row["flagged"] else "admitted" if row["admitted"] else "forged",
    )


async def arrivals(event: Event) -> list[tuple[str, int]]:
    """First entries of the current day: `(local time, how many)` at even steps, from the first to now or the last."""
    here = ZoneInfo(event.timezone)
    day = current_day(event)
    start = datetime.combine(day, datetime.min.time(), here)
    found = await db.rows(
        """SELECT min(scanned_at) AS at FROM scan WHERE event_id = $1 AND counts AND withdrawn_at IS NULL
        AND direction = 'in' AND NOT whole AND scanned_at >= $2 AND scanned_at < $3 GROUP BY registration_id""",
        event.id,
        start,
        start + timedelta(days=1),
    )
    minutes = sorted(moment(r["at"]).replace(second=0, microsecond=0) for r in found)
    if not minutes:
        return []
    last = max(minutes[-1], min(now(), event.ends_at))
    step = max(1, -(-int((last - minutes[0]) / timedelta(minutes=STEPS)) // 1))
    counted = Counter((m - minutes[0]) // timedelta(minutes=step) for m in minutes)
    points = (last - minutes[0]) // timedelta(minutes=step) + 1
    return [
        ((minutes[0] + timedelta(minutes=step * n)).astimezone(here).strftime("%H:%M"), counted[n])
        for n in range(points)
    ]
