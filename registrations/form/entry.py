"""What someone says when registering, cleaned and checked, whoever sent it: a form, a machine, an
organiser.
"""

from dataclasses import dataclass, field, replace

from core.clock import now
from core.countries import CODES
from core.errors import DomainError
from core.i18n import LANGUAGES, Lazy, _
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
        interface.md.
        """
        entry = replace(
            self,
            name=clean(self.name),
            email=clean(self.email),
            organisation_name=clean(self.organisation_name),
            organisation_country=self.organisation_country.strip().upper(),
            country=self.country.strip().upper(),
            target_group=clean(self.target_group),
        )
        wrong = {prefix + name: said for name, said in _faults(entry).items()}
        if wrong:
            raise DomainError(_("Please look at the fields marked below."), 422, dict(wrong))
        return entry


def _faults(entry: Entry) -> dict[str, Lazy | str]:
    wrong: dict[str, Lazy | str] = {}
    if not fold(entry.name):
        wrong["name"] = _("Please give a name.")
    if not is_email(entry.email):
        wrong["email"] = _("This is not an e-mail address. It looks like name@example.org.")
    texts = {
        "name": entry.name,
        "organisation": entry.organisation_name,
        "target_group": entry.target_group,
    }
    for name, value in texts.items():
        if len(value) > LONGEST_NAME:
            wrong[name] = _("At most %(most)s characters, please.", most=LONGEST_NAME)
    closed = {
        "organisation.country": (entry.organisation_country, CODES),
        "organisation.kind": (entry.organisation_kind, OrganisationKind.labels()),
        "country": (entry.country, CODES),
        "gender": (entry.gender, Gender.labels()),
        "role": (entry.role or "-", ParticipantRole.labels()),
    }
    for name, (given, allowed) in closed.items():
        if given and given not in allowed:
            wrong[name] = _("Please choose one of the list.")
    if entry.birth_year is not None and not 1900 <= entry.birth_year <= now().year:
        wrong["birth_year"] = _("Please give a year of four digits.")
    return wrong


def language_of(asked: str, otherwise: list[str]) -> str:
    """The language of someone's mails: what was asked for if we speak it, else the project's
    first.
    """
    return next((code for code in (asked, *otherwise) if code in LANGUAGES), "en")
