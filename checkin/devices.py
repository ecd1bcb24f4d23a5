"""Paired phones: for one event, until it ends, revocable."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class Device(Model):
    """A phone at a door. `pairing_hash` is of the link (one use, ten minutes), `hash` of what the phone then holds."""

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="devices", on_delete=fields.CASCADE
    )
    name = fields.CharField(100)
    pairing_hash = fields.CharField(64, null=True, unique=True)
    pairing_ends_at = UtcField()
    hash = fields.CharField(64, null=True, unique=True)
    created_by = fields.CharField(254, default="")
    created_at = UtcField()
    paired_at = UtcField(null=True)
    expires_at = UtcField()
    seen_at = UtcField(null=True)
    unsent = fields.IntField(default=0)
    revoked_at = UtcField(null=True)

    class Meta:
        table = "device"
