"""Addresses of people who want no more invitations."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from core.db import UtcField


class Migration(migrations.Migration):
    """Only adds."""

    dependencies = [("viesis", "0007_invitations")]

    operations = [
        ops.CreateModel(
            name="Unwanted",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="unwanted",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("mark", fields.CharField(max_length=64)),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "unwanted",
                "app": "viesis",
                "unique_together": (("project_id", "mark"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
