"""The outbox: one row a mail, written in the transaction that causes it, sent by a worker that takes it with a lease."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField

STATES = ("queued", "sending", "sent", "failed", "held", "withdrawn")


class Message(Model):
    """One mail. `kind` names the mail's folder in templates/mails; `about` are the ids its builder needs.

    `scope` and `subject_of` are plain numbers of the domain (project, event): this package knows no domain.
    `dedup` keeps one reason from mailing twice.
    """

    id = fields.BigIntField(primary_key=True)
    scope = fields.BigIntField(null=True)
    subject_of = fields.BigIntField(null=True)
    kind = fields.CharField(40)
    to_name = fields.CharField(200, default="")
    to_email = fields.CharField(254)
    language = fields.CharField(5)
    about = fields.JSONField[dict[str, object]](default=dict)
    dedup = fields.CharField(120, null=True, unique=True)
    state = fields.CharField(10, default="queued")
    attempts = fields.IntField(default=0)
    due_at = UtcField()
    lease_ends_at = UtcField(null=True)
    leased_by = fields.CharField(80, default="")
    message_id = fields.CharField(200, default="")
    subject = fields.CharField(300, default="")
    answer = fields.TextField(default="")
    created_at = UtcField()
    sent_at = UtcField(null=True)

    class Meta:
        table = "message"
        indexes = (("scope", "id"), ("state", "due_at"), ("subject_of", "id"))


class Attempt(Model):
    """One try at sending, with the server's answer."""

    id = fields.BigIntField(primary_key=True)
    message_id: int
    message: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Message", related_name="tries", on_delete=fields.CASCADE
    )
    at = UtcField()
    outcome = fields.CharField(20)
    answer = fields.TextField(default="")

    class Meta:
        table = "attempt"
