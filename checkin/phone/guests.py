"""Walk-ins: registered at the door, also when the phone had no reception and tells of them
later.
"""

from typing import Annotated, Any

from pydantic import Field

from accounts.sessions.access import Actor
from checkin.phone.devices import Device
from checkin.scanning.scan_input import uuid_of
from core import tokens
from core.db import atomic
from core.errors import DomainError, invalid
from core.http.api import Body
from core.i18n import Lazy, _, language
from events.event.event import Event
from registrations.form.entry import Entry
from registrations.placing.over_capacity import place_aside
from registrations.placing.register import place
from registrations.registration.registration import Registration


class Guest(Body):
    """Someone who is not registered. `id` is made by the phone: sent twice, it is one. `at` is
    when, by its clock.
    """

    id: Annotated[str, Field(max_length=45)]
    name: str
    email: str
    organisation: str = ""
    agreed_by: str = ""
    admitted: bool = False
    """Let in already by a phone without reception."""
    at: str | int | None = None


async def registered(event: Event, device: Device, guest: Guest) -> dict[str, Any]:
    """`{id, registration, status}`; with `errors` and neither, if this guest cannot be registered.

    Beyond the seats it is a place on the waiting list. What a stopped phone tells of waits for the
    organiser's word, and so does whom a phone without reception let in before the event's rules had
    changed.
    """
    try:
        found = await _there(event, guest) or await _walk_in(event, device, guest)
    except DomainError as error:
        fields: dict[str, Lazy | str] = dict(error.fields) or {"": error.message}
        wrong = [
            {
                "field": "organisation" if name.startswith("organisation") else name,
                "message": str(said),
            }
            for name, said in fields.items()
        ]
        return {"id": guest.id, "registration": None, "status": None, "errors": wrong}
    return {"id": guest.id, "registration": str(found.id), "status": found.status}


def _key(guest: Guest) -> str:
    given = uuid_of(guest.id)
    if not given:
        raise invalid(id=_("Please give each guest a UUID of its own."))
    return f"guest {given}"


async def _there(event: Event, guest: Guest) -> Registration | None:
    """Who was registered when the phone first told of this guest."""
    return await Registration.filter(
        event_id=event.id, source="door", form_key=tokens.hashed(_key(guest))
    ).first()


async def _walk_in(event: Event, device: Device, guest: Guest) -> Registration:
    agreed = guest.agreed_by.strip()[:100]
    refused = _refusal(event, agreed)
    if refused and not guest.admitted:
        raise refused
    entry = Entry(
        name=guest.name,
        email=guest.email,
        organisation_name=guest.organisation,
        form_key=_key(guest),
    )
    actor = Actor(device.name)
    if device.revoked or refused:
        return await place_aside(event, entry, actor=actor, language=language(), pending=True)
    try:
        return await _placed(event, entry, actor, agreed)
    except DomainError as error:
        if error.code != "full":
            raise
    return await place_aside(event, entry, actor=actor, language=language(), pending=False)


def _refusal(event: Event, agreed: str) -> DomainError | None:
    """Why the event takes no such guest."""
    if event.walk_ins == "no":
        return DomainError(_("This event takes nobody who is not registered."), 403)
    if event.walk_ins == "ask" and not agreed:
        said = _("Please ask an organiser, and say who agreed.")
        return DomainError(said, 422, {"agreed_by": said})
    if event.status == "cancelled":
        return DomainError(_("This event was cancelled."), 409)
    return None


@atomic
async def _placed(event: Event, entry: Entry, actor: Actor, agreed: str) -> Registration:
    found, new = await place(event, entry, source="door", actor=actor, language=language())
    if new and agreed:
        found.door_note = str(_("Guest at the door, agreed by %(name)s", name=agreed))[:200]
        await found.save(update_fields=["door_note"])
    return found
