"""Public pages: coming events, a project, an event with its programme. They set no cookie."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import browser, meets
from core.clock import now
from core.errors import not_found
from core.http.pages import cookie_name, render
from core.i18n import language, text
from core.memory.single_flight import Looks
from events.event.event import PUBLIC, Event
from events.event.kinds import kind_of
from events.event.organisers import EventOrganiser
from events.presentation import page_cache
from events.presentation.display import leaf, programme_days, standing
from events.programme.sessions import Session
from events.projects.projects import Activity, Partner, Project, Resource

router = APIRouter(include_in_schema=False)

PER_PAGE = 25
From = Annotated[int, Query(alias="from", ge=0, le=10**6)]


@router.api_route("/", methods=["GET", "HEAD"])
async def coming(request: Request, start: From = 0) -> Response:
    """What is coming: open events of all projects."""
    found = (
        await _listed()
        .filter(ends_at__gt=now())
        .order_by("starts_at", "id")
        .offset(start)
        .limit(PER_PAGE + 1)
    )
    leaves = [leaf(e, f"/e/{e.slug}") for e in found[:PER_PAGE]]
    return render(
        request, "events/web/coming.html", leaves=leaves, **_neighbours("/", start, len(found))
    )


def _listed() -> Any:
    return Event.filter(open_to_public=True, internal=False, status__in=PUBLIC).select_related(
        "project"
    )


def _neighbours(path: str, start: int, found: int) -> dict[str, Any]:
    before = max(0, start - PER_PAGE)
    return {
        "next": f"{path}?from={start + PER_PAGE}" if found > PER_PAGE else "",
        "previous": (f"{path}?from={before}" if before else path) if start else "",
    }


@router.api_route("/p/{project}", methods=["GET", "HEAD"])
async def project_page(request: Request, project: str, start: From = 0) -> Response:
    """A project: what it is, what is coming, what has been."""
    found = await Project.get_or_none(slug=project)
    if not found:
        raise not_found()
    events, moment = _listed().filter(project_id=found.id), now()
    past = (
        await events.filter(ends_at__lte=moment)
        .order_by("-starts_at", "-id")
        .offset(start)
        .limit(PER_PAGE + 1)
    )
    ahead = await events.filter(ends_at__gt=moment).order_by("starts_at", "id").limit(200)
    return render(
        request,
        "events/web/project.html",
        project=found,
        ahead=[leaf(e, f"/e/{e.slug}") for e in ahead],
        past=[leaf(e, f"/e/{e.slug}") for e in past[:PER_PAGE]],
        partners=await Partner.filter(project_id=found.id)
        .order_by("position", "id")
        .select_related("organisation"),
        activities=await Activity.filter(project_id=found.id).order_by("id"),
        resources=[r for r in await Resource.filter(project_id=found.id).order_by("id") if r.url],
        title=text(found.title),
        **_neighbours(f"/p/{found.slug}", start, len(past)),
    )


@router.api_route("/e/{event}", methods=["GET", "HEAD"])
async def event_page(request: Request, event: str) -> Response:
    """An event. What is the same for everybody is rendered once (events/presentation/page_cache.py)."""
    if request.cookies.get(cookie_name("session")):
        return await _for_organisers(request, event)
    if page_cache.plain(request):
        return await _public(request, event)
    found = await _load(event)
    if found.status == "draft":
        raise not_found()
    return await _event(request, found)


async def _event_at_once(request: Request) -> Response | None:
    return (
        await _public(request, request.path_params["event"]) if page_cache.plain(request) else None
    )


hot = APIRouter()
"""The public page the short way (viesis/fast_routes.py)."""
hot.add_route("/e/{event}", _event_at_once, methods=["GET"])  # type: ignore[arg-type]  # None: the ordinary route

_rendered: Looks[page_cache.Page | None] = Looks()


async def _public(request: Request, slug: str) -> Response:
    state = await page_cache.state_of(slug)
    if state is None:
        raise not_found()
    page = page_cache.kept(slug, state) or await _rendered.look(
        (slug, language()), lambda: _render(request, slug)
    )
    if page is None:
        raise not_found()
    return page_cache.answer(request, page)


async def _render(request: Request, slug: str) -> page_cache.Page | None:
    """The page as it is now. The state is read before what it stands for: a change in between
    renders it again.
    """
    state = await page_cache.state_of(slug)
    if state is None:
        return None
    if page := page_cache.kept(slug, state):
        return page
    response = await _event(request, await _load(slug))
    return page_cache.keep(slug, state, bytes(response.body))


async def _load(slug: str) -> Event:
    found = await Event.get_or_none(slug=slug).select_related("project", "series")
    if not found:
        raise not_found()
    return found


async def _for_organisers(request: Request, slug: str) -> Response:
    """The same page for someone signed in: a draft is a preview for those who organise it, and the
    desk is near.
    """
    found = await _load(slug)
    actor = await browser(request)
    role = await actor.role_in(found.project_id) if actor else None
    if found.status == "draft" and not meets(role, "viewer"):
        raise not_found()
    return await _event(request, found, role)


async def _event(request: Request, event: Event, role: str | None = None) -> Response:
    sessions = await Session.filter(event_id=event.id, removed_at=None).order_by("starts_at", "id")
    organisers = (
        await EventOrganiser.filter(event_id=event.id)
        .select_related("partner__organisation")
        .order_by("id")
    )
    return render(
        request,
        "events/web/event.html",
        project=event.project,
        event=event,
        title=text(event.title),
        description=text(event.description),
        days=programme_days(event, sessions),
        organisers=[o.partner.organisation for o in organisers],
        kind=kind_of(event.kind),
        here=standing(event),
        desk=_desk(event, role),
        starts_iso=_iso(event.starts_at),
    )


def _desk(event: Event, role: str | None) -> str:
    """Where this role does its work for the event, or nothing."""
    if meets(role, "viewer"):
        return f"/desk/e/{event.slug}"
    return f"/desk/e/{event.slug}/door" if role else ""


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
