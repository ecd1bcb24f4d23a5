"""Organisations of a project: partners, and where participants come from. Known by folded name and country."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

KINDS = (
    "municipality",
    "planning_region",
    "state_institution",
    "education",
    "health",
    "social",
    "association",
    "ngo",
    "business",
    "other",
)


class Organisation(Model):
    """An organisation known to one project. A department counts as its `parent`."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="organisations", on_delete=fields.CASCADE
    )
    name = fields.JSONField[dict[str, str]]()
    folded = fields.CharField(300)
    country = fields.CharField(2, default="")
    kind = fields.CharField(20, default="")
    parent_id: int | None
    parent: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Organisation", related_name="departments", null=True, on_delete=fields.SET_NULL
    )

    class Meta:
        table = "organisation"
        unique_together = (("project", "folded", "country"),)
