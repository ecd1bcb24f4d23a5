"""Everything that is kept about a person in a project, for that person (GDPR, art. 15 and 20).

Columns are read from the models: a new one is in the export unless it stands in `WITHHELD`.
docs/personal-data.md lists them; a test compares both.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tortoise.models import Model

from core import times
from core.database import rows
from events.event.event import Event
from notifications.outbox.message import Message
from registrations.form.questions import Consent, PrivateAnswer
from registrations.registration.attendance import AttendedDay, days_attended, scans_of
from registrations.registration.choices import Choice
from registrations.registration.persons import Person
from registrations.registration.registration import Registration

_OURS = {"id", "project_id", "event_id", "person_id", "registration_id", "organisation_id"}
"""Numbers of ours: they say nothing to anybody else; what they point to is named in words."""
WITHHELD: dict[type[Model], set[str]] = {
    # made from name and address, for looking them up; and who this was merged into
    Person: {*_OURS, "name_folded", "search", "email_folded", "merged_into_id"},
    # hashes and generations of secrets; counters of calendars; the other person of a substitution
    Registration: {
        *_OURS,
        *("hash", "generation", "calendar_generation", "form_key", "ticket_identity"),
        *("revision", "invited_sequence", "replaces_id"),
    },
    Consent: _OURS,
    # how delivery goes about it; what the mail said is what stands here already
    Message: {
        *_OURS,
        *("scope", "subject_of", "about", "dedup", "attempts", "due_at", "bulk", "lease_ends_at"),
        *("leased_by", "message_id"),
    },
}
"""Columns that are not exported, by model."""


async def exported(registration: Registration) -> dict[str, Any]:
    """Everything kept about this person in this project, in JSON. Needs that are kept apart are
    named, not opened.
    """
    person: Person = registration.person
    registrations = (
        await Registration.filter(person_id=person.id)
        .order_by("id")
        .prefetch_related("event", "organisation")
    )
    ids = [one.id for one in registrations]
    attended = await days_attended(person.project_id, ids)
    scans = await scans_of(person.project_id, ids)
    messages = await Message.filter(scope=person.project_id, to_email=person.email).order_by("id")
    return {
        "person": columns(person),
        "registrations": [
            await _registration(one, attended.get(one.id, []), scans.get(one.id, []))
            for one in registrations
        ],
        "messages": [columns(message) for message in messages],
    }


def columns(one: Model) -> dict[str, Any]:
    """The columns of a row that a person gets, as JSON; what was not said is null."""
    withheld = WITHHELD[type(one)]
    return {
        name: _plain(getattr(one, name))
        for name in rows.fields_of(type(one))
        if name not in withheld
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return None if value == "" else value


async def _registration(
    one: Registration, attended: Iterable[AttendedDay], scans: list[dict[str, Any]]
) -> dict[str, Any]:
    event: Event = one.event
    consents = await Consent.filter(registration_id=one.id).order_by("id")
    chosen = await Choice.filter(registration_id=one.id).order_by("id").prefetch_related("session")
    private = PrivateAnswer.filter(registration_id=one.id).order_by("id")
    return {
        "event": event.title,
        "starts_at": times.iso(event.starts_at, event.timezone),
        **columns(one),
        "organisation": one.organisation.name if one.organisation else None,
        "sessions": [choice.session.title for choice in chosen],
        "kept_apart": await private.values_list("key", flat=True),
        "consents": [columns(consent) for consent in consents],
        "attended": [{"day": str(day.day), "minutes": day.minutes} for day in attended],
        "scans": scans,
    }
