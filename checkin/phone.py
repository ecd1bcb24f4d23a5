"""What the app on a paired phone asks: whom it may find, scans, undo, guests without registration, counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from accounts.access import Actor
from checkin import doors, live
from checkin.devices import Device
from checkin.entries import Door, uuid_of
from checkin.scans import Scan, withdraw
from core import db, settings
from core.api import Body
from core.clock import now
from core.db import atomic, moment
from core.errors import DomainError, forbidden, invalid, not_found
from core.i18n import _, fmt, language
from core.pages import check_origin
from events.events import Event
from registrations.entries import Entry
from registrations.places import place
from registrations.registrations import Registration

router = APIRouter(prefix="/c/e/{event}", include_in_schema=False)

UNDO = timedelta(minutes=15)


@dataclass(frozen=True)
class Phone:
    """A paired phone at its event."""

    device: Device
    event: Event

    @property
    def actor(self) -> Actor:
        """Who acts, for history and audit."""
        return Actor(self.device.name)

    @property
    def door(self) -> Door:
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
        )


def cookie() -> str:
    """The name of the cookie that holds the phone's secret; it goes with the addresses of its event only."""
    return "__Secure-viesis-door" if settings.get().secure else "viesis-door"


async def holder(request: Request, event: str) -> Phone:
    """Dependency: the paired phone, at this event. 410 when it is stopped or the event is over, 403 from elsewhere."""
    if request.method not in {"GET", "HEAD"}:
        check_origin(request)
    device = await Device.holding(request.cookies.get(cookie(), ""), event)
    return Phone(device, device.event)


Held = Annotated[Phone, Depends(holder)]


@router.get("/roster")
async def roster(phone: Held) -> JSONResponse:
    """Everyone registered: id, name, organisation, role, status, note for the door. No address, no private answer."""
    found = await db.rows(
        "SELECT r.id, p.name, o.name AS organisation, r.role, r.status, r.door_note FROM registration r "
        "JOIN person p ON p.id = r.person_id LEFT JOIN organisation o ON o.id = r.organisation_id "
        "WHERE r.event_id = $1 ORDER BY r.id",
        phone.event.id,
    )
    people = [
        [str(r["id"]), r["name"], live.organisation(r["organisation"]), r["role"], r["status"], r["door_note"]]
        for r in found
    ]
    return JSONResponse({"version": await _version(phone.event), "people": people})


async def _version(event: Event) -> str:
    found = await db.row("SELECT count(*) AS n, max(changed_at) AS at FROM registration WHERE event_id = $1", event.id)
    return f"{found['n']}-{found['at']}" if found else ""


@router.get("/state")
async def state(phone: Held) -> dict[str, Any]:
    """The server's clock, how many came and are inside by door, and whether the roster has changed."""
    people = await live.people(phone.event)
    return {
        "now": int(now().timestamp() * 1000),
        "counts": await live.counts(phone.event),
        "expected": people["expected"],
        "version": await _version(phone.event),
    }


@router.get("/inside")
async def inside(phone: Held, unit: str = "", ids: str = "") -> dict[str, str]:
    """Of these people (at most 40), who is inside at this door, and since when."""
    wanted = [int(i) for i in ids.split(",") if i.isascii() and i.isdigit() and len(i) < 19][:40]
    if not wanted:
        return {}
    marks = ", ".join(f"${n + 3}" for n in range(len(wanted)))
    found = await db.rows(
        "SELECT registration_id, first_at FROM presence WHERE event_id = $1 AND unit = $2 AND inside "
        f"AND registration_id IN ({marks})",
        phone.event.id,
        unit[:20],
        *wanted,
    )
    return {str(r["registration_id"]): _clock(phone.event, moment(r["first_at"])) for r in found if r["first_at"]}


def _clock(event: Event, at: datetime) -> str:
    return fmt.time(at, event.timezone)


@router.post("/scans")
async def scans(request: Request, phone: Held) -> JSONResponse:
    """Judge and store scans. A scan sent again, because its answer was lost, gets the answer that it had."""
    answers = await doors.scanned(phone.door, await doors.json_body(request), lambda: _again(request, phone))
    was = await _results([a["id"] for a in answers if a["result"] == "repeated"])
    for a in answers:
        a["result"] = was.get(a["id"], a["result"])
        a["organisation"] = live.organisation(a.get("organisation"))
        if at := a.get("first_scanned_at"):
            a["since"] = _clock(phone.event, datetime.fromisoformat(at))
    return JSONResponse(answers)


async def _again(request: Request, phone: Phone) -> Door:
    return (await holder(request, phone.event.slug)).door


async def _results(ids: list[str]) -> dict[str, str]:
    return {str(s.id): s.result for s in await Scan.filter(id__in=ids)} if ids else {}


class Undo(Body):
    """A scan to undo."""

    id: Annotated[str, Field(max_length=45)]


@router.post("/undo")
async def undo(phone: Held, body: Undo) -> dict[str, str]:
    """Undo a scan of the last fifteen minutes; after that the organiser does it."""
    scan = await Scan.get_or_none(id=uuid_of(body.id), event_id=phone.event.id) if uuid_of(body.id) else None
    if not scan:
        raise not_found(_("There is no such scan."))
    if scan.received_at < now() - UNDO:
        raise DomainError(_("This was more than fifteen minutes ago. The organiser can undo it."), 409)
    await withdraw(str(scan.id), phone.device.name, event_id=phone.event.id)
    return {"id": str(scan.id)}


class Guest(Body):
    """Someone who is not registered."""

    name: Annotated[str, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254)]
    organisation: Annotated[str, Field(max_length=200)] = ""
    agreed_by: Annotated[str, Field(max_length=100)] = ""


@router.post("/guests")
async def guest(phone: Held, body: Guest) -> dict[str, Any]:
    """Register a walk-in, if the event allows; the seats are respected. The scan follows on its own."""
    if phone.event.walk_ins == "no":
        raise forbidden(_("This event takes nobody who is not registered."))
    if phone.event.walk_ins == "ask" and not body.agreed_by.strip():
        raise invalid(agreed_by=_("Please ask an organiser, and say who agreed."))
    found = await _walk_in(phone, body)
    return {"registration": str(found.id), "status": found.status}


@atomic
async def _walk_in(phone: Phone, body: Guest) -> Registration:
    entry = Entry(name=body.name, email=body.email, organisation_name=body.organisation)
    found, new = await place(phone.event, entry, source="door", actor=phone.actor, language=language())
    if new and body.agreed_by.strip():
        found.door_note = str(_("Guest at the door, agreed by %(name)s", name=body.agreed_by.strip()))[:200]
        await found.save(update_fields=["door_note"])
    return found
