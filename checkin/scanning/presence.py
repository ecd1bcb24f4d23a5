"""Who is inside now, per door. Written by the scan itself; the row decides between two scans at the
same moment.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core import db
from core.db import UtcField, atomic, moment
from core.sql import json_rows

CHUNK = 500


class Presence(Model):
    """`unit` is a session's id, or the local date for the event's day. `first_at` is when the
    present stay began.
    """

    id = fields.BigIntField(primary_key=True)
    event_id = fields.BigIntField()
    registration_id = fields.BigIntField()
    unit = fields.CharField(20)
    inside = fields.BooleanField()
    was_inside = fields.BooleanField()
    first_at = UtcField(null=True)
    last_at = UtcField()

    class Meta:
        table = "presence"
        unique_together = (("registration_id", "unit"),)
        indexes = (("event_id", "inside"),)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A counting scan at a door. `session_id` is None for the event's own."""

    at: datetime
    direction: str
    unit: str
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How someone stands at one door: inside, since when, and when that was last said."""

    inside: bool
    since: datetime | None
    last_at: datetime


def standings(crossings: Iterable[Crossing], *, grouped: bool = False) -> dict[str, Standing]:
    """Where someone is after these scans, by door; in whichever order they are given.

    At one moment an exit comes after an entry. `grouped`: an entry at one room is an exit from the
    others.
    """
    found: dict[str, Standing] = {}
    rooms: set[str] = set()
    for c in sorted(crossings, key=lambda c: (c.at, c.direction, c.session_id or 0)):
        before = found.get(c.unit)
        entered = c.direction == "in"
        since = before.since if before else None
        found[c.unit] = Standing(
            entered, c.at if entered and not (before and before.inside) else since, c.at
        )
        if c.session_id is not None:
            rooms.add(c.unit)
        if grouped and entered and c.session_id is not None:
            for unit in rooms - {c.unit}:
                found[unit] = Standing(False, found[unit].since, c.at)
    return found


async def crossings(ids: list[int]) -> dict[int, list[Crossing]]:
    """The counting scans of these registrations."""
    rows = await db.rows(
        "SELECT registration_id, unit, session_id, scanned_at, direction FROM scan "
        "WHERE registration_id = ANY($1::bigint[]) AND counts AND withdrawn_at IS NULL",
        ids,
    )
    found: dict[int, list[Crossing]] = defaultdict(list)
    for r in rows:
        found[r["registration_id"]].append(
            Crossing(moment(r["scanned_at"]), r["direction"], r["unit"], r["session_id"])
        )
    return found


@atomic
async def rebuild(
    event_id: int, registration_id: int, unit: str, at: datetime | None = None
) -> datetime | None:
    """Count one person afresh: after an undo, and when a scan came late. Answers when the stay at
    `at` began.
    """
    seen, grouped = await _rebuilt(event_id, [registration_id])
    before = [c for c in seen[registration_id] if at and c.at <= at]
    found = standings(before, grouped=grouped).get(unit)
    return found.since if found else None


@atomic
async def rebuild_many(event_id: int, ids: Iterable[int]) -> None:
    """Count these people afresh, all at once."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        await _rebuilt(event_id, wanted[start : start + CHUNK])


async def rebuild_event(event_id: int) -> None:
    """Count everybody afresh: when the rooms of an event are grouped, or no longer."""
    found = await db.rows(
        "SELECT DISTINCT registration_id FROM presence WHERE event_id = $1", event_id
    )
    await rebuild_many(event_id, [r["registration_id"] for r in found])


async def _rebuilt(event_id: int, ids: list[int]) -> tuple[dict[int, list[Crossing]], bool]:
    await db.rows(
        "SELECT id FROM presence WHERE registration_id = ANY($1::bigint[]) "
        "ORDER BY registration_id, unit FOR UPDATE",
        ids,
    )
    event = await db.row("SELECT rooms_grouped FROM event WHERE id = $1", event_id)
    grouped = bool(event and event["rooms_grouped"])
    seen = await crossings(ids)
    await db.execute(
        "DELETE FROM presence WHERE registration_id = ANY($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM scan s "
        "WHERE s.registration_id = presence.registration_id AND s.unit = presence.unit AND s.counts "
        "AND s.withdrawn_at IS NULL)",
        ids,
    )
    rows = [
        _row(event_id, rid, unit, s)
        for rid in sorted(seen)
        for unit, s in sorted(standings(seen[rid], grouped=grouped).items())
    ]
    if rows:
        await db.execute(_UPSERT, json.dumps(rows))
    return seen, grouped


def _row(event_id: int, registration_id: int, unit: str, standing: Standing) -> dict[str, Any]:
    since = standing.since
    return {
        "event_id": event_id,
        "registration_id": registration_id,
        "unit": unit,
        "inside": standing.inside,
        "first_at": since.isoformat(" ") if since else None,
        "last_at": standing.last_at.isoformat(" "),
    }


_TYPES = {
    "event_id": "bigint", "registration_id": "bigint", "unit": "text", "inside": "boolean",
    "first_at": "timestamptz", "last_at": "timestamptz",
}  # fmt: skip
_COLUMNS = ", ".join(_TYPES)
_UPSERT = f"""INSERT INTO presence ({_COLUMNS}, was_inside) SELECT {_COLUMNS}, FALSE FROM {json_rows(_TYPES)} WHERE TRUE
ON CONFLICT (registration_id, unit) DO UPDATE SET inside = excluded.inside, first_at = excluded.first_at,
last_at = excluded.last_at"""
