"""Reporting periods: a submitted one is frozen with its rule versions, its figures and the lists behind them."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class Period(Model):
    """A reporting period, dates inclusive, in the project's zone."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="periods", on_delete=fields.CASCADE
    )
    name = fields.CharField(200)
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    submitted_at = UtcField(null=True)
    submitted_by = fields.CharField(254, default="")

    class Meta:
        table = "period"


class FrozenFigure(Model):
    """A figure as submitted: the whole answer, and the ids of what it counts."""

    id = fields.BigIntField(primary_key=True)
    period_id: int
    period: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Period", related_name="figures", on_delete=fields.CASCADE
    )
    indicator_id: int
    indicator: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Indicator", related_name="frozen", on_delete=fields.CASCADE
    )
    version = fields.IntField()
    figure = fields.JSONField[dict[str, object]]()
    behind = fields.JSONField[list[object]](default=list)
    at = UtcField()

    class Meta:
        table = "frozen_figure"
        unique_together = (("period", "indicator"),)
