"""What an organiser writes to those registered: a subject, a text, placeholders from a closed
list.
"""

from typing import Any

from markupsafe import Markup
from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.db import UtcField
from events.event.event import Event
from notifications.outbox.markdown import html, plain
from registrations.mail.wordings import check, fill, values
from registrations.registration.registration import Registration


class Announcement(Model):
    """A message to those registered for an event. A draft until `sent_at`; `statuses` says who gets
    it.
    """

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="announcements", on_delete=fields.CASCADE
    )
    subject = fields.CharField(200)
    text = fields.TextField()
    statuses = fields.JSONField[list[str]](default=list)
    author = fields.CharField(254)
    created_at = UtcField()
    sent_at = UtcField(null=True)
    people = fields.IntField(default=0)
    """How many it went to."""
    role = fields.CharField(20, default="")
    """To whom, besides `statuses`: see registrations.mail.audience. Empty or None: no matter."""
    country = fields.CharField(2, default="")
    organisation_id = fields.BigIntField(null=True)
    session_id = fields.BigIntField(null=True)
    attended = fields.BooleanField(null=True)

    class Meta:
        table = "announcement"
        indexes = (("event_id", "id"),)

    @classmethod
    async def keep(
        cls, event: Event, author: str, subject: str, words: str, statuses: list[str], **whom: Any
    ) -> "Announcement":
        """Keep the draft of this author at this event. Raises 422 for an unknown placeholder."""
        check(subject=subject, text=words)
        draft = await cls.get_or_none(event_id=event.id, author=author, sent_at=None)
        draft = draft or cls(event_id=event.id, author=author)
        draft.update_from_dict(
            {"subject": subject, "text": words, "statuses": statuses, "created_at": now(), **whom}
        )
        await draft.save()
        return draft


def filled(written: Announcement, to: Registration) -> tuple[str, str, Markup]:
    """Subject, text and HTML for one person: each placeholder looked up, everything else as it was
    typed.
    """
    known = values(to)
    return fill(written.subject, known), fill(plain(written.text), known), html(written.text, known)
