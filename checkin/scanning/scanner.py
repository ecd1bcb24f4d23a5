"""Who scans, and where: looked up once, then checked again by the statement that stores the scan.

What is remembered in the process for a minute are ids only. Whether the token, the role, the
account or the phone still holds is part of each scan's own statement, so a revocation works with
the very next scan, on every node.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from cachetools import TTLCache
from starlette.requests import Request

from accounts.sessions.access import Actor, bearer, meets, require
from checkin.scanning.event_days import nights_of
from checkin.scanning.scan_input import LONGEST_BATCH, Door, read_batch
from checkin.scanning.scans import Answer, StaleDoorError, judge
from core import tokens
from core.clock import now
from core.errors import DomainError, invalid, not_found
from core.i18n import _
from events.event.event import Event

LARGEST_BODY = 2_000_000
_KEPT_SECONDS = 60
_MOST = 5_000
_doors: TTLCache[tuple[str, str], Door] = TTLCache(
    _MOST, _KEPT_SECONDS, timer=lambda: now().timestamp()
)


async def by_token(request: Request, event: str) -> Door:
    """The door of an API call. 401 without a good token, 404 for another project, 403 below
    `door`.
    """
    key = (tokens.hashed(request.headers.get("authorization", "")), event)
    door = _doors.get(key)
    if door is None:
        door = _doors[key] = await _looked_up(request, event)
    return door


async def _looked_up(request: Request, slug: str) -> Door:
    actor: Actor = await bearer(request)
    event = await Event.get_or_none(slug=slug)
    if not event:
        raise not_found()
    role = await require(actor, event.project_id, "door")
    return Door(
        event.id,
        event.project_id,
        event.timezone,
        actor.name,
        meets(role, "organiser"),
        token_id=actor.token_id,
        role=role,
        guarded=True,
        nights=await nights_of(event),
    )


async def scanned(door: Door, body: Any, again: Callable[[], Awaitable[Door]]) -> list[Answer]:
    """Read and judge; when a right or the event's zone has changed since the look-up, look up once
    more (`again`).
    """
    try:
        return await judge(door, read_batch(body, door))
    except StaleDoorError:
        forget(door)
        door = await again()
    try:
        return await judge(door, read_batch(body, door))
    except StaleDoorError as error:
        raise DomainError(
            _("Something changed in this moment. Please try again."),
            503,
            headers={"Retry-After": "1"},
        ) from error


def forget(door: Door) -> None:
    """Look this door up again the next time."""
    _drop(lambda known: known is door)


async def forget_event(event_id: int) -> None:
    """Look the doors of this event up again: its nights may be others. Other processes do so within
    a minute.
    """
    _drop(lambda known: known.event_id == event_id)


def _drop(stale: Callable[[Door], bool]) -> None:
    for key in list(_doors):
        door = _doors.get(key)
        if door and stale(door):
            _doors.pop(key, None)


async def json_body(request: Request) -> Any:
    """The body as JSON, strictly: no NaN, no lone surrogates. Raises 422; 413 above 2 MB."""
    raw = await request.body()
    if len(raw) > LARGEST_BODY:
        raise DomainError(_("At most %(most)s scans at a time, please.", most=LONGEST_BATCH), 413)
    try:
        found = json.loads(raw, parse_constant=_no_constant)
        if b"\\ud" in raw.lower():
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise invalid(body=_("This is not JSON.")) from error
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)
