"""The waiting list: who stands where, and offers that were not taken in time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db
from core.clock import now
from core.db import atomic
from core.errors import DomainError
from core.i18n import _, speaking
from events.event.event import Event
from registrations.registration import seats
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import not_now

WORKER = Actor("waiting list")
_LATE = _("The offered seat was not taken in time.")


async def positions(event_id: int) -> dict[int, int]:
    """Who waits for this event, by registration: 1…n without gaps, in the order in which the
    counter was passed.
    """
    found = await db.rows(
        "SELECT id, ROW_NUMBER() OVER (ORDER BY waiting_number, id) AS place FROM registration "
        "WHERE event_id = $1::bigint AND status = 'waiting'",
        event_id,
    )
    return {int(r["id"]): int(r["place"]) for r in found}


async def waiting_position(registration: Registration) -> int | None:
    """How far down the list this one is, from 1; None if it does not wait."""
    if registration.status != "waiting":
        return None
    if registration.place_in_line is not None:
        return registration.place_in_line
    found = await db.row(
        "SELECT COUNT(*) AS n FROM registration WHERE event_id = $1::bigint AND status = 'waiting' "
        "AND (waiting_number, id) <= ($2::int, $3::bigint)",
        *(registration.event_id, registration.waiting_number, registration.id),
    )
    return int(found["n"]) if found else None


async def with_positions(registrations: Iterable[Registration]) -> None:
    """Note on each that waits how far down it is; one query for each event among them."""
    waiting = [r for r in registrations if r.status == "waiting"]
    places: dict[int, int] = {}
    for event_id in {r.event_id for r in waiting}:
        places |= await positions(event_id)
    for registration in waiting:
        registration.place_in_line = places.get(registration.id)


async def expire_offers(moment: datetime) -> int:
    """Pass on the seats whose offer was not taken by `moment`. For the worker's timetable; answers
    how many.
    """
    events = await db.rows(
        "SELECT DISTINCT event_id FROM registration WHERE status = 'offered' AND offer_ends_at <= $1::timestamptz",
        moment,
    )
    return sum([await _expire(int(e["event_id"]), moment) for e in events])


@atomic
async def _expire(event_id: int, moment: datetime) -> int:
    await seats.hold(event_id)
    late = await Registration.filter(
        event_id=event_id, status="offered", offer_ends_at__lte=moment
    ).order_by("id")
    for one in late:
        with speaking(one.language):
            reason = str(_LATE)
        await one.decline(WORKER, reason)
    return len(late)


@atomic
async def give_seat(registration: Registration, actor: Actor, *, offer: bool = False) -> None:
    """Give one who waits a seat that is left, before others: at once, or as an offer with the
    event's deadline.
    """
    counter = await registration.hold()
    if registration.status in seats.HOLDING:
        return
    if registration.status != "waiting":
        raise not_now(registration.status)
    counter.require_open()
    if counter.left <= 0:
        raise DomainError(
            _("All seats are taken: one has to fall free first."),
            409,
            code="full",
            extra={"code": "full"},
        )
    if offer and counter.starts_at > now():
        person = await Person.get(id=registration.person_id)
        until = min(now() + timedelta(hours=counter.offer_hours), counter.starts_at)
        one = {
            "id": registration.id,
            "language": registration.language,
            "email": person.email,
            "name": person.name,
        }
        await seats.offer(one, counter, until)
        await registration.refresh_from_db(fields=["status", "offer_ends_at", "revision"])
    else:
        await seats.give_back(registration.event_id, "waiting")
        await seats.take_left(registration.event_id)
        await registration.become("confirmed")
        if not counter.over:
            await registration.tell("confirmation")
    await audit(actor, "registration.seat_given", registration, ["status"])


async def offer_freed_seats(event: Event) -> None:
    """An event got more seats."""
    await seats.offer_seats(event.id)
