"""An organiser's own wording: subject and text for one kind of mail, in one language.

A placeholder is a word of a closed list in braces. It is looked up; a value is plain text and is
never read again.
"""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.db import UtcField
from core.errors import DomainError
from core.i18n import Lazy, _, language, text
from events.event.event import Event
from events.presentation.display import when
from notifications.outbox.markdown import html, plain
from registrations.registration.registration import Registration

PLACEHOLDERS: dict[str, Lazy] = {
    "name": _("the person's name"),
    "event": _("the title of the event"),
    "when": _("its dates"),
    "where": _("its place"),
    "link": _("the person's own page"),
    "feedback": _("your feedback form, if there is one"),
}
ADAPTED = (
    "confirmation",
    "waiting",
    "pending",
    "offer",
    "declined",
    "agenda",
    "reminder",
    "thanks",
    "cancelled",
)
"""Kinds of mail whose subject and opening words an organiser may write."""

_PLACE = re.compile(r"(?<!\{)\{([^\W\d]\w{0,39})\}(?!\})")
"""A word in braces; any other use of braces is text."""


class Wording(Model):
    """What stands instead of our subject (empty: ours stays), and what stands first in the text."""

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="wordings", on_delete=fields.CASCADE
    )
    kind = fields.CharField(40)
    language = fields.CharField(5)
    subject = fields.CharField(200, default="")
    text = fields.TextField(default="")
    changed_by = fields.CharField(254, default="")
    changed_at = UtcField()

    class Meta:
        table = "wording"
        unique_together = (("event", "kind", "language"),)

    @classmethod
    async def keep(
        cls, event: Event, kind: str, language: str, subject: str, words: str, by: str
    ) -> None:
        """Keep these words; empty ones bring ours back. Raises 422 for an unknown placeholder."""
        check(subject=subject, text=words)
        mine = cls.filter(event_id=event.id, kind=kind, language=language)
        if not subject and not words:
            await mine.delete()
            return
        said = {"subject": subject, "text": words, "changed_by": by[:254], "changed_at": now()}
        await cls.update_or_create(said, event_id=event.id, kind=kind, language=language)

    @classmethod
    async def of(cls, event: Event, kind: str, about: Mapping[str, Any]) -> "Wording | None":
        """The words in the current language; those in `about`, when they are shown before they are
        kept.
        """
        given: Wording | None = about.get("wording")
        return given or await cls.get_or_none(event_id=event.id, kind=kind, language=language())

    def filled(self, to: Registration) -> tuple[str, str, Markup]:
        """Subject, text and HTML for one person."""
        known = values(to)
        return fill(self.subject, known), fill(plain(self.text), known), html(self.text, known)


def values(to: Registration) -> dict[str, str]:
    """What the placeholders stand for, for one person; the event is fetched."""
    event: Event = to.event
    return {
        "name": to.person.name,
        "event": text(event.title),
        "when": when(event),
        "where": event.place,
        "link": to.manage_url,
        "feedback": event.feedback_url,
    }


def fill(words: str, known: Mapping[str, str]) -> str:
    """Each placeholder looked up, everything else as it was typed."""
    return _PLACE.sub(lambda found: known.get(found[1], found[0]), words)


def check(**given: str) -> None:
    """Raise a 422 beside each field that names a placeholder there is not."""
    known = ", ".join(f"{{{p}}}" for p in PLACEHOLDERS)
    wrong: dict[str, Lazy | str] = {
        name: _(
            "There is no {%(unknown)s}. You can use %(known)s.", unknown=unknown[0], known=known
        )
        for name, value in given.items()
        if (unknown := [p for p in _PLACE.findall(value) if p not in PLACEHOLDERS])
    }
    if wrong:
        raise DomainError(next(iter(wrong.values())), 422, wrong)
