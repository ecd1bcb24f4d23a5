"""People known to a project. The same folded address and name is the same person; duplicates are merged, reversibly."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

GENDERS = ("female", "male", "other")


class Person(Model):
    """Someone known to one project. `merged_into` always names the last one of a chain, so one look-up finds it."""

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

    class Meta:
        table = "person"
        unique_together = (("project", "email_folded", "name_folded"),)


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
    """A pair that someone looked at and found to be two people; never proposed again. `one` has the smaller id."""

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
