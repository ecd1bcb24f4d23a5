"""Who may do what in a project: manager, organiser, door, viewer."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

ROLES = ("viewer", "door", "organiser", "manager")
"""In order: each may do what those before it may, except that `door` sees the door only."""


class Role(Model):
    """One user's role in one project."""

    id = fields.BigIntField(primary_key=True)
    user_id: int
    user: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.User", related_name="roles", on_delete=fields.CASCADE
    )
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="roles", on_delete=fields.CASCADE
    )
    role = fields.CharField(12)
    created_at = UtcField()

    class Meta:
        table = "role"
        unique_together = (("user", "project"),)


class Invitation(Model):
    """An address invited to a project with a role; taken up by following its link."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="invitations", on_delete=fields.CASCADE
    )
    email = fields.CharField(254)
    role = fields.CharField(12)
    hash = fields.CharField(64, unique=True)
    generation = fields.IntField(default=0)
    created_at = UtcField()
    expires_at = UtcField()
    accepted_at = UtcField(null=True)
    revoked_at = UtcField(null=True)

    class Meta:
        table = "invitation"
