"""Addresses of the feeds of events, projects and organisers."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import Actor, signed_in
from core import settings
from core.errors import not_found
from core.http.pages import render, see_other
from core.i18n import LANGUAGES, _
from core.memory.change_notification import news
from core.memory.single_flight import Looks
from events.event.event import Event
from events.feeds import feeds, http
from events.feeds.organiser_address import OrganiserCalendar
from events.projects.projects import Project

router = APIRouter(include_in_schema=False)


_events: Looks[Event | None] = Looks()
"""Of a feed that has changed, every subscriber may ask at once."""


async def _event(slug: str) -> Event | None:
    return await Event.filter(slug=slug).exclude(status="draft").select_related("project").first()


@router.api_route("/e/{event}.ics", methods=["GET", "HEAD"])
async def event_ics(request: Request, event: str) -> Response:
    """One event with its sessions; for whoever has the address. A draft is not there yet."""
    if same := http.unchanged(request):
        return same
    before = news.stamp()
    found = await _events.look(event, lambda: _event(event))
    if not found:
        raise not_found()
    return await http.answer(
        request, feeds.event_feed(found, http.language_of(request, found.project)), before=before
    )


async def _at_once(request: Request) -> Response | None:
    return http.unchanged(request)


hot = APIRouter()
"""Feeds that have not changed, the short way (viesis/fast_routes.py); before the pages, which
`/e/{event}` would take.
"""
for _path in ("/e/{event}.ics", "/p/{project}.ics"):
    hot.add_route(_path, _at_once, methods=["GET"])  # type: ignore[arg-type]  # None: the ordinary route


@router.api_route("/p/{project}.ics", methods=["GET", "HEAD"])
async def project_ics(request: Request, project: str) -> Response:
    """A project's public events."""
    if same := http.unchanged(request):
        return same
    before = news.stamp()
    found = await Project.get_or_none(slug=project)
    if not found:
        raise not_found()
    return await http.answer(
        request, await feeds.project_feed(found, http.language_of(request, found)), before=before
    )


@router.api_route("/desk/calendar/{token}.ics", methods=["GET", "HEAD"])
async def organiser_ics(request: Request, token: str) -> Response:
    """What this organiser may see, as the roles stand now."""
    found = await OrganiserCalendar.by_token(token)
    if not found or found.user.disabled_at:
        raise not_found()
    projects = await Actor(found.user.email, found.user).project_ids()
    asked = request.query_params.get("lang", "")
    code = asked if asked in LANGUAGES else found.user.language or "en"
    return await http.answer(request, await feeds.organiser_feed(projects, code), secret=True)


@router.get("/desk/calendar")
async def calendar(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
    """The organiser's own address, when it was last used, and a way to end it."""
    assert actor.user
    found = await OrganiserCalendar.of(actor.user)
    return render(
        request, "events/web/organiser_calendar.html", calendar=found, zone=settings.get().timezone
    )


@router.post("/desk/calendar")
async def renew(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
    """A new address; the old one ends at once."""
    assert actor.user
    await (await OrganiserCalendar.of(actor.user)).renew()
    return see_other(
        request, "/desk/calendar", _("This is your new address. The old one no longer works.")
    )
