"""My registration: status, ticket, calendar, what I said, cancel or name a substitute. The address
is the secret.
"""

import json
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from core.clock import now
from core.errors import DomainError
from core.http import limits
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import SECRET_HEADERS, render, see_other
from core.i18n import Lazy, _
from registrations.form import form as forms
from registrations.form.answers import asked
from registrations.form.entry import Entry
from registrations.form.questions import Question
from registrations.people import self_service
from registrations.people.erasure import erase
from registrations.placing.substitution import substitute
from registrations.presentation.own_page import own, shown
from registrations.registration import tickets
from registrations.registration.registration import Registration

router = APIRouter(include_in_schema=False)


@router.get("/r/{token}")
async def page(request: Request, token: str) -> Response:
    """My registration."""
    return await _page(request, await own(request, token), Form())


@router.get("/r/{token}/ticket.svg")
async def ticket_svg(request: Request, token: str) -> Response:
    """The ticket's QR, sharp at any size."""
    found = await own(request, token)
    return Response(tickets.svg(found.ticket), media_type="image/svg+xml", headers=SECRET_HEADERS)


@router.get("/r/{token}/ticket.png")
async def ticket_png(request: Request, token: str) -> Response:
    """The ticket's QR, for keeping among pictures."""
    found = await own(request, token)
    return Response(tickets.png(found.ticket), media_type="image/png", headers=SECRET_HEADERS)


@router.post("/r/{token}/accept")
async def accept(request: Request, token: str) -> Response:
    """Take the offered seat."""
    found = await own(request, token)
    return await _done(
        request,
        found,
        found.accept(),
        _("The seat is yours. We have e-mailed your ticket."),
    )


@router.post("/r/{token}/refuse")
async def refuse(request: Request, token: str) -> Response:
    """Leave the offered seat to the next one."""
    found = await own(request, token)
    return await _done(
        request,
        found,
        found.refuse_offer(),
        _("Thank you: the seat goes to the next one on the list."),
    )


@router.post("/r/{token}/cancel")
async def cancel(request: Request, token: str) -> Response:
    """Give the registration up."""
    found = await own(request, token)
    form = await Form.read(request)
    if found.event.ends_at <= now():
        raise DomainError(_("This event is over."), 409)
    return await _done(
        request,
        found,
        found.cancel(form.text("reason")[:500]),
        _("Your registration is cancelled."),
    )


@router.post("/r/{token}/substitute")
async def substitution(request: Request, token: str) -> Response:
    """Somebody else comes instead."""
    found = await own(request, token)
    form = await Form.read(request)
    entry = Entry(form.text("name", required=True), form.email("email", required=True))
    try:
        form.check()
        await substitute(found, entry)
    except DomainError as error:
        form.take(error)
        return await _page(request, found, form, error.status)
    said = _("%(name)s comes in your place. We have told both of you by e-mail.", name=entry.name)
    return see_other(request, f"/r/{token}", said)


@router.post("/r/{token}/change")
async def change(request: Request, token: str) -> Response:
    """Say something else."""
    found = await own(request, token)
    _ahead(found)
    shown = forms.Shown([q for q in await asked(found.event) if not q.private])
    form = await Form.read(request, shown.several)
    said, answers = forms.person(form), forms.read_answers(form, shown)
    try:
        form.check()
    except DomainError as error:
        return await _page(request, found, form, error.status, open_part="change")
    await self_service.change(found, said, answers.kept)
    return see_other(request, f"/r/{token}", _("Your answers are saved."))


@router.post("/r/{token}/sessions")
async def choose(request: Request, token: str) -> Response:
    """Choose other sessions."""
    found = await own(request, token)
    _ahead(found)
    form = await Form.read(request, ("sessions",))
    try:
        await self_service.choose_sessions(found, list(forms.sessions(form)))
    except DomainError as error:
        form.take(error)
        return await _page(request, found, form, error.status)
    return see_other(request, f"/r/{token}", _("Your sessions are chosen."))


