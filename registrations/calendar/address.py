"""The secret address of a participant's calendar: not that of the page, so that whoever is given
the one has not the other. It carries the registration's id and a MAC of it; only the generation
is stored, and a new one ends the old.
"""

import hmac
import re
from datetime import timedelta

from core.clock import now
from core.db import atomic
from registrations.registration.registration import Registration
from registrations.registration.secrets import calendar_secret

ONCE_IN = timedelta(minutes=1)
_FORM = re.compile(r"vsc_([0-9a-f]{1,15})_[0-9a-f]{40}")


async def by_calendar(secret: str) -> Registration | None:
    """The registration of a calendar's address, its project fetched; notes the use, at most once a
    minute.
    """
    form = _FORM.fullmatch(secret)
    found = (
        await Registration.get_or_none(id=int(form[1], 16)).prefetch_related("project")
        if form
        else None
    )
    if not found or not found.hash:  # erased
        return None
    if not hmac.compare_digest(secret, calendar_secret(found.id, found.calendar_generation)):
        return None
    if not found.calendar_used_at or found.calendar_used_at < now() - ONCE_IN:
        await Registration.filter(id=found.id).update(calendar_used_at=now())
    return found


@atomic
async def renew_calendar(registration: Registration) -> None:
    """A new address of the calendar; the old one ends at once."""
    registration.calendar_generation += 1
    registration.update_from_dict({"calendar_used_at": None})
    await registration.save(update_fields=["calendar_generation", "calendar_used_at"])
