"""To whom a message goes: by status, role, country, organisation, session, and whether they were
there.
"""

from core import db
from events.event.event import Event
from events.projects.organisations import Organisation
from registrations.mail.announcements import Announcement
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ACTIVE

_FOUND = """
SELECT r.id FROM registration r LEFT JOIN session s ON s.id = $6::bigint
WHERE r.event_id = $1::bigint AND r.status IN ({statuses})
  AND ($2 = '' OR r.role = $2) AND ($3 = '' OR r.country = $3)
  AND ($4::bigint IS NULL OR r.organisation_id = $4::bigint)
  AND ($6::bigint IS NULL OR s.capacity IS NULL
       OR EXISTS (SELECT 1 FROM choice c WHERE c.registration_id = r.id AND c.session_id = $6::bigint))
  AND ($5 = '' OR ($5 = 'yes') = EXISTS (SELECT 1 FROM attendance a WHERE a.registration_id = r.id))
ORDER BY r.id
"""
_COUNTRIES = "SELECT DISTINCT country FROM registration WHERE event_id = $1::bigint AND country <> '' ORDER BY country"


async def audience(event: Event, draft: Announcement) -> list[int]:
    """The registrations that a message is for, in the order in which they came."""
    statuses = ", ".join(f"'{s}'" for s in draft.statuses if s in ACTIVE)
    if not statuses:
        return []
    attended = "" if draft.attended is None else "yes" if draft.attended else "no"
    given = (event.id, draft.role, draft.country, draft.organisation_id, attended, draft.session_id)
    return [int(r["id"]) for r in await db.rows(_FOUND.format(statuses=statuses), *given)]


async def countries(event: Event) -> list[str]:
    """Where those registered come from."""
    return [str(r["country"]) for r in await db.rows(_COUNTRIES, event.id)]


async def organisations(event: Event) -> list[Organisation]:
    """Their organisations."""
    found = Registration.filter(event_id=event.id).exclude(organisation_id=None)
    ids = await found.distinct().values_list("organisation_id", flat=True)
    return await Organisation.filter(id__in=ids).order_by("folded")
