"""Who changed what: every change of an event or its programme after the first, with old and new values."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class Change(Model):
    """One change. `fields` is `{name: [old, new]}` in words that a page can show; `told_at` when those registered were told."""

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="changes", on_delete=fields.CASCADE
    )
    session_id = fields.BigIntField(null=True)
    at = UtcField()
    actor = fields.CharField(254)
    revision = fields.IntField()
    action = fields.CharField(20)
    values = fields.JSONField[dict[str, list[object]]](default=dict)
    told_at = UtcField(null=True)

    class Meta:
        table = "change"
        indexes = (("event_id", "id"),)
