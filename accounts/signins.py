"""Sign-in by a mailed link: ten minutes, once, after a button, in the browser that asked."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class SignIn(Model):
    """A link that signs a user in. `browser` is the hash of the asking browser's cookie; empty for a printed link."""

    id = fields.BigIntField(primary_key=True)
    user_id: int | None
    user: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.User", related_name="signins", null=True, on_delete=fields.CASCADE
    )
    hash = fields.CharField(64, unique=True)
    browser = fields.CharField(64, default="")
    purpose = fields.CharField(20, default="sign_in")
    created_at = UtcField()
    expires_at = UtcField()
    used_at = UtcField(null=True)

    class Meta:
        table = "sign_in"
