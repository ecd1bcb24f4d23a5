"""Scans: the append-only record of every code or tick at a door. Attendance is derived from
them.
"""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from checkin.scanning import presence, verdicts
from checkin.scanning.event_days import nights_of
from checkin.scanning.project_lock import lock
from checkin.scanning.scan_input import Door, ScanEntry
from checkin.scanning.scan_rows import rounds, row_of
from core import db
from core.clock import now
from core.db import UtcField, atomic, moment
from core.errors import DomainError, not_found
from core.i18n import _
from events.event.event import Event
from registrations.registration import tickets

RESULTS = (
    "valid", "repeated", "already_in", "exit", "not_inside", "waiting", "pending", "cancelled", "replaced",
    "other_event", "other_session", "event_cancelled", "outside_hours", "unknown",
)  # fmt: skip

MARKS = ("unlisted", "jump", "revoked", "overflow", "everyone_out")
"""Genuine but not on the phone's list · the clock jumped · from a phone that was stopped · a guest
beyond the seats ·

one of an "everyone out".
"""

Answer = dict[str, Any]


class Scan(Model):
    """One scan. `scanned_at` is when it counts; `device_at` what the phone's clock said,
    `received_at` the server's.

    `unit` is the door: a session's id, or the local date. `counts` tells whether attendance rests
    on it. `settled` is false until attendance facts include it. `withdrawn_at` is an undo: the row
    stays.
    """

    id = fields.UUIDField(primary_key=True)
    project_id = fields.BigIntField()
    event_id = fields.BigIntField()
    registration_id = fields.BigIntField(null=True)
    session_id = fields.BigIntField(null=True)
    unit = fields.CharField(20)
    device_id = fields.BigIntField(null=True)
    actor = fields.CharField(254, default="")
    ticket = fields.CharField(64, default="")
    direction = fields.CharField(3)
    method = fields.CharField(6)
    result = fields.CharField(15)
    counts = fields.BooleanField()
    admitted = fields.BooleanField()
    whole = fields.BooleanField()
    """Entered afterwards without a time: present from the start."""
    minutes = fields.IntField(null=True)
    scanned_at = UtcField()
    device_at = UtcField(null=True)
    clock_offset_ms = fields.BigIntField(null=True)
    received_at = UtcField()
    flagged = fields.BooleanField()
    settled = fields.BooleanField()
    marks = fields.CharField(80, default="")
    """Words of MARKS that say what is odd about it, in order, with spaces between."""
    sheet_id = fields.BigIntField(null=True)
    """The signed sheet that it was entered from."""
    reviewed_at = UtcField(null=True)
    reviewed_by = fields.CharField(254, default="")
    withdrawn_at = UtcField(null=True)
    withdrawn_by = fields.CharField(254, default="")
    withdrawn_reason = fields.CharField(300, default="")

    class Meta:
        table = "scan"
        indexes = (("registration_id", "scanned_at"), ("event_id", "received_at"))


class StaleDoorError(Exception):
    """What the door rests on has changed since it was looked up: a right, or the event's zone.
    Nothing was written.
    """


async def record(
    event: Event,
    entries: list[ScanEntry],
    *,
    actor_name: str,
    device: int | None = None,
    organiser: bool,
) -> list[Answer]:
    """Judge and store scans, in order. Answers are those of docs/interface.md, with more that a phone
    shows.

    The caller has checked the right to scan at this event.
    """
    door = Door(
        event.id,
        event.project_id,
        event.timezone,
        actor_name,
        organiser,
        device,
        nights=await nights_of(event),
    )
    return await judge(door, entries)


async def judge(door: Door, entries: list[ScanEntry]) -> list[Answer]:
    """As `record`, for a door that may carry its own guard. Raises StaleDoorError when that no
    longer holds.
    """
    moment_now = now()
    whole = await _bounds(door, entries)
    rows = [row_of(n, entry, door, moment_now, whole) for n, entry in enumerate(entries)]
    await _foreign(door, [r for r in rows if r["preset"] == "foreign"])
    await _one_name(rows)
    answers: dict[int, Answer] = {}
    for batch in rounds([r for r in rows if r["id"]]):
        found = await verdicts.run(door, batch, moment_now)
        if len(found) != len(batch):
            raise StaleDoorError
        if moved := [one["registration_id"] for one in found if one["rooms"]]:
            await presence.rebuild_many(door.event_id, moved)
        for one in found:
            answers[one["n"]] = await _answer(door, one, batch)
    return [_complete(entry, answers.get(n)) for n, entry in enumerate(entries)]


