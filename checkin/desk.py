"""The organiser's side of the door: pair phones, see who comes, undo, look at what is odd."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit import audit
from checkin import live, qr, words
from checkin.devices import PAIRING, Device, closes_at
from checkin.entries import uuid_of
from checkin.scans import withdraw
from checkin.totals import current_day, inside_now
from core import settings
from core.clock import now
from core.db import atomic
from core.errors import not_found
from core.forms import Form
from core.i18n import _, fmt, text
from core.pages import SECRET_HEADERS, is_fragment, render, see_other
from events.access import Scope, desk_event
from events.desk_shell import shell

router = APIRouter(include_in_schema=False)

MINUTES = int(PAIRING.total_seconds() // 60)

AtDoor = Annotated[Scope, Depends(desk_event("door"))]


@router.get("/desk/e/{event}/door")
async def door(request: Request, scope: AtDoor) -> Response:
    """How is it going?"""
    return render(request, "checkin/door.html", **await _shown(scope), **shell(scope, tab="door"))


@router.get("/desk/e/{event}/door/live")
async def live_part(request: Request, scope: AtDoor) -> Response:
    """The part that updates by itself."""
    if not is_fragment(request):
        return see_other(request, _base(scope))
    return render(request, "checkin/live.html", **await _shown(scope), event=scope.event)


def _base(scope: Scope) -> str:
    return f"/desk/e/{scope.event.slug}/door"


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
    day = current_day(event)
    return {
        "people": await live.people(event),
        "inside": await inside_now(event, programme),
        "sessions": sessions,
        "day": day,
        "today": counts.get(day.isoformat(), {"came": 0, "inside": 0}),
        "arrivals": await live.arrivals(event),
        "last": await live.last_scans(event),
        "review": await live.to_review(event),
        "missing": await live.missing(event),
        "phones": await Device.filter(event_id=event.id, paired_at__isnull=False).order_by("revoked_at", "-seen_at"),
        "open": event.status != "cancelled" and closes_at(event) > now(),
        "words": words,
        "now": now(),
        "base": _base(scope),
    }


@router.post("/desk/e/{event}/door/phones")
async def open_door(request: Request, scope: AtDoor) -> Response:
    """A QR that pairs one phone. It is shown once, as the answer itself."""
    device, secret = await Device.offer(scope.event, scope.actor)
    link = f"{settings.get().base_url}/c/{secret}"
    return render(
        request,
        "checkin/pairing.html",
        headers=SECRET_HEADERS,
        link=link,
        picture=qr.svg(link, str(_("QR code that pairs a phone"))),
        device=device,
        minutes=MINUTES,
        late=False,
        base=_base(scope),
        **shell(scope, [(str(_("Door")), _base(scope))], tab="door"),
    )


@router.get("/desk/e/{event}/door/phones/{device}")
async def pairing_state(request: Request, scope: AtDoor, device: int) -> Response:
    """Whether the phone has followed the link yet."""
    found = await _device(scope, device)
    if not is_fragment(request):
        return see_other(request, _base(scope))
    return render(
        request,
        "checkin/pairing_state.html",
        device=found,
        late=found.pairing_ends_at <= now(),
        base=_base(scope),
        minutes=MINUTES,
    )


@router.post("/desk/e/{event}/door/phones/{device}/revocation")
async def revoke(request: Request, scope: AtDoor, device: int) -> Response:
    """From now on this phone lets nobody in."""
    found = await _device(scope, device)
    await found.revoke(scope.actor, scope.project.id)
    return see_other(request, _base(scope), _("%(name)s lets nobody in any more.", name=found.name or _("The phone")))


@router.post("/desk/e/{event}/door/scans/{scan}/withdrawal")
async def undo(request: Request, scope: AtDoor, scan: str) -> Response:
    """Undo a scan, with a reason if there is one."""
    form = await Form.read(request)
    if not uuid_of(scan):
        raise not_found()
    await _undone(scope, uuid_of(scan), form.text("reason")[:300])
    return see_other(request, _base(scope), _("Undone. The scan stays in the history, and counts no longer."))


@atomic
async def _undone(scope: Scope, scan: str, reason: str) -> None:
    done = await withdraw(scan, scope.actor.name, reason, event_id=scope.event.id)
    await audit(scope.actor, "scan.withdrawn", done)


async def _device(scope: Scope, device: int) -> Device:
    found = await Device.get_or_none(id=device, event_id=scope.event.id) if 0 < device < 2**63 else None
    if not found:
        raise not_found()
    return found
