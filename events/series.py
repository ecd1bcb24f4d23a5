"""Events that belong together: a training scheme (with a completion rule), a network, a cycle."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

SERIES_KINDS = ("scheme", "network", "cycle")


class Series(Model):
    """`threshold_percent` is the least share of a scheme's counted minutes that completes it."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="series", on_delete=fields.CASCADE
    )
    kind = fields.CharField(10)
    title = fields.JSONField[dict[str, str]]()
    threshold_percent = fields.IntField(null=True)

    class Meta:
        table = "series"
