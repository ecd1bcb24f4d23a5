"""Items of an event's programme: talk, workshop, visit, travel, meal, stay, break."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

SESSION_KINDS = ("talk", "workshop", "visit", "travel", "meal", "stay", "break")
UNCOUNTED = ("travel", "meal", "stay", "break")


class Session(Model):
    """An item of the programme. Travel may have a zone at each end. A removed one stays 60 days for the feeds."""

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="sessions", on_delete=fields.CASCADE
    )
    kind = fields.CharField(10)
    title = fields.JSONField[dict[str, str]]()
    description = fields.JSONField[dict[str, str]](default=dict)
    starts_at = UtcField()
    ends_at = UtcField()
    timezone = fields.CharField(60, default="")
    """Empty: the event's."""
    end_timezone = fields.CharField(60, default="")
    """Empty: the same as at the start."""
    place = fields.CharField(300, default="")
    speakers = fields.JSONField[list[str]](default=list)
    capacity = fields.IntField(null=True)
    seats_taken = fields.IntField(default=0)
    counted = fields.BooleanField(default=True)
    revision = fields.IntField(default=0)
    created_at = UtcField()
    changed_at = UtcField()
    removed_at = UtcField(null=True)

    class Meta:
        table = "session"
        indexes = (("event_id", "starts_at"),)
