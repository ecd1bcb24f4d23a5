"""API tokens: of a user, for one project or all of the user's; listed, revocable, shown once."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class ApiToken(Model):
    """A machine that may do what its user may."""

    id = fields.BigIntField(primary_key=True)
    user_id: int
    user: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.User", related_name="tokens", on_delete=fields.CASCADE
    )
    project_id: int | None
    project: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="tokens", null=True, on_delete=fields.CASCADE
    )
    name = fields.CharField(100)
    hash = fields.CharField(64, unique=True)
    created_at = UtcField()
    used_at = UtcField(null=True)
    revoked_at = UtcField(null=True)

    class Meta:
        table = "api_token"
