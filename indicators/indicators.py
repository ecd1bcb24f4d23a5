"""Indicators of a project: a rule each, every change of it a new version."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class Indicator(Model):
    """What a project promised. `code` is a shipped rule's, empty for an own one. `rule` is the newest version's."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="indicators", on_delete=fields.CASCADE
    )
    code = fields.CharField(20, default="")
    name = fields.JSONField[dict[str, str]]()
    unit = fields.CharField(60, default="")
    """The word beside the number, as the programme says it."""
    rule = fields.JSONField[dict[str, object]]()
    version = fields.IntField(default=1)
    baseline = fields.DecimalField(14, 2, null=True)
    target = fields.DecimalField(14, 2, null=True)
    reported = fields.DecimalField(14, 2, null=True)
    split = fields.JSONField[dict[str, object]](default=dict)
    note = fields.TextField(default="")
    position = fields.IntField(default=0)
    created_at = UtcField()

    class Meta:
        table = "indicator"


class RuleVersion(Model):
    """A rule as it stood."""

    id = fields.BigIntField(primary_key=True)
    indicator_id: int
    indicator: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Indicator", related_name="versions", on_delete=fields.CASCADE
    )
    number = fields.IntField()
    rule = fields.JSONField[dict[str, object]]()
    actor = fields.CharField(254, default="")
    at = UtcField()

    class Meta:
        table = "rule_version"
        unique_together = (("indicator", "number"),)


class ManualValue(Model):
    """A figure entered by hand, with its evidence."""

    id = fields.BigIntField(primary_key=True)
    indicator_id: int
    indicator: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Indicator", related_name="values", on_delete=fields.CASCADE
    )
    value = fields.DecimalField(14, 2)
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    note = fields.TextField(default="")
    evidence_url = fields.CharField(500, default="")
    actor = fields.CharField(254, default="")
    at = UtcField()
    withdrawn_at = UtcField(null=True)

    class Meta:
        table = "manual_value"
