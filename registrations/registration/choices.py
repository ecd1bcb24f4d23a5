"""The sessions that a registration chose."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Choice(Model):
    """A session that a registration chose, where the event lets people choose; takes a seat of that
    session's own.
    """

    id = fields.BigIntField(primary_key=True)
    registration_id: int
    registration: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Registration", related_name="choices", on_delete=fields.CASCADE
    )
    session_id: int
    session: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Session", related_name="choices", on_delete=fields.CASCADE
    )

    class Meta:
        table = "choice"
        unique_together = (("registration", "session"),)
