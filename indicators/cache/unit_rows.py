"""Counted units in the database, for processes that have not counted the project yet."""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core import db
from core.db import UtcField
from indicators.cache.memory import Book, Entries, Mark, Part
from indicators.counting.evaluation import from_plain, plain
from indicators.rules.rules import Rule


class FigurePart(Model):
    """A counting unit by one rule, as it was at a mark. `body` is its figure, or the entries of a
    rule that joins.
    """

    id = fields.BigIntField(primary_key=True)
    project_id = fields.BigIntField()
    key = fields.CharField(32)
    unit = fields.BigIntField()
    mark = fields.CharField(32)
    begins_at = UtcField(null=True)
    ends_at = UtcField(null=True)
    body = fields.TextField()

    class Meta:
        table = "figure_part"
        unique_together = (("project_id", "key", "unit"),)


def key_of(rule: Rule) -> str:
    """What the parts of a rule are found by."""
    return _digest(json.dumps(rule.as_json(), sort_keys=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def load(
    project_id: int, rule: Rule, book: Book, marks: dict[int, Mark], units: list[int]
) -> dict[int, Part]:
    """Those of these units that are kept at their marks."""
    found = await db.rows(
        "SELECT unit, mark, begins_at, ends_at, body FROM figure_part "
        "WHERE project_id = $1 AND key = $2 AND unit = ANY($3::bigint[])",
        *(project_id, key_of(rule), units),
    )
    right = [row for row in found if row["mark"] == _digest(repr(marks[row["unit"]]))]
    return await asyncio.to_thread(
        lambda: {row["unit"]: _part(row, marks[row["unit"]], book) for row in right}
    )


def _part(row: dict[str, Any], mark: Mark, book: Book) -> Part:
    first, last = (db.moment(row[name]) if row[name] else None for name in ("begins_at", "ends_at"))
    body = json.loads(row["body"])
    part = Part(mark, first, last)
    if "figure" in body:
        part.figure = from_plain(body["figure"])
    elif "entries" in body:
        moments = [book.moment(datetime.fromisoformat(at)) for at in body["moments"]]
        part.entries = Entries.of(
            body["entries"], moments, [book.face(tuple(face)) for face in body["faces"]]
        )
    return part


@db.atomic
async def keep(project_id: int, rule: Rule, book: Book, parts: dict[int, Part]) -> None:
    """Keep these as they are now."""
    lines = await asyncio.to_thread(
        lambda: [_line(project_id, key_of(rule), u, p, book) for u, p in parts.items()]
    )
    await db.many(_KEEP, lines)


def _line(project_id: int, key: str, unit: int, part: Part, book: Book) -> list[Any]:
    body: dict[str, Any] = {}
    if part.figure:
        body = {"figure": plain(part.figure)}
    elif part.entries:
        entries, moments, faces = part.entries.told()
        said = [book.moments[at].isoformat() for at in moments]
        body = {"entries": entries, "moments": said, "faces": [book.faces[face] for face in faces]}
    return [
        project_id,
        key,
        unit,
        _digest(repr(part.mark)),
        part.first,
        part.last,
        json.dumps(body, separators=(",", ":")),
    ]


async def forget(project_id: int, rules: Iterable[Rule]) -> None:
    """Drop what is kept of other rules than these."""
    keys = {key_of(rule) for rule in rules}
    for row in await db.rows(
        "SELECT DISTINCT key FROM figure_part WHERE project_id = $1", project_id
    ):
        if row["key"] not in keys:
            await db.execute(
                "DELETE FROM figure_part WHERE project_id = $1 AND key = $2", project_id, row["key"]
            )


_KEEP = """
INSERT INTO figure_part (project_id, key, unit, mark, begins_at, ends_at, body)
VALUES ($1::bigint, $2, $3::bigint, $4, $5::timestamptz, $6::timestamptz, $7)
ON CONFLICT (project_id, key, unit) DO UPDATE
SET mark = excluded.mark, begins_at = excluded.begins_at, ends_at = excluded.ends_at, body = excluded.body
"""
