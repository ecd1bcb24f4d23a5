"""Organisers' pages: one person of an event, and registering someone by hand."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import meets
from core.clock import now
from core.errors import DomainError, not_found
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import SECRET_HEADERS, render, see_other
from core.i18n import _, language, text
from events.event.access import Scope
from events.presentation.navigation import shell
from notifications.delivery.failures import ADVICE, FAILURES
from notifications.outbox.bounces import Bounce
from registrations.form import form as forms
from registrations.form.answers import asked
from registrations.form.entry import Entry, language_of
from registrations.form.notice import choices_of, problems
from registrations.people.attendee_list import ACTIONS, correct, note_for_door
from registrations.placing.register import place
from registrations.placing.substitution import substitute
from registrations.presentation.person_page import history, said
from registrations.presentation.scope import Organiser, Viewer
from registrations.registration import tickets
from registrations.registration.registration import Registration
from registrations.registration.session_options import to_choose
from registrations.registration.vocabulary import CalendarReply, ParticipantRole
from registrations.registration.waiting_list import waiting_position

router = APIRouter(include_in_schema=False)


@router.get("/desk/e/{event}/people/new")
async def by_hand(request: Request, scope: Organiser) -> Response:
    """The form, for somebody else."""
    return await _form(request, scope, Form({"role": "attendee", "tell": "yes"}))


@router.post("/desk/e/{event}/people/new")
async def register(request: Request, scope: Organiser) -> Response:
    """Register someone by hand: they get the same mail, unless the organiser says not."""
    event = scope.event
    shown = forms.Shown(await asked(event), by_hand=True)
    form = await Form.read(request, shown.several)
    entry = forms.read(form, shown)
    spoken = language_of(form.text("language"), [*scope.project.languages, language()])
    try:
        form.check()
        made, new = await place(
            event, entry, source="desk", actor=scope.actor, notify=form.yes("tell"), language=spoken
        )
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        form.take(error)
        return await _form(request, scope, form, error.status)
    to = f"/desk/e/{event.slug}/people/{made.id}"
    if not new:
        return see_other(request, to, _("%(name)s is registered already.", name=entry.name), "info")
    return see_other(request, to, _("%(name)s is registered.", name=entry.name))


@router.get("/desk/e/{event}/people/{registration}")
async def person(request: Request, scope: Viewer, registration: str) -> Response:
    """One person: what was said, what happened."""
    return await _page(request, scope, await _found(scope, registration), Form())


@router.get("/desk/e/{event}/people/{registration}/ticket.svg")
async def ticket(scope: Viewer, registration: str) -> Response:
    """The ticket's QR, to show or print for somebody."""
    found = await _found(scope, registration)
    return Response(tickets.svg(found.ticket), media_type="image/svg+xml", headers=SECRET_HEADERS)


@router.post("/desk/e/{event}/people/{registration}/correct")
async def corrected(request: Request, scope: Organiser, registration: str) -> Response:
    """Correct a name or an address."""
    found = await _found(scope, registration)
    form = await Form.read(request)
    try:
        await correct(found, form.text("name"), form.text("email", longest=254), scope.actor)
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, found, form, error.status)
    return see_other(request, _back(scope, found), _("Corrected."))


@router.post("/desk/e/{event}/people/{registration}/door-note")
async def noted(request: Request, scope: Organiser, registration: str) -> Response:
    """Write what the door should know."""
    found = await _found(scope, registration)
    form = await Form.read(request)
    note = form.text("door_note")
    try:
        form.check()
    except DomainError as error:
        return await _page(request, scope, found, form, error.status)
    await note_for_door(found, note, scope.actor)
    return see_other(
        request, _back(scope, found), _("Saved. Phones at the door show it within seconds.")
    )


@router.post("/desk/e/{event}/people/{registration}/substitute")
async def substituted(request: Request, scope: Organiser, registration: str) -> Response:
    """Somebody else comes instead."""
    found = await _found(scope, registration)
    form = await Form.read(request)
    entry = Entry(
        form.text("substitute_name"), form.text("substitute_email", longest=254), role=found.role
    )
    try:
        new = await substitute(found, entry, actor=scope.actor)
    except DomainError as error:
        fields = {f"substitute_{name}": message for name, message in error.fields.items()}
        form.take(DomainError(error.message, error.status, fields))
        return await _page(request, scope, found, form, error.status)
    return see_other(request, _back(scope, new), _("%(name)s comes instead.", name=entry.name))


def _back(scope: Scope, found: Registration) -> str:
    return f"/desk/e/{scope.event.slug}/people/{found.id}"


async def _found(scope: Scope, registration: str) -> Registration:
    found = Registration.get_or_none(id=identity(registration), event_id=scope.event.id)
    registered = await found.select_related("person", "organisation")
    if not registered:
        raise not_found()
    return registered


async def _page(
    request: Request, scope: Scope, found: Registration, form: Form, status: int = 200
) -> Response:
    event = scope.event
    follower = await Registration.filter(replaces_id=found.id).select_related("person").first()
    before = await Registration.filter(id=found.replaces_id or 0).select_related("person").first()
    known = {"name": found.person.name, "email": found.person.email, "door_note": found.door_note}
    form.values = {**known, **form.values}
    actions = [(key, a.label, a.danger) for key, a in ACTIONS.items() if found.status in a.statuses]
    bounce = (await Bounce.of(found.project_id, [found.person.email])).get(
        found.person.email.casefold()
    )
    return render(
        request,
        "registrations/desk/person.html",
        status,
        bounce=bounce,
        failures=FAILURES,
        advice=ADVICE,
        own=found,
        form=form,
        position=await waiting_position(found),
        said=await said(found, event),
        history=await history(found, event),
        follower=follower,
        before=before,
        organises=meets(scope.role, "organiser"),
        actions=actions,
        over=event.ends_at <= now(),
        replies=CalendarReply.labels(),
        base=f"/desk/e/{event.slug}/people",
        **shell(scope, tab="people"),
    )


async def _form(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    event = scope.event
    event.project = scope.project
    questions = await asked(event)
    context: dict[str, Any] = shell(scope, tab="people")
    return render(
        request,
        "registrations/desk/by_hand.html",
        status,
        form=form,
        title=text(event.title),
        asked=questions,
        problems=problems(form, questions),
        needs=any(q.private for q in questions),
        choices=await to_choose(event),
        roles=list(ParticipantRole.labels().items()),
        over=event.ends_at <= now(),
        base=f"/desk/e/{event.slug}/people",
        **choices_of(event),
        **context,
    )
