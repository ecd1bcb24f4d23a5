"""An organiser's question: text, choice, several, number, date, yes/no or consent; required, or
shown only if.
"""

from typing import Any, cast

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField
from core.i18n import text
from events.event.event import Event

QUESTION_KINDS = ("text", "choice", "several", "number", "date", "yes_no", "consent")


class Question(Model):
    """A question of one event's form. `options` is `[{value, label: {lang: text}}]`.

    `shown_if` is `{question: key, value: …}` or empty. `private` answers (dietary, access) are kept
    apart, encrypted.
    """

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="questions", on_delete=fields.CASCADE
    )
    key = fields.CharField(40)
    kind = fields.CharField(10)
    label = fields.JSONField[dict[str, str]]()
    hint = fields.JSONField[dict[str, str]](default=dict)
    options = fields.JSONField[list[dict[str, object]]](default=list)
    required = fields.BooleanField(default=False)
    private = fields.BooleanField(default=False)
    shown_if = fields.JSONField[dict[str, object]](default=dict)
    position = fields.IntField(default=0)
    asked = fields.BooleanField(default=True)
    """False: a question of the event's kind that the organiser leaves out."""

    class Meta:
        table = "question"
        unique_together = (("event", "key"),)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers to choose from, as (value, words)."""
        return [(str(o["value"]), text(cast("dict[str, str]", o["label"]))) for o in self.options]


_COLUMNS = (
    "key",
    "kind",
    "label",
    "hint",
    "options",
    "required",
    "private",
    "shown_if",
    "position",
    "asked",
)


async def copy_questions(event: Event, copy: Event) -> None:
    """A copy of an event asks the same."""
    for one in await Question.filter(event_id=event.id).order_by("id"):
        await Question.create(event_id=copy.id, **{name: getattr(one, name) for name in _COLUMNS})


class PrivateAnswer(Model):
    """A dietary or access need: encrypted, with the consent it rests on; gone 14 days after the
    event.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="private_answers", on_delete=fields.CASCADE
    )
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="private_answers", on_delete=fields.CASCADE
    )
    registration_id: int
    registration: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Registration", related_name="private_answers", on_delete=fields.CASCADE
    )
    key = fields.CharField(40)
    sealed = fields.TextField()
    purpose = fields.CharField(300)
    consented_at = UtcField()
    delete_on = fields.DateField()

    class Meta:
        table = "private_answer"
        unique_together = (("registration", "key"),)


class Consent(Model):
    """What a person agreed to, in the words that were shown."""

    id = fields.BigIntField(primary_key=True)
    registration_id: int
    registration: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Registration", related_name="consents", on_delete=fields.CASCADE
    )
    purpose = fields.CharField(60)
    wording = fields.TextField()
    language = fields.CharField(5)
    given_at = UtcField()
    withdrawn_at = UtcField(null=True)

    class Meta:
        table = "consent"
