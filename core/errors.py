"""What went wrong, in words for a person, and the sentences that many fields share. One handler
(core.http.pages, viesis.app) makes an error a page, a fragment or JSON.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.i18n import Lazy, _


@dataclass
class DomainError(Exception):
    """A refusal with an HTTP status.

    `message` is a sentence for the person; `fields` says what is wrong with each field by its name;
    `code` is a word for machines (RFC 9457 `type`), `headers` go with the answer.
    """

    message: "Lazy | str"
    status: int = 409
    fields: dict[str, "Lazy | str"] = field(default_factory=dict)
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.message)


def invalid(**fields: "Lazy | str") -> DomainError:
    """Bad input: 422 with a message for each field."""
    return DomainError(next(iter(fields.values())), 422, dict(fields))


def not_found(message: "Lazy | str | None" = None) -> DomainError:
    """404; also for what exists in another project."""
    return DomainError(message or Lazy("There is no such page."), 404)


def forbidden(message: "Lazy | str | None" = None) -> DomainError:
    """403."""
    return DomainError(message or Lazy("You may not do this here."), 403)


REQUIRED = _("Please fill this in.")
UNKNOWN_FIELD = _("There is no such field.")
MARKED = _("Please look at the fields marked below.")
NOT_LISTED = _("Please choose one of the list.")
SOME_NOT_LISTED = _("Please choose from the list.")
NO_EMAIL = _("This is not an e-mail address. It looks like name@example.org.")
NO_COUNTRY = _("This is not a country's code like LV, LT or NO.")
NO_NUMBER = _("Please give a number.")
NO_WHOLE_NUMBER = _("Please give a whole number.")
NO_DATE = _("Please give a date like 2026-12-10.")
NO_MOMENT = _("Please give a date and a time like 2026-12-10T09:00.")
NO_FLAG = _("This must be yes or no.")
NO_LIST = _("This must be a list.")
NO_OBJECT = _("This must be an object.")


def too_long(most: int) -> Lazy:
    """A text with more characters than it may have."""
    return _("At most %(most)s characters, please.", most=most)


def out_of_range(least: float, most: float) -> Lazy:
    """A number that is too small or too large."""
    return _("Please give a number from %(least)s to %(most)s.", least=least, most=most)


def none_of(choices: Iterable[str]) -> Lazy:
    """Something else than the few words that a machine may say."""
    return _("Please choose one of these: %(choices)s.", choices=", ".join(choices))
