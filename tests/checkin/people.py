"""Registrations and scans for tests of the door."""

from itertools import count
from typing import Any
from uuid import uuid4

from checkin.scanning.scan_input import ScanEntry
from core.clock import now
from core.text import fold, search_key
from events.event.event import Event
from events.programme.sessions import Session
from registrations.registration.choices import Choice
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from registrations.registration.tickets import new_identity, ticket

_number = count(1)


async def registered(
    event: Event,
    name: str = "",
    status: str = "confirmed",
    chosen: tuple[Session, ...] = (),
    **over: Any,
) -> Registration:
    """Someone registered for the event."""
    name = name or f"Guest {next(_number)}"
    email = f"guest{next(_number)}@example.org"
    person = await Person.create(
        project_id=event.project_id,
        name=name,
        name_folded=fold(name),
        search=search_key(name),
        email=email,
        email_folded=email,
        created_at=now(),
    )
    given = {
        "ticket_identity": new_identity(),
        "language": "en",
        "created_at": now(),
        "changed_at": now(),
        **over,
    }
    found = await Registration.create(
        project_id=event.project_id, event_id=event.id, person_id=person.id, status=status, **given
    )
    for session in chosen:
        await Choice.create(registration_id=found.id, session_id=session.id)
    return found


def code(of: Registration) -> str:
    """The ticket."""
    return ticket(of.event_id, of.ticket_identity)


async def session(of: Event, start: Any, end: Any, **over: Any) -> Session:
    """A talk of the programme."""
    given = {
        "kind": "talk",
        "title": {"en": f"Talk {next(_number)}"},
        "created_at": now(),
        "changed_at": now(),
    }
    return await Session.create(event_id=of.id, starts_at=start, ends_at=end, **{**given, **over})


def scan(of: Registration, at: Any = None, direction: str = "in", **over: Any) -> ScanEntry:
    """A scan of someone's ticket."""
    return ScanEntry(
        **{"id": str(uuid4()), "ticket": code(of), "direction": direction, "scanned_at": at, **over}
    )


def morning(hour: int = 9) -> str:
    """A time zone in which it is about that hour now: what a test plays there has no midnight in
    it.
    """
    ahead = (now().hour - hour + 12) % 24 - 12
    return f"Etc/GMT{ahead:+}"
