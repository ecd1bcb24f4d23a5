"""Organisers' secret calendar addresses: one each, revocable, last use shown."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class OrganiserCalendar(Model):
    """A user's own feed of what that user may see. The address is derived from id and generation; the hash is stored."""

    id = fields.BigIntField(primary_key=True)
    user_id: int
    user: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.User", related_name="calendars", on_delete=fields.CASCADE, unique=True
    )
    generation = fields.IntField(default=0)
    hash = fields.CharField(64, unique=True)
    used_at = UtcField(null=True)

    class Meta:
        table = "organiser_calendar"
