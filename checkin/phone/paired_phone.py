"""The paired phone that asks: known by its cookie, for one event.

A phone that was stopped, or whose event is over, reads nothing; for a while it may still send what
it holds.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import Actor
from checkin.phone.devices import Device, gone
from checkin.scanning.event_days import nights_of
from checkin.scanning.scan_input import Door
from core import settings
from core.clock import now
from core.http.pages import check_origin
from events.event.event import Event

AT = "viesis-door-at"
"""A cookie that says at which event this phone stands: for who taps the link in a message again."""


@dataclass(frozen=True)
class Phone:
    """A paired phone at its event."""

    device: Device
    event: Event

    @property
    def actor(self) -> Actor:
        """Who acts, for history and audit."""
        return Actor(self.device.name)

    async def door(self) -> Door:
        """The door it stands at; each scan checks that it is still paired."""
        event = self.event
        return Door(
            event.id,
            event.project_id,
            event.timezone,
            self.device.name,
            organiser=False,
            device_id=self.device.id,
            guarded=True,
            rooms_grouped=event.rooms_grouped,
            stopped=self.device.revoked,
            nights=await nights_of(event),
        )


def cookie() -> str:
    """The name of the cookie that holds the phone's secret; it goes with the addresses of its event
    only.
    """
    return "__Secure-viesis-door" if settings.get().secure else "viesis-door"


def hold(response: Response, device: Device, slug: str, secret: str) -> None:
    """Have the phone keep its secret, and at which event it stands, for as long as it may send."""
    age = max(0, int((device.uploads_until - now()).total_seconds()))
    for key, value, path in ((cookie(), secret, f"/c/e/{slug}"), (AT, slug, "/c/")):
        response.set_cookie(
            key,
            value,
            max_age=age,
            path=path,
            secure=settings.get().secure,
            httponly=True,
            samesite="lax",
        )


async def sender(request: Request, event: str) -> Phone:
    """Dependency: the phone, even if it was stopped or the event is over. 410 when it is none, 403
    from elsewhere.
    """
    if request.method not in {"GET", "HEAD"}:
        check_origin(request)
    device = await Device.holding(request.cookies.get(cookie(), ""), event)
    return Phone(device, device.event)


async def holder(request: Request, event: str) -> Phone:
    """Dependency: the phone that may read. 410 when it is stopped or the event is over."""
    phone = await sender(request, event)
    if not phone.device.open:
        raise gone(phone.device)
    return phone


Sends = Annotated[Phone, Depends(sender)]
Held = Annotated[Phone, Depends(holder)]
