"""The programme as one person attends it: what is for everyone, and the sessions that were
chosen.
"""

from events.presentation.display import ShownDay, programme_days
from events.programme.sessions import Session
from registrations.registration.choices import Choice
from registrations.registration.registration import Registration


async def programme(to: Registration) -> list[ShownDay]:
    """By day, in the current language. `to` has its event."""
    sessions = await Session.filter(event_id=to.event_id, removed_at=None)
    chosen = set(
        await Choice.filter(registration_id=to.id or 0).values_list("session_id", flat=True)
    )
    return programme_days(to.event, [s for s in sessions if s.capacity is None or s.id in chosen])
