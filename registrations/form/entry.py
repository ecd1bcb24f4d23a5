"""An entry: what somebody says when registering, cleaned and checked, from a form, a machine or an
organiser.
"""

from dataclasses import dataclass, field, replace

from core.clock import now
from core.countries import CODES
from core.errors import MARKED, NO_EMAIL, NOT_LISTED, DomainError
from core.http.fields import FieldReader
from core.i18n import LANGUAGES, _
from core.text import clean, fold, is_email
from events.projects.organisations import OrganisationKind
from registrations.registration.vocabulary import Gender, ParticipantRole

LONGEST_NAME = 200


@dataclass(frozen=True)
class Agreed:
    """A consent as it was given: what for, and the words that were shown."""

    purpose: str
    wording: str


@dataclass(frozen=True)
class Entry:
    """A registration's content. `answers` are by the question's key; `sessions` are ids of chosen
    sessions.

    `private` holds the answers that are kept apart, sealed when stored; they need a consent of the
    same purpose.
    """

    name: str
    email: str
    organisation_name: str = ""
    organisation_country: str = ""
    organisation_kind: str = ""
    country: str = ""
    gender: str = ""
    birth_year: int | None = None
    target_group: str = ""
    role: str = "attendee"
    answers: dict[str, object] = field(default_factory=dict)
    sessions: tuple[int, ...] = ()
    private: dict[str, str] = field(default_factory=dict)
    consents: tuple[Agreed, ...] = ()
    form_key: str = ""
    """A secret of the form that was shown, so that the browser that sent it twice sees its own
    registration.
    """

    def checked(self, prefix: str = "") -> "Entry":
        """The same, cleaned. Raises a 422 with a sentence for each field; names as in
        docs/interface.md.
        """
        reader = FieldReader(
            {
                "name": self.name,
                "organisation": self.organisation_name,
                "organisation.country": self.organisation_country.upper(),
                "organisation.kind": self.organisation_kind,
                "country": self.country.upper(),
                "gender": self.gender,
                "target_group": self.target_group,
                "role": self.role,
            }
        )
        reader.longest = LONGEST_NAME
        entry = replace(
            self,
            name=reader.text("name"),
            email=clean(self.email),
            organisation_name=reader.text("organisation"),
            organisation_country=reader.choice("organisation.country", CODES),
            organisation_kind=reader.choice("organisation.kind", OrganisationKind.labels()),
            country=reader.choice("country", CODES),
            gender=reader.choice("gender", Gender.labels()),
            target_group=reader.text("target_group"),
            role=reader.choice("role", ParticipantRole.labels()),
        )
        if not fold(entry.name):
            reader.wrong("name", _("Please give a name."))
        if not is_email(entry.email):
            reader.wrong("email", NO_EMAIL)
        if not entry.role:
            reader.wrong("role", NOT_LISTED)
        if self.birth_year is not None and not 1900 <= self.birth_year <= now().year:
            reader.wrong("birth_year", _("Please give a year of four digits."))
        if reader.errors:
            wrong = {prefix + name: message for name, message in reader.errors.items()}
            raise DomainError(MARKED, 422, wrong)
        return entry


def language_of(asked: str, otherwise: list[str]) -> str:
    """The language of someone's mails: what was asked for if we speak it, else the project's
    first.
    """
    return next((code for code in (asked, *otherwise) if code in LANGUAGES), "en")
