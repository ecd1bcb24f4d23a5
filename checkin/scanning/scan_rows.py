"""Turns scans into database rows: when each counts, and in which order they are judged."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from checkin.scanning.event_days import day_of
from checkin.scanning.scan_input import AHEAD, HOURS, Door, ScanEntry, joined, read_time
from registrations.registration import tickets

MILLISECOND = timedelta(milliseconds=1)
Bounds = dict[int | None, tuple[datetime, datetime]]


def row_of(n: int, entry: ScanEntry, door: Door, now: datetime, bounds: Bounds) -> dict[str, Any]:
    """The entry as the database takes it. `preset` is a verdict that is known already, or
    `foreign`.
    """
    device_at, at, flagged = _when(entry, door, now)
    whole = False
    if bounds and door.may_be_whole(entry) and (found := bounds.get(entry.session)):
        whole = entry.method == "paper" or now > found[1]
        at = found[0] if now > found[1] else at
    identity = tickets.read(entry.ticket) if entry.ticket else None
    preset = None
    if entry.errors or (identity is None and entry.registration is None):
        preset = "unknown"
    elif identity is not None and not tickets.genuine(door.event_id, entry.ticket):
        preset = "foreign"
    return {
        "n": n,
        "id": entry.id,
        "identity": identity,
        "rid": entry.registration if identity is None else None,
        "session": entry.session,
        "unit": entry.unit or _unit(entry, door, at),
        "direction": entry.direction,
        "method": entry.method,
        "at": at.isoformat(" "),
        "early": (at - HOURS).isoformat(" "),
        "late": (at + HOURS).isoformat(" "),
        "preset": preset,
        "admitted": entry.admitted,
        "whole": whole,
        "minutes": entry.minutes,
        "device_at": device_at.isoformat(" ") if device_at else None,
        "clock": entry.clock_offset_ms,
        "flagged": flagged,
        "ticket": entry.ticket,
        "marks": joined([*entry.marks.split(), "revoked"]) if door.stopped else entry.marks,
        "sheet": entry.sheet,
    }


def _unit(entry: ScanEntry, door: Door, at: datetime) -> str:
    if entry.session is not None:
        return str(entry.session)
    return day_of(at, door.timezone, door.nights).isoformat()


def _when(entry: ScanEntry, door: Door, now: datetime) -> tuple[datetime | None, datetime, bool]:
    """What the device's clock said, when the scan counts, and whether the clock was too far off."""
    if isinstance(entry.scanned_at, str):
        read_time(entry, door.timezone)
    if not isinstance(entry.scanned_at, datetime) or "clock_offset_ms" in entry.errors:
        return None, now, bool(entry.errors)
    at = entry.scanned_at.astimezone(UTC) + timedelta(milliseconds=entry.clock_offset_ms or 0)
    ahead = at > now + AHEAD
    off = abs(entry.clock_offset_ms or 0) > AHEAD // MILLISECOND
    return entry.scanned_at, (now if ahead else at), ahead or off


def rounds(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows in batches in which no person and no scan is there twice; in order for each."""
    batches: list[list[dict[str, Any]]] = []
    next_of: dict[Any, int] = {}
    for row in rows:
        person = ("t", row["identity"]) if row["identity"] is not None else ("r", row["rid"])
        keys = [row["id"]] + ([person] if person[1] is not None else [])
        place = max(next_of.get(key, 0) for key in keys)
        next_of.update(dict.fromkeys(keys, place + 1))
        if place == len(batches):
            batches.append([])
        batches[place].append(row)
    return batches
