"""Brings attendance facts up to date with the scans behind them: in chunks, under a lock, with the
same result whoever does it.
"""

import json
from collections.abc import Sequence
from typing import Any

from checkin.attendance import frames
from checkin.attendance.frames import Frame
from checkin.attendance.stays import Fact
from checkin.scanning import presence
from checkin.scanning.project_lock import lock
from core import db
from core.db import atomic, moment
from core.sql import json_rows
from events.event.event import Event

CHUNK = 500
"""Registrations settled in one transaction."""


async def settle(project_id: int) -> int:
    """Bring the facts of a project up to date with all its scans. Answers how many registrations
    were looked at.

    Safe at any time, on any number of nodes, as often as one likes: call it before every figure.
    """
    looked = 0
    while ids := await _unsettled(project_id):
        await _settle(project_id, ids)
        looked += len(ids)
    return looked


async def settle_some(project_id: int, registrations: Sequence[int]) -> None:
    """Bring the facts of these registrations, of a few events, up to date with their scans."""
    found = await db.rows(
        "SELECT DISTINCT registration_id FROM scan "
        "WHERE registration_id = ANY($1::bigint[]) AND NOT settled ORDER BY registration_id",
        list(registrations),
    )
    if found:
        await _settle(project_id, [row["registration_id"] for row in found])


async def _unsettled(project_id: int) -> list[int]:
    found = await db.rows(
        f"SELECT DISTINCT registration_id FROM scan WHERE project_id = $1 AND NOT settled "
        f"ORDER BY registration_id LIMIT {CHUNK}",
        project_id,
    )
    return [r["registration_id"] for r in found]


@atomic
async def _settle(project_id: int, ids: list[int]) -> None:
    await lock(project_id)
    waiting = await db.rows(
        "SELECT id FROM scan WHERE project_id = $2 AND NOT settled AND registration_id = ANY($1::bigint[])",
        ids,
        project_id,
    )
    computed = await frames.computed(ids)
    await _write(project_id, ids, computed)
    for event_id in {here.event_id for here, _facts in computed.values() if here.grouped}:
        # a scan at one room says something of the others; what was cut short after it was stored is
        # made good here
        rooms = [rid for rid, (here, _facts) in computed.items() if here.event_id == event_id]
        await presence.rebuild_many(event_id, rooms)
    await db.execute(
        "UPDATE scan SET settled = TRUE WHERE id = ANY($1::uuid[])",
        [str(r["id"]) for r in waiting],
    )


_COLUMNS = "project_id, event_id, registration_id, unit, session_id, day, starts_at, first_at, minutes, methods, signed"
_TYPES = {
    "project_id": "bigint", "event_id": "bigint", "registration_id": "bigint", "unit": "text", "session_id": "bigint",
    "day": "date", "starts_at": "timestamptz", "first_at": "timestamptz", "minutes": "int", "methods": "jsonb",
    "signed": "boolean",
}  # fmt: skip
_UPSERT = f"""INSERT INTO attendance ({_COLUMNS}) SELECT {_COLUMNS} FROM {json_rows(_TYPES)} WHERE TRUE
ON CONFLICT (registration_id, unit) DO UPDATE SET session_id = excluded.session_id, day = excluded.day,
starts_at = excluded.starts_at, first_at = excluded.first_at, minutes = excluded.minutes, methods = excluded.methods,
signed = excluded.signed"""


async def _write(
    project_id: int, ids: list[int], computed: dict[int, tuple[Frame, list[Fact]]]
) -> None:
    """Write what differs, and remove what is no longer so."""
    there = await stored(ids)
    wanted = {
        (rid, fact.unit.key): shape(project_id, frame, rid, fact)
        for rid, (frame, found) in computed.items()
        for fact in found
    }
    gone = [row["id"] for key, row in there.items() if key not in wanted]
    if gone:
        await db.execute("DELETE FROM attendance WHERE id = ANY($1::bigint[])", gone)
    new = [row for key, row in wanted.items() if key not in there or not same(there[key], row)]
    if new:
        await db.execute(_UPSERT, json.dumps(new))


async def stored(ids: list[int]) -> dict[tuple[int, str], dict[str, Any]]:
    """The facts kept of these registrations, by registration and unit."""
    found = await db.rows(
        f"SELECT id, {_COLUMNS} FROM attendance WHERE registration_id = ANY($1::bigint[])", ids
    )
    return {(r["registration_id"], r["unit"]): r for r in found}


def shape(project_id: int, frame: Frame, registration_id: int, fact: Fact) -> dict[str, Any]:
    """A fact as the database takes it."""
    return {
        "project_id": project_id,
        "event_id": frame.event_id,
        "registration_id": registration_id,
        "unit": fact.unit.key,
        "session_id": fact.unit.session_id,
        "day": fact.unit.day.isoformat(),
        "starts_at": fact.unit.starts_at.isoformat(" "),
        "first_at": fact.first_at.isoformat(" "),
        "minutes": fact.minutes,
        "methods": list(fact.methods),
        "signed": fact.signed,
    }


def same(kept: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a kept fact says the same."""
    methods = kept["methods"] if isinstance(kept["methods"], list) else json.loads(kept["methods"])
    return (
        kept["minutes"] == row["minutes"]
        and str(kept["day"]) == row["day"]
        and kept["session_id"] == row["session_id"]
        and moment(kept["starts_at"]) == moment(row["starts_at"])
        and moment(kept["first_at"]) == moment(row["first_at"])
        and sorted(methods) == row["methods"]
        and bool(kept["signed"]) == row["signed"]
    )


@atomic
async def mark_unsettled(event_id: int) -> None:
    """Have the facts of an event counted afresh: when its times, its zone or its sessions
    changed.
    """
    event = await Event.get(id=event_id)
    await lock(event.project_id)
    await db.execute("UPDATE scan SET settled = FALSE WHERE event_id = $1 AND counts", event_id)
    await presence.rebuild_event(event_id)


@atomic
async def mark_registration(registration_id: int, project_id: int) -> None:
    """Have one person's facts counted afresh: when the sessions that they chose have changed."""
    await lock(project_id)
    await db.execute(
        "UPDATE scan SET settled = FALSE WHERE registration_id = $1 AND counts", registration_id
    )
