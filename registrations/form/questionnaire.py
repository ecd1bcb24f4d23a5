"""Editing an event's own questions: add, change, move, remove. They are read by
registrations/form/questions.py.
"""

import re
from dataclasses import dataclass, field

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core.db import atomic
from core.errors import MARKED, NOT_LISTED, REQUIRED, DomainError
from core.i18n import Lazy, _
from core.text import clean, search_key
from events.event.event import Event
from events.event.kinds import kind_of
from registrations.form.questions import QUESTION_KINDS, Question

LONGEST = 300
MOST = 60
WITH_OPTIONS = ("choice", "several")


@dataclass(frozen=True)
class Asked:
    """A question as an organiser writes it. `options` are one a line, in each language; `shown_if`
    is (key, value).
    """

    kind: str
    label: dict[str, str]
    hint: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    required: bool = False
    private: bool = False
    shown_if: tuple[str, str] = ("", "")


async def every(event: Event) -> list[Question]:
    """All questions of an event in their order, those left out too; the kind's own have no id until
    changed.
    """
    rows = {q.key: q for q in await Question.filter(event_id=event.id).order_by("position", "id")}
    own = [Question(event_id=event.id, **d) for d in kind_of(event.kind).questions()]
    found = [rows.pop(question.key, question) for question in own] + list(rows.values())
    found.sort(key=lambda q: q.position)
    return found


@atomic
async def add(event: Event, asked: Asked, actor: Actor) -> Question:
    """A new question at the end."""
    there = await every(event)
    if len(there) >= MOST:
        raise DomainError(_("A form with so many questions is not filled in by anybody."), 422)
    columns = _columns(asked, there, None)
    question = Question(
        event_id=event.id,
        key=_key(next(iter(columns["label"].values())), {q.key for q in there}),  # type: ignore[attr-defined]  # a dict
        position=max([q.position for q in there], default=0) + 1,
        **columns,
    )
    await question.save()
    await audit(actor, "question.added", event, [question.key])
    return question


@atomic
async def change(event: Event, key: str, asked: Asked, actor: Actor) -> None:
    """Say a question differently. Options keep their values by their place, so that answers stay
    what they were.
    """
    there = await every(event)
    question = await _own(there, key)
    question.update_from_dict(_columns(asked, [q for q in there if q.key != key], question))
    await question.save()
    await audit(actor, "question.changed", event, [key])


@atomic
async def ask(event: Event, key: str, actor: Actor, *, asked: bool) -> None:
    """Leave a question out, or ask it again. Answers given stay."""
    question = await _own(await every(event), key)
    question.asked = asked
    await question.save()
    await audit(actor, "question.asked" if asked else "question.left_out", event, [key])


@atomic
async def move(event: Event, key: str, by: int, actor: Actor) -> None:
    """Move a question up (-1) or down (1)."""
    there = await every(event)
    names = [q.key for q in there]
    if key not in names:
        raise DomainError(_("There is no such question."), 404)
    here = names.index(key)
    to = min(max(here + by, 0), len(there) - 1)
    there.insert(to, there.pop(here))
    for position, question in enumerate(there, 1):
        question.position = position
        await question.save()
    await audit(actor, "question.moved", event, [key])


async def _own(there: list[Question], key: str) -> Question:
    """The row of a question; that of the kind becomes one when it is first changed."""
    for place, question in enumerate(there, 1):
        if question.key == key:
            if not question.id:
                question.position = place
            return question
    raise DomainError(_("There is no such question."), 404)


def _columns(asked: Asked, others: list[Question], before: Question | None) -> dict[str, object]:
    wrong: dict[str, Lazy | str] = {}
    label = _texts(asked.label)
    if not label:
        wrong["label"] = REQUIRED
    if asked.kind not in QUESTION_KINDS:
        wrong["kind"] = NOT_LISTED
    options = _options(asked, before) if asked.kind in WITH_OPTIONS else []
    if asked.kind in WITH_OPTIONS and len(options) < 2:
        wrong["options"] = _("Please give at least two answers to choose from, one on a line.")
    on, value = asked.shown_if
    if on and on not in {q.key for q in others if not q.private}:
        wrong["shown_if"] = NOT_LISTED
    if on and not value:
        wrong["shown_value"] = _("Please say which answer.")
    if wrong:
        raise DomainError(MARKED, 422, wrong)
    return {
        "kind": asked.kind,
        "label": label,
        "hint": _texts(asked.hint),
        "options": options,
        "required": asked.required,
        "private": asked.private and asked.kind in {"text", "choice", "several"},
        "shown_if": {"question": on, "value": value} if on else {},
    }


def _texts(said: dict[str, str]) -> dict[str, str]:
    return {code: cleaned for code, words in said.items() if (cleaned := clean(words)[:LONGEST])}


def _options(asked: Asked, before: Question | None) -> list[dict[str, object]]:
    """Options with a value each: those of before by their place, new ones by their words."""
    lines = {
        code: [clean(line)[:LONGEST] for line in said if clean(line)]
        for code, said in asked.options.items()
    }
    known = [str(o["value"]) for o in before.options] if before else []
    used = set(known)
    found: list[dict[str, object]] = []
    for n in range(min(50, max([len(said) for said in lines.values()], default=0))):
        label = {code: said[n] for code, said in lines.items() if n < len(said)}
        value = known[n] if n < len(known) else _key(next(iter(label.values())), used)
        used.add(value)
        found.append({"value": value, "label": label})
    return found


def _key(words: str, used: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", search_key(words)).strip("_")[:30] or "question"
    key, n = base, 1
    while key in used:
        n += 1
        key = f"{base}_{n}"
    return key
