"""Loads a registration with all that its mails speak of, in one query: person, organisation, event,
project.

Mails of one event come in hundreds; the event and its project are read once for each state they are
in.
"""

from typing import Any

from core import db
from core.clock import now
from core.i18n import language
from core.memory.lru import LRU
from events.event.event import Event
from events.projects.organisations import Organisation
from notifications.outbox.message import Message
from registrations.registration.persons import Person
from registrations.registration.registration import Registration

_ONE = """
SELECT r.*, p.name AS person_name, p.email AS person_email, p.mails_stopped_at AS person_stopped,
  o.name AS organisation_name,
  e.changed_at AS event_changed_at, e.status AS event_status, pr.changed_at AS project_changed_at
FROM registration r
JOIN person p ON p.id = r.person_id JOIN event e ON e.id = r.event_id JOIN project pr ON pr.id = e.project_id
LEFT JOIN organisation o ON o.id = r.organisation_id
WHERE r.id = $1::bigint
"""

_events: LRU[int, tuple[tuple[Any, ...], Event]] = LRU(50)


async def loaded(registration_id: object) -> Registration | None:
    """The registration, ready to be written about; None when it is gone."""
    row = await db.row(_ONE, int(str(registration_id))) if registration_id else None
    if not row:
        return None
    found = Registration._init_from_db(**row)  # noqa: SLF001 - a quarter of the time of the general way, for each mail
    stopped = db.moment(row["person_stopped"]) if row["person_stopped"] else None
    given = {"id": row["person_id"], "name": row["person_name"], "email": row["person_email"]}
    found.person = Person(**given, mails_stopped_at=stopped)
    names = Organisation._meta.fields_map["name"].to_python_value(row["organisation_name"])  # noqa: SLF001 - as above
    found.organisation = Organisation(id=row["organisation_id"], name=names) if names else None
    found.event = await _event(row)
    return found


async def _event(row: dict[str, Any]) -> Event:
    """The event as it stands, with its project; kept for the next mail as long as neither
    changes.
    """
    stamp = (row["event_changed_at"], row["event_status"], row["project_changed_at"])
    known = _events.get(row["event_id"])
    if known and known[0] == stamp:
        return known[1]
    event = await Event.get(id=row["event_id"]).select_related("project")
    _events[event.id] = (stamp, event)
    return event


def invented(
    event: Event, name: str = "Anna Example", email: str = "anna@example.org"
) -> Registration:
    """Somebody who reads a mail before anybody does: nothing of it is stored, no address of theirs
    leads anywhere.
    """
    given = {"id": 0, "event_id": event.id, "project_id": event.project_id, "ticket_identity": 0}
    times = {"created_at": now(), "changed_at": now()}
    someone = Registration(status="confirmed", language=language(), **given, **times)
    someone.person = Person(name=name, email=email)
    someone.event = event
    return someone


async def trial(message: Message) -> Registration | None:
    """Whoever writes a mail and sends it to themselves first, who is not registered."""
    event = await Event.get_or_none(id=message.about.get("trial") or 0).select_related("project")
    return invented(event, message.to_name, message.to_email) if event else None
