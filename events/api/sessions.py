"""JSON: the sessions of an event's programme."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.sessions.access import Actor, bearer, require
from core.errors import not_found
from core.http.api import PREFIX, Paging, identity
from events.event.access import Scope, api_event
from events.presentation.bodies import NotifyBody, SessionBody, SessionPatch
from events.presentation.serializers import session_json
from events.programme.sessions import Session

router = APIRouter(prefix=PREFIX, tags=["sessions"])

Bearer = Annotated[Actor, Depends(bearer)]


@router.post("/events/{event}/sessions", status_code=201)
async def add(
    body: SessionBody, scope: Annotated[Scope, Depends(api_event("organiser"))]
) -> Response:
    """Add an item to the programme."""
    values = body.model_dump(exclude_unset=True, exclude={"notify"})
    found = await Session.add(scope.event, scope.actor, notify=body.notify, **values)
    return JSONResponse(
        session_json(found, scope.event), 201, {"Location": f"{PREFIX}/sessions/{found.id}"}
    )


@router.get("/events/{event}/sessions")
async def sessions(
    request: Request,
    paging: Annotated[Paging, Depends(Paging)],
    scope: Annotated[Scope, Depends(api_event("viewer"))],
) -> Response:
    """The programme, in the order in which it was made."""
    found = Session.filter(event_id=scope.event.id, removed_at=None, id__gt=paging.after)
    rows = await found.order_by("id").limit(paging.limit + 1)
    return paging.answer(request, [(s.id, session_json(s, scope.event)) for s in rows])


@router.get("/sessions/{session}")
async def session(session: str, actor: Bearer) -> dict[str, Any]:
    """A session."""
    found = await _found(session, actor, "viewer")
    return session_json(found, found.event)


@router.patch("/sessions/{session}")
async def change(session: str, body: SessionPatch, actor: Bearer) -> dict[str, Any]:
    """Change what is given. Those registered are told of what matters to them, unless `notify` is
    false.
    """
    found = await _found(session, actor, "organiser")
    values = body.model_dump(exclude_unset=True, exclude={"notify"})
    await found.change(found.event, actor, notify=body.notify, **values)
    return session_json(found, found.event)


@router.delete("/sessions/{session}", status_code=204)
async def remove(
    session: str, actor: Bearer, notify: bool = True, body: NotifyBody | None = None
) -> Response:
    """Take it out of the programme. Those registered are told unless `notify` is false, in the
    address or the body.
    """
    found = await _found(session, actor, "organiser")
    await found.remove(found.event, actor, notify=notify and (body is None or body.notify))
    return Response(status_code=204)


async def _found(session: str, actor: Actor, minimum: str) -> Session:
    found = await Session.get_or_none(id=identity(session), removed_at=None).prefetch_related(
        "event"
    )
    if not found:
        raise not_found()
    await require(actor, found.event.project_id, minimum)
    return found
