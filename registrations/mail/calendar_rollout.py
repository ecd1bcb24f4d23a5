"""Sends calendar invitations to those who had a seat before the event began to send them."""

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core.clock import now
from core.db import atomic
from core.errors import DomainError
from core.i18n import _
from events.event.event import Event
from notifications.outbox.message import Message
from registrations.mail.notices import COMING, tell
from registrations.registration.registration import Registration

CARRIERS = ("confirmation", "substitution", "changed", "calendar_invite")
"""Mails that bring an invitation along."""


async def without_invitation(event: Event) -> list[int]:
    """The registrations that have a seat and no invitation, nor one on its way."""
    if not event.calendar_invites or event.status != "published" or event.ends_at <= now():
        return []
    found = Registration.filter(event_id=event.id, status__in=COMING, invited_sequence=None)
    ids = [int(str(i)) for i in await found.values_list("id", flat=True)]
    if not ids:
        return []
    coming = Message.filter(
        subject_of=event.id, kind__in=CARRIERS, state__in=("queued", "sending", "held")
    )
    known = {m.about.get("registration") for m in await coming.only("id", "about")}
    return [i for i in ids if i not in known]


@atomic
async def send_invitations(event: Event, actor: Actor) -> int:
    """Send an invitation to each who has none, once. Answers how many. 409 when the event sends
    none.
    """
    if not event.calendar_invites:
        raise DomainError(_("This event sends no invitations for calendars."), 409)
    missing = await without_invitation(event)
    count = await tell(
        event, "calendar_invite", COMING, lambda r: f"calendar_invite:{r}", only=missing
    )
    await audit(actor, "event.calendar_invited", event)
    return count
