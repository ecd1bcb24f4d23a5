"""Signs out everyone who is still inside at a given time. These are ordinary exits, and can be
undone together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from checkin.attendance.gates import Entrance, units_of_day
from checkin.review.verbs import undo_all
from checkin.scanning.presence import Crossing, standings
from checkin.scanning.scan_input import LONGEST_BATCH, ScanEntry
from checkin.scanning.scans import Scan, record
from core import db
from core.clock import now
from core.db import atomic, moment
from core.errors import DomainError, invalid, not_found
from core.i18n import _, plural
from events.event.event import Event
from events.programme.sessions import Session

MARK = "everyone_out"


@dataclass(frozen=True)
class Leaving:
    """How many exits were recorded for a moment, by whom; `scan` is one of them."""

    scan: str
    at: datetime
    actor: str
    number: int
    taken_back: int


def doors_of(event: Event, programme: Sequence[Session], door: Entrance) -> list[str]:
    """What one leaves: a session's room; or on a day the event and every room of that day."""
    if door.session_id is not None:
        return [door.unit]
    return units_of_day(event, programme, date.fromisoformat(door.unit))


async def inside_at(
    event: Event, units: Sequence[str], at: datetime
) -> list[tuple[int, str, int | None]]:
    """Who is inside at these doors at that moment, said to the minute: `(registration, door,
    session)`.

    Who left by themselves within the minute has left; who came in it is not meant.
    """
    found = await db.rows(
        "SELECT registration_id, unit, session_id, direction, scanned_at FROM scan "
        "WHERE event_id = $1 AND counts AND withdrawn_at IS NULL "
        "AND (scanned_at <= $2 OR (direction = 'out' AND scanned_at < $3))",
        event.id,
        at,
        at + timedelta(minutes=1),
    )
    people: dict[int, list[Crossing]] = {}
    sessions: dict[str, int | None] = {}
    for r in found:
        sessions[r["unit"]] = r["session_id"]
        crossing = Crossing(moment(r["scanned_at"]), r["direction"], r["unit"], r["session_id"])
        people.setdefault(r["registration_id"], []).append(crossing)
    return [
        (rid, unit, sessions[unit])
        for rid, crossings in sorted(people.items())
        for unit, standing in sorted(standings(crossings, grouped=event.rooms_grouped).items())
        if standing.inside and unit in units
    ]


@atomic
async def everyone_out(
    event: Event, units: Sequence[str], at: datetime, expected: int, actor: Actor
) -> int:
    """Record that everybody inside at these doors left at that moment; answers how many people.

    `expected` is the number that was confirmed. Raises 422 for a moment to come, 409 when the
    number is another now.
    """
    if at > now():
        raise invalid(at=_("This time is still to come."))
    there = await inside_at(event, units, at)
    people = len({rid for rid, _unit, _session in there})
    if people != expected:
        said = plural(
            "By now it is %(n)s person. Please look again.",
            "By now it is %(n)s people. Please look again.",
            people,
        )
        raise DomainError(said, 409)
    entries = [
        ScanEntry(
            str(uuid4()),
            registration=rid,
            session=session,
            direction="out",
            scanned_at=at,
            # also for those who were let in against the list, or stayed for more than two hours
            admitted=True,
            method="manual",
            marks=MARK,
            unit=unit,
        )
        for rid, unit, session in there
    ]
    for start in range(0, len(entries), LONGEST_BATCH):
        await record(
            event, entries[start : start + LONGEST_BATCH], actor_name=actor.name, organiser=False
        )
    if entries:
        await audit(actor, "door.everyone_out", event, project_id=event.project_id)
    return people


async def leavings(event: Event) -> list[Leaving]:
    """What was recorded so, the newest first."""
    found = await db.rows(
        "SELECT min(CAST(id AS text)) AS scan, scanned_at, actor, count(DISTINCT registration_id) AS n, "
        "count(DISTINCT CASE WHEN withdrawn_at IS NOT NULL THEN registration_id END) AS back "
        "FROM scan WHERE event_id = $1 AND marks = $2 GROUP BY scanned_at, actor, (withdrawn_at IS NULL) "
        "ORDER BY max(received_at) DESC LIMIT 20",
        event.id,
        MARK,
    )
    return [_leaving(r) for r in found]


def _leaving(row: dict[str, Any]) -> Leaving:
    return Leaving(
        row["scan"], moment(row["scanned_at"]), row["actor"], int(row["n"]), int(row["back"])
    )


@atomic
async def take_back(event: Event, scan_id: str, actor: Actor) -> int:
    """Take back all that was recorded together with this exit; answers how many. Raises 404."""
    one = await Scan.get_or_none(id=scan_id, event_id=event.id, marks=MARK)
    if not one:
        raise not_found(_("There is no such scan."))
    same = await db.rows(
        "SELECT id FROM scan WHERE event_id = $1 AND marks = $2 AND scanned_at = $3 AND actor = $4",
        event.id,
        MARK,
        one.scanned_at,
        one.actor,
    )
    number = await undo_all(
        event, [str(s["id"]) for s in same], str(_("Everyone out was taken back")), actor
    )
    if number:
        await audit(actor, "door.everyone_out_taken_back", event, project_id=event.project_id)
    return number
