"""May this person in? One SQL fragment decides on both engines, in the order of docs/interface.md.

On PostgreSQL a batch is one statement: it finds, decides, moves the presence row (whose lock
decides between two phones) and stores the scan. SQLite has no data-modifying WITH: there the same
fragments are three statements in a transaction.
"""

import json
from datetime import datetime
from typing import Any

from checkin.scanning.scan_input import UPLOADS, Door
from core import db, sql
from core.sql import json_rows

Row = dict[str, Any]

_COLUMNS = {
    "n": "int", "id": "uuid", "identity": "bigint", "rid": "bigint", "session": "bigint", "unit": "text",
    "direction": "text", "method": "text", "at": "timestamptz", "early": "timestamptz", "late": "timestamptz",
    "preset": "text", "admitted": "boolean", "whole": "boolean", "minutes": "int", "device_at": "timestamptz",
    "clock": "bigint", "flagged": "boolean", "ticket": "text",
    "marks": "text", "sheet": "bigint",
}  # fmt: skip
_KNOWN = {
    "registration_id": "bigint", "ours": "boolean", "verdict": "text", "counts": "boolean", "session_id": "bigint",
    "was_inside": "boolean", "behind": "boolean", "grouped": "boolean",
}  # fmt: skip

_VERDICT = """CASE
  WHEN seen.id IS NOT NULL THEN 'repeated'
  WHEN x.preset IS NOT NULL THEN x.preset
  WHEN r.id IS NULL OR r.project_id <> e.project_id THEN 'unknown'
  WHEN r.event_id <> e.id THEN 'other_event'
  WHEN x.session IS NOT NULL AND s.id IS NULL THEN 'unknown'
  WHEN r.status = 'replaced' THEN 'replaced'
  WHEN r.status IN ('cancelled', 'declined') THEN 'cancelled'
  WHEN e.status = 'cancelled' THEN 'event_cancelled'
  WHEN r.status IN ('waiting', 'offered') THEN 'waiting'
  WHEN r.status = 'pending' THEN 'pending'
  WHEN s.capacity IS NOT NULL AND EXISTS (SELECT 1 FROM choice c WHERE c.registration_id = r.id)
    AND NOT EXISTS (SELECT 1 FROM choice c WHERE c.registration_id = r.id AND c.session_id = s.id) THEN 'other_session'
  WHEN x.late < COALESCE(s.starts_at, e.starts_at) OR x.early > COALESCE(s.ends_at, e.ends_at) THEN 'outside_hours'
  ELSE 'open' END"""

_FOUND = f"""SELECT x.*, s.id AS session_id, COALESCE(r.event_id = e.id AND seen.id IS NULL, FALSE) AS ours,
  {_VERDICT} AS verdict,
  CASE WHEN r.event_id = e.id THEN r.id END AS registration_id, p.name AS name, r.role AS role, r.door_note AS note,
  o.name AS organisation, r.country AS country, e.rooms_grouped AND s.id IS NOT NULL AS grouped
FROM {{source}}
JOIN event e ON e.id = $2 AND e.timezone = $3 AND {{guard}}
{{joins}}"""

_JOINS = (
    ("scan seen", "id", "seen.id = x.id"),
    (
        "registration r",
        "id, project_id, event_id, person_id, organisation_id, status, role, country, door_note",
        "r.id = COALESCE((SELECT t.id FROM registration t WHERE t.ticket_identity = x.identity), x.rid)",
    ),
    ("person p", "name", "p.id = r.person_id"),
    ("organisation o", "name", "o.id = r.organisation_id"),
    ("session s", "id, starts_at, ends_at, capacity", "s.id = x.session AND s.event_id = e.id"),
)
# PostgreSQL guesses a hundred scans and would rather read whole tables than look up one row in
# each.
_JOINED_LATERALLY = "\n".join(
    f"LEFT JOIN LATERAL (SELECT {columns} FROM {t} WHERE {on} OFFSET 0) {t.split()[1]} ON TRUE"
    for t, columns, on in _JOINS
)
_JOINED = "\n".join(f"LEFT JOIN {t} ON {on}" for t, _columns, on in _JOINS)

