"""Mail: why one failed, addresses that bounce, mails stopped, words of one's own, to whom a message goes."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from core.db import UtcField
from core.schema_ops import AddFilled


class Migration(migrations.Migration):
    """Only adds."""

    dependencies = [("viesis", "0004_materials")]

    operations = [
        AddFilled(
            "Message",
            "failure",
            fields.CharField(default="", max_length=20),
            "VARCHAR(20) NOT NULL DEFAULT ''",
        ),
        ops.AddField(
            "Person", "mails_stopped_at", UtcField(null=True, auto_now=False, auto_now_add=False)
        ),
        ops.AddField("Event", "reminder_days_before", fields.IntField(null=True)),
        AddFilled(
            "Announcement",
            "role",
            fields.CharField(default="", max_length=20),
            "VARCHAR(20) NOT NULL DEFAULT ''",
        ),
        AddFilled(
            "Announcement",
            "country",
            fields.CharField(default="", max_length=2),
            "VARCHAR(2) NOT NULL DEFAULT ''",
        ),
        ops.AddField("Announcement", "organisation_id", fields.BigIntField(null=True)),
        ops.AddField("Announcement", "session_id", fields.BigIntField(null=True)),
        ops.AddField("Announcement", "attended", fields.BooleanField(null=True)),
        ops.CreateModel(
            name="Bounce",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("scope", fields.BigIntField()),
                ("email", fields.CharField(max_length=254)),
                ("failure", fields.CharField(max_length=20)),
                ("answer", fields.TextField(default="", unique=False)),
                ("times", fields.IntField(default=1)),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "bounce",
                "app": "viesis",
                "unique_together": (("scope", "email"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="wordings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=40)),
                ("language", fields.CharField(max_length=5)),
                ("subject", fields.CharField(default="", max_length=200)),
                ("text", fields.TextField(default="", unique=False)),
                ("changed_by", fields.CharField(default="", max_length=254)),
                ("changed_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "wording",
                "app": "viesis",
                "unique_together": (("event_id", "kind", "language"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
