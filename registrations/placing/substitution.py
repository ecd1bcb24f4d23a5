"""Substitution: the old registration stays, as replaced; the new one has its seat and its own
ticket.
"""

from dataclasses import replace

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core.clock import now
from core.db import atomic
from core.errors import DomainError
from core.i18n import _
from events.event.event import Event
from events.projects.organisations import Organisation
from registrations.form.entry import Entry
from registrations.placing import register
from registrations.registration import seats
from registrations.registration.attendance import has_rechosen
from registrations.registration.choices import Choice
from registrations.registration.persons import Person
from registrations.registration.registration import MAILS, PARTICIPANT, Registration


@atomic
async def substitute(
    old: Registration,
    entry: Entry,
    *,
    actor: Actor = PARTICIPANT,
    source: str = "substitute",
    language: str = "",
) -> Registration:
    """Let someone else go in this one's place: same seat or place in line, same sessions, same role
    unless said.

    Both get a mail, unless the event has ended. Raises 409 when the old one does not stand any
    more, 422 when the other person is registered already.
    """
    entry = replace(entry.checked(), sessions=())
    event = await Event.get(id=old.event_id)
    if event.status not in {"published", "held"}:
        raise seats.gone()
    if actor is PARTICIPANT and event.ends_at <= now():
        raise DomainError(_("This event is over."), 409)
    if not entry.organisation_name and old.organisation_id:
        entry = await _same_organisation(old, entry)
    placement = await register.prepared(
        event, entry, source, actor, notify=True, language=language or old.language
    )
    person_id, root_id = await Person.known(event.project_id, placement.said)
    await seats.hold(event.id)
    await old.refresh_from_db()
    if not old.active:
        raise DomainError(
            _("This registration does not stand any more, so nobody can take its place."), 409
        )
    if there := await register.standing(event.id, person_id, root_id):
        said = (
            _("This is the same person.")
            if there.id == old.id
            else _("This person is registered already.")
        )
        raise DomainError(said, 422, {"email": said})
    status, number, ends_at = old.status, old.waiting_number, old.offer_ends_at
    moment = now()
    changes = {
        "status": "replaced",
        "ended_at": moment,
        "changed_at": moment,
        "offer_ends_at": None,
    }
    await Registration.filter(id=old.id).update(**changes, revision=old.revision + 1)
    taken = seats.Taken(status, number, 0)
    new = await register.insert(
        placement, person_id, taken, replaces_id=old.id, offer_ends_at=ends_at
    )
    if await Choice.filter(registration_id=old.id).update(registration_id=new.id):
        await has_rechosen(old.id, old.project_id)
    await old.refresh_from_db()
    await audit(actor, "registration.substituted", old, ["status"])
    if placement.notify:
        await new.tell("substitution" if status == "confirmed" else MAILS.get(status, "offer"))
        await old.tell("substitution")
    return new


async def _same_organisation(old: Registration, entry: Entry) -> Entry:
    """A substitute comes from the same organisation unless another one is said."""
    organisation = await Organisation.get(id=old.organisation_id)
    return replace(
        entry,
        organisation_name=next(iter(organisation.name.values()), ""),
        organisation_country=organisation.country,
        organisation_kind=organisation.kind,
    )
