"""Who may do what in a project: manager, organiser, door, viewer."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField
from core.i18n import _

ROLES = ("viewer", "door", "organiser", "manager")
"""In order: each may do what those before it may, except that `door` sees the door only."""

ROLE_WORDS = {
    "manager": _("Manager"),
    "organiser": _("Organiser"),
    "door": _("Check-in"),
    "viewer": _("Reader"),
    "admin": _("Administrator"),
}
ROLE_HINTS = {
    "manager": _("Everything in the project: settings, indicators, periods and the team."),
    "organiser": _("Events, people, messages and the door."),
    "door": _("Check-in at events, nothing else."),
    "viewer": _("Sees events, people and figures, and changes nothing."),
}


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
