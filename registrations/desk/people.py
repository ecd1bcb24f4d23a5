"""Organisers' pages: the people of an event, and what is done to the ones chosen."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import meets
from core.clock import now
from core.errors import DomainError
from core.http.forms import Form
from core.http.pages import is_fragment, render, see_other
from core.i18n import _
from core.text import clean
from events.presentation.navigation import shell
from notifications.outbox.bounces import Bounce
from registrations.form.answers import for_the_caterer
from registrations.people.attendee_list import ACTIONS, SAID_NO, People, act, chosen, people
from registrations.presentation.scope import Organiser, Viewer
from registrations.registration.vocabulary import CalendarReply, ParticipantRole, RegistrationStatus

router = APIRouter(include_in_schema=False)


@router.get("/desk/e/{event}/people")
async def listed(
    request: Request, scope: Viewer, q: str = "", status: str = "", page: int = 1
) -> Response:
    """Who comes, narrowed by typing and by status."""
    found = await people(scope.event, clean(q)[:200], status, page)
    organises = meets(scope.role, "organiser")
    context = {
        "found": found,
        "statuses": _tabs(found),
        "actions": _offered(found) if organises else [],
        "organises": organises,
        "roles": ParticipantRole.labels(),
        "replies": CalendarReply.labels(),
        "bounces": await Bounce.of(scope.project.id, [r.person.email for r in found.rows]),
        "base": f"/desk/e/{scope.event.slug}/people",
        **shell(scope, tab="people"),
    }
    template = (
        "registrations/desk/people_rows.html"
        if is_fragment(request)
        else "registrations/desk/people.html"
    )
    return render(request, template, headers={"Vary": "HX-Request-Type"}, **context)


@router.post("/desk/e/{event}/people")
async def done(request: Request, scope: Organiser) -> Response:
    """Do something to the chosen ones; what is dangerous is confirmed by name first."""
    form = await Form.read(request, ("chosen",))
    action = form.text("action")
    back = f"/desk/e/{scope.event.slug}/people"
    if action not in ACTIONS:
        raise DomainError(_("Please choose what to do."), 422)
    ids = [str(i) for i in form.values.get("chosen") or []]
    known = await chosen(scope.event, ids, action)
    if not known:
        return see_other(
            request, back, _("This cannot be done to any of those you chose."), "warning"
        )
    if ACTIONS[action].danger and not form.yes("sure"):
        return render(
            request,
            "registrations/desk/people_confirm.html",
            action=action,
            label=ACTIONS[action].label,
            known=known,
            told=scope.event.ends_at > now(),
            base=back,
            form=form,
            **shell(scope, tab="people"),
        )
    n, refused = await act(scope.event, ids, action, scope.actor, form.text("reason")[:500])
    said = ACTIONS[action].said(n)
    if refused:
        return see_other(request, back, f"{said} {refused}", "warning")
    return see_other(request, back, said)


@router.get("/desk/e/{event}/people/needs")
async def needs(request: Request, scope: Organiser) -> Response:
    """What the kitchen and the house must know: counts, without names."""
    return render(
        request,
        "registrations/desk/needs_counts.html",
        counts=await for_the_caterer(scope.event),
        base=f"/desk/e/{scope.event.slug}/people",
        **shell(scope, tab="people"),
    )


def _tabs(found: People) -> list[tuple[object, str, bool, int]]:
    tabs: list[tuple[object, str, bool, int]] = [(_("All"), "", not found.status, found.everyone)]
    shown = [s for s in RegistrationStatus if found.counts.get(s) or s == found.status]
    tabs += [(s.label, s.value, s == found.status, found.counts.get(s, 0)) for s in shown]
    if found.said_no or found.status == SAID_NO:
        tabs.append((_("Said No"), SAID_NO, found.status == SAID_NO, found.said_no))
    return tabs


def _offered(found: People) -> list[tuple[str, object, bool]]:
    """The actions that fit somebody on this page."""
    there = {r.status for r in found.rows}
    return [(key, a.label, a.danger) for key, a in ACTIONS.items() if there & set(a.statuses)]
