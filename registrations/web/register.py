"""Registering, for anyone: the form, and "send me my link again"."""

import hmac

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from core import tokens
from core.clock import now
from core.errors import DomainError, not_found
from core.http import limits
from core.http.forms import Form
from core.http.pages import check_origin, render, see_other
from core.i18n import Lazy, _, language, text
from core.text import fold
from events.event.event import Event
from events.presentation.display import standing, when
from registrations.form import form as forms
from registrations.form.answers import asked
from registrations.form.notice import choices_of, kept_until, problems
from registrations.mail.invitations import INVITED, invited
from registrations.placing.register import place
from registrations.registration.registration import Registration
from registrations.registration.session_options import to_choose

router = APIRouter(include_in_schema=False)

SAID = {
    "confirmed": _("You are registered. We have e-mailed your ticket."),
    "waiting": _("You are on the waiting list. We have e-mailed you the details."),
    "pending": _(
        "Your registration has been received. We have e-mailed you the details, and the organiser's answer follows."
    ),
}


@router.get("/e/{event}/register")
async def form(request: Request, event: str) -> Response:
    """The form, or why there is none."""
    found = await _event(event)
    invitation = request.query_params.get("invitation", "")[:100]
    if invitation.startswith(INVITED):
        # whether it is for the address that is typed shows when the form comes
        found.invitation_only = False
    if not standing(found).open:
        return _closed(request, found)
    return await _page(
        request, found, Form({"form_key": tokens.random(""), "invitation": invitation})
    )


@router.post("/e/{event}/register")
async def register(request: Request, event: str) -> Response:
    """Register: then to one's own page. Whoever is registered already gets a mail, and sees nothing
    of it here.
    """
    check_origin(request)
    found = await _event(event)
    await limits.hit("registration", limits.client_ip(request))
    shown = forms.Shown(await asked(found))
    form = await Form.read(request, shown.several)
    entry = forms.read(form, shown)
    source = _welcomed(found, form, entry.email)
    try:
        form.check()
        made, new = await place(found, entry, source=source, language=language())
    except DomainError as error:
        return await _again(request, found, form, error)
    if new:
        return see_other(request, f"/r/{made.secret}", SAID[made.status])
    if made.form_key and hmac.compare_digest(made.form_key, tokens.hashed(entry.form_key)):
        return see_other(
            request,
            f"/r/{made.secret}",
            _("You are registered: this was sent twice, and counts once."),
        )
    await _send_links([made])
    return see_other(request, f"/e/{found.slug}/registered")


@router.get("/e/{event}/registered")
async def known(request: Request, event: str) -> Response:
    """After registering a second time."""
    found = await _event(event)
    return render(
        request,
        "registrations/web/known.html",
        event=found,
        project=found.project,
        title=text(found.title),
    )


@router.get("/e/{event}/link")
async def link_form(request: Request, event: str) -> Response:
    """Ask for the link to one's own page."""
    return _link_page(request, await _event(event), Form())


@router.post("/e/{event}/link")
async def link(request: Request, event: str) -> Response:
    """Mail the links of an address, if it has any; the answer does not tell, nor how long it
    takes.
    """
    check_origin(request)
    found = await _event(event)
    form = await Form.read(request)
    email = form.email("email", required=True)
    if form.errors:
        return _link_page(request, found, form, 422)
    await limits.hit("link", f"{found.id}:{fold(email)}")
    await limits.hit("registration", limits.client_ip(request))

    async def send() -> None:
        known = Registration.filter(event_id=found.id, person__email_folded=fold(email)).exclude(
            hash=None
        )
        await _send_links(await known.order_by("-id").limit(20))

    answer = _link_page(request, found, form, sent=True)
    answer.background = BackgroundTask(send)
    return answer


def _welcomed(event: Event, form: Form, email: str) -> str:
    """Where the form comes from: `invited` when it carries an invitation to an event by
    invitation.
    """
    invitation = form.text("invitation", longest=100)
    if not event.invitation_only or not invitation:
        return "web"
    if not invited(event, email, invitation):
        form.wrong("email", _("Please use the address that the invitation came to."))
    event.invitation_only = False
    return "invited"


async def _send_links(registrations: list[Registration]) -> None:
    """Mail the address of their own page to these; at most once in ten minutes each."""
    slot = f"{now():%Y%m%d%H%M}"[:-1]
    for registration in registrations:
        await registration.tell("link_again", once=slot)


def _link_page(
    request: Request, event: Event, form: Form, status: int = 200, *, sent: bool = False
) -> Response:
    context = {
        "event": event,
        "project": event.project,
        "title": text(event.title),
        "form": form,
        "sent": sent,
    }
    return render(request, "registrations/web/link.html", status, **context)


async def _event(slug: str) -> Event:
    found = await Event.get_or_none(slug=slug).select_related("project")
    if not found or found.status == "draft":
        raise not_found()
    return found


def _closed(request: Request, event: Event, status: int = 200) -> Response:
    context = {
        "event": event,
        "project": event.project,
        "title": text(event.title),
        "here": standing(event),
    }
    return render(request, "registrations/web/closed.html", status, when=when(event), **context)


async def _again(request: Request, event: Event, form: Form, error: DomainError) -> Response:
    """The form once more with what was typed; or, when the event takes nobody any more, why."""
    if error.status not in {409, 422}:
        raise error
    await event.refresh_from_db()
    if error.status == 409 and not standing(event).open:
        return _closed(request, event, 409)
    if error.status == 422:
        fields = {_FIELDS.get(name, name): message for name, message in error.fields.items()}
        form.take(DomainError(error.message, 422, fields))
        return await _page(request, event, form, 422)
    return await _page(request, event, form, 409, refused=error.message)


_FIELDS = {"organisation.country": "organisation_country", "organisation.kind": "organisation_kind"}


async def _page(
    request: Request, event: Event, form: Form, status: int = 200, refused: "Lazy | str" = ""
) -> Response:
    questions = await asked(event)
    private = [forms.PREFIX + q.key for q in questions if q.private]
    return render(
        request,
        "registrations/web/register.html",
        status,
        event=event,
        project=event.project,
        title=text(event.title),
        when=when(event),
        here=standing(event),
        form=form,
        refused=refused,
        asked=questions,
        problems=problems(form, questions),
        needs=bool(private),
        needs_open=any(form.values.get(name) or form.errors.get(name) for name in private),
        statistics_open=any(
            form.errors.get(name) for name in ("gender", "birth_year", "target_group")
        ),
        choices=await to_choose(event),
        agree=forms.AGREE,
        agree_needs=forms.AGREE_NEEDS,
        kept_until=kept_until(event),
        **choices_of(event),
    )
