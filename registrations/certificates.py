"""Certificates of attendance."""

from core import db
from core.clock import now
from registrations.registrations import Registration


async def attended(registration: Registration) -> bool:
    """Whether this person was there, at an event that is over: then a certificate can be had. The event is fetched."""
    if registration.event.ends_at > now() or registration.event.status == "cancelled":
        return False
    return bool(await db.row("SELECT id FROM attendance WHERE registration_id = $1::bigint LIMIT 1", registration.id))
