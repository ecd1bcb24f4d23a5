"""Attendance facts: a registration was present at a session or event day, with the minutes inside
it (docs/counting-rules.md).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tortoise import fields
from tortoise.models import Model

from checkin.attendance.recount import recount
from checkin.attendance.settlement import mark_unsettled, settle, settle_some
from checkin.attendance.totals import event_attendance
from core import db
from core.db import UtcField
from registrations.registration.attendance import AttendedDay, Days

__all__ = ["Attendance", "event_attendance", "mark_unsettled", "recount", "settle"]


class Attendance(Model):
    """A fact, derived from scans. `session_id` is null for an event without counted sessions, whose
    units are its days.

    `day` is the local date on which the unit starts; `methods` lists the witnesses, `signed`
    whether a sheet is among them.
    """

    id = fields.BigIntField(primary_key=True)
    project_id = fields.BigIntField()
    event_id = fields.BigIntField()
    registration_id: int
    registration: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Registration", related_name="attendance", on_delete=fields.CASCADE
    )
    unit = fields.CharField(20)
    session_id = fields.BigIntField(null=True)
    day = fields.DateField()
    starts_at = UtcField()
    first_at = UtcField()
    minutes = fields.IntField()
    methods = fields.JSONField[list[str]]()
    signed = fields.BooleanField()

    class Meta:
        table = "attendance"
        unique_together = (("registration", "unit"),)
        indexes = (("project_id", "starts_at"), ("event_id", "unit"))


async def days_attended(project_id: int, registrations: Sequence[int]) -> Days:
    """The days that these registrations of the project attended, in order, with all their scans."""
    await settle_some(project_id, registrations)
    kept = await Attendance.filter(
        project_id=project_id, registration_id__in=registrations
    ).order_by("day", "id")
    found: Days = defaultdict(list)
    for attendance in kept:
        found[attendance.registration_id].append(AttendedDay(attendance.day, attendance.minutes))
    return found


async def attendees(event_id: int) -> set[int]:
    """The registrations with attendance at an event."""
    found = await db.rows(
        "SELECT DISTINCT registration_id FROM attendance WHERE event_id = $1", event_id
    )
    return {row["registration_id"] for row in found}
