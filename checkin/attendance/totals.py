"""Attendance of one event, at any moment: while it runs and afterwards."""

from datetime import date
from typing import Any

from checkin.attendance.gates import units_of_day
from checkin.attendance.settlement import settle
from checkin.scanning.event_days import Night, day_of, nights
from core import db
from core.clock import now
from events.event.event import Event
from events.programme.sessions import Session


async def event_attendance(event: Event) -> dict[str, Any]:
    """`{registered, confirmed, waiting, attended, inside, minutes, sessions: [{id, attended,
    inside}]}` (docs/interface.md).

    Every acknowledged scan is included.
    """
    await settle(event.project_id)
    registered = await db.row(
        "SELECT count(*) AS registered, count(CASE WHEN status = 'confirmed' THEN 1 END) AS confirmed, "
        "count(CASE WHEN status = 'waiting' THEN 1 END) AS waiting FROM registration WHERE event_id = $1",
        event.id,
    )
    attended = await db.row(
        "SELECT count(DISTINCT registration_id) AS attended, COALESCE(sum(minutes), 0) AS minutes FROM attendance "
        "WHERE event_id = $1",
        event.id,
    )
    assert registered, "a count has a row"
    assert attended, "a count has a row"
    sessions = await Session.filter(event_id=event.id, removed_at=None).order_by("starts_at", "id")
    by_unit = await db.rows(
        "SELECT unit, count(*) AS n FROM attendance WHERE event_id = $1 GROUP BY unit", event.id
    )
    inside_unit = await db.rows(
        "SELECT unit, count(*) AS n FROM presence WHERE event_id = $1 AND inside GROUP BY unit",
        event.id,
    )
    there = {r["unit"]: r["n"] for r in by_unit}
    inside = {r["unit"]: r["n"] for r in inside_unit}
    return {
        "registered": registered["registered"],
        "confirmed": registered["confirmed"],
        "waiting": registered["waiting"],
        "attended": attended["attended"],
        "inside": await inside_now(event, sessions),
        "minutes": int(attended["minutes"]),
        "sessions": [
            {
                "id": str(s.id),
                "attended": there.get(str(s.id), 0),
                "inside": inside.get(str(s.id), 0),
            }
            for s in sessions
        ],
    }


def current_day(event: Event, nights: tuple[Night, ...]) -> date:
    """The day whose door is open, in the event's zone; before the event its first day, after it its
    last.
    """
    first, last = (day_of(at, event.timezone, nights) for at in (event.starts_at, event.ends_at))
    return min(max(day_of(now(), event.timezone, nights), first), last)


async def inside_now(event: Event, sessions: list[Session]) -> int:
    """How many are inside at any door of the current day: who forgot to leave yesterday is not."""
    units = units_of_day(event, sessions, current_day(event, nights(event, sessions)))
    found = await db.row(
        "SELECT count(DISTINCT registration_id) AS n FROM presence WHERE event_id = $1 AND inside "
        "AND unit = ANY($2::text[])",
        event.id,
        list(units),
    )
    return int(found["n"]) if found else 0
