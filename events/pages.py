"""Public pages: coming events, a project, an event with its programme. They set no cookie."""

import hashlib
from collections import OrderedDict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from accounts.access import browser, meets
from core import db
from core.clock import now
from core.errors import not_found
from core.i18n import language, text
from core.pages import cookie_name, render
from events.events import Event, EventOrganiser
from events.kinds import kind_of
from events.projects import Activity, Partner, Project, Resource
from events.sessions import Session
from events.shown import FEW, leaf, programme_days, standing

router = APIRouter(include_in_schema=False)

PER_PAGE = 25
LISTED = ("published", "held", "cancelled")
From = Annotated[int, Query(alias="from", ge=0, le=10**6)]


@router.api_route("/", methods=["GET", "HEAD"])
async def coming(request: Request, start: From = 0) -> Response:
    """What is coming: open events of all projects."""
    found = await _listed().filter(ends_at__gt=now()).order_by("starts_at", "id").offset(start).limit(PER_PAGE + 1)
    leaves = [leaf(e, f"/e/{e.slug}") for e in found[:PER_PAGE]]
    return render(request, "events/coming.html", leaves=leaves, **_neighbours("/", start, len(found)))


def _listed() -> Any:
    return Event.filter(open_to_public=True, internal=False, status__in=LISTED).select_related("project")


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
    past = await events.filter(ends_at__lte=moment).order_by("-starts_at", "-id").offset(start).limit(PER_PAGE + 1)
    ahead = await events.filter(ends_at__gt=moment).order_by("starts_at", "id").limit(200)
    return render(
        request,
        "events/project.html",
        project=found,
        ahead=[leaf(e, f"/e/{e.slug}") for e in ahead],
        past=[leaf(e, f"/e/{e.slug}") for e in past[:PER_PAGE]],
        partners=await Partner.filter(project_id=found.id).order_by("position", "id").select_related("organisation"),
        activities=await Activity.filter(project_id=found.id).order_by("id"),
        resources=[r for r in await Resource.filter(project_id=found.id).order_by("id") if r.url],
        title=text(found.title),
        **_neighbours(f"/p/{found.slug}", start, len(past)),
    )


_FRESH = """
SELECT e.id, e.revision, e.changed_at, e.status, e.seats_taken, e.waiting, e.capacity, e.starts_at, e.ends_at,
       e.registration_opens_at, e.registration_closes_at, p.changed_at AS project_changed_at
FROM event e JOIN project p ON p.id = e.project_id WHERE e.slug = $1
"""
_kept: OrderedDict[tuple[str, str], tuple[str, bytes]] = OrderedDict()
KEPT = 500


@router.api_route("/e/{event}", methods=["GET", "HEAD"])
async def event_page(request: Request, event: str) -> Response:
    """An event. Rendered once for each state and language; one small query tells whether that still holds."""
    if request.cookies.get(cookie_name("session")):
        return await _for_organisers(request, event)
    fresh = await db.row(_FRESH, event)
    if not fresh or fresh["status"] == "draft":
        raise not_found()
    plain = not request.url.query and not request.cookies.get(cookie_name("flash"))
    tag = _tag(fresh)
    kept = _kept.get((event, language())) if plain else None
    if kept and kept[0] == tag:
        _kept.move_to_end((event, language()))
        return _answer(request, *kept)
    response = await _event(request, await _load(event))
    if not plain:
        return response
    _kept[event, language()] = (tag, bytes(response.body))
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return _answer(request, tag, bytes(response.body))


def _tag(fresh: dict[str, Any]) -> str:
    """Changes with whatever the page shows: the event, its project, seats, and borders of time that were passed."""
    moment = now()
    borders = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")
    passed = [bool(fresh[b]) and db.moment(fresh[b]) <= moment for b in borders]
    shown = {**fresh, "passed": passed, "language": language()}
    if fresh["capacity"] is None or (fresh["capacity"] - fresh["seats_taken"] > FEW and not fresh["waiting"]):
        del shown["seats_taken"]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def _answer(request: Request, tag: str, body: bytes) -> Response:
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Language, Cookie"}
    if f'"{tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="text/html")


async def _load(slug: str) -> Event:
    found = await Event.get_or_none(slug=slug).select_related("project", "series")
    if not found:
        raise not_found()
    return found


async def _for_organisers(request: Request, slug: str) -> Response:
    """The same page for someone signed in: a draft is a preview for those who organise it, and the desk is near."""
    found = await _load(slug)
    actor = await browser(request)
    role = await actor.role_in(found.project_id) if actor else None
    if found.status == "draft" and not meets(role, "viewer"):
        raise not_found()
    return await _event(request, found, role)


async def _event(request: Request, event: Event, role: str | None = None) -> Response:
    sessions = await Session.filter(event_id=event.id, removed_at=None).order_by("starts_at", "id")
    organisers = await EventOrganiser.filter(event_id=event.id).select_related("partner__organisation").order_by("id")
    return render(
        request,
        "events/event.html",
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
