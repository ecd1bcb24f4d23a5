"""Who may do what in a project: manager, organiser, door, viewer."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField
from core.i18n import Lazy, Vocabulary, _


class ProjectRole(Vocabulary):
    """In order: each may do what those before it may, except that `door` sees the door only."""

    def __init__(self, code: str, label: Lazy, hint: Lazy) -> None:
        super().__init__(code, label)
        self.hint = hint

    VIEWER = "viewer", _("Reader"), _("Sees events, people and figures, and changes nothing.")
    DOOR = "door", _("Check-in"), _("Check-in at events, nothing else.")
    ORGANISER = "organiser", _("Organiser"), _("Events, people, messages and the door.")
    MANAGER = (
        "manager",
        _("Manager"),
        _("Everything in the project: settings, indicators, periods and the team."),
    )


ROLE_WORDS = {**ProjectRole.labels(), "admin": _("Administrator")}
"""The word of a role as `Actor.role_in` answers it."""


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
