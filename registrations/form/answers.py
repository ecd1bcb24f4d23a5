"""Answers to the questions of a form: checked, stored, and, if kept apart, encrypted and deleted in
time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from core import db, settings
from core.clock import now, today
from core.database import encryption as private
from core.http.forms import Form
from core.i18n import Lazy, _, text
from core.text import clean
from events.event.event import Event
from events.event.kinds import kind_of
from registrations.form.questions import PrivateAnswer, Question
from registrations.registration.registration import Registration

KEPT = timedelta(days=14)
"""How long after the event answers that are kept apart stay."""
LONGEST = 2000
PURPOSES = {
    "diet": _("So that the meals suit you"),
    "access": _("So that you can take part fully"),
}
OTHER_PURPOSE = _("So that the organiser can prepare for you")


@dataclass
class Answers:
    """Answers read: what is kept with the registration, what is kept apart, and what is wrong, each
    by question.
    """

    kept: dict[str, object] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, "Lazy | str"] = field(default_factory=dict)
    agreed: list[Question] = field(default_factory=list)


async def asked(event: Event) -> list[Question]:
    """What the form of this event asks, in order: the kind's own questions unless the organiser
    changed or left them out, then the organiser's. Without a key to seal them, private ones are
    not asked.
    """
    rows = {q.key: q for q in await Question.filter(event_id=event.id).order_by("position", "id")}
    own = {d["key"]: Question(event_id=event.id, **d) for d in _of_kind(event.kind)}
    found = [rows.pop(key, question) for key, question in own.items()] + list(rows.values())
    found.sort(key=lambda q: q.position)
    sealed = bool(settings.get().private_keys.strip())
    return [q for q in found if q.asked and (sealed or not q.private)]


@lru_cache
def _of_kind(code: str) -> tuple[dict[str, Any], ...]:
    return tuple(kind_of(code).questions())


def read(
    questions: Iterable[Question], given: Mapping[str, object], *, strict: bool = True
) -> Answers:
    """Check answers by key. `strict` is for people, who see the form: required questions need an
    answer then.

    A question that is shown only if another is answered so is dropped when it is not. Unknown keys
    are errors.
    """
    form = Form(given)
    found = Answers(wrong=form.errors)
    said: dict[str, object] = {}
    questions = list(questions)
    for unknown in set(given) - {q.key for q in questions}:
        form.wrong(clean(unknown)[:100], _("There is no such question."))
    for question in questions:
        if not shown(question, said):
            continue
        value = _value(form, question)
        if question.key in form.errors:
            said[question.key] = None
            continue
        said[question.key] = value
        if value in (None, "", []) or (question.kind == "consent" and not value):
            if question.required and strict:
                consent = question.kind == "consent"
                form.wrong(
                    question.key,
                    _("This needs your consent.") if consent else _("Please answer this."),
                )
        elif question.private:
            found.private[question.key] = (
                str(value) if not isinstance(value, list) else ", ".join(value)
            )
        else:
            found.kept[question.key] = value
            if question.kind == "consent":
                found.agreed.append(question)
    return found


def shown(question: Question, said: Mapping[str, object]) -> bool:
    """Whether a question is asked, given the answers before it."""
    if not question.shown_if:
        return True
    answer, wanted = (
        said.get(str(question.shown_if.get("question"))),
        question.shown_if.get("value"),
    )
    if isinstance(answer, list):
        return wanted in answer
    return answer == wanted or (isinstance(answer, bool) and ("yes" if answer else "no") == wanted)


def _value(form: Form, question: Question) -> object:
    """An answer as it is kept; what is wrong with it is noted in the form."""
    key, options = question.key, [str(option["value"]) for option in question.options]
    if question.kind == "several":
        return form.several(key, options)
    if question.kind in {"yes_no", "consent"}:
        return form.yes_or_no(key)
    if isinstance(form.values.get(key), list | dict):
        form.wrong(key, _("Please give one answer."))
        return None
    if question.kind == "choice":
        return form.choice(key, options)
    if question.kind in {"number", "date"}:
        return form.decimal(key) if question.kind == "number" else _date(form, key)
    return form.text(key, longest=LONGEST, lines=question.kind == "text")


def _date(form: Form, key: str) -> str:
    typed = form.text(key)
    try:
        return date.fromisoformat(typed).isoformat() if typed else ""
    except ValueError:
        form.wrong(key, _("Please give a date as year-month-day."))
        return ""


def purpose(key: str) -> Lazy:
    """What a private answer is for."""
    return PURPOSES.get(key, OTHER_PURPOSE)


def delete_on(event: Event) -> date:
    """The day on which private answers of this event are gone."""
    return event.ends_at.astimezone(ZoneInfo(event.timezone)).date() + KEPT


async def keep_private(
    registration: Registration, event: Event, answers: Mapping[str, str]
) -> None:
    """Seal and keep private answers, instead of those there are; an empty one is removed. Part of
    the transaction.
    """
    for key, value in answers.items():
        await PrivateAnswer.filter(registration_id=registration.id, key=key).delete()
        if value:
            await PrivateAnswer.create(
                project_id=event.project_id,
                event_id=event.id,
                registration_id=registration.id,
                key=key,
                sealed=private.seal(value),
                purpose=str(purpose(key)),
                consented_at=now(),
                delete_on=delete_on(event),
            )


async def for_the_caterer(event: Event) -> list[tuple[str, list[tuple[str, int]]]]:
    """What was asked for, by question, and by how many, without names: `[(label, [(answer, count),
    …]), …]`.
    """
    labels = {q.key: text(q.label) for q in await asked(event)}
    counts: dict[str, dict[str, int]] = {}
    query = PrivateAnswer.filter(
        event_id=event.id, registration__status__in=("confirmed", "offered")
    )
    for answer in await query.order_by("id"):
        said = private.unseal(answer.sealed).casefold()
        bucket = counts.setdefault(answer.key, {})
        bucket[said] = bucket.get(said, 0) + 1
    return [
        (labels.get(key, key), sorted(found.items(), key=lambda f: (-f[1], f[0])))
        for key, found in counts.items()
    ]


async def forget_private() -> int:
    """Delete private answers whose day has come. For the worker's timetable; answers how many."""
    due = await db.row(
        "SELECT COUNT(*) AS n FROM private_answer WHERE delete_on <= $1::date", today("UTC")
    )
    await PrivateAnswer.filter(delete_on__lte=today("UTC")).delete()
    return int(due["n"]) if due else 0