@router.post("/r/{token}/code")
async def code(request: Request, token: str) -> Response:
    """Mail a code that opens what is kept apart."""
    found = await own(request, token)
    await limits.hit("link", f"code:{found.id}")
    await self_service.send_code(found)
    return see_other(request, f"/r/{token}/needs")


@router.get("/r/{token}/needs")
async def needs_form(request: Request, token: str) -> Response:
    """Ask for the code."""
    return await _needs(request, await own(request, token), Form())


@router.post("/r/{token}/needs")
async def needs(request: Request, token: str) -> Response:
    """With the code: show what is kept apart, and change it."""
    found = await own(request, token)
    questions = [q for q in await asked(found.event) if q.private]
    form = await Form.read(request)
    try:
        await self_service.check_code(found, form.text("code"))
    except DomainError as error:
        form.take(error)
        return await _needs(request, found, form, error.status)
    if not form.yes("save"):
        kept = await self_service.private_answers(found)
        form.values |= {forms.PREFIX + key: value for key, value in kept.items()}
        return await _needs(request, found, form, questions=questions)
    said = forms.read_answers(form, forms.Shown(questions))
    if said.private and not form.yes("agree_needs"):
        form.wrong(
            "agree_needs", _("We need your consent to keep these needs; or leave them empty.")
        )
    if form.errors:
        return await _needs(request, found, form, 422, questions=questions)
    await self_service.change_needs(
        found, {q.key: said.private.get(q.key, "") for q in questions}, str(forms.AGREE_NEEDS)
    )
    return see_other(request, f"/r/{token}", _("Your needs are saved."))


@router.post("/r/{token}/consents/{consent}/withdraw")
async def withdraw(request: Request, token: str, consent: str) -> Response:
    """Take a consent back."""
    found = await own(request, token)
    return await _done(
        request,
        found,
        self_service.withdraw_consent(found, identity(consent)),
        _("Your consent is withdrawn."),
    )


@router.get("/r/{token}/data.json")
async def data(request: Request, token: str) -> Response:
    """Everything kept about me."""
    found = await own(request, token)
    body = json.dumps(await self_service.exported(found), ensure_ascii=False, indent=2)
    headers = {**SECRET_HEADERS, "Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(body, media_type="application/json", headers=headers)


@router.post("/r/{token}/erase")
async def erased(request: Request, token: str) -> Response:
    """Erase me."""
    found = await own(request, token)
    await erase(found.person)
    return render(
        request,
        "registrations/web/erased.html",
        headers=SECRET_HEADERS,
        project=found.event.project,
    )


def _ahead(found: Registration) -> None:
    if not found.active or found.event.ends_at <= now():
        raise DomainError(_("This cannot be changed any more."), 409)


async def _done(request: Request, found: Registration, work: Any, said: Lazy) -> Response:
    """After a verb: back to the page, which says what happened; or why not."""
    try:
        await work
    except DomainError as error:
        if error.status == 404:
            raise
        return see_other(request, f"/r/{found.secret}", error.message, "danger")
    return see_other(request, f"/r/{found.secret}", said)


async def _needs(
    request: Request,
    found: Registration,
    form: Form,
    status: int = 200,
    questions: list[Question] | None = None,
) -> Response:
    context = {
        "opened": questions is not None,
        "asked": questions or [],
        "agree_needs": forms.AGREE_NEEDS,
    }
    return render(
        request,
        "registrations/web/needs.html",
        status,
        SECRET_HEADERS,
        own=found,
        base=f"/r/{found.secret}",
        project=found.event.project,
        form=form,
        **context,
    )


async def _page(
    request: Request, found: Registration, form: Form, status: int = 200, open_part: str = ""
) -> Response:
    context = await shown(found, form, request.query_params.get("remind", ""))
    return render(
        request,
        "registrations/web/mine.html",
        status,
        SECRET_HEADERS,
        open_part=open_part,
        **context,
    )
