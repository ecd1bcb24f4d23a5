"""Addresses of people who are not registered and want no more invitations from a project.

Neither their name nor their address is kept, only what tells the address again when somebody types
it.
"""

from collections.abc import Iterable
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core import tokens
from core.clock import now
from core.db import UtcField
from core.text import fold


class Unwanted(Model):
    """No more invitations from this project to the address that this mark is of."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="unwanted", on_delete=fields.CASCADE
    )
    mark = fields.CharField(64)
    at = UtcField()

    class Meta:
        table = "unwanted"
        unique_together = (("project", "mark"),)

    @classmethod
    async def among(cls, project_id: int, emails: Iterable[str]) -> set[str]:
        """Which of these addresses, as they were given, want no more invitations."""
        by = {mark(project_id, email): email for email in emails}
        found = await cls.filter(project_id=project_id, mark__in=list(by)).values_list(
            "mark", flat=True
        )
        return {by[str(one)] for one in found}

    @classmethod
    async def note(cls, project_id: int, marked: str) -> None:
        """From now on."""
        await cls.bulk_create(
            [cls(project_id=project_id, mark=marked, at=now())], ignore_conflicts=True
        )


def mark(project_id: int, email: str) -> str:
    """What stands for an address: nobody can tell the address from it, nor guess it without this
    program's secret.
    """
    return tokens.key("unwanted", f"{project_id}:{fold(email)}").hex()[:32]