_COUNTS = "(f.verdict = 'open' OR (f.admitted AND f.verdict NOT IN ('repeated', 'unknown', 'other_event')))"

# A scan that came late leaves what later ones said. At one and the same moment an exit comes after
# an entry.
_PRESENCE = """INSERT INTO presence (event_id, registration_id, unit, inside, was_inside, first_at, last_at)
SELECT $2, f.registration_id, f.unit, f.direction = 'in', FALSE, CASE WHEN f.direction = 'in' THEN f.at END, f.at
FROM {source} WHERE {counts} ORDER BY f.registration_id
ON CONFLICT (registration_id, unit) DO UPDATE SET
  was_inside = presence.inside,
  inside = CASE WHEN excluded.last_at > presence.last_at THEN excluded.inside
    WHEN excluded.last_at = presence.last_at THEN presence.inside AND excluded.inside ELSE presence.inside END,
  first_at = CASE WHEN excluded.last_at >= presence.last_at AND excluded.inside AND NOT presence.inside
    THEN excluded.first_at ELSE presence.first_at END,
  last_at = CASE WHEN excluded.last_at > presence.last_at THEN excluded.last_at ELSE presence.last_at END
RETURNING registration_id, unit, was_inside, first_at, last_at"""

_BEFORE = """(CASE WHEN j.behind THEN COALESCE((SELECT b.direction = 'in' AND b.unit = j.unit FROM scan b
    WHERE b.registration_id = j.registration_id AND b.counts AND b.withdrawn_at IS NULL AND (b.unit = j.unit
      OR (j.grouped AND b.session_id IS NOT NULL AND b.direction = 'in'))
      AND b.scanned_at <= j.at
    ORDER BY b.scanned_at DESC, b.direction DESC LIMIT 1), FALSE) ELSE j.was_inside END)"""

_RESULT = f"""CASE WHEN j.verdict <> 'open' THEN j.verdict
  WHEN {_BEFORE} THEN CASE j.direction WHEN 'in' THEN 'already_in' ELSE 'exit' END
  ELSE CASE j.direction WHEN 'in' THEN 'valid' ELSE 'not_inside' END END"""

_SCAN = """INSERT INTO scan (id, project_id, event_id, registration_id, session_id, unit, device_id, actor, ticket,
  direction, method, result, counts, admitted, whole, minutes, scanned_at, device_at, clock_offset_ms,
  received_at, flagged, settled, marks, sheet_id, reviewed_at, reviewed_by,
  withdrawn_at, withdrawn_by, withdrawn_reason)
SELECT j.id, $4, $2, j.registration_id, j.session_id, j.unit, $5, $6, j.ticket, j.direction, j.method, {result},
  j.counts,
  j.admitted, j.whole, j.minutes, j.at, j.device_at, j.clock, $7, j.flagged, NOT j.counts,
  j.marks, j.sheet, NULL, '', NULL, '', ''
FROM {source} WHERE j.verdict <> 'repeated'
ON CONFLICT (id) DO NOTHING RETURNING id, result"""

_GUARDS = {
    "": "TRUE",
    "token": """EXISTS (SELECT 1 FROM api_token t JOIN user_account u ON u.id = t.user_id
    LEFT JOIN role o ON o.user_id = u.id AND o.project_id = e.project_id
    WHERE t.id = $8 AND t.revoked_at IS NULL AND u.disabled_at IS NULL AND (u.admin OR o.role = $9)
    AND (t.project_id IS NULL OR t.project_id = e.project_id))""",
    "device": """EXISTS (SELECT 1 FROM device d
    WHERE d.id = $8 AND d.event_id = e.id AND d.revoked_at IS NULL AND d.expires_at > $9)""",
    "stopped": """EXISTS (SELECT 1 FROM device d
    WHERE d.id = $8 AND d.event_id = e.id AND d.revoked_at IS NOT NULL AND d.expires_at > $9)""",
}
_COUNTS_OF = dict.fromkeys(_GUARDS, _COUNTS) | {"stopped": "FALSE"}
"""What a stopped phone sends counts for nothing. It is judged by what was before it, as any that
comes late.
"""


