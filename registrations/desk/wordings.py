"""The words of an event's mails: an organiser's own subject and opening, by kind and language, with
a preview.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit.audit import audit
from core.clock import now
from core.errors import DomainError, not_found
from core.http.forms import Form
from core.http.pages import is_fragment, render, see_other
from core.i18n import LANGUAGES, _, speaking
from events.event.access import Scope, desk_event
from events.presentation.navigation import shell
from notifications.outbox.letters import Rendered, kinds, written
from registrations.mail.letters import compose
from registrations.mail.recipients import invented
from registrations.mail.wordings import ADAPTED, PLACEHOLDERS, Wording, check

router = APIRouter(include_in_schema=False)


@router.get("/desk/e/{event}/messages/words")
async def words(
    request: Request,
    scope: Annotated[Scope, Depends(desk_event("organiser"))],
    kind: str = "",
    spoken: str = "",
) -> Response:
    """Which mails there are, and which of them have words of one's own; or one of them."""
    event = scope.event
    if kind or spoken:
        known = await Wording.get_or_none(event_id=event.id, kind=kind, language=spoken)
        form = Form({"subject": known.subject, "text": known.text} if known else {})
        return await _page(request, scope, form, kind, spoken)
    own = {(w.kind, w.language) for w in await Wording.filter(event_id=event.id)}
    names = kinds()
    return render(
        request,
        "registrations/desk/wordings.html",
        rows=[
            (k, str(names[k]), [(code, (k, code) in own) for code in LANGUAGES]) for k in ADAPTED
        ],
        **_shell(scope),
    )


@router.post("/desk/e/{event}/messages/words")
async def keep(
    request: Request,
    scope: Annotated[Scope, Depends(desk_event("organiser"))],
    kind: str = "",
    spoken: str = "",
) -> Response:
    """Show how it reads; with `do=keep`, keep it."""
    form = await Form.read(request)
    subject = form.text("subject", longest=200)
    said = form.text("text", longest=10_000, lines=True)
    if not kind:
        raise DomainError(_("Please choose what to do."), 422)
    if kind not in ADAPTED or spoken not in LANGUAGES:
        raise not_found()
    try:
        form.check()
        if form.values.get("do") != "keep":
            check(subject=subject, text=said)
            return await _page(request, scope, form, kind, spoken)
        await Wording.keep(scope.event, kind, spoken, subject, said, scope.actor.name)
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, form, kind, spoken, error.status)
    await audit(scope.actor, "event.words_changed", scope.event, changed=[f"{kind} {spoken}"])
    return see_other(
        request,
        f"/desk/e/{scope.event.slug}/messages/words",
        _("Saved: e-mails use this wording from now on."),
    )


async def _page(
    request: Request, scope: Scope, form: Form, kind: str, spoken: str, status: int = 200
) -> Response:
    if kind not in ADAPTED or spoken not in LANGUAGES:
        raise not_found()
    mail = await _mail(scope, form, kind, spoken) if status == 200 else None
    part = is_fragment(request) and status == 200
    return render(
        request,
        "mails/_preview.html" if part else "registrations/desk/wording.html",
        status,
        form=form,
        mail=mail,
        kind=kind,
        name=str(kinds()[kind]),
        spoken=spoken,
        placeholders=PLACEHOLDERS,
        **_shell(
            scope,
            [(str(_("Wording of the e-mails")), f"/desk/e/{scope.event.slug}/messages/words")],
        ),
    )


async def _mail(scope: Scope, form: Form, kind: str, spoken: str) -> Rendered:
    """As an invented person reads it in that language."""
    given = {
        "subject": str(form.values.get("subject") or ""),
        "text": str(form.values.get("text") or ""),
    }
    wording = Wording(
        event_id=scope.event.id, kind=kind, language=spoken, changed_at=now(), **given
    )
    scope.event.project = scope.project
    with speaking(spoken):
        someone = invented(scope.event)
        letter = await compose[kind](someone, {"wording": wording})
        return written(kind, someone.person.name, letter).blanked()


def _shell(scope: Scope, more: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    base = f"/desk/e/{scope.event.slug}/messages"
    return shell(scope, [(str(_("Messages")), base), *(more or [])], tab="words")
