"""Compares every summary of the door with a full count, for `viesis recount`."""

from typing import Any

from checkin.attendance import frames
from checkin.attendance.settlement import CHUNK, same, shape, stored
from checkin.scanning.presence import Standing, crossings, standings
from core import db
from core.db import moment


async def recount(project_id: int) -> list[str]:
    """What differs from a full count: facts, who is inside, seats and places. Settle first. Empty
    when all agree.
    """
    ids = [
        r["id"]
        for r in await db.rows(
            "SELECT id FROM registration WHERE project_id = $1 ORDER BY id", project_id
        )
    ]
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
    extra = [
        f"registration {rid}: attendance at {unit} rests on no scan"
        for rid, unit in kept.keys() - wanted.keys()
    ]
    other = [
        f"registration {rid}: attendance at {unit} says {kept[rid, unit]['minutes']} min, "
        f"counted {wanted[rid, unit]['minutes']}"
        for rid, unit in wanted.keys() & kept.keys()
        if not same(kept[rid, unit], wanted[rid, unit])
    ]
    return sorted(missing) + sorted(extra) + sorted(other)


async def _presence(ids: list[int]) -> list[str]:
    kept = await db.rows(
        "SELECT registration_id, unit, inside, first_at, last_at FROM presence "
        "WHERE registration_id = ANY($1::bigint[])",
        ids,
    )
    grouped = {
        r["id"]
        for r in await db.rows(
            "SELECT r.id FROM registration r JOIN event e ON e.id = r.event_id "
            "WHERE r.id = ANY($1::bigint[]) AND e.rooms_grouped",
            ids,
        )
    }
    there = {(p["registration_id"], p["unit"]): p for p in kept}
    counted = {
        (rid, unit): standing
        for rid, seen in (await crossings(ids)).items()
        for unit, standing in standings(seen, grouped=rid in grouped).items()
    }
    return [
        f"registration {rid}: presence at {unit} differs from its scans"
        for rid, unit in sorted(counted.keys() | there.keys())
        if not _stands(there.get((rid, unit)), counted.get((rid, unit)))
    ]


def _stands(kept: dict[str, Any] | None, counted: Standing | None) -> bool:
    if kept is None or counted is None:
        return False
    return bool(kept["inside"]) == counted.inside and moment(kept["last_at"]) == counted.last_at


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
