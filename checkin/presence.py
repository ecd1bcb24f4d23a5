"""Who is inside now, per door. Written by the scan itself; the row decides between two scans at the same moment."""

from collections.abc import Iterable
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from core import db
from core.db import UtcField, atomic, moment


class Presence(Model):
    """`unit` is a session's id, or the local date for the event's day. `first_at` is when the present stay began."""

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


def standing(scans: Iterable[tuple[datetime, str]]) -> tuple[bool, datetime | None]:
    """Whether someone is inside after these scans (moment, "in" or "out") in order, and when the last stay began."""
    inside, since = False, None
    for at, direction in scans:
        if direction == "in" and not inside:
            since = at
        inside = direction == "in"
    return inside, since


@atomic
async def rebuild(event_id: int, registration_id: int, unit: str, at: datetime | None = None) -> datetime | None:
    """Count one row afresh: after an undo, and when a scan came late. Answers when the stay at `at` began."""
    lock = "" if db.is_sqlite() else " FOR UPDATE"
    await db.row(f"SELECT id FROM presence WHERE registration_id = $1 AND unit = $2{lock}", registration_id, unit)
    found = await db.rows(
        "SELECT scanned_at, direction FROM scan WHERE registration_id = $1 AND event_id = $2 AND unit = $3 AND counts "
        "AND withdrawn_at IS NULL ORDER BY scanned_at, direction, id",
        registration_id,
        event_id,
        unit,
    )
    scans = [(moment(r["scanned_at"]), r["direction"]) for r in found]
    if not scans:
        await db.execute("DELETE FROM presence WHERE registration_id = $1 AND unit = $2", registration_id, unit)
        return None
    inside, since = standing(scans)
    await db.execute(
        "UPDATE presence SET inside = $3, first_at = $4, last_at = $5 WHERE registration_id = $1 AND unit = $2",
        registration_id,
        unit,
        inside,
        since,
        scans[-1][0],
    )
    return standing(s for s in scans if at and s[0] <= at)[1]
