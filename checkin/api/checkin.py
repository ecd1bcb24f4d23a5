"""Check-in for machines: scans in batches, undo, and an event's attendance (docs/interface.md)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from accounts.sessions.access import Actor, bearer, require
from checkin.attendance.attendance import event_attendance
from checkin.scanning import scanner
from checkin.scanning.scan_input import DIRECTIONS, LONGEST_BATCH, METHODS, uuid_of
from checkin.scanning.scans import RESULTS, Scan, withdraw
from core.errors import not_found
from core.http.api import PREFIX, Body
from core.i18n import _
from core.text import clean
from events.event.event import Event

router = APIRouter(prefix=PREFIX, tags=["Check-in"])
hot = APIRouter()
"""The address that must be quick, tried before all others and without what FastAPI does for each
call.
"""

_ANSWERED = ("id", "result", "registration", "name", "first_scanned_at", "errors")
_SCAN_SCHEMA = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {
            "type": "string",
            "format": "uuid",
            "description": "Made by the device; sent twice, it is one scan.",
        },
        "ticket": {"type": "string", "description": "What the QR code carries."},
        "registration": {"type": "string", "description": "Instead of a ticket."},
        "session": {"type": "string"},
        "direction": {"enum": list(DIRECTIONS), "default": "in"},
        "scanned_at": {
            "type": "string",
            "description": "ISO 8601; without an offset in the event's zone.",
        },
        "clock_offset_ms": {"type": "integer", "description": "Added to scanned_at."},
        "admitted": {"type": "boolean", "default": False},
        "minutes": {"type": "integer", "minimum": 0},
        "method": {"enum": list(METHODS), "default": "qr"},
    },
}
_ANSWER_SCHEMA = {
    "type": "object",
    "required": ["id", "result"],
    "properties": {
        "id": {"type": "string"},
        "result": {"enum": list(RESULTS)},
        "registration": {"type": "string"},
        "name": {"type": "string"},
        "first_scanned_at": {"type": "string"},
    },
}
_OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": LONGEST_BATCH,
                    "items": _SCAN_SCHEMA,
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": "A result for each scan",
            "content": {"application/json": {"schema": {"type": "array", "items": _ANSWER_SCHEMA}}},
        }
    },
}


@router.post("/events/{event}/scans", openapi_extra=_OPENAPI)
async def scans(request: Request, event: str) -> JSONResponse:
    """Judge and store scans, in order. The role `door` is enough; entries afterwards take an
    organiser's token.
    """
    door = await scanner.by_token(request, event)
    answers = await scanner.scanned(
        door, await scanner.json_body(request), lambda: scanner.by_token(request, event)
    )
    return JSONResponse([{k: a[k] for k in _ANSWERED if k in a} for a in answers])


async def _scans_at_once(request: Request) -> JSONResponse:
    return await scans(request, request.path_params["event"])


hot.add_route(
    PREFIX + "/events/{event}/scans", _scans_at_once, methods=["POST"], include_in_schema=False
)


class Reason(Body):
    """Why a scan is undone."""

    reason: Annotated[str, Field(max_length=300)] = ""


@router.post("/scans/{scan}/withdrawal")
async def withdrawal(
    scan: str, actor: Annotated[Actor, Depends(bearer)], body: Reason | None = None
) -> dict[str, Any]:
    """Undo a scan; the history stays."""
    found = await Scan.get_or_none(id=scan) if uuid_of(scan) else None
    if not found:
        raise not_found(_("There is no such scan."))
    await require(actor, found.project_id, "door")
    done = await withdraw(scan, actor.name, clean(body.reason) if body else "")
    return {"id": str(done.id), "result": done.result, "withdrawn": True}


@router.get("/events/{event}/attendance")
async def attendance(event: str, actor: Annotated[Actor, Depends(bearer)]) -> dict[str, Any]:
    """Who is here, who was, and how long, also while it runs. Every role of the project may ask."""
    found = await Event.get_or_none(slug=event)
    if not found or not await actor.role_in(found.project_id):
        raise not_found()
    return await event_attendance(found)
