"""Organisers' pages: what the form of an event asks."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from core import settings
from core.errors import DomainError, not_found
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import Lazy, _, language, text
from events.event.access import Scope
from events.event.kinds import kind_of
from events.presentation.navigation import shell
from events.presentation.posted_form import language_names, spread, words
from registrations.form import questionnaire
from registrations.form.questions import Question
from registrations.presentation.scope import Organiser

router = APIRouter(include_in_schema=False)

KINDS: dict[str, Lazy] = {
    "text": _("A text"),
    "choice": _("One of several answers"),
    "several": _("Several of several answers"),
    "number": _("A number"),
    "date": _("A date"),
    "yes_no": _("Yes or no"),
    "consent": _("A consent"),
}


@router.get("/desk/e/{event}/form")
async def asked(request: Request, scope: Organiser) -> Response:
    """All questions, in order."""
    return render(
        request,
        "registrations/desk/questions.html",
        questions=await questionnaire.every(scope.event),
        kinds=KINDS,
        own={d["key"] for d in kind_of(scope.event.kind).questions()},
        kind=kind_of(scope.event.kind),
        sealed=bool(settings.get().private_keys.strip()),
        base=_base(scope),
        **shell(scope, tab="form"),
    )


@router.get("/desk/e/{event}/form/new")
async def new(request: Request, scope: Organiser) -> Response:
    """A new question."""
    return await _page(request, scope, Form({"kind": "text"}), None)


@router.post("/desk/e/{event}/form/new")
async def added(request: Request, scope: Organiser) -> Response:
    """Add it."""
    form = await Form.read(request)
    try:
        await questionnaire.add(scope.event, _read(scope, form), scope.actor)
    except DomainError as error:
        return await _page(request, scope, _noted(scope, form, error), None, 422)
    return see_other(request, _base(scope), _("The form asks one more question."))


@router.get("/desk/e/{event}/form/{key}")
async def one(request: Request, scope: Organiser, key: str) -> Response:
    """A question, to change it."""
    question = await _found(scope, key)
    return await _page(request, scope, Form(_values(scope, question)), question)


@router.post("/desk/e/{event}/form/{key}")
async def changed(request: Request, scope: Organiser, key: str) -> Response:
    """Change it."""
    question = await _found(scope, key)
    form = await Form.read(request)
    try:
        await questionnaire.change(scope.event, key, _read(scope, form), scope.actor)
    except DomainError as error:
        return await _page(request, scope, _noted(scope, form, error), question, 422)
    return see_other(request, _base(scope), _("The question is changed."))


@router.post("/desk/e/{event}/form/{key}/ask")
async def ask(request: Request, scope: Organiser, key: str) -> Response:
    """Ask it again."""
    await questionnaire.ask(scope.event, key, scope.actor, asked=True)
    return see_other(request, _base(scope), _("The form asks this question again."))


@router.post("/desk/e/{event}/form/{key}/leave-out")
async def leave_out(request: Request, scope: Organiser, key: str) -> Response:
    """Leave it out; answers given stay."""
    await questionnaire.ask(scope.event, key, scope.actor, asked=False)
    said = _("The form does not ask this question any more. Answers that were given stay.")
    return see_other(request, _base(scope), said, undo=f"{_base(scope)}/{key}/ask")


@router.post("/desk/e/{event}/form/{key}/up")
async def up(request: Request, scope: Organiser, key: str) -> Response:
    """Ask it earlier."""
    await questionnaire.move(scope.event, key, -1, scope.actor)
    return see_other(request, f"{_base(scope)}#question-{key}")


@router.post("/desk/e/{event}/form/{key}/down")
async def down(request: Request, scope: Organiser, key: str) -> Response:
    """Ask it later."""
    await questionnaire.move(scope.event, key, 1, scope.actor)
    return see_other(request, f"{_base(scope)}#question-{key}")


def _base(scope: Scope) -> str:
    return f"/desk/e/{scope.event.slug}/form"


def _codes(scope: Scope) -> list[str]:
    return list(scope.project.languages) or [language()]


async def _found(scope: Scope, key: str) -> Question:
    for question in await questionnaire.every(scope.event):
        if question.key == key:
            return question
    raise not_found()


def _read(scope: Scope, form: Form) -> questionnaire.Asked:
    codes = _codes(scope)
    options = words(form, "options", codes)
    return questionnaire.Asked(
        kind=form.text("kind"),
        label=words(form, "label", codes),
        hint=words(form, "hint", codes),
        options={code: said.splitlines() for code, said in options.items()},
        required=form.yes("required"),
        private=form.yes("private"),
        shown_if=(form.text("shown_if"), form.text("shown_value")),
    )


def _noted(scope: Scope, form: Form, error: DomainError) -> Form:
    if error.status != 422:
        raise error
    first = _codes(scope)[0]
    fields = {
        f"{n}_{first}" if n in {"label", "options"} else n: m for n, m in error.fields.items()
    }
    form.take(DomainError(error.message, 422, fields))
    return form


def _values(scope: Scope, question: Question) -> dict[str, str]:
    codes = _codes(scope)
    labels: list[dict[str, str]] = [dict(o["label"]) for o in question.options]  # type: ignore[call-overload]  # JSON
    options = {code: "\n".join(label.get(code, "") for label in labels) for code in codes}
    return {
        "kind": question.kind,
        **spread("label", question.label, codes),
        **spread("hint", question.hint, codes),
        **spread("options", options, codes),
        "required": "yes" if question.required else "",
        "private": "yes" if question.private else "",
        "shown_if": str(question.shown_if.get("question", "")),
        "shown_value": str(question.shown_if.get("value", "")),
    }


async def _page(
    request: Request, scope: Scope, form: Form, question: Question | None, status: int = 200
) -> Response:
    every = await questionnaire.every(scope.event)
    others = [q for q in every if not question or q.key != question.key]
    return render(
        request,
        "registrations/desk/question.html",
        status,
        form=form,
        question=question,
        kinds=list(KINDS.items()),
        codes=language_names(_codes(scope)),
        before=[(q.key, text(q.label)) for q in others if not q.private],
        answers=_answers(others),
        sealed=bool(settings.get().private_keys.strip()),
        base=_base(scope),
        **shell(scope, tab="form"),
    )


def _answers(questions: list[Question]) -> list[tuple[str, str]]:
    """What a condition can ask for: the answers of questions with a closed list."""
    found = [("yes", str(_("Yes"))), ("no", str(_("No")))]
    for question in questions:
        if not question.private:
            found += [
                (value, f"{text(question.label)}: {label}") for value, label in question.choices
            ]
    return found
