"""Organisers' page that signs out everyone who is still inside."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from checkin.attendance.gates import Entrance, entrances, one_of
from checkin.review import sign_out_all
from checkin.review.frame import AtDoor, base_of, frame
from checkin.scanning.scan_input import uuid_of
from core import times
from core.clock import now
from core.errors import DomainError, not_found
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import fmt, plural
from events.event.access import Scope
from events.presentation.posted_form import local_input

router = APIRouter(prefix="/desk/e/{event}/door/everyone-out", include_in_schema=False)


@router.get("")
async def page(request: Request, scope: AtDoor, unit: str = "", at: str = "") -> Response:
    """Who is still inside?"""
    return await _page(request, scope, Form({"unit": unit, "at": at}))


async def _page(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    event, programme = scope.event, await scope.event.sessions_now()
    doors = entrances(event, programme)
    door = one_of(doors, str(form.values.get("unit") or ""), now())
    moment = _moment(scope, form, door)
    units = sign_out_all.doors_of(event, programme, door)
    there = await sign_out_all.inside_at(event, units, moment) if moment else []
    asked = {"at": local_input(moment, event.timezone)} if moment else {}
    return render(
        request,
        "checkin/desk/sign_out_all.html",
        status,
        form=Form({**form.values, "unit": door.unit, **asked}) if not form.errors else form,
        doors=[(d.unit, d.label) for d in doors],
        door=door,
        moment=moment,
        number=len({rid for rid, _unit, _session in there}),
        leavings=await sign_out_all.leavings(event),
        **frame(scope),
    )


def _moment(scope: Scope, form: Form, door: Entrance) -> datetime | None:
    """The time typed, in the event's zone; the end or now when nothing was."""
    typed = form.text("at")
    if not typed:
        # to the minute, as the page shows it: who came later is not meant
        moment = now().replace(second=0, microsecond=0)
        return min(moment, door.ends_at) if door.starts_at < moment else moment
    try:
        return times.moment(typed, scope.event.timezone, "at")
    except DomainError as error:
        form.take(error)
        return None


@router.post("")
async def out(request: Request, scope: AtDoor) -> Response:
    """Record that they have left."""
    form = await Form.read(request)
    event, programme = scope.event, await scope.event.sessions_now()
    door = one_of(entrances(event, programme), form.text("unit"), now())
    expected = form.integer("number", required=True) or 0
    moment = _moment(scope, form, door)
    try:
        form.check()
        assert moment, "checked"
        units = sign_out_all.doors_of(event, programme, door)
        number = await sign_out_all.everyone_out(event, units, moment, expected, scope.actor)
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, form, error.status)
    said: Any = plural(
        "%(n)s person has left, at %(time)s.",
        "%(n)s people have left, at %(time)s.",
        number,
        time=fmt.time(moment, event.timezone),
    )
    return see_other(request, base_of(scope) + "/everyone-out", said)


@router.post("/{scan}/withdrawal")
async def take_back(request: Request, scope: AtDoor, scan: str) -> Response:
    """They had not left after all."""
    if not uuid_of(scan):
        raise not_found()
    number = await sign_out_all.take_back(scope.event, uuid_of(scan), scope.actor)
    said = plural(
        "Taken back: %(n)s exit counts no longer.",
        "Taken back: %(n)s exits count no longer.",
        number,
    )
    return see_other(request, base_of(scope) + "/everyone-out", said)
