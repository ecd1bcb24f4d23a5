"""What is said when a verb does not fit how a registration stands; and the secret of its address."""

from core import tokens
from core.errors import DomainError
from core.i18n import Lazy, _
from registrations import seats

_WORDS: dict[str, Lazy] = {
    "pending": _("This registration is still waiting for approval."),
    "waiting": _("This registration is on the waiting list: no seat has been offered yet."),
    "offered": _("A seat has been offered to this person already."),
    "confirmed": _("This registration is confirmed already."),
    "declined": _("This registration was declined."),
    "cancelled": _("This registration was cancelled."),
    "replaced": _("Somebody else goes in this person's place."),
}


def not_now(status: str) -> DomainError:
    """What was asked for does not fit a registration with this status."""
    return DomainError(_WORDS[status], 409)


def takes_place(counter: seats.Counter) -> None:
    """Raise a 409 when the event was cancelled."""
    if counter.status not in {"published", "held"}:
        raise seats.gone()


def secret(identity: int, generation: int = 0) -> str:
    """What makes a manage address: derived, so that it can be mailed again; only its hash is stored."""
    return tokens.derived(tokens.REGISTRATION, identity, generation)


def calendar_secret(registration_id: int, generation: int = 0) -> str:
    """What makes the address of a participant's calendar (registrations.calendar_address); a new generation ends it."""
    kind = f"{tokens.CALENDAR}{registration_id:x}_"
    return tokens.derived(kind, "participant", generation)
