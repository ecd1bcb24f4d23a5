"""What an organiser writes to those registered: a subject, a text, placeholders from a closed list."""

import re
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.db import UtcField
from core.errors import invalid
from core.i18n import Lazy, _, text
from events.events import Event
from events.shown import when
from registrations.registrations import Registration

PLACEHOLDERS: dict[str, Lazy] = {
    "name": _("the person's name"),
    "event": _("the title of the event"),
    "when": _("its dates"),
    "where": _("its place"),
    "link": _("the person's own page"),
}
_PLACE = re.compile(r"(?<!\{)\{([^\W\d]\w{0,39})\}(?!\})")
"""A word in braces; any other use of braces is text."""


class Announcement(Model):
    """A message to those registered for an event. A draft until `sent_at`; `statuses` says who gets it."""

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

    class Meta:
        table = "announcement"
        indexes = (("event_id", "id"),)

    @classmethod
    async def keep(cls, event: Event, author: str, subject: str, words: str, statuses: list[str]) -> "Announcement":
        """Keep the draft of this author at this event. Raises 422 for an unknown placeholder."""
        _check(subject, "subject")
        _check(words, "text")
        draft = await cls.get_or_none(event_id=event.id, author=author, sent_at=None)
        draft = draft or cls(event_id=event.id, author=author)
        draft.update_from_dict({"subject": subject, "text": words, "statuses": statuses, "created_at": now()})
        await draft.save()
        return draft


def filled(written: Announcement, to: Registration) -> tuple[str, str]:
    """Subject and text for one person: each placeholder looked up, everything else as it was typed."""
    event: Event = to.event
    values: dict[str, str] = {
        "name": to.person.name,
        "event": text(event.title),
        "when": when(event),
        "where": event.place,
        "link": to.manage_url,
    }

    def put(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    return _PLACE.sub(put, written.subject), _PLACE.sub(put, written.text)


def _check(value: str, name: str) -> None:
    unknown = [p for p in _PLACE.findall(value) if p not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{p}}}" for p in PLACEHOLDERS)
        said = _("There is no {%(unknown)s}. You can use %(known)s.", unknown=unknown[0], known=known)
        raise invalid(**{name: said})
