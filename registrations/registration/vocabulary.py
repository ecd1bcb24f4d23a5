"""The closed lists of a registration: its statuses, roles, genders, and replies to an invitation."""

from core.errors import DomainError
from core.i18n import CountedVocabulary, Lazy, Vocabulary, _


class RegistrationStatus(Vocabulary):
    """How a registration stands, in the order in which people are listed.

    `refusal` is what is said when a verb does not fit this status.
    """

    def __init__(self, code: str, label: Lazy, refusal: Lazy) -> None:
        super().__init__(code, label)
        self.refusal = refusal

    CONFIRMED = "confirmed", _("Confirmed"), _("This registration is confirmed already.")
    OFFERED = "offered", _("Seat offered"), _("A seat has been offered to this person already.")
    WAITING = (
        "waiting",
        _("Waiting list"),
        _("This registration is on the waiting list: no seat has been offered yet."),
    )
    PENDING = (
        "pending",
        _("Awaiting approval"),
        _("This registration is still waiting for approval."),
    )
    DECLINED = "declined", _("Declined"), _("This registration was declined.")
    CANCELLED = "cancelled", _("Cancelled"), _("This registration was cancelled.")
    REPLACED = "replaced", _("Replaced"), _("Somebody else goes in this person's place.")


UNSEATED = (
    RegistrationStatus.PENDING.value,
    RegistrationStatus.WAITING.value,
    RegistrationStatus.OFFERED.value,
)
"""The statuses of those who want to come and have no seat of their own yet."""
ACTIVE = (*UNSEATED, RegistrationStatus.CONFIRMED.value)
"""The statuses of those who come or want to come."""


def not_now(status: str) -> DomainError:
    """What was asked for does not fit a registration with this status."""
    return DomainError(RegistrationStatus.of(status).refusal, 409)


class ParticipantRole(CountedVocabulary):
    """As what somebody comes."""

    ATTENDEE = "attendee", _("Participant"), _("participants")
    SPEAKER = "speaker", _("Speaker"), _("speakers")
    PARTNER_STAFF = "partner_staff", _("Staff of a partner"), _("staff of the partners")
    ORGANISER = "organiser", _("Organiser"), _("organisers")
    INTERPRETER = "interpreter", _("Interpreter"), _("interpreters")
    HOST = "host", _("Host"), _("hosts")


class Gender(CountedVocabulary):
    """What somebody says of their gender, if anything."""

    FEMALE = "female", _("Woman"), _("Women")
    MALE = "male", _("Man"), _("Men")
    OTHER = "other", _("Other"), _("Other")


class CalendarReply(Vocabulary):
    """What a calendar program answered to our invitation."""

    ACCEPTED = "accepted", _("Yes")
    TENTATIVE = "tentative", _("Maybe")
    DECLINED = "declined", _("No")
