"""Reporting periods: a submitted one is frozen with its rule versions, its figures and the lists
behind them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db
from core.clock import now
from core.db import UtcField, atomic
from core.errors import REQUIRED, DomainError, invalid
from core.i18n import _
from events.projects.projects import Project
from indicators.counting.spans import Span


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

    @classmethod
    @atomic
    async def make(
        cls, project: Project, actor: Actor, name: str, starts_on: date, ends_on: date
    ) -> Self:
        """Make a period. Raises a 422 when it ends before it begins or has no name."""
        if not name:
            raise invalid(name=REQUIRED)
        span = Span(starts_on, ends_on)
        one = await cls.create(
            project_id=project.id, name=name, starts_on=span.first, ends_on=span.last
        )
        await audit(actor, "period.made", one)
        return one

    @property
    def span(self) -> Span:
        """Its dates."""
        return Span(self.starts_on, self.ends_on)

    @atomic
    async def freeze(self, actor: Actor, figures: "Sequence[FrozenFigure]") -> None:
        """Submit: these figures stay as they are. Raises a 409 when it was submitted before."""
        moment = now()
        claimed = await db.row(
            "UPDATE period SET submitted_at = $1, submitted_by = $2 "
            "WHERE id = $3 AND submitted_at IS NULL RETURNING id",
            moment,
            actor.name,
            self.id,
        )
        if not claimed:
            raise DomainError(
                _("This period was submitted before; its figures stay as they were."), 409
            )
        for one in figures:
            one.period_id, one.at = self.id, moment
        await FrozenFigure.bulk_create(list(figures))
        self.submitted_at, self.submitted_by = moment, actor.name
        await audit(actor, "period.submitted", self)

    @atomic
    async def drop(self, actor: Actor) -> None:
        """Remove a period that was not submitted."""
        if self.submitted_at:
            raise DomainError(_("A submitted period stays."), 409)
        await audit(actor, "period.removed", self)
        await self.delete()


class FrozenFigure(Model):
    """A figure as submitted: the whole answer, and the ids of what it counts.

    `figure` is `{rule, figure, cumulative, corrections: [{period, difference}]}`; `behind` has
    `[registration, event, who, weight, reason, net]` of each thing that counted or was left out.
    """

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
    figure = fields.JSONField[dict[str, Any]]()
    behind = fields.JSONField[list[Any]](default=list)
    at = UtcField()

    class Meta:
        table = "frozen_figure"
        unique_together = (("period", "indicator"),)
