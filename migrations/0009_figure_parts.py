"""What was counted of each counting unit, kept; and a stamp of its own for changes of organisations."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.db import UtcField

# An organisation concerns all figures of its project, but not what its events are (indicators/parts.py).
_RAISE = (
    "INSERT INTO figure_stamp (project_id, event_id, number) SELECT NEW.project_id, -1, 1 WHERE TRUE "
    "ON CONFLICT (project_id, event_id) DO UPDATE SET number = figure_stamp.number + 1"
)
_DIFFERS = " OR ".join(
    f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in ("kind", "country", "parent_id")
)
_SQLITE = (
    "DROP TRIGGER figures_organisation_update",
    "CREATE TRIGGER figures_organisation_update AFTER UPDATE OF kind, country, parent_id ON organisation "
    f"WHEN ({_DIFFERS}) BEGIN {_RAISE}; END",
)
_POSTGRES = (
    "CREATE OR REPLACE FUNCTION figures_organisation_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"{_RAISE}; RETURN NULL; END $$",
)


async def _watch(_apps, editor):
    sqlite = editor.client.capabilities.dialect == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRES:
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    """Adds a table, and says more with a trigger."""

    dependencies = [("viesis", "0008_unwanted")]

    operations = [
        ops.CreateModel(
            name="FigurePart",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("project_id", fields.BigIntField()),
                ("key", fields.CharField(max_length=32)),
                ("unit", fields.BigIntField()),
                ("mark", fields.CharField(max_length=32)),
                ("begins_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("ends_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("body", fields.TextField(unique=False)),
            ],
            options={
                "table": "figure_part",
                "app": "viesis",
                "unique_together": (("project_id", "key", "unit"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunPython(_watch),
    ]
