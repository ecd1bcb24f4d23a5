"""Organisers write to those registered: to whom, the words, how it looks for any of them, a test to
oneself.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core.errors import DomainError
from core.http.forms import Form
from core.http.pages import is_fragment, render, see_other
from core.i18n import Lazy, _, fmt, plural, text
from core.text import search_key
from events.event.access import Scope, desk_event
from events.presentation.navigation import shell
from events.programme.sessions import Session
from notifications.outbox.letters import Rendered
from registrations.mail import notices
from registrations.mail.announcements import Announcement
from registrations.mail.audience import audience, countries, organisations
from registrations.mail.wordings import PLACEHOLDERS
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ParticipantRole

router = APIRouter(include_in_schema=False)

WHO: dict[str, Lazy] = {
    "confirmed": _("Confirmed"),
    "pending": _("Awaiting approval"),
    "waiting": _("On the waiting list"),
    "offered": _("With an offered seat"),
}
THERE: dict[str, Lazy] = {
    "yes": _("Only those who were there"),
    "no": _("Only those who were not there"),
}
_NARROWING = ("role", "country", "organisation", "session", "attended")


@router.get("/desk/e/{event}/messages/write")
async def write(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Write to those registered; a draft of mine is still there."""
    draft = await Announcement.get_or_none(
        event_id=scope.event.id, author=scope.actor.name, sent_at=None
    )
    given: dict[str, Any] = {"statuses": ["confirmed"]}
    if draft:
        there = {None: "", True: "yes", False: "no"}[draft.attended]
        given = {
            "subject": draft.subject,
            "text": draft.text,
            "statuses": draft.statuses,
            "attended": there,
        }
        given |= {"role": draft.role, "country": draft.country}
        given |= {
            "organisation": str(draft.organisation_id or ""),
            "session": str(draft.session_id or ""),
        }
    return await _page(request, scope, Form(given))


@router.post("/desk/e/{event}/messages/write")
async def send(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Keep the draft and show how it looks; with `send`, send it."""
    form = await Form.read(request, ("statuses",))
    event, base = scope.event, f"/desk/e/{scope.event.slug}/messages"
    try:
        draft = await _kept(form, scope)
        if form.values.get("do") == "test":
            email = await notices.try_out(event, scope.actor, draft)
            return see_other(
                request, f"{base}/write", _("A test is on its way to %(email)s.", email=email)
            )
        if form.values.get("do") != "send":
            return await _page(request, scope, form, draft=draft)
        count = await notices.announce(event, scope.actor, draft)
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, form, error.status)
    return see_other(
        request,
        base,
        plural(
            "An e-mail to %(n)s person is on its way.",
            "E-mails to %(n)s people are on their way.",
            count,
        ),
    )


async def _kept(form: Form, scope: Scope) -> Announcement:
    subject = form.text("subject", required=True, longest=200)
    words = form.text("text", required=True, longest=10_000, lines=True)
    statuses = form.several("statuses", tuple(WHO))
    if not statuses:
        form.wrong("statuses", _("Please choose at least one."))
    offered = await _offered(scope)
    given = {
        name: form.choice(name, [value for value, _label in offered[name]]) for name in _NARROWING
    }
    form.check()
    whom: dict[str, Any] = {"role": given["role"], "country": given["country"]}
    whom |= {
        f"{name}_id": int(given[name]) if given[name] else None
        for name in ("organisation", "session")
    }
    whom["attended"] = {"": None, "yes": True, "no": False}[given["attended"]]
    return await Announcement.keep(scope.event, scope.actor.name, subject, words, statuses, **whom)


async def _offered(scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """What a message can be narrowed to: those roles, countries, organisations and sessions that
    there are.
    """
    event = scope.event
    sessions = await Session.filter(event_id=event.id, removed_at=None).order_by("starts_at", "id")
    return {
        "role": [(key, str(word)) for key, word in ParticipantRole.labels().items()],
        "country": [(code, fmt.country(code)) for code in await countries(event)],
        "organisation": [(str(o.id), text(o.name)) for o in await organisations(event)],
        "session": [(str(s.id), text(s.title)) for s in sessions],
        "attended": [(key, str(word)) for key, word in THERE.items()],
    }


async def _page(
    request: Request, scope: Scope, form: Form, status: int = 200, draft: Announcement | None = None
) -> Response:
    """The form; with a draft, how it looks for a person, the one whose name was typed or the
    first.
    """
    event, to = scope.event, str(form.values.get("to") or "")
    mail: Rendered | None = None
    people = await audience(event, draft) if draft else []
    reader = await _reader(people, to)
    if draft:
        mail = await notices.preview(
            "message", event, {"draft": draft}, reader.id if reader else None
        )
    part = is_fragment(request) and status == 200
    return render(
        request,
        "registrations/desk/message_part.html" if part else "registrations/desk/message_write.html",
        status,
        form=form,
        mail=mail,
        reader=reader,
        to=to,
        who=[(key, word, await notices.how_many(event, (key,))) for key, word in WHO.items()],
        offered=await _offered(scope),
        narrowed=any(form.values.get(name) for name in _NARROWING),
        people=len(people),
        placeholders=PLACEHOLDERS,
        **shell(scope, [(str(_("Messages")), f"/desk/e/{event.slug}/messages")], tab="write"),
    )


async def _reader(people: list[int], typed: str) -> Registration | None:
    """The one whose name was typed, or the first, of those it goes to."""
    if not people:
        return None
    if typed:
        found = Registration.filter(
            id__in=people, person__search__contains=search_key(typed)
        ).order_by("id")
        if named := await found.select_related("person").first():
            return named
    return await Registration.get(id=people[0]).select_related("person")
