"""Scans: the append-only record of every code or tick at a door. Attendance is derived from them."""

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

RESULTS = (
    "valid", "repeated", "already_in", "exit", "not_inside", "waiting", "pending", "cancelled", "replaced",
    "other_event", "other_session", "event_cancelled", "outside_hours", "unknown",
)  # fmt: skip
METHODS = ("qr", "manual", "paper", "online")


class Scan(Model):
    """One scan. `scanned_at` is when it counts; `device_at` what the phone's clock said, `received_at` the server's.

    `counts` tells whether attendance rests on it. `settled` is false until attendance facts include it.
    `withdrawn_at` is an undo: the row stays.
    """

    id = fields.UUIDField(primary_key=True)
    project_id = fields.BigIntField()
    event_id = fields.BigIntField()
    registration_id = fields.BigIntField(null=True)
    session_id = fields.BigIntField(null=True)
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
    withdrawn_at = UtcField(null=True)
    withdrawn_by = fields.CharField(254, default="")
    withdrawn_reason = fields.CharField(300, default="")

    class Meta:
        table = "scan"
        indexes = (("registration_id", "scanned_at"), ("event_id", "received_at"))


class Presence(Model):
    """Who is inside now, per registration and door: `unit` is a session's id, or the local date for the event's day.

    Written by the scan itself; the row decides between two scans of one ticket at the same moment.
    """

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
