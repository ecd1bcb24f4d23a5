"""People known to a project. The same folded address and name is the same person; duplicates are
merged, reversibly.
"""

from dataclasses import dataclass
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core import db
from core.clock import now
from core.db import UtcField
from core.text import fold, search_key

PERSON = (
    "project_id", "name", "name_folded", "search", "email", "email_folded", "organisation_id", "country", "gender",
    "birth_year", "target_group", "language", "created_at",
)  # fmt: skip
"""The columns of a person, in the order of `Said.row`."""

UPSERT = f"""
INSERT INTO person ({", ".join(PERSON)})
VALUES ($1::bigint, $2, $3, $4, $5, $6, $7::bigint, $8, $9, $10::int, $11, $12, $13::timestamptz)
ON CONFLICT (project_id, email_folded, name_folded) DO UPDATE SET
  organisation_id = COALESCE(excluded.organisation_id, person.organisation_id),
  country = COALESCE(NULLIF(excluded.country, ''), person.country),
  gender = COALESCE(NULLIF(excluded.gender, ''), person.gender),
  birth_year = COALESCE(excluded.birth_year, person.birth_year),
  target_group = COALESCE(NULLIF(excluded.target_group, ''), person.target_group),
  language = COALESCE(NULLIF(excluded.language, ''), person.language)
RETURNING id, merged_into_id
"""
"""Writes a person or takes the one there is: what is newly said counts, what is not said stays.
Values: `Said.row`.
"""


@dataclass(frozen=True)
class Said:
    """What someone says about themselves. Two with the same folded name and address are one person
    (docs/counting-rules.md).
    """

    name: str
    email: str
    organisation_id: int | None = None
    country: str = ""
    gender: str = ""
    birth_year: int | None = None
    target_group: str = ""
    language: str = ""

    def row(self, project_id: int) -> tuple[Any, ...]:
        """The values of `UPSERT`, in order."""
        return (
            *(project_id, self.name, fold(self.name)[:400], search_key(self.name)[:600]),
            *(self.email, fold(self.email)[:254]),
            *(
                self.organisation_id,
                self.country,
                self.gender,
                self.birth_year,
                self.target_group,
                self.language,
                now(),
            ),
        )


class Person(Model):
    """Someone known to one project. `merged_into` always names the last one of a chain, so one
    look-up finds it.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="people", on_delete=fields.CASCADE
    )
    name = fields.CharField(200)
    name_folded = fields.CharField(400)
    search = fields.CharField(600, default="")
    """Folded name as people type it (core.text.search_key)."""
    email = fields.CharField(254)
    email_folded = fields.CharField(254)
    organisation_id: int | None
    organisation: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Organisation", related_name="people", null=True, on_delete=fields.SET_NULL
    )
    country = fields.CharField(2, default="")
    gender = fields.CharField(6, default="")
    birth_year = fields.IntField(null=True)
    target_group = fields.CharField(200, default="")
    language = fields.CharField(5, default="")
    merged_into_id: int | None
    merged_into: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Person", related_name="merged", null=True, on_delete=fields.SET_NULL
    )
    created_at = UtcField()
    erased_at = UtcField(null=True)
    mails_stopped_at = UtcField(null=True)
    """Since when only what is needed to attend goes to this person."""

    class Meta:
        table = "person"
        unique_together = (("project", "email_folded", "name_folded"),)
        indexes = (("merged_into_id",),)

    @classmethod
    async def known(cls, project_id: int, said: Said) -> tuple[int, int]:
        """The person of this name and address, made if need be: `(its id, the id of the one it was
        merged into)`.

        The row stays locked until the transaction ends, so that two forms of one person take turns.
        """
        found = await db.row(UPSERT, *said.row(project_id))
        assert found, "an upsert answers its row"
        return int(found["id"]), int(found["merged_into_id"] or found["id"])

    @property
    def root_id(self) -> int:
        """Who this is after merges."""
        return self.merged_into_id or self.id


class Merge(Model):
    """Two persons found to be one. Taken back, both are as before."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="merges", on_delete=fields.CASCADE
    )
    gone_id: int
    gone: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Person", related_name="merges_from", on_delete=fields.CASCADE
    )
    kept_id: int
    kept: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Person", related_name="merges_into", on_delete=fields.CASCADE
    )
    actor = fields.CharField(254)
    at = UtcField()
    taken_back_at = UtcField(null=True)

    class Meta:
        table = "merge"


class RejectedPair(Model):
    """A pair that someone looked at and found to be two people; never proposed again. `one` has the
    smaller id.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="rejected_pairs", on_delete=fields.CASCADE
    )
    one_id: int
    one: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Person", related_name="rejected_one", on_delete=fields.CASCADE
    )
    two_id: int
    two: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Person", related_name="rejected_two", on_delete=fields.CASCADE
    )
    actor = fields.CharField(254)
    at = UtcField()

    class Meta:
        table = "rejected_pair"
        unique_together = (("one", "two"),)
