"""The audience of a message: by status, role, country, organisation, session, and attendance."""

from core import db
from events.event.event import Event
from events.projects.organisations import Organisation
from registrations.mail.announcements import Announcement
from registrations.registration.attendance import attendees
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ACTIVE

_FOUND = """
SELECT r.id FROM registration r LEFT JOIN session s ON s.id = $5::bigint
WHERE r.event_id = $1::bigint AND r.status = ANY($6::text[])
  AND ($2 = '' OR r.role = $2) AND ($3 = '' OR r.country = $3)
  AND ($4::bigint IS NULL OR r.organisation_id = $4::bigint)
  AND ($5::bigint IS NULL OR s.capacity IS NULL
       OR EXISTS (SELECT 1 FROM choice c WHERE c.registration_id = r.id AND c.session_id = $5::bigint))
ORDER BY r.id
"""
_COUNTRIES = "SELECT DISTINCT country FROM registration WHERE event_id = $1::bigint AND country <> '' ORDER BY country"


async def audience(event: Event, draft: Announcement) -> list[int]:
    """The registrations that a message is for, in the order in which they came."""
    found = await db.rows(
        _FOUND,
        *(event.id, draft.role, draft.country, draft.organisation_id, draft.session_id),
        [status for status in draft.statuses if status in ACTIVE],
    )
    ids = [int(row["id"]) for row in found]
    if draft.attended is None:
        return ids
    there = await attendees(event.id)
    return [registration for registration in ids if (registration in there) == draft.attended]


async def countries(event: Event) -> list[str]:
    """Where those registered come from."""
    return [str(r["country"]) for r in await db.rows(_COUNTRIES, event.id)]


async def organisations(event: Event) -> list[Organisation]:
    """Their organisations."""
    found = Registration.filter(event_id=event.id).exclude(organisation_id=None)
    ids = await found.distinct().values_list("organisation_id", flat=True)
    return await Organisation.filter(id__in=ids).order_by("folded")
