"""What is said when a verb does not fit how a registration stands."""

from core.errors import DomainError
from core.i18n import Lazy, _
from registrations.registration import seats

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
