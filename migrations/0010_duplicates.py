"""Pairs of persons who may be one, kept; and notes of every change that they could rest on."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

# Notes only ever add a row, so that registrations never wait for one another with them.
_NOTE = "INSERT INTO pairs_due (project_id) VALUES (NEW.project_id)"
_GONE = (
    "DELETE FROM kept_pair WHERE (NEW.merged_into_id IS NOT NULL OR NEW.erased_at IS NOT NULL) "
    "AND (one_id = NEW.id OR two_id = NEW.id)"
)
_WATCHED = (
    ("person", "INSERT", "", _NOTE),
    (
        "person",
        "UPDATE",
        "name name_folded email_folded organisation_id merged_into_id erased_at",
        f"{_NOTE}; {_GONE}",
    ),
    ("organisation", "UPDATE", "parent_id", _NOTE),
)


def _triggers(sqlite):
    for table, verb, columns, work in _WATCHED:
        name, names = f"pairs_{table}_{verb.lower()}", columns.split()
        of = f"OF {', '.join(names)}" if names else ""
        when = (
            f"WHEN ({' OR '.join(f'OLD.{n} IS DISTINCT FROM NEW.{n}' for n in names)})"
            if names
            else ""
        )
        if sqlite:
            yield f"CREATE TRIGGER {name} AFTER {verb} {of} ON {table} {when} BEGIN {work}; END"
        else:
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {work}; RETURN NULL; END $$"
            yield f"CREATE TRIGGER {name} AFTER {verb} {of} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {name}()"


async def _watch(_apps, editor):
    for statement in _triggers(editor.client.capabilities.dialect == "sqlite"):
        await editor.client.execute_query(statement)
    await editor.client.execute_query(
        "INSERT INTO pairs_due (project_id) SELECT DISTINCT project_id FROM person"
    )


def _person(name):
    return (
        name,
        fields.ForeignKeyField(
            "viesis.Person",
            source_field=f"{name}_id",
            db_constraint=True,
            to_field="id",
            related_name=f"kept_{name}",
            on_delete=OnDelete.CASCADE,
        ),
    )


class Migration(migrations.Migration):
    """Only adds."""

    dependencies = [("viesis", "0009_figure_parts")]

    operations = [
        ops.CreateModel(
            name="KeptPair",
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
                        related_name="kept_pairs",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("place", fields.SmallIntField()),
                _person("one"),
                _person("two"),
            ],
            options={
                "table": "kept_pair",
                "app": "viesis",
                "unique_together": (("project", "place", "one", "two"),),
                "indexes": [Index(fields=["one_id"]), Index(fields=["two_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PairsDue",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("project_id", fields.BigIntField(db_index=True)),
            ],
            options={"table": "pairs_due", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunPython(_watch),
    ]
