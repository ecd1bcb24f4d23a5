"""Figures kept from one look to the next, served only while nothing that they rest on has changed.

The database itself counts changes: triggers (migrations/0002_constraints.py) raise a project's
stamp in the transaction of every change of a fact, event, session, partner, organisation,
registration or person that a figure could rest on.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from core import db
from core.db import UtcField
from indicators.counting.spans import Span
from indicators.rules.rules import Rule


class FigureStamp(Model):
    """How often what figures rest on has changed: at one event, or (event 0) in all of the project.
    By triggers.
    """

    id = fields.BigIntField(primary_key=True)
    project_id = fields.BigIntField()
    event_id = fields.BigIntField()
    number = fields.BigIntField()

    class Meta:
        table = "figure_stamp"
        unique_together = (("project_id", "event_id"),)


class FigureSummary(Model):
    """A figure as it was at a stamp; right until `until` (an event that begins) if that is set."""

    id = fields.BigIntField(primary_key=True)
    project_id = fields.BigIntField()
    key = fields.CharField(64)
    stamp = fields.BigIntField()
    until = UtcField(null=True)
    rule = fields.JSONField[dict[str, Any]]()
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    figure = fields.JSONField[dict[str, Any]]()

    class Meta:
        table = "figure_summary"
        unique_together = (("project_id", "key"),)


_SHAPE = 2
"""Of what is kept: what an older program kept otherwise is not found."""


def key_of(rule: Rule, span: Span) -> str:
    """What a summary is found by."""
    said = json.dumps([_SHAPE, rule.as_json(), str(span.first), str(span.last)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


async def stamps_of(project_id: int) -> dict[int, int]:
    """The stamps of a project now, by event. Read them before the facts: a figure can be too new,
    never too old.
    """
    found = await db.rows(
        "SELECT event_id, number FROM figure_stamp WHERE project_id = $1", project_id
    )
    return {row["event_id"]: row["number"] for row in found}


async def stamp_of(project_id: int) -> int:
    """All of them together: it rises with every change."""
    return sum((await stamps_of(project_id)).values())


async def kept(project_id: int, stamp: int, now: datetime) -> dict[str, dict[str, Any]]:
    """The summaries that are right at this stamp, by key."""
    right = Q(until__isnull=True) | Q(until__gt=now)
    return {
        one.key: one.figure
        for one in await FigureSummary.filter(right, project_id=project_id, stamp=stamp)
    }


@db.atomic
async def keep(summaries: list[FigureSummary]) -> None:
    """Keep these, and drop the project's that no longer hold."""
    for one in summaries:
        await FigureSummary.filter(project_id=one.project_id, stamp__lt=one.stamp).delete()
        await db.execute(
            _KEEP,
            *(one.project_id, one.key, one.stamp, one.until, json.dumps(one.rule)),
            *(one.starts_on, one.ends_on, json.dumps(one.figure)),
        )


_KEEP = """
INSERT INTO figure_summary (project_id, key, stamp, until, rule, starts_on, ends_on, figure)
VALUES ($1::bigint, $2, $3::bigint, $4::timestamptz, $5::jsonb, $6::date, $7::date, $8::jsonb)
ON CONFLICT (project_id, key) DO UPDATE
SET stamp = excluded.stamp, until = excluded.until, figure = excluded.figure
WHERE figure_summary.stamp <= excluded.stamp
"""
