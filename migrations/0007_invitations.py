"""Who sent the calendar invitation: its address must stay what it was, whatever the settings become."""

from tortoise import fields, migrations

from core.schema_ops import AddFilled


class Migration(migrations.Migration):
    """Only adds."""

    dependencies = [("viesis", "0006_calendars")]

    operations = [
        AddFilled(
            "Registration",
            "invited_by",
            fields.CharField(default="", max_length=254),
            "VARCHAR(254) NOT NULL DEFAULT ''",
        ),
    ]
