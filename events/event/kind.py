"""What a kind of event consists of: a label, an icon, fields of its own, and questions on the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.http.fields import FieldReader
from core.i18n import LANGUAGES, Lazy, Vocabulary, _, speaking


class SessionKind(Vocabulary):
    """What an item of a programme is."""

    TALK = "talk", _("Talk")
    WORKSHOP = "workshop", _("Workshop")
    VISIT = "visit", _("Visit")
    TRAVEL = "travel", _("Travel")
    MEAL = "meal", _("Meal")
    STAY = "stay", _("Overnight stay")
    BREAK = "break", _("Break")


@dataclass(frozen=True)
class Detail:
    """A field of the event that only this kind has, kept in `event.details` under `key`.

    `kind` is text, lines, number, yes_no, choice (of `options`, value → label), country or address.
    """

    key: str
    label: Lazy
    kind: str = "text"
    hint: Lazy | str = ""
    options: Mapping[str, Lazy] = field(default_factory=dict)
    least: int = 0
    most: int = 100_000
    shown: "Lazy | bool" = False
    """Whether people see it on the event's page; if it says yes or no, the sentence that they see
    for yes.
    """

    def said(self, value: object) -> str:
        """A kept value in words."""
        if isinstance(value, bool):
            return str(self.shown if isinstance(self.shown, Lazy) else self.label)
        return str(self.options.get(str(value), value))

    def read(self, reader: FieldReader) -> object:
        """The checked value; None or an empty text when there is none."""
        if self.kind == "number":
            return reader.number(self.key, least=self.least, most=self.most)
        if self.kind == "yes_no":
            return reader.flag(self.key, otherwise=False)
        if self.kind == "choice":
            return reader.choice(self.key, tuple(self.options))
        if self.kind == "country":
            return reader.country(self.key)
        if self.kind == "address":
            return reader.address(self.key)
        return reader.text(
            self.key, longest=2000 if self.kind == "lines" else 300, lines=self.kind == "lines"
        )


@dataclass(frozen=True)
class Ask:
    """A question to everyone who registers, as registrations/form/questions.py keeps them."""

    key: str
    kind: str
    label: Lazy
    hint: Lazy | None = None
    options: Mapping[str, Lazy] = field(default_factory=dict)
    required: bool = False
    private: bool = False
    shown_if: Mapping[str, object] = field(default_factory=dict)

    def question(self) -> dict[str, Any]:
        """The columns of a Question, its texts in every language."""
        return {
            "key": self.key,
            "kind": self.kind,
            "label": said(self.label),
            "hint": said(self.hint) if self.hint else {},
            "options": [
                {"value": value, "label": said(label)} for value, label in self.options.items()
            ],
            "required": self.required,
            "private": self.private,
            "shown_if": dict(self.shown_if),
        }


@dataclass(frozen=True)
class Kind:
    """A kind of event. `session_kind` is that of a new session; with `has_direction` it goes from a
    country to one.
    """

    code: str
    label: Lazy
    many: Lazy
    icon: str
    session_kind: str = "talk"
    has_direction: bool = False
    details: tuple[Detail, ...] = ()
    asks: tuple[Ask, ...] = ()

    def read_details(self, values: Mapping[str, Any]) -> dict[str, object]:
        """This kind's own fields, checked, without the empty ones. Raises a 422 that names
        `details.key`.
        """
        reader = FieldReader(values, [d.key for d in self.details])
        found = {d.key: d.read(reader) for d in self.details}
        reader.errors = {f"details.{name}": message for name, message in reader.errors.items()}
        reader.check()
        return {
            key: value
            for key, value in found.items()
            if value is not None and value is not False and value != ""
        }

    def shown(self, values: Mapping[str, object]) -> list[tuple[str, str]]:
        """What people see of an event's details: word and answer; of a yes the sentence alone."""
        found = [(d, values[d.key]) for d in self.details if d.shown and values.get(d.key)]
        return [
            ("" if isinstance(value, bool) else str(d.label), d.said(value)) for d, value in found
        ]

    def questions(self) -> list[dict[str, Any]]:
        """What this kind asks of everyone who registers."""
        return [ask.question() for ask in self.asks]


def said(sentence: Lazy) -> dict[str, str]:
    """A sentence in every language of the program."""
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            found[code] = str(sentence)
    return found


DIET = Ask(
    "diet",
    "text",
    _("What should the kitchen know?"),
    _(
        "Only if you wish. Kept encrypted, seen by those who order the meals, deleted 14 days after the event."
    ),
    private=True,
)
ACCESS = Ask(
    "access",
    "text",
    _("What do you need to take part fully?"),
    _(
        "A ramp, an interpreter, a seat in front. Only if you wish. Kept encrypted, deleted 14 days after the event."
    ),
    private=True,
)
EXPECTATION = Ask("expectation", "text", _("What would you like to take home from it?"))
"""Asked by several kinds, so that the answers can be compared."""
