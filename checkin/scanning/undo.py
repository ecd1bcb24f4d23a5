"""Undo from a phone, within fifteen minutes of the scan by the phone's own clock, however late it
arrives.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from checkin.scanning.scan_input import Door, uuid_of
from checkin.scanning.scans import Scan, withdraw
from core import times
from core.clock import now
from core.errors import DomainError
from core.http.api import Body
from core.i18n import _

WINDOW = timedelta(minutes=15)


class Undo(Body):
    """A scan to undo. `at` is when, by the phone's clock: ISO 8601, or milliseconds."""

    id: Annotated[str, Field(max_length=45)]
    at: str | int | None = None
    clock_offset_ms: int | None = None


async def undone(door: Door, one: Undo) -> dict[str, Any]:
    """`undone` and, if not, why: `later` for a scan that is not here yet, else a sentence. Again,
    nothing changes.
    """
    scan = (
        await Scan.get_or_none(id=uuid_of(one.id), event_id=door.event_id)
        if uuid_of(one.id)
        else None
    )
    if not scan:
        return {"id": one.id, "undone": False, "later": True}
    try:
        await _undo(door, scan, one)
    except DomainError as error:
        return {"id": one.id, "undone": False, "message": str(error.message)}
    return {"id": one.id, "undone": True}


async def _undo(door: Door, scan: Scan, one: Undo) -> None:
    if scan.withdrawn_at:
        return
    if _when(door, one) - scan.scanned_at > WINDOW:
        raise DomainError(_("This was more than fifteen minutes ago. The organiser can undo it."))
    if await _taken_back(door, scan):
        return
    if door.stopped:
        raise DomainError(_("This phone is not paired any more. The organiser can undo it."))
    await withdraw(str(scan.id), door.actor, event_id=door.event_id)


async def _taken_back(door: Door, scan: Scan) -> bool:
    """Of what a stopped phone sent nothing counts: then nobody need look at it."""
    if scan.counts or "revoked" not in scan.marks or scan.device_id != door.device_id:
        return False
    scan.withdrawn_at, scan.withdrawn_by = now(), door.actor
    await scan.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return True


def _when(door: Door, one: Undo) -> datetime:
    """When it was undone, by the server's clock; never later than now."""
    if one.at is None:
        return now()
    try:
        at = datetime.fromtimestamp(one.at / 1000, UTC) if isinstance(one.at, int) else None
        at = at or times.moment(str(one.at), door.timezone, "at")
        return min(now(), at + timedelta(milliseconds=one.clock_offset_ms or 0))
    except (OverflowError, ValueError, OSError):
        return now()
