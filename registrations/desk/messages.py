"""Organisers' messages of an event: what did we tell whom, did it arrive; and writing to those
registered.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core import db, settings
from core.clock import now
from core.http.pages import render, see_other
from core.i18n import _, plural
from events.event.access import Scope, desk_event
from events.event.event import PUBLIC
from events.presentation.navigation import shell
from notifications.outbox.letters import kinds
from registrations.mail import notices
from registrations.mail.announcements import Announcement

router = APIRouter(include_in_schema=False)

_TOLD = """
SELECT kind, count(*) AS n, SUM(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) AS sent,
  SUM(CASE WHEN state IN ('queued', 'sending', 'held') THEN 1 ELSE 0 END) AS waiting,
  SUM(CASE WHEN state IN ('failed', 'bounced') THEN 1 ELSE 0 END) AS failed, MAX(created_at) AS last
FROM message WHERE subject_of = $1::bigint AND state <> 'withdrawn' GROUP BY kind ORDER BY MAX(created_at) DESC
"""


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
async def messages(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
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
        "registrations/desk/messages.html",
        told=told,
        sent=await written.exclude(sent_at=None).order_by("-id").limit(50),
        draft=await written.filter(sent_at=None, author=scope.actor.name).first(),
        kept=not settings.get().smtp_url,
        open=scope.event.status in PUBLIC,
        coming=scope.event.status == "published" and scope.event.ends_at > now(),
        people=await notices.how_many(scope.event),
        **shell(scope, tab="messages"),
    )


@router.get("/desk/e/{event}/messages/reminder")
async def look(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """How the reminder looks, before it is sent."""
    return render(
        request,
        "registrations/desk/reminder.html",
        mail=await notices.preview("reminder", scope.event),
        people=await notices.how_many(scope.event, notices.COMING),
        **shell(
            scope, [(str(_("Messages")), f"/desk/e/{scope.event.slug}/messages")], tab="reminder"
        ),
    )


@router.post("/desk/e/{event}/messages/reminder")
async def remind(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Send the reminder."""
    count = await notices.send_reminder(scope.event, scope.actor)
    said = plural(
        "An e-mail to %(n)s person is on its way.",
        "E-mails to %(n)s people are on their way.",
        count,
    )
    nobody = _("Everyone has already had this e-mail today, so nobody was sent it again.")
    return see_other(request, f"/desk/e/{scope.event.slug}/messages", said if count else nobody)
