"""Organisers invite people by mail: to whom, in whose language, with which words; seen before it
goes.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core.errors import REQUIRED, DomainError
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import LANGUAGES, _, plural
from core.text import fold, is_email
from events.event.access import Scope, desk_event
from events.presentation.navigation import shell
from notifications.outbox import letters
from notifications.outbox.letters import Rendered
from notifications.outbox.message import Message
from registrations.form.entry import language_of
from registrations.mail import notices

router = APIRouter(include_in_schema=False)

MOST = 500
"""Addresses at once: more is a mailing, which needs a list of its own."""

_LINE = re.compile(r"^(?P<name>.*?)[\s,<\"]*(?P<email>[^\s<>,]+@[^\s<>,]+)>?,?$")


@router.get("/desk/e/{event}/messages/invite")
async def invitation(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Whom, and with which words."""
    return await _page(request, scope, Form({"language": language_of("", scope.project.languages)}))


@router.post("/desk/e/{event}/messages/invite")
async def send(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Show how it looks; with `send`, send it."""
    form = await Form.read(request)
    code = form.choice("language", LANGUAGES, required=True)
    words = form.text("words", longest=10_000, lines=True)
    people = _people(form)
    try:
        form.check()
        if form.values.get("do") != "send":
            return await _page(request, scope, form, people=people)
        count = await notices.invite(scope.event, scope.actor, people, words, code)
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, form, error.status)
    said = plural(
        "An e-mail to %(n)s person is on its way.",
        "E-mails to %(n)s people are on their way.",
        count,
    )
    nobody = _(
        "Everyone here was invited before or wants no invitations, so nobody was told again."
    )
    return see_other(request, f"/desk/e/{scope.event.slug}/messages", said if count else nobody)


def _people(form: Form) -> list[tuple[str, str]]:
    """Addresses with names, each address once."""
    typed = form.text("people", required=True, longest=100_000, lines=True)
    lines = [line for line in (part.strip() for part in re.split(r"[\n;]", typed)) if line]
    found: dict[str, tuple[str, str]] = {}
    for line in lines[:MOST]:
        match = _LINE.match(line)
        if not match or not is_email(match["email"]):
            form.wrong("people", _("There is no e-mail address in “%(line)s”.", line=line[:80]))
        else:
            found.setdefault(
                fold(match["email"]), (match["email"], match["name"].strip(' ,"')[:200])
            )
    if len(lines) > MOST:
        form.wrong("people", _("At most %(most)s addresses at once, please.", most=MOST))
    if not found:
        form.wrong("people", REQUIRED)
    return list(found.values())


async def _page(
    request: Request,
    scope: Scope,
    form: Form,
    status: int = 200,
    people: list[tuple[str, str]] | None = None,
) -> Response:
    """The form; with people, how it looks for the first."""
    mail: Rendered | None = None
    if people:
        email, name = people[0]
        about = {"event": scope.event.id, "text": form.text("words", longest=10_000, lines=True)}
        code = str(form.values["language"])
        first = Message(
            kind="event_invitation", to_email=email, to_name=name, language=code, about=about
        )
        shown = await letters.render(first, preview=True)
        mail = shown.blanked() if shown else None
    return render(
        request,
        "registrations/desk/invite.html",
        status,
        form=form,
        mail=mail,
        people=len(people or []),
        **shell(
            scope, [(str(_("Messages")), f"/desk/e/{scope.event.slug}/messages")], tab="invite"
        ),
    )
