"""Events: dated gatherings of one kind, in one project, with their own time zone."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

STATUSES = ("draft", "published", "cancelled", "held")


class Event(Model):
    """An event. `seats_taken` counts confirmed registrations and open offers; `waiting` those on the list;

    `last_place` is the last number given out on the waiting list; whoever updates this row has passed the seat counter.
    `revision` and `changed_at` rise with each change that a subscriber should see.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="events", on_delete=fields.CASCADE
    )
    slug = fields.CharField(80, unique=True)
    kind = fields.CharField(20)
    title = fields.JSONField[dict[str, str]]()
    description = fields.JSONField[dict[str, str]](default=dict)
    starts_at = UtcField()
    ends_at = UtcField()
    timezone = fields.CharField(60)
    place = fields.CharField(300, default="")
    online_url = fields.CharField(500, default="")
    country = fields.CharField(2, default="")
    capacity = fields.IntField(null=True)
    grace_minutes = fields.IntField(default=0)
    waiting_list = fields.BooleanField(default=True)
    approval = fields.BooleanField(default=False)
    open_to_public = fields.BooleanField(default=False)
    invitation_only = fields.BooleanField(default=False)
    internal = fields.BooleanField(default=False)
    walk_ins = fields.CharField(5, default="ask")
    activity_id: int | None
    activity: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Activity", related_name="events", null=True, on_delete=fields.SET_NULL
    )
    series_id: int | None
    series: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Series", related_name="events", null=True, on_delete=fields.SET_NULL
    )
    direction_from = fields.CharField(2, default="")
    direction_to = fields.CharField(2, default="")
    details = fields.JSONField[dict[str, object]](default=dict)
    """What the kind adds: each kind's file says which."""
    status = fields.CharField(10, default="draft")
    held_reason = fields.CharField(500, default="")
    cancel_reason = fields.CharField(500, default="")
    registration_opens_at = UtcField(null=True)
    registration_closes_at = UtcField(null=True)
    offer_hours = fields.IntField(default=48)
    agenda_days_before = fields.IntField(null=True)
    reminder_hours_before = fields.IntField(null=True)
    seats_taken = fields.IntField(default=0)
    waiting = fields.IntField(default=0)
    last_place = fields.IntField(default=0)
    revision = fields.IntField(default=0)
    created_at = UtcField()
    changed_at = UtcField()
    published_at = UtcField(null=True)
    cancelled_at = UtcField(null=True)

    class Meta:
        table = "event"
        indexes = (("project_id", "starts_at"),)


class EventOrganiser(Model):
    """A partner of the project that organises this event; countries of these make an event joint."""

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="organisers", on_delete=fields.CASCADE
    )
    partner_id: int
    partner: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Partner", related_name="organised", on_delete=fields.CASCADE
    )

    class Meta:
        table = "event_organiser"
        unique_together = (("event", "partner"),)
