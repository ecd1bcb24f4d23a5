"""What the app on a paired phone asks: what it knows without reception, scans, undo, guests, being
in touch.

A phone that was stopped, or whose event is over, reads nothing; for a while it may still send what
it holds.
"""

import asyncio
import gzip
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from checkin.phone import guests, serializer
from checkin.phone import roster as rosters
from checkin.phone.devices import gone
from checkin.phone.paired_phone import Held, Phone, Sends, cookie, hold, sender
from checkin.review import live
from checkin.scanning import scanner
from checkin.scanning import undo as undoing
from checkin.scanning.scan_input import Door
from core import db
from core.clock import now
from core.http.api import Body

router = APIRouter(prefix="/c/e/{event}", include_in_schema=False)

LARGE = 20_000
"""Bytes of a roster that is packed aside."""


class Contact(Body):
    """How a phone is: how many scans it has yet to send, and by how much its clock is behind the
    server's.
    """

    unsent: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    clock_offset_ms: Annotated[int | None, Field(ge=-(10**13), le=10**13)] = None


@router.post("/contact")
async def contact(phone: Sends, body: Contact) -> dict[str, Any]:
    """The heartbeat: the server's clock, how many came and are inside by door, and whether the
    roster has changed.
    """
    await phone.device.heard(body.unsent, body.clock_offset_ms)
    if not phone.device.open:
        raise gone(phone.device)
    expected = await db.row(
        "SELECT count(*) AS n FROM registration WHERE event_id = $1 AND status = 'confirmed'",
        phone.event.id,
    )
    return {
        "now": int(now().timestamp() * 1000),
        **_until(phone),
        "revoked": False,
        "counts": await live.counts(phone.event),
        "expected": expected["n"] if expected else 0,
        "cursor": await rosters.current(phone.event),
    }


def _until(phone: Phone) -> dict[str, int]:
    device = phone.device
    ends = {"expires_at": device.expires_at, "uploads_until": device.uploads_until}
    return {name: int(at.timestamp() * 1000) for name, at in ends.items()}


@router.get("/roster")
async def roster(request: Request, phone: Held, since: str = "") -> Response:
    """Everyone registered, or what has changed since; who is inside. No address, no private
    answer.
    """
    found = await rosters.roster(phone.event, since)
    found["phone"] = {"name": phone.device.name, **_until(phone)}
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    answer: Response = JSONResponse(found, headers=headers)
    if len(answer.body) >= LARGE and "gzip" in request.headers.get("accept-encoding", ""):
        # the whole of a large event, away from everybody else's scans
        packed = await asyncio.to_thread(gzip.compress, bytes(answer.body), 4)
        answer = Response(
            packed, headers={"Content-Encoding": "gzip", **headers}, media_type="application/json"
        )
    # a moved event is a changed roster: what the phone holds lasts until the new end
    hold(answer, phone.device, phone.event.slug, request.cookies[cookie()])
    return answer


@router.post("/scans")
async def scans(request: Request, phone: Sends) -> JSONResponse:
    """Judge and store scans. A scan sent again, because its answer was lost, gets the answer that
    it had.
    """
    door = await phone.door()
    body = await scanner.json_body(request)
    found = await scanner.scanned(door, body, lambda: _again(request, phone))
    return JSONResponse(await serializer.completed(door, body, found))


async def _again(request: Request, phone: Phone) -> Door:
    return await (await sender(request, phone.event.slug)).door()


@router.post("/undo")
async def undo(
    phone: Sends, body: Annotated[list[undoing.Undo], Field(min_length=1, max_length=1000)]
) -> JSONResponse:
    """Undo scans of the last fifteen minutes, as the phone's clock had it; after that the organiser
    does it.
    """
    door = await phone.door()
    return JSONResponse([await undoing.undone(door, one) for one in body])


@router.post("/guests")
async def guest(
    phone: Sends, body: Annotated[list[guests.Guest], Field(min_length=1, max_length=100)]
) -> JSONResponse:
    """Register walk-ins, if the event allows; the seats are respected. Their scans follow on their
    own.
    """
    return JSONResponse([await guests.registered(phone.event, phone.device, one) for one in body])