async def _answer(door: Door, one: dict[str, Any], batch: list[dict[str, Any]]) -> Answer:
    answer: Answer = {"id": str(one["id"]), "result": one["result"]}
    if one["ours"]:
        answer["registration"] = str(one["registration_id"])
        answer["name"] = one["name"]
        answer |= {
            "role": one["role"],
            "note": one["note"],
            "organisation": one["organisation"],
            "country": one["country"],
        }
    since = moment(one["first_at"]) if one["first_at"] else None
    if one["behind"] and not door.stopped:
        at = next(r["at"] for r in batch if r["n"] == one["n"])
        since = (
            await presence.rebuild(door.event_id, one["registration_id"], one["unit"], moment(at))
            or since
        )
    if one["result"] == "already_in" and since:
        answer["first_scanned_at"] = since.astimezone(door.zone).isoformat()
    return answer


def _complete(entry: ScanEntry, answer: Answer | None) -> Answer:
    """The answer of a scan; with its errors, if it could not be read."""
    found = answer or {"id": entry.given_id, "result": "unknown"}
    if entry.errors:
        found["errors"] = [{"field": k, "message": str(v)} for k, v in entry.errors.items()]
    return found


async def _bounds(
    door: Door, entries: list[ScanEntry]
) -> dict[int | None, tuple[datetime, datetime]]:
    """From when to when the event (None) and its sessions are, if an entry afterwards needs to know
    it.
    """
    if not any(door.may_be_whole(e) for e in entries):
        return {}
    found = await db.rows(
        "SELECT CAST(NULL AS bigint) AS id, starts_at, ends_at FROM event WHERE id = $1 "
        "UNION ALL SELECT id, starts_at, ends_at FROM session WHERE event_id = $1",
        door.event_id,
    )
    return {r["id"]: (moment(r["starts_at"]), moment(r["ends_at"])) for r in found}


async def _foreign(door: Door, rows: list[dict[str, Any]]) -> None:
    """Codes that this event did not make: another event's ticket, checked under that event's key,
    or a forged one.
    """
    if not rows:
        return
    found = await db.rows(
        "SELECT ticket_identity, event_id FROM registration WHERE ticket_identity = ANY($1::bigint[])",
        [r["identity"] for r in rows],
    )
    events = {r["ticket_identity"]: r["event_id"] for r in found}
    for r in rows:
        theirs = events.get(r["identity"])
        other = (
            theirs is not None and theirs != door.event_id and tickets.genuine(theirs, r["ticket"])
        )
        r["preset"] = "other_event" if other else "unknown"
        r["identity"] = None


async def _one_name(rows: list[dict[str, Any]]) -> None:
    """When a batch names people both by ticket and by registration, say all by registration: one
    may be there twice.
    """
    ids = [r["identity"] for r in rows if r["identity"] is not None]
    if not ids or all(r["rid"] is None for r in rows):
        return
    found = await db.rows(
        "SELECT id, ticket_identity FROM registration WHERE ticket_identity = ANY($1::bigint[])",
        ids,
    )
    known = {r["ticket_identity"]: r["id"] for r in found}
    for r in rows:
        if r["identity"] in known:
            r["rid"], r["identity"] = known[r["identity"]], None


@atomic
async def withdraw(
    scan_id: str, actor_name: str, reason: str = "", *, event_id: int | None = None
) -> Scan:
    """Undo a scan: it counts no longer, and stays in the history. A second time changes nothing.

    With `event_id`, only a scan of that event. Raises 404; 409 for a scan that counted for nothing.
    """
    scan = await Scan.get_or_none(id=scan_id)
    if not scan or (event_id is not None and scan.event_id != event_id):
        raise not_found(_("There is no such scan."))
    await lock(scan.project_id)
    await scan.refresh_from_db()
    if scan.withdrawn_at:
        return scan
    if not scan.counts or scan.registration_id is None:
        raise DomainError(_("This scan let nobody in, so there is nothing to undo."), 409)
    scan.withdrawn_at, scan.withdrawn_by, scan.withdrawn_reason = now(), actor_name, reason
    scan.settled = False
    await scan.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "settled"])
    await presence.rebuild(scan.event_id, scan.registration_id, scan.unit)
    return scan
