"""Loads what a registration's attendance is computed from: the counting units of its event, and the
scans that count.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from checkin.attendance.stays import Fact, Witness, facts
from checkin.scanning.units import Unit, days
from core import db
from core.db import moment


@dataclass(frozen=True, slots=True)
class Frame:
    """An event as attendance sees it. `doors` are those of its counted sessions."""

    event_id: int
    zone: str
    grace: int
    units: tuple[Unit, ...]
    doors: frozenset[int]
    grouped: bool = False
    """Whoever enters the room of one session has left that of the last."""

    def silent(self, session_id: int | None) -> bool:
        """Whether a scan there says nothing: at a meal, or a session that was removed, while other
        sessions count.
        """
        return (
            bool(self.doors)
            and not self.grouped
            and session_id is not None
            and session_id not in self.doors
        )

    def door(self, session_id: int | None) -> int | None:
        """The door that a scan's session stands for: without counted sessions, the event's own.

        Where rooms are grouped, going to a meal is leaving the last room, though the meal itself
        counts for nothing.
        """
        return session_id if session_id in self.doors or (self.grouped and self.doors) else None


async def frame(event_id: int) -> Frame:
    """Look an event up."""
    event = await db.row(
        "SELECT starts_at, ends_at, timezone, grace_minutes, rooms_grouped FROM event WHERE id = $1",
        event_id,
    )
    assert event, "a scan has an event"
    counted = await db.rows(
        "SELECT id, starts_at, ends_at, timezone FROM session "
        "WHERE event_id = $1 AND counted AND removed_at IS NULL ORDER BY starts_at, id",
        event_id,
    )
    zone = event["timezone"]
    units = [_unit(s["id"], s, s["timezone"] or zone) for s in counted]
    units = units or days(moment(event["starts_at"]), moment(event["ends_at"]), zone)
    doors = frozenset(s["id"] for s in counted)
    return Frame(
        event_id, zone, event["grace_minutes"], tuple(units), doors, bool(event["rooms_grouped"])
    )


def _unit(session_id: int, row: dict[str, object], zone: str) -> Unit:
    starts_at, ends_at = moment(row["starts_at"]), moment(row["ends_at"])  # type: ignore[arg-type]  # a column's value
    return Unit(
        str(session_id),
        session_id,
        starts_at,
        ends_at,
        zone,
        starts_at.astimezone(ZoneInfo(zone)).date(),
    )


async def computed(ids: list[int]) -> dict[int, tuple[Frame, list[Fact]]]:
    """The facts of these registrations, counted from their scans."""
    scans = await db.rows(
        "SELECT registration_id, event_id, session_id, direction, method, whole, minutes, scanned_at FROM scan "
        "WHERE registration_id = ANY($1::bigint[]) AND counts AND withdrawn_at IS NULL",
        ids,
    )
    choices = await db.rows(
        "SELECT registration_id, session_id FROM choice WHERE registration_id = ANY($1::bigint[])",
        ids,
    )
    chosen: dict[int, set[int]] = defaultdict(set)
    for c in choices:
        chosen[c["registration_id"]].add(c["session_id"])
    frames: dict[int, Frame] = {}
    seen: dict[int, list[Witness]] = defaultdict(list)
    event_of: dict[int, int] = {}
    for s in scans:
        event_of[s["registration_id"]] = s["event_id"]
        if s["event_id"] not in frames:
            frames[s["event_id"]] = await frame(s["event_id"])
        here = frames[s["event_id"]]
        if not here.silent(s["session_id"]):
            at, door = moment(s["scanned_at"]), here.door(s["session_id"])
            seen[s["registration_id"]].append(
                Witness(at, s["direction"], s["method"], door, bool(s["whole"]), s["minutes"])
            )
    found = {}
    for rid, event_id in event_of.items():
        here = frames[event_id]
        given: dict[str, Any] = {
            "grace": here.grace,
            "chosen": chosen[rid],
            "zone": here.zone,
            "grouped": here.grouped,
        }
        found[rid] = (here, facts(here.units, seen[rid], **given))
    return found
