"""Signed-in browsers: idle for three hours, at most twelve; listed and revocable."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class WebSession(Model):
    """One browser, signed in as one user. Only the hash of its secret is stored."""

    id = fields.BigIntField(primary_key=True)
    user_id: int
    user: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.User", related_name="sessions", on_delete=fields.CASCADE
    )
    hash = fields.CharField(64, unique=True)
    agent = fields.CharField(200, default="")
    created_at = UtcField()
    seen_at = UtcField()
    ended_at = UtcField(null=True)

    class Meta:
        table = "web_session"
