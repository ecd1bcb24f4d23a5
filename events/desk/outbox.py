"""The outbox for organisers (of their project) and for administrators (of all): what went, what
waits, what failed.
"""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from tortoise.expressions import Q

from accounts.audit.audit import audit
from accounts.management.administration import administrator
from accounts.management.navigation import navigation
from accounts.sessions.access import Actor, require, signed_in
from core import db, settings
from core.errors import DomainError, not_found
from core.http.api import identity
from core.http.pages import is_fragment, render, see_other
from core.i18n import Lazy, _, plural
from events.event.access import Scope, desk_project, project_scope
from events.event.event import Event
from events.presentation.navigation import shell
from events.projects.projects import Project
from notifications.delivery.failures import ADVICE, FAILURES
from notifications.outbox import letters
from notifications.outbox.message import Attempt, Message

router = APIRouter(include_in_schema=False)

PER_PAGE = 50
FILTERS: dict[str, tuple[Lazy, tuple[str, ...]]] = {
    "all": (_("All"), ()),
    "waiting": (_("Waiting"), ("queued", "sending")),
    "failed": (_("Failed"), ("failed", "bounced")),
    "bounced": (_("Came back"), ("bounced",)),
    "held": (_("Held back"), ("held",)),
    "sent": (_("Sent"), ("sent",)),
    "withdrawn": (_("Not needed any more"), ("withdrawn",)),
}
LOOKS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
"""The policy of a mail shown as it looks: its own styles and pictures, and nothing else at all."""

Admin = Annotated[Actor, Depends(administrator)]
User = Annotated[Actor, Depends(signed_in)]


@router.get("/desk/outbox")
async def everything(
    request: Request,
    actor: Admin,
    show: str = "all",
    q: str = "",
    before: str = "",
    event: str = "",
) -> Response:
    """Every mail of the installation."""
    given = {
        "base": "/desk/outbox",
        "nav": navigation(actor, "/desk/outbox"),
        "zone": settings.get().timezone,
    }
    return await _list(request, Message.all(), None, show, q, before, event, given)


@router.get("/desk/p/{project}/outbox")
async def of_project(
    request: Request,
    scope: Annotated[Scope, Depends(desk_project("organiser"))],
    show: str = "all",
    q: str = "",
    before: str = "",
    event: str = "",
) -> Response:
    """Every mail of a project."""
    given = {"base": f"/desk/p/{scope.project.slug}/outbox", "zone": scope.project.timezone}
    given |= shell(scope, current="outbox")
    return await _list(
        request,
        Message.filter(scope=scope.project.id),
        scope.project,
        show,
        q,
        before,
        event,
        given,
    )


async def _list(
    request: Request,
    found: Any,
    project: Project | None,
    show: str,
    q: str,
    before: str,
    event: str,
    given: Any,
) -> Response:
    show = show if show in FILTERS else "all"
    of_event = await Event.get_or_none(slug=event) if event else None
    if of_event and (not project or of_event.project_id == project.id):
        found = found.filter(subject_of=of_event.id)
    else:
        of_event = None
    if FILTERS[show][1]:
        found = found.filter(state__in=FILTERS[show][1])
    if q := q.strip()[:100]:
        found = found.filter(
            Q(to_email__icontains=q) | Q(to_name__icontains=q) | Q(subject__icontains=q)
        )
    if before:
        found = found.filter(id__lt=identity(before))
    rows = await found.order_by("-id").limit(PER_PAGE + 1)
    counts = await _counts(project.id if project else None)
    context = {
        "rows": rows[:PER_PAGE],
        "next": rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None,
        "show": show,
        "q": q,
        "event_slug": event if of_event else "",
        "filters": [(key, word, counts.get(key)) for key, (word, _states) in FILTERS.items()],
        "kinds": letters.kinds(),
        "kept": not settings.get().smtp_url,
        "held": counts.get("held", 0),
        "failed": counts.get("failed", 0),
        **given,
        "of_event": of_event,
    }
    template = "events/desk/outbox_rows.html" if is_fragment(request) else "events/desk/outbox.html"
    return render(request, template, headers={"Vary": "HX-Request-Type"}, **context)


_OF_ALL = """SELECT state, count(*) AS n FROM message
WHERE state IN ('queued', 'sending', 'failed', 'bounced', 'held') GROUP BY state"""
_OF_PROJECT = """SELECT state, count(*) AS n FROM message
WHERE state IN ('queued', 'sending', 'failed', 'bounced', 'held') AND scope = $1::bigint GROUP BY state"""


