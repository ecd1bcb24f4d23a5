"""Calendars: invitations by mail and their replies, places on the map, addresses of one's own, imported programmes."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.db import UtcField
from core.schema_ops import AddFilled


class Migration(migrations.Migration):
    """Only adds."""

    dependencies = [("viesis", "0005_mail_ways")]

    operations = [
        AddFilled(
            "Event",
            "calendar_invites",
            fields.BooleanField(default=False),
            "BOOL NOT NULL DEFAULT FALSE",
        ),
        AddFilled(
            "Event",
            "feedback_url",
            fields.CharField(default="", max_length=500),
            "VARCHAR(500) NOT NULL DEFAULT ''",
        ),
        ops.AddField("Event", "latitude", fields.FloatField(null=True)),
        ops.AddField("Event", "longitude", fields.FloatField(null=True)),
        AddFilled(
            "Session",
            "imported_uid",
            fields.CharField(default="", max_length=255),
            "VARCHAR(255) NOT NULL DEFAULT ''",
        ),
        AddFilled(
            "Registration",
            "calendar_generation",
            fields.IntField(default=0),
            "INT NOT NULL DEFAULT 0",
        ),
        ops.AddField(
            "Registration",
            "calendar_used_at",
            UtcField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField("Registration", "invited_sequence", fields.IntField(null=True)),
        AddFilled(
            "Registration",
            "reply",
            fields.CharField(default="", max_length=10),
            "VARCHAR(10) NOT NULL DEFAULT ''",
        ),
        ops.AddField(
            "Registration", "replied_at", UtcField(null=True, auto_now=False, auto_now_add=False)
        ),
    ]
