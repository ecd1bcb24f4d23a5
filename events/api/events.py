"""JSON: events, from draft to held."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.http.api import PREFIX, Paging
from core.http.fields import FieldReader
from events.event.access import Scope, api_event, api_project
from events.event.event import Event, EventStatus
from events.presentation.bodies import EventBody, EventPatch, NotifyBody, ReasonBody
from events.presentation.serializers import EVENT_PARTS, event_json

router = APIRouter(prefix=PREFIX, tags=["events"])

Pages = Annotated[Paging, Depends(Paging)]
Organiser = Annotated[Scope, Depends(api_event("organiser"))]


@router.post("/projects/{project}/events", status_code=201)
async def draft(
    body: EventBody, scope: Annotated[Scope, Depends(api_project("organiser"))]
) -> Response:
    """Make an event: a draft, until its publication."""
    found = await Event.draft(scope.project, scope.actor, **body.model_dump(exclude_unset=True))
    return JSONResponse(await _said(found), 201, {"Location": f"{PREFIX}/events/{found.slug}"})


@router.get("/projects/{project}/events")
async def events(
    request: Request,
    paging: Pages,
    scope: Annotated[Scope, Depends(api_project("viewer"))],
    status: str = "",
) -> Response:
    """The project's events, drafts too; `?status=` for those of one status."""
    reader = FieldReader({"status": status}, ("status",))
    chosen = reader.choice("status", EventStatus.labels())
    reader.check()
    found = Event.filter(project_id=scope.project.id, id__gt=paging.after)
    rows = (
        await (found.filter(status=chosen) if chosen else found)
        .order_by("id")
        .limit(paging.limit + 1)
        .prefetch_related(*EVENT_PARTS)
    )
    return paging.answer(request, [(e.id, event_json(e)) for e in rows])


@router.get("/events/{event}")
async def event(scope: Annotated[Scope, Depends(api_event("viewer"))]) -> dict[str, Any]:
    """An event."""
    return await _said(scope.event)


@router.patch("/events/{event}")
async def change(body: EventPatch, scope: Organiser) -> dict[str, Any]:
    """Change what is given. Those registered are told of what matters to them, unless `notify` is
    false.
    """
    values = body.model_dump(exclude_unset=True, exclude={"notify"})
    await scope.event.change(scope.actor, notify=body.notify, **values)
    return await _said(scope.event)


@router.post("/events/{event}/publication")
async def publish(scope: Organiser, body: NotifyBody | None = None) -> dict[str, Any]:
    """Make it public. Again, nothing changes."""
    await scope.event.publish(scope.actor, notify=body.notify if body else True)
    return await _said(scope.event)


@router.post("/events/{event}/cancellation")
async def cancel(body: ReasonBody, scope: Organiser) -> dict[str, Any]:
    """Call it off. Again, nothing changes."""
    await scope.event.cancel(scope.actor, body.reason, notify=body.notify)
    return await _said(scope.event)


@router.post("/events/{event}/held")
async def held(body: ReasonBody, scope: Organiser) -> dict[str, Any]:
    """Mark as held an event at which nobody was checked in, with the reason why it counts."""
    await scope.event.hold(scope.actor, body.reason)
    return await _said(scope.event)


async def _said(found: Event) -> dict[str, Any]:
    await found.fetch_related(*EVENT_PARTS)
    return event_json(found)
