"""Registers somebody at the door without a seat, or for review."""

from accounts.sessions.access import Actor
from core.db import atomic
from events.event.event import Event
from registrations.form.entry import Entry
from registrations.placing.register import check_open, insert, prepared, standing
from registrations.registration import seats
from registrations.registration.persons import Person
from registrations.registration.registration import Registration


@atomic
async def place_aside(
    event: Event, entry: Entry, *, actor: Actor, language: str, pending: bool
) -> Registration:
    """Register someone without a seat: waiting, even where there is no waiting list, or `pending`.
    Nobody is mailed.

    The same person again, while the first stands, is the first. `pending` holds for an event that
    was cancelled too.
    """
    if not pending:
        check_open(event, "door")
    placement = await prepared(
        event, entry.checked(), "door", actor, notify=False, language=language
    )
    person_id, root_id = await Person.known(event.project_id, placement.said)
    if there := await standing(event.id, person_id, root_id):
        return there
    taken = seats.Taken("pending", None, 0) if pending else await seats.wait(event.id)
    return placement.with_relations(await insert(placement, person_id, taken), root_id)
