"""The form of a registration, for people: its fields read into an Entry, and an Entry's values
given back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.clock import now
from core.countries import choices
from core.http.forms import Form
from core.i18n import _, text
from events.projects.organisations import OrganisationKind
from registrations.form import answers
from registrations.form.entry import Agreed, Entry
from registrations.form.questions import Question
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import Gender, ParticipantRole

AGREE = _("I agree that what I enter here is kept and used as described.")
AGREE_NEEDS = _("I agree that these needs are kept, encrypted, until 14 days after the event.")
PREFIX = "q_"
"""Before a question's key in the names of fields."""


@dataclass(frozen=True)
class Shown:
    """What a form may offer: who fills it in, and how far it goes.

    `by_hand`: an organiser fills it in for somebody, so nothing but the name and the address is
    required.
    """

    questions: list[Question]
    by_hand: bool = False

    @property
    def several(self) -> tuple[str, ...]:
        """The names of fields with more than one value, for `Form.read`."""
        return ("sessions", *(PREFIX + q.key for q in self.questions if q.kind == "several"))


def read(form: Form, shown: Shown) -> Entry:
    """The entry in a form; what is wrong is noted in it, beside each field."""
    name, email = form.text("name", required=True), form.email("email", required=True)
    who = person(form)
    said = read_answers(form, shown)
    consents = [Agreed("registration", str(AGREE))] if form.yes("agree") else []
    consents += [Agreed(f"question:{q.key}", text_of(q)) for q in said.agreed]
    if not shown.by_hand and not form.yes("agree"):
        form.wrong("agree", _("We need your consent to register you."))
    if said.private and not shown.by_hand:
        consents.append(Agreed("needs", str(AGREE_NEEDS)))
        if not form.yes("agree_needs"):
            form.wrong(
                "agree_needs", _("We need your consent to keep these needs; or leave them empty.")
            )
    return Entry(
        name=name,
        email=email,
        **who,
        role=form.choice("role", ParticipantRole.labels()) or "attendee"
        if shown.by_hand
        else "attendee",
        answers=said.kept,
        private=said.private,
        sessions=sessions(form),
        consents=tuple(consents),
        form_key=form.text("form_key", longest=100),
    )


def person(form: Form) -> dict[str, Any]:
    """What a form says of a person beside name and address, as an Entry's arguments."""
    return {
        "organisation_name": form.text("organisation"),
        "organisation_country": form.choice("organisation_country", choices()),
        "organisation_kind": form.choice("organisation_kind", OrganisationKind.labels()),
        "country": form.choice("country", choices()),
        "gender": form.choice("gender", Gender.labels()),
        "birth_year": form.integer("birth_year", least=1900, most=now().year),
        "target_group": form.text("target_group"),
    }


def read_answers(form: Form, shown: Shown) -> answers.Answers:
    """The answers in a form; what is wrong is noted in it."""
    given = {
        q.key: form.values.get(PREFIX + q.key)
        for q in shown.questions
        if PREFIX + q.key in form.values
    }
    said = answers.read(shown.questions, given, strict=not shown.by_hand)
    for key, message in said.wrong.items():
        form.wrong(PREFIX + key, message)
    return said


def sessions(form: Form) -> tuple[int, ...]:
    """The sessions chosen in a form."""
    found = form.values.get("sessions") or []
    found = found if isinstance(found, list) else [found]
    return tuple(int(v) for v in found if v.isascii() and v.isdigit() and len(v) < 19)


def text_of(question: Question) -> str:
    """A question's words as the person saw them."""
    return text(question.label)


def values(registration: Registration, chosen: Iterable[int]) -> dict[str, object]:
    """What a registration says, as a form's values. Its person and organisation are fetched."""
    organisation = registration.organisation if registration.organisation_id else None
    found: dict[str, object] = {
        "name": registration.person.name,
        "email": registration.person.email,
        "organisation": text(organisation.name) if organisation else "",
        "organisation_country": organisation.country if organisation else "",
        "organisation_kind": organisation.kind if organisation else "",
        "country": registration.country,
        "gender": registration.gender,
        "birth_year": str(registration.birth_year or ""),
        "target_group": registration.target_group,
        "role": registration.role,
        "sessions": [str(c) for c in chosen],
    }
    for key, value in registration.answers.items():
        found[PREFIX + key] = as_typed(value)
    return found


def as_typed(value: object) -> object:
    """An answer as a form's value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, list) else str(value)


def in_words(question: Question, value: object) -> str:
    """An answer as people read it."""
    labels = {str(o["value"]): text(o["label"]) for o in question.options}  # type: ignore[arg-type]  # JSON
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(labels.get(str(v), str(v)) for v in value)
    return labels.get(str(value), str(value))