async def _counts(scope: int | None) -> dict[str, int]:
    """How many wait, failed, are held: what is over is not counted, there may be very many."""
    counted = await (db.rows(_OF_ALL) if scope is None else db.rows(_OF_PROJECT, scope))
    by = {row["state"]: int(row["n"]) for row in counted}
    found = {
        key: sum(by.get(s, 0) for s in FILTERS[key][1])
        for key in ("waiting", "failed", "bounced", "held")
    }
    return {key: n for key, n in found.items() if n}


@router.post("/desk/outbox/release")
async def release_everything(request: Request, actor: Admin) -> Response:
    """Let all held mails go."""
    count = await Message.release_all()
    await audit(actor, "mail.released")
    return see_other(
        request, "/desk/outbox", plural("%(n)s e-mail released.", "%(n)s e-mails released.", count)
    )


@router.post("/desk/p/{project}/outbox/release")
async def release_of_project(
    request: Request, scope: Annotated[Scope, Depends(desk_project("organiser"))]
) -> Response:
    """Let a project's held mails go."""
    count = await Message.release_all(scope=scope.project.id)
    await audit(scope.actor, "mail.released", project_id=scope.project.id)
    to = f"/desk/p/{scope.project.slug}/outbox"
    return see_other(
        request, to, plural("%(n)s e-mail released.", "%(n)s e-mails released.", count)
    )


@router.get("/desk/outbox/{message}")
async def one(request: Request, message: str, actor: User) -> Response:
    """One mail: its way so far, its text with secrets blanked, and what can be done."""
    found = await _message(message, actor)
    rendered = await _rendered(found)
    given: dict[str, Any] = {
        "nav": navigation(actor, "/desk/outbox"),
        "zone": settings.get().timezone,
    }
    back = "/desk/outbox"
    if found.scope and (project := await Project.get_or_none(id=found.scope)):
        scope = await project_scope("organiser", signed_in)(project.slug, actor)
        given, back = (
            {"zone": project.timezone, **shell(scope, current="outbox")},
            f"/desk/p/{project.slug}/outbox",
        )
    given["crumbs"] = [*given.get("crumbs", []), (_("Outbox"), back)]
    return render(
        request,
        "events/desk/message.html",
        mail=found,
        kind=letters.kinds().get(found.kind, found.kind),
        attempts=await Attempt.filter(message_id=found.id).order_by("-id").limit(50),
        rendered=rendered,
        failures=FAILURES,
        advice=ADVICE.get(found.failure, ""),
        files=[a.name for a in rendered.attachments if a.listed] if rendered else [],
        kept=not settings.get().smtp_url,
        **given,
    )


@router.get("/desk/outbox/{message}/looks")
async def looks(message: str, actor: User) -> Response:
    """The mail as it looks, shut in: no script, no link out of it, no secret."""
    rendered = await _rendered(await _message(message, actor))
    if not rendered:
        raise not_found()
    html = rendered.html
    for picture in (a for a in rendered.attachments if a.inline):
        data = base64.b64encode(picture.data).decode()
        html = html.replace(f"cid:{picture.inline}", f"data:{picture.media_type};base64,{data}")
    return HTMLResponse(
        html, headers={"Content-Security-Policy": LOOKS, "Cache-Control": "no-store"}
    )


_DONE: dict[str, Lazy] = {
    "retry": _("It is tried again now."),
    "hold": _("It is held back until you release it."),
    "release": _("It may go."),
}


@router.post("/desk/outbox/{message}/{what}")
async def act(request: Request, message: str, what: str, actor: User) -> Response:
    """Try again, hold, release."""
    found = await _message(message, actor)
    if what not in _DONE:
        raise not_found()
    done = await {"retry": found.retry, "hold": found.hold, "release": found.release}[what]()
    if not done:
        raise DomainError(_("This e-mail has been sent in the meantime."), 409)
    await audit(actor, f"mail.{what}", found, project_id=found.scope)
    return see_other(request, f"/desk/outbox/{found.id}", _DONE[what])


async def _message(message: str, actor: Actor) -> Message:
    found = await Message.get_or_none(id=identity(message))
    if not found:
        raise not_found()
    if found.scope:
        await require(actor, found.scope, "organiser")
    elif not (actor.user and actor.user.admin):
        raise not_found()
    return found


async def _rendered(message: Message) -> letters.Rendered | None:
    """The mail with secrets blanked; None when what it speaks of is gone."""
    rendered = (
        await letters.render(message, preview=True) if message.kind in letters.kinds() else None
    )
    return rendered.blanked() if rendered else None
