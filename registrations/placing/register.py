"""Registering: a seat, a place on the waiting list, or a request. Never oversold; one row for one
person, with its mail.

On PostgreSQL the common case is one statement: person, seat, registration, consents, audit and
mail. The event's row is taken second to last of what can wait, so that others wait for it as short
as can be.
"""

from typing import Any

from tortoise.exceptions import IntegrityError

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db
from core.clock import now
from core.db import atomic
from core.errors import DomainError
from core.i18n import _, text
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.organisations import Organisation
from registrations.form.answers import keep_private
from registrations.form.entry import Entry
from registrations.form.questions import Consent
from registrations.placing import one_statement
from registrations.placing.placement import Placement
from registrations.registration import seats, tickets
from registrations.registration.choices import Choice
from registrations.registration.persons import Person
from registrations.registration.registration import MAILS, Registration

BY_ORGANISERS = ("api", "desk", "door", "demo")
"""Sources that may register outside the window, and afterwards; at the desk and at the door nothing
awaits approval.
"""


async def place(
    event: Event,
    entry: Entry,
    *,
    source: str,
    actor: Actor | None = None,
    notify: bool = True,
    language: str,
) -> tuple[Registration, bool]:
    """Register someone: `(the registration, whether it is new)`.

    The same person again, while the first stands, is the first. Raises 409 when the event does not
    take registrations (`full` in `code` when it is full), 422 with `sessions` when a chosen session
    is full. Nobody is mailed for an event that has ended. `source` is web, api, desk, door or demo;
    all but web may register outside the window.
    """
    check_open(event, source)
    given = await prepared(event, entry.checked(), source, actor, notify=notify, language=language)
    for _attempt in range(3):
        try:
            if given.joined or not one_statement.possible(given):
                return await _steps(given)
            if found := await one_statement.place(given):
                return found, True
            refused = True
        except IntegrityError:
            # The same person is registered, or came through another door at this moment.
            refused = False
        if there := await _registered_already(given):
            return there, False
        if refused:
            await event.refresh_from_db()
            check_open(event, source)
            if not given.pending:
                raise seats.full()
    raise DomainError(
        _("Nothing was lost. Please try again in a moment."), 503, headers={"Retry-After": "1"}
    )


def check_open(event: Event, source: str) -> None:
    """Raise a 409 that says why this event does not take a registration from there."""
    moment = now()
    if event.status == "cancelled":
        raise DomainError(_("This event was cancelled."), 409)
    if event.status == "draft":
        raise DomainError(_("This event has not been published yet."), 409)
    if source in BY_ORGANISERS:
        return
    if event.status == "held" or event.ends_at <= moment:
        raise DomainError(_("This event is over."), 409)
    if event.registration_opens_at and moment < event.registration_opens_at:
        raise DomainError(_("Registration has not begun yet."), 409)
    if event.registration_closes_at and moment >= event.registration_closes_at:
        raise DomainError(_("Registration has ended."), 409)
    if event.invitation_only and source != "invited":
        raise DomainError(
            _("This event is by invitation: please use the address in your invitation."), 409
        )


async def prepared(
    event: Event, entry: Entry, source: str, actor: Actor | None, *, notify: bool, language: str
) -> Placement:
    """A checked entry with what must be known before the seat is: the organisation, a ticket. 422
    for odd sessions.
    """
    organisation = None
    country = entry.country or entry.organisation_country
    if entry.organisation_name:
        organisation = await Organisation.known(
            event.project_id,
            entry.organisation_name,
            entry.organisation_country or entry.country,
            entry.organisation_kind,
        )
    await _check_sessions(event, entry)
    moment = now()
    return Placement(
        *(event, entry, source, actor, notify and event.ends_at > moment, language),
        organisation=organisation,
        country=country or (organisation.country if organisation else ""),
        identity=tickets.new_identity(),
        at=moment,
        joined=db.inside(),
    )


async def _check_sessions(event: Event, entry: Entry) -> None:
    if not entry.sessions:
        return
    known = set(
        await Session.filter(event_id=event.id, removed_at=None).values_list("id", flat=True)
    )
    if not set(entry.sessions) <= known:
        said = _("This session is not part of the event.")
        raise DomainError(said, 422, {"sessions": said})


@atomic
async def _steps(placement: Placement) -> tuple[Registration, bool]:
    """One after the other, for what is not the common case, and for SQLite."""
    event, entry = placement.event, placement.entry
    person_id, root_id = await Person.known(event.project_id, placement.said)
    if there := await standing(event.id, person_id, root_id):
        return there, False
    if entry.sessions:
        await seats.hold(event.id)
    chosen = sorted(set(entry.sessions))
    if (refused := await seats.take_sessions(chosen)) is not None:
        raise session_full(await Session.get(id=refused))
    if placement.pending:
        taken = seats.Taken("pending", None, 0)
    else:
        taken = await seats.take(event.id, over=placement.late)
    made = await insert(placement, person_id, taken)
    if placement.actor:
        await audit(placement.actor, "registration.made", made)
    made = placement.with_relations(made, root_id)
    if placement.notify:
        await made.tell(MAILS[made.status])
    return made, True


async def insert(
    placement: Placement, person_id: int, taken: seats.Taken, **more: Any
) -> Registration:
    """Write a registration with what belongs to it, as part of the transaction."""
    made = await Registration.create(
        **placement.columns(
            person_id=person_id,
            status=taken.status,
            waiting_number=taken.number,
            confirmed_at=placement.at if taken.status == "confirmed" else None,
            **more,
        )
    )
    for session_id in sorted(set(placement.entry.sessions)):
        await Choice.create(registration_id=made.id, session_id=session_id)
    for agreed in placement.entry.consents:
        await Consent.create(
            **placement.consent_row(
                registration_id=made.id, purpose=agreed.purpose, wording=agreed.wording
            )
        )
    await keep_private(made, placement.event, placement.entry.private)
    return made


def session_full(session: Session) -> DomainError:
    """A chosen session has no seat left."""
    said = _(
        "All seats of “%(title)s” are taken. Please choose another one.", title=text(session.title)
    )
    return DomainError(said, 422, {"sessions": said})


async def _registered_already(placement: Placement) -> Registration | None:
    said = placement.said.row(placement.event.project_id)
    person = await Person.get_or_none(project_id=said[0], name_folded=said[2], email_folded=said[5])
    return await standing(placement.event.id, person.id, person.root_id) if person else None


async def standing(event_id: int, person_id: int, root_id: int) -> Registration | None:
    """The standing registration of this person, under whatever name they are known after merges."""
    found = await db.row(
        "SELECT r.id FROM registration r JOIN person p ON p.id = r.person_id WHERE r.event_id = $1::bigint "
        "AND r.status IN ('pending', 'waiting', 'offered', 'confirmed') "
        "AND (p.id IN ($2::bigint, $3::bigint) OR p.merged_into_id = $3::bigint) ORDER BY r.id LIMIT 1",
        *(event_id, person_id, root_id),
    )
    return await Registration.get(id=found["id"]) if found else None
