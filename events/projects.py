"""Projects: the boundary of access, of people and of counting."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

PARTNER_ROLES = ("lead", "partner", "donor_partner", "associated", "host")


class Project(Model):
    """A funded operation: code, dates, partners, activities, and the funder's statement shown on all it sends."""

    id = fields.BigIntField(primary_key=True)
    slug = fields.CharField(80, unique=True)
    code = fields.CharField(80, unique=True)
    acronym = fields.CharField(80, default="")
    title = fields.JSONField[dict[str, str]]()
    programme = fields.CharField(300, default="")
    statement = fields.JSONField[dict[str, str]](default=dict)
    logo = fields.CharField(80, default="")
    accent = fields.CharField(7, default="")
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    timezone = fields.CharField(60)
    languages = fields.JSONField[list[str]](default=list)
    target_groups = fields.JSONField[list[str]](default=list)
    budget = fields.JSONField[dict[str, str]](default=dict)
    notes = fields.JSONField[dict[str, object]](default=dict)
    """What a source says that must be kept as text: raw dates, where a code comes from, municipalities."""
    contact_email = fields.CharField(254, default="")
    retention_on = fields.DateField(null=True)
    created_at = UtcField()
    changed_at = UtcField()

    class Meta:
        table = "project"


class Partner(Model):
    """An organisation's role in the project itself."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="partners", on_delete=fields.CASCADE
    )
    organisation_id: int
    organisation: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Organisation", related_name="partnerships", on_delete=fields.CASCADE
    )
    role = fields.CharField(15)
    position = fields.IntField(default=0)

    class Meta:
        table = "partner"
        unique_together = (("project", "organisation"),)


class Activity(Model):
    """A numbered activity of the project's application."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="activities", on_delete=fields.CASCADE
    )
    number = fields.CharField(20)
    title = fields.JSONField[dict[str, str]](default=dict)

    class Meta:
        table = "activity"
        unique_together = (("project", "number"),)


class Resource(Model):
    """Something linked to the project: a survey, a database, a publication."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="resources", on_delete=fields.CASCADE
    )
    kind = fields.CharField(100)
    title = fields.CharField(300, default="")
    status = fields.CharField(40, default="")
    url = fields.CharField(500, default="")

    class Meta:
        table = "resource"
