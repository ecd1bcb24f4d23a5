"""Registrations: a person at an event. Seats are never oversold; the waiting list keeps its order."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

STATUSES = ("pending", "waiting", "offered", "confirmed", "declined", "cancelled", "replaced")
ACTIVE = ("pending", "waiting", "offered", "confirmed")
ROLES = ("attendee", "speaker", "partner_staff", "organiser", "interpreter", "host")


class Registration(Model):
    """A person × an event. One active registration per person and event (a partial unique index in migrations/).

    `waiting_number` orders the list (given out by the event row); `ticket_identity` is the ticket's 48 random bits.
    Organisation, country, gender, birth year and target group are as said for this event.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="registrations", on_delete=fields.CASCADE
    )
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="registrations", on_delete=fields.CASCADE
    )
    person_id: int
    person: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Person", related_name="registrations", on_delete=fields.CASCADE
    )
    status = fields.CharField(10)
    role = fields.CharField(15, default="attendee")
    organisation_id: int | None
    organisation: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Organisation", related_name="registrations", null=True, on_delete=fields.SET_NULL
    )
    country = fields.CharField(2, default="")
    gender = fields.CharField(6, default="")
    birth_year = fields.IntField(null=True)
    target_group = fields.CharField(200, default="")
    language = fields.CharField(5)
    answers = fields.JSONField[dict[str, object]](default=dict)
    door_note = fields.CharField(200, default="")
    ticket_identity = fields.BigIntField(unique=True)
    hash = fields.CharField(64, null=True)
    """Hash of the manage address's secret, which is derived from id and generation; looked up through an index."""
    generation = fields.IntField(default=0)
    waiting_number = fields.IntField(null=True)
    offer_ends_at = UtcField(null=True)
    replaces_id: int | None
    replaces: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Registration", related_name="replaced_by", null=True, on_delete=fields.SET_NULL
    )
    source = fields.CharField(10, default="web")
    """web, api, desk, door (a walk-in), substitute, demo."""
    after_event = fields.BooleanField(default=False)
    cancel_reason = fields.CharField(500, default="")
    revision = fields.IntField(default=0)
    created_at = UtcField()
    changed_at = UtcField()
    confirmed_at = UtcField(null=True)
    ended_at = UtcField(null=True)
    """When it was cancelled, declined or replaced."""

    class Meta:
        table = "registration"
        indexes = (("event_id", "status"), ("project_id", "event_id"), ("hash",), ("person_id",))


class Choice(Model):
    """A session that a registration chose, where the event lets people choose; takes a seat of that session's own."""

    id = fields.BigIntField(primary_key=True)
    registration_id: int
    registration: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Registration", related_name="choices", on_delete=fields.CASCADE
    )
    session_id: int
    session: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Session", related_name="choices", on_delete=fields.CASCADE
    )

    class Meta:
        table = "choice"
        unique_together = (("registration", "session"),)