def _one(name: str, guard: str) -> str:
    found = _FOUND.format(source="given x", guard=guard, joins=_JOINED_LATERALLY)
    behind = "TRUE" if name == "stopped" else "COALESCE(m.last_at > f.at, FALSE)"
    return f"""WITH given AS (SELECT * FROM {json_rows(_COLUMNS)}),
looked AS MATERIALIZED ({found}),
found AS MATERIALIZED (SELECT f.*, {_COUNTS_OF[name]} AS counts FROM looked f),
moved AS ({_PRESENCE.format(source="found f", counts="f.counts")}),
met AS (SELECT f.*, m.was_inside, m.first_at, {behind} AS behind
  FROM found f LEFT JOIN moved m ON f.counts AND m.registration_id = f.registration_id AND m.unit = f.unit),
judged AS MATERIALIZED (SELECT j.*, {_RESULT} AS result FROM met j),
kept AS ({_SCAN.format(source="judged j", result="j.result")})
SELECT j.n, j.id, CASE WHEN k.id IS NULL THEN 'repeated' ELSE j.result END AS result, j.registration_id, j.unit, j.ours,
  j.name, j.role, j.note, j.organisation, j.country, j.first_at, j.behind, j.grouped AND j.counts AS rooms
FROM judged j LEFT JOIN kept k ON k.id = j.id"""


_ONE = {name: _one(name, guard) for name, guard in _GUARDS.items()}


def _find(name: str, guard: str) -> str:
    found = _FOUND.format(source=json_rows(_COLUMNS), guard=guard, joins=_JOINED)
    return f"SELECT f.*, {_COUNTS_OF[name]} AS counts FROM ({found}) f"


_FIND = {name: _find(name, guard) for name, guard in _GUARDS.items()}
_MOVE = _PRESENCE.format(source=json_rows(_COLUMNS | _KNOWN, "f"), counts="f.counts")
_KEEP = _SCAN.format(source=json_rows(_COLUMNS | _KNOWN, "j"), result=_RESULT)


async def run(door: Door, batch: list[Row], received_at: datetime) -> list[Row]:
    """Judge and store a batch in which nobody is twice. Fewer rows than given: the door's guard no
    longer holds.
    """
    kind, more = _guard(door, received_at)
    given = (door.event_id, door.timezone, door.project_id, door.device_id, door.actor, received_at)
    if sql.writes_in_with():
        found = await db.rows(_ONE[kind], json.dumps(batch), *given, *more)
    else:
        found = await _three(kind, batch, given, more)
    for one in found:
        one["organisation"] = (
            json.loads(one["organisation"])
            if isinstance(one["organisation"], str)
            else one["organisation"]
        )
    return found


def _guard(door: Door, received_at: datetime) -> tuple[str, tuple[Any, ...]]:
    if not door.guarded:
        return "", ()
    if door.token_id:
        return "token", (door.token_id, door.role)
    return "stopped" if door.stopped else "device", (door.device_id, received_at - UPLOADS)


@db.atomic
async def _three(
    kind: str, batch: list[Row], given: tuple[Any, ...], more: tuple[Any, ...]
) -> list[Row]:
    # SQLite wants as many values as a statement uses
    found = await db.rows(_FIND[kind], json.dumps(batch), *(given + more if kind else given[:2]))
    moved = await db.rows(_MOVE, json.dumps(found), *given[:1])
    doors = {(m["registration_id"], m["unit"]): m for m in moved}
    for one in found:
        door = doors.get((one["registration_id"], one["unit"]), {}) if one["counts"] else {}
        one |= {
            "was_inside": door.get("was_inside", 0),
            "first_at": door.get("first_at"),
            "behind": kind == "stopped" or door.get("last_at", "") > one["at"],
            "rooms": one["grouped"] and one["counts"],
        }
    kept = {r["id"]: r["result"] for r in await db.rows(_KEEP, json.dumps(found), *given)}
    for one in found:
        one["result"] = kept.get(one["id"], "repeated")
    return found
