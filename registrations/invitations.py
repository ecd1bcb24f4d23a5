"""Events by invitation: each address invited gets an address of the form of its own, good for that address only.

Nothing is stored: the secret is made of the event and the invited address, and the form is told the address.
"""

import hmac

from core import tokens
from core.text import fold
from events.events import Event

INVITED = "vsi_"


def form_url(event: Event, email: str) -> str:
    """Where someone invited registers; for an event that is open to all, simply its form."""
    url = f"{event.url}/register"
    return f"{url}?invitation={_secret(event, email)}" if event.invitation_only else url


def invited(event: Event, email: str, given: str) -> bool:
    """Whether this secret was mailed to this address."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), _secret(event, email).encode())


def _secret(event: Event, email: str) -> str:
    return tokens.derived(INVITED, f"{event.id}:{fold(email)}")
