"""The organiser's side of the door: how is it going? Pair phones, see who comes and who is
missing.
"""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from checkin.attendance.totals import current_day, inside_now
from checkin.phone import qr
from checkin.phone.devices import PAIRING, Device, closes_at
from checkin.review import live
from checkin.review.conflicts import conflicts
from checkin.review.frame import AtDoor, base_of, frame
from checkin.scanning.event_days import nights
from core import settings
from core.clock import now
from core.errors import not_found
from core.http.pages import SECRET_HEADERS, is_fragment, render, see_other
from core.i18n import _, fmt, text
from core.text import clean
from events.event.access import Scope

router = APIRouter(include_in_schema=False)

MINUTES = int(PAIRING.total_seconds() // 60)
LINES = 8
"""Conflicts on the live screen; the rest has a page of its own."""


@router.get("/desk/e/{event}/door")
async def door(request: Request, scope: AtDoor) -> Response:
    """How is it going?"""
    missing = await live.missing(scope.event)
    return render(
        request,
        "checkin/desk/door.html",
        missing=missing,
        **await _shown(scope),
        **frame(scope, within=False),
    )


@router.get("/desk/e/{event}/door/live")
async def live_part(request: Request, scope: AtDoor) -> Response:
    """The part that updates by itself."""
    if not is_fragment(request):
        return see_other(request, base_of(scope))
    return render(
        request, "checkin/desk/live.html", **await _shown(scope), **frame(scope, within=False)
    )


@router.get("/desk/e/{event}/door/missing")
async def missing_part(request: Request, scope: AtDoor, q: str = "") -> Response:
    """Who has a seat and has not come, narrowed by typing."""
    found = await live.missing(scope.event, clean(q)[:100])
    page = "checkin/desk/missing_rows.html" if is_fragment(request) else "checkin/desk/missing.html"
    return render(request, page, missing=found, **frame(scope))


async def _shown(scope: Scope) -> dict[str, Any]:
    event = scope.event
    counts = await live.counts(event)
    programme = await event.sessions_now()
    sessions = [
        (
            text(s.title),
            fmt.span(s.starts_at, s.ends_at, s.timezone or event.timezone),
            counts.get(str(s.id), {"came": 0, "inside": 0}),
        )
        for s in programme
        if s.counted or str(s.id) in counts
    ]
    day = current_day(event, nights(event, programme))
    to_look_at = [c for c in await conflicts(event) if not c.is_seen]
    return {
        "people": await live.people(event),
        "inside": await inside_now(event, programme),
        "sessions": sessions,
        "day": day,
        "today": counts.get(day.isoformat(), {"came": 0, "inside": 0}),
        "arrivals": await live.arrivals(event),
        "gates": await live.gates(event),
        "last": await live.last_scans(event),
        "conflicts": to_look_at[:LINES],
        "odd": len(to_look_at),
        "phones": await live.phones(event),
        "open": event.status != "cancelled" and closes_at(event) > now(),
    }


@router.post("/desk/e/{event}/door/phones")
async def open_door(request: Request, scope: AtDoor) -> Response:
    """A QR that pairs one phone. It is shown once, as the answer itself."""
    device, secret = await Device.offer(scope.event, scope.actor)
    link = f"{settings.get().base_url}/c/{secret}"
    return render(
        request,
        "checkin/desk/pairing.html",
        headers=SECRET_HEADERS,
        link=link,
        picture=qr.svg(link, str(_("QR code that pairs a phone"))),
        device=device,
        minutes=MINUTES,
        late=False,
        **frame(scope),
    )


@router.get("/desk/e/{event}/door/phones/{device}")
async def pairing_state(request: Request, scope: AtDoor, device: int) -> Response:
    """Whether the phone has followed the link yet; as a page, for who loads the one with the code
    again.
    """
    found = await _device(scope, device)
    shown: dict[str, Any] = {
        "device": found,
        "late": found.pairing_ends_at <= now(),
        "minutes": MINUTES,
    }
    if not is_fragment(request):
        return render(
            request, "checkin/desk/pairing.html", link="", picture="", **shown, **frame(scope)
        )
    return render(request, "checkin/desk/pairing_state.html", base=base_of(scope), **shown)


@router.post("/desk/e/{event}/door/phones/{device}/revocation")
async def revoke(request: Request, scope: AtDoor, device: int) -> Response:
    """From now on this phone lets nobody in."""
    found = await _device(scope, device)
    await found.revoke(scope.actor, scope.project.id)
    said = _("%(name)s lets nobody in any more.", name=found.name or _("The phone"))
    return see_other(request, base_of(scope), said)


async def _device(scope: Scope, device: int) -> Device:
    found = (
        await Device.get_or_none(id=device, event_id=scope.event.id) if 0 < device < 2**63 else None
    )
    if not found:
        raise not_found()
    return found
