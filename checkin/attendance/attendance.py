"""Attendance facts: a registration was present at a session or event day, with the minutes inside
it (docs/counting-rules.md).
"""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from checkin.attendance.recount import recount
from checkin.attendance.settlement import mark_unsettled, settle
from checkin.attendance.totals import event_attendance
from core.db import UtcField

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
