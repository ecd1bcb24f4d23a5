"""Invitations to register, and events by invitation: each address invited gets an address of the
form of its own.

It is good for that address only. Nothing is stored: the secret is made of the event and the invited
address, and the form is told the address.
"""

import hmac

from core import tokens
from core.clock import now
from core.i18n import _
from core.text import fold
from events.event.event import Event
from events.presentation.mail_facts import facts, letterhead, list_id, title
from notifications.outbox.letters import Letter, letter
from notifications.outbox.message import Message
from registrations.mail.unsubscribe import invited_url, uninvited

INVITED = "vsi_"


@letter("event_invitation", _("Invitation to register"))
async def event_invitation(message: Message) -> Letter | None:
    """To someone not registered yet: what, when, where, and the form; no more of them for whoever
    says so.
    """
    event, to = (
        await Event.get_or_none(id=message.about.get("event")).select_related("project"),
        message.to_email,
    )
    if not event:
        return None
    due = (
        event.status == "published"
        and bool(event.ends_at > now())
        and not await uninvited(event.project_id, [to])
    )
    context = {
        "event": event,
        "title": title(event),
        "facts": facts(event, online=False),
        "event_url": event.url,
        "said": str(message.about.get("text", "")),
        "register_url": form_url(event, to),
        "stop_words": _("No more invitations from this project"),
    }
    made = Letter(context, head=letterhead(event.project), list_id=list_id(event), due=due)
    made.stop_url = invited_url(event.project_id, to)
    return made


def form_url(event: Event, email: str) -> str:
    """Where someone invited registers; for an event that is open to all, simply its form."""
    url = f"{event.url}/register"
    return f"{url}?invitation={_secret(event, email)}" if event.invitation_only else url


def invited(event: Event, email: str, given: str) -> bool:
    """Whether this secret was mailed to this address."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), _secret(event, email).encode())


def _secret(event: Event, email: str) -> str:
    return tokens.derived(INVITED, f"{event.id}:{fold(email)}")
