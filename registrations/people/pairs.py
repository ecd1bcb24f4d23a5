"""Pairs of people who may be the same person, stored, and compared again only after a change.

Triggers (migrations/0010_duplicates.py) note every change that a pair could rest on, in its
transaction. Looking at a project of a few people brings its pairs up to date; those of a large one
are the worker's, a minute behind. Whoever is merged, erased or told apart is proposed no more from
that moment in any case.
"""

import asyncio

from tortoise import fields
from tortoise.models import Model

from core import db
from events.projects.projects import Project
from registrations.people.comparison import REASONS, Pair, known, pairs
from registrations.registration.persons import Person

LARGE = 2_000
"""People; a project of fewer is compared while its page is made."""


class KeptPair(Model):
    """Two persons who may be one, the one with the smaller id first. `place` is that of the reason
    in REASONS.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Project] = fields.ForeignKeyField(
        "viesis.Project", related_name="kept_pairs", on_delete=fields.CASCADE
    )
    place = fields.SmallIntField()
    one_id: int
    one: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "viesis.Person", related_name="kept_one", on_delete=fields.CASCADE
    )
    two_id: int
    two: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "viesis.Person", related_name="kept_two", on_delete=fields.CASCADE
    )

    class Meta:
        table = "kept_pair"
        unique_together = (("project", "place", "one", "two"),)
        indexes = (("one_id",), ("two_id",))


class PairsDue(Model):
    """Somebody of this project changed since its pairs were compared. Written by triggers."""

    id = fields.BigIntField(primary_key=True)
    project_id = fields.BigIntField(db_index=True)

    class Meta:
        table = "pairs_due"


async def proposed(project_id: int, limit: int, offset: int = 0) -> list[Pair]:
    """Pairs that nobody has merged or told apart, the surest first."""
    await _look(project_id)
    found = await db.rows(_PAGE, project_id, limit, offset)
    return [Pair(row["one_id"], row["two_id"], _ORDER[row["place"]]) for row in found]


async def how_many(project_id: int) -> int:
    """How many there are."""
    await _look(project_id)
    found = await db.row(_HOW_MANY, project_id)
    return int(found["kept"]) - int(found["rejected"]) if found else 0


async def compare_all() -> int:
    """Bring the pairs of every project up to date. For the worker's timetable; answers how many
    projects.
    """
    due = await db.rows("SELECT DISTINCT project_id FROM pairs_due")
    for row in due:
        await compare(row["project_id"])
    return len(due)


async def _look(project_id: int) -> None:
    due = await db.rows("SELECT id FROM pairs_due WHERE project_id = $1 LIMIT 1", project_id)
    if due and not await db.rows(_IS_LARGE, project_id, LARGE):
        await compare(project_id)


async def compare(project_id: int) -> None:
    """Compare a project's people, and keep the pairs; nothing happens when nobody changed.

    Others may do the same meanwhile: only who takes all the notes that it read before reading the
    people may write.
    """
    for _attempt in range(3):
        due = [
            row["id"]
            for row in await db.rows("SELECT id FROM pairs_due WHERE project_id = $1", project_id)
        ]
        if not due:
            return
        people = [known(row) for row in await db.rows(PEOPLE, project_id)]
        found = await asyncio.to_thread(pairs, people) if len(people) > 500 else pairs(people)
        if await keep(project_id, due, found):
            return


@db.atomic
async def keep(project_id: int, due: list[int], found: list[Pair]) -> bool:
    """Keep these pairs instead of the former, unless somebody else took one of these notes
    meanwhile: then False.
    """
    await Project.lock(project_id)
    there = {
        row["id"]
        for row in await db.rows("SELECT id FROM pairs_due WHERE project_id = $1", project_id)
    }
    if not there.issuperset(due):
        return False
    await db.execute("DELETE FROM pairs_due WHERE id = ANY($1::bigint[])", due)
    kept = await db.rows(
        "SELECT id, place, one_id, two_id FROM kept_pair WHERE project_id = $1", project_id
    )
    before = {(row["place"], row["one_id"], row["two_id"]): row["id"] for row in kept}
    after = {(_ORDER.index(pair.reason), pair.one, pair.two) for pair in found}
    if gone := sorted([before[key]] for key in before.keys() - after):
        await db.many("DELETE FROM kept_pair WHERE id = $1::bigint", gone)
    if new := sorted(after - before.keys()):
        await db.many(_NEW, [[project_id, *key] for key in new])
    return True


_ORDER = list(REASONS)
_IS_LARGE = "SELECT id FROM person WHERE project_id = $1 LIMIT 1 OFFSET $2::int"
PEOPLE = """
SELECT p.id, p.name, p.name_folded, p.email_folded, COALESCE(o.parent_id, p.organisation_id) AS organisation
FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.project_id = $1 AND p.merged_into_id IS NULL AND p.erased_at IS NULL ORDER BY p.id
"""
"""Everybody who is compared."""
_NEW = """
INSERT INTO kept_pair (project_id, place, one_id, two_id) VALUES ($1::bigint, $2::smallint, $3::bigint, $4::bigint)
"""
_PAGE = """
SELECT k.place, k.one_id, k.two_id FROM kept_pair k WHERE k.project_id = $1::bigint
AND (SELECT r.id FROM rejected_pair r WHERE r.one_id = k.one_id AND r.two_id = k.two_id) IS NULL
ORDER BY k.project_id, k.place, k.one_id, k.two_id LIMIT $2::int OFFSET $3::int
"""
"""By index, in order: a join (NOT EXISTS) would have PostgreSQL sort all pairs."""
_HOW_MANY = """
SELECT (SELECT COUNT(*) FROM kept_pair WHERE project_id = $1::bigint) AS kept, (
  SELECT COUNT(*) FROM rejected_pair r JOIN kept_pair k ON k.one_id = r.one_id AND k.two_id = r.two_id
  WHERE r.project_id = $1::bigint
) AS rejected
"""
