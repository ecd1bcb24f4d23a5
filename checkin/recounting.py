"""Every summary of the door against a full count, for `viesis recount`."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from checkin import frames
from checkin.presence import standing
from checkin.settling import CHUNK, among, same, shape, stored
from core import db
from core.db import moment


async def recount(project_id: int) -> list[str]:
    """What differs from a full count: facts, who is inside, seats and places. Settle first. Empty when all agree."""
    ids = [r["id"] for r in await db.rows("SELECT id FROM registration WHERE project_id = $1 ORDER BY id", project_id)]
    found: list[str] = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        found += await _facts(project_id, chunk)
        found += await _presence(chunk)
    return found + await _seats(project_id) + await _session_seats(project_id)


async def _facts(project_id: int, ids: list[int]) -> list[str]:
    kept = await stored(ids)
    counted = await frames.computed(ids)
    wanted = {
        (rid, f.unit.key): shape(project_id, here, rid, f)
        for rid, (here, all_facts) in counted.items()
        for f in all_facts
    }
    missing = [
        f"registration {rid}: no attendance at {unit}, counted {wanted[rid, unit]['minutes']} min"
        for rid, unit in wanted.keys() - kept.keys()
    ]
    extra = [f"registration {rid}: attendance at {unit} rests on no scan" for rid, unit in kept.keys() - wanted.keys()]
    other = [
        f"registration {rid}: attendance at {unit} says {kept[rid, unit]['minutes']} min, "
        f"counted {wanted[rid, unit]['minutes']}"
        for rid, unit in wanted.keys() & kept.keys()
        if not same(kept[rid, unit], wanted[rid, unit])
    ]
    return sorted(missing) + sorted(extra) + sorted(other)


async def _presence(ids: list[int]) -> list[str]:
    kept = await db.rows(
        f"SELECT registration_id, unit, inside, first_at, last_at FROM presence WHERE {among('registration_id')}", ids
    )
    scans = await db.rows(
        f"SELECT registration_id, unit, scanned_at, direction FROM scan WHERE {among('registration_id')} AND counts "
        "AND withdrawn_at IS NULL ORDER BY scanned_at, direction, id",
        ids,
    )
    doors: dict[tuple[int, str], list[tuple[datetime, str]]] = defaultdict(list)
    for s in scans:
        doors[s["registration_id"], s["unit"]].append((moment(s["scanned_at"]), s["direction"]))
    there = {(p["registration_id"], p["unit"]): p for p in kept}
    return [
        f"registration {rid}: presence at {unit} differs from its scans"
        for rid, unit in sorted(doors.keys() | there.keys())
        if not _stands(there.get((rid, unit)), doors[rid, unit])
    ]


def _stands(kept: dict[str, Any] | None, scans: list[tuple[datetime, str]]) -> bool:
    if kept is None or not scans:
        return False
    return bool(kept["inside"]) == standing(scans)[0] and moment(kept["last_at"]) == scans[-1][0]


async def _seats(project_id: int) -> list[str]:
    found = await db.rows(
        """SELECT e.slug, e.seats_taken, e.waiting,
          (SELECT count(*) FROM registration r
            WHERE r.event_id = e.id AND r.status IN ('confirmed', 'offered')) AS taken,
          (SELECT count(*) FROM registration r WHERE r.event_id = e.id AND r.status = 'waiting') AS listed
        FROM event e WHERE e.project_id = $1 ORDER BY e.id""",
        project_id,
    )
    seats = [
        f"event {r['slug']}: {r['seats_taken']} seats taken, counted {r['taken']}"
        for r in found
        if r["seats_taken"] != r["taken"]
    ]
    return seats + [
        f"event {r['slug']}: {r['waiting']} waiting, counted {r['listed']}"
        for r in found
        if r["waiting"] != r["listed"]
    ]


async def _session_seats(project_id: int) -> list[str]:
    found = await db.rows(
        """SELECT e.slug, s.id, s.seats_taken,
          (SELECT count(*) FROM choice c JOIN registration r ON r.id = c.registration_id
            WHERE c.session_id = s.id AND r.status IN ('confirmed', 'offered')) AS taken
        FROM session s JOIN event e ON e.id = s.event_id
        WHERE e.project_id = $1 AND s.removed_at IS NULL ORDER BY s.id""",
        project_id,
    )
    return [
        f"event {r['slug']}, session {r['id']}: {r['seats_taken']} seats taken, counted {r['taken']}"
        for r in found
        if r["seats_taken"] != r["taken"]
    ]
