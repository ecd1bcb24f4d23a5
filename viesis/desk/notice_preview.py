"""Shows a notice before it is sent: the mail as its readers see it, and how many get it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit.audit import audit
from core.clock import now
from core.db import atomic
from core.errors import DomainError, not_found
from core.http.forms import Form
from core.http.pages import is_fragment, render, see_other
from core.i18n import Lazy, _, plural
from events.event.access import Scope, desk_event
from events.event.history import Change
from events.presentation.navigation import shell
from events.presentation.pending_notices import QUIET, untold
from registrations.mail import notices
from registrations.mail.calendar_rollout import send_invitations, without_invitation
from registrations.registration.vocabulary import ACTIVE

router = APIRouter(include_in_schema=False)

KINDS = {"agenda": "agenda", "thanks": "thanks", "change": "changed", "calendar": "calendar_invite"}


@router.get("/desk/e/{event}/tell")
async def look(
    request: Request,
    scope: Annotated[Scope, Depends(desk_event("organiser"))],
    what: str = "change",
) -> Response:
    """The mail, and the question whether it goes out: `what` is change, agenda, thanks or
    calendar.
    """
    if what not in KINDS:
        raise not_found()
    changes = await untold(scope.event) if what == "change" else []
    if what == "change" and not changes:
        return see_other(
            request,
            f"/desk/e/{scope.event.slug}",
            _("There is nothing that people have not been told."),
            "info",
        )
    people = await _people(scope, what)
    if what == "calendar" and not people:
        return see_other(
            request,
            f"/desk/e/{scope.event.slug}",
            _("Everyone who comes has the invitation."),
            "info",
        )
    about: dict[str, Any] = {"changes": [c.id for c in changes]}
    return render(
        request,
        "viesis/desk/tell.html",
        what=what,
        mail=await notices.preview(KINDS[what], scope.event, about),
        people=people,
        **shell(scope, tab=f"tell {what}"),
    )


async def _people(scope: Scope, what: str) -> int:
    if what == "calendar":
        return len(await without_invitation(scope.event))
    return await notices.how_many(scope.event, ACTIVE if what == "change" else notices.COMING)


@router.post("/desk/e/{event}/tell")
async def tell(
    request: Request,
    scope: Annotated[Scope, Depends(desk_event("organiser"))],
    what: str = "change",
) -> Response:
    """Tell them, or decide that nobody is told."""
    form, event, actor = await Form.read(request), scope.event, scope.actor
    base = f"/desk/e/{event.slug}"
    if form.values.get("quiet"):
        await _keep_quiet(scope)
        return see_other(request, base, _("Nobody is told of these changes."))
    if what == "change":
        count = await notices.tell_changes(event, actor, [c.id for c in await untold(event)])
    elif what == "agenda":
        count = await notices.send_agenda(event, actor)
    elif what == "thanks":
        count = await notices.thank(event, actor)
    elif what == "calendar":
        count = await send_invitations(event, actor)
    else:
        raise not_found()
    return see_other(request, base, _said(count))


def _said(count: int) -> Lazy:
    if not count:
        return _("Everyone has already had this e-mail, so nobody was sent it again.")
    return plural(
        "An e-mail to %(n)s person is on its way.",
        "E-mails to %(n)s people are on their way.",
        count,
    )


@atomic
async def _keep_quiet(scope: Scope) -> None:
    """An entry of its own in the history, without a revision: calendars have shown the change
    already.
    """
    event = scope.event
    about = {"event_id": event.id, "revision": event.revision, "actor": scope.actor.name[:254]}
    await Change.create(at=now(), action=QUIET, values={}, **about)
    await audit(scope.actor, "event.not_told", event)


@router.get("/desk/e/{event}/cancel")
async def ask(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Why is it cancelled? The mail is shown beside."""
    return await _cancel_page(request, scope, Form())


async def _cancel_page(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    reason = str(form.values.get("reason") or "").strip() or str(_("(your reason)"))
    mail = await notices.preview("cancelled", scope.event, {"reason": reason})
    people = await notices.how_many(scope.event)
    if is_fragment(request):
        return render(request, "mails/_preview.html", status, mail=mail)
    return render(
        request,
        "viesis/desk/cancel.html",
        status,
        form=form,
        mail=mail,
        people=people,
        **shell(scope, tab="cancel"),
    )


@router.post("/desk/e/{event}/cancel/mail")
async def look_at_cancellation(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """The mail with the reason as typed so far; nothing happens."""
    return await _cancel_page(request, scope, await Form.read(request))


@router.post("/desk/e/{event}/cancel")
async def cancel(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Cancel it; tell everyone registered, or nobody."""
    form = await Form.read(request)
    try:
        count = await scope.event.cancel(
            scope.actor,
            str(form.values.get("reason") or ""),
            notify=form.values.get("tell") == "yes",
        )
    except DomainError as error:
        form.take(error)
        return await _cancel_page(request, scope, form, error.status)
    told = plural(
        "It is cancelled, and %(n)s person is told.",
        "It is cancelled, and %(n)s people are told.",
        count,
    )
    return see_other(
        request,
        f"/desk/e/{scope.event.slug}",
        told if count else _("It is cancelled. Nobody was told."),
    )
