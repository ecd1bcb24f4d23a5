"""Doors without reception: what is odd about a scan, who looked at it, phones' clocks, rooms, signed sheets."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.db import UtcField
from core.schema_ops import AddFilled

_INDEXES = {
    # what a phone asks for every few seconds: what has changed since
    "registration_changed": "INDEX registration_changed ON registration (event_id, changed_at)",
    "scan_withdrawn": "INDEX scan_withdrawn ON scan (event_id, withdrawn_at) WHERE withdrawn_at IS NOT NULL",
    "scan_odd": "INDEX scan_odd ON scan (event_id) WHERE admitted OR flagged OR marks <> ''",
}


class Migration(migrations.Migration):
    """Only adds."""

    dependencies = [("viesis", "0002_constraints")]

    operations = [
        AddFilled(
            "Scan",
            "marks",
            fields.CharField(default="", max_length=80),
            "VARCHAR(80) NOT NULL DEFAULT ''",
        ),
        ops.AddField("Scan", "sheet_id", fields.BigIntField(null=True)),
        ops.AddField(
            "Scan", "reviewed_at", UtcField(null=True, auto_now=False, auto_now_add=False)
        ),
        AddFilled(
            "Scan",
            "reviewed_by",
            fields.CharField(default="", max_length=254),
            "VARCHAR(254) NOT NULL DEFAULT ''",
        ),
        ops.AddField("Device", "clock_offset_ms", fields.BigIntField(null=True)),
        AddFilled(
            "Event",
            "rooms_grouped",
            fields.BooleanField(default=False),
            "BOOL NOT NULL DEFAULT FALSE",
        ),
        ops.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("project_id", fields.BigIntField(db_index=True)),
                ("event_id", fields.BigIntField(db_index=True)),
                ("unit", fields.CharField(max_length=20)),
                ("file", fields.CharField(default="", max_length=100)),
                ("media_type", fields.CharField(default="", max_length=40)),
                ("size", fields.IntField(default=0)),
                ("sha256", fields.CharField(default="", max_length=64)),
                ("note", fields.CharField(default="", max_length=300)),
                ("entered_by", fields.CharField(default="", max_length=254)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "paper", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        *[ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in _INDEXES.items()],
    ]
