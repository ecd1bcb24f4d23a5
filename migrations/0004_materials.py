"""What participants take along from an event."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.db import UtcField


class Migration(migrations.Migration):
    """Only adds."""

    dependencies = [("viesis", "0003_offline_doors")]

    operations = [
        ops.CreateModel(
            name="Material",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("project_id", fields.BigIntField()),
                ("event_id", fields.BigIntField(db_index=True)),
                ("title", fields.CharField(max_length=200)),
                ("url", fields.CharField(default="", max_length=1000)),
                ("file", fields.CharField(default="", max_length=100)),
                ("media_type", fields.CharField(default="", max_length=40)),
                ("size", fields.IntField(default=0)),
                ("added_by", fields.CharField(default="", max_length=254)),
                ("added_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "material", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
