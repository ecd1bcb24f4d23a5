"""Organisers' messages of an event: what did we tell whom, did it arrive; and writing to those registered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core import db, settings
from core.clock import now
from core.errors import DomainError
from core.forms import Form
from core.i18n import Lazy, _, plural
from core.pages import is_fragment, render, see_other
from core.text import search_key
from events.access import Scope, desk_event
from events.desk_shell import shell
from notifications.letters import Rendered, kinds
from registrations import notices
from registrations.announcements import Announcement
from registrations.registrations import ACTIVE, Registration
from registrations.wordings import PLACEHOLDERS

router = APIRouter(include_in_schema=False)

_TOLD = """
SELECT kind, count(*) AS n, SUM(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) AS sent,
  SUM(CASE WHEN state IN ('queued', 'sending', 'held') THEN 1 ELSE 0 END) AS waiting,
  SUM(CASE WHEN state IN ('failed', 'bounced') THEN 1 ELSE 0 END) AS failed, MAX(created_at) AS last
FROM message WHERE subject_of = $1::bigint AND state <> 'withdrawn' GROUP BY kind ORDER BY MAX(created_at) DESC
"""
WHO: dict[str, Lazy] = {
    "confirmed": _("Confirmed"),
    "pending": _("Awaiting approval"),
    "waiting": _("On the waiting list"),
    "offered": _("With an offered seat"),
}


@dataclass(frozen=True)
class Told:
    """One kind of mail about this event, counted."""

    kind: str
    name: str
    sent: int
    waiting: int
    failed: int
    last: datetime


@router.get("/desk/e/{event}/messages")
async def messages(request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]) -> Response:
    """What did we tell whom, and did it arrive?"""
    names = kinds()
    told = [
        Told(
            r["kind"],
            str(names.get(r["kind"], r["kind"])),
            *(int(r["sent"]), int(r["waiting"]), int(r["failed"])),
            db.moment(r["last"]),
        )
        for r in await db.rows(_TOLD, scope.event.id)
    ]
    written = Announcement.filter(event_id=scope.event.id)
    return render(
        request,
        "registrations/messages.html",
        told=told,
        sent=await written.exclude(sent_at=None).order_by("-id").limit(50),
        draft=await written.filter(sent_at=None, author=scope.actor.name).first(),
        kept=not settings.get().smtp_url,
        coming=scope.event.status == "published" and scope.event.ends_at > now(),
        people=await notices.how_many(scope.event),
        **shell(scope, tab="messages"),
    )


@router.get("/desk/e/{event}/messages/write")
async def write(request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]) -> Response:
    """Write to those registered; a draft of mine is still there."""
    draft = await Announcement.get_or_none(event_id=scope.event.id, author=scope.actor.name, sent_at=None)
    given: dict[str, Any] = {"statuses": ["confirmed"]}
    if draft:
        given = {"subject": draft.subject, "text": draft.text, "statuses": draft.statuses}
    return await _page(request, scope, Form(given))


@router.post("/desk/e/{event}/messages/write")
async def send(request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]) -> Response:
    """Keep the draft and show how it looks; with `send`, send it."""
    form = await Form.read(request, ("statuses",))
    event, base = scope.event, f"/desk/e/{scope.event.slug}/messages"
    try:
        draft = await _kept(form, scope)
        if form.values.get("do") != "send":
            return await _page(request, scope, form, draft=draft)
        count = await notices.announce(event, scope.actor, draft)
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, form, error.status)
    return see_other(
        request, base, plural("A mail to %(n)s person is on its way.", "Mails to %(n)s people are on their way.", count)
    )


async def _kept(form: Form, scope: Scope) -> Announcement:
    subject = form.text("subject", required=True, longest=200)
    words = form.text("text", required=True, longest=10_000, lines=True)
    statuses = form.several("statuses", tuple(WHO))
    if not statuses:
        form.wrong("statuses", _("Please choose at least one."))
    form.check()
    return await Announcement.keep(scope.event, scope.actor.name, subject, words, statuses)


async def _page(
    request: Request, scope: Scope, form: Form, status: int = 200, draft: Announcement | None = None
) -> Response:
    """The form; with a draft, how it looks for a person, the one whose name was typed or the first."""
    event, to = scope.event, str(form.values.get("to") or "")
    mail: Rendered | None = None
    reader = await _reader(scope, to, draft.statuses) if draft else None
    if draft:
        mail = await notices.preview("message", event, {"draft": draft}, reader.id if reader else None)
    counts = {s: await notices.how_many(event, (s,)) for s in ACTIVE}
    chosen = form.values.get("statuses") or []
    return render(
        request,
        "registrations/message_part.html"
        if is_fragment(request) and status == 200
        else "registrations/message_write.html",
        status,
        form=form,
        mail=mail,
        reader=reader,
        to=to,
        who=[(key, word, counts[key]) for key, word in WHO.items()],
        people=sum(counts[s] for s in chosen if s in counts),
        placeholders=PLACEHOLDERS,
        **shell(scope, [(str(_("Messages")), f"/desk/e/{event.slug}/messages")], tab="write"),
    )


async def _reader(scope: Scope, typed: str, statuses: list[str]) -> Registration | None:
    found = Registration.filter(event_id=scope.event.id, status__in=statuses).order_by("id").select_related("person")
    if typed:
        named = await found.filter(person__search__contains=search_key(typed)).first()
        if named:
            return named
    return await found.first()


@router.get("/desk/e/{event}/messages/reminder")
async def look(request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]) -> Response:
    """How the reminder looks, before it is sent."""
    return render(
        request,
        "registrations/reminder.html",
        mail=await notices.preview("reminder", scope.event),
        people=await notices.how_many(scope.event, notices.COMING),
        **shell(scope, [(str(_("Messages")), f"/desk/e/{scope.event.slug}/messages")], tab="reminder"),
    )


@router.post("/desk/e/{event}/messages/reminder")
async def remind(request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]) -> Response:
    """Send the reminder."""
    count = await notices.send_reminder(scope.event, scope.actor)
    said = plural("A mail to %(n)s person is on its way.", "Mails to %(n)s people are on their way.", count)
    nobody = _("Everyone had this mail already today, so nobody was told again.")
    return see_other(request, f"/desk/e/{scope.event.slug}/messages", said if count else nobody)
