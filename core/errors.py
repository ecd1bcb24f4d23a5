"""What went wrong, in words for a person. One handler (core.http.pages, viesis.app) makes it a
page, a fragment or JSON.
"""

from dataclasses import dataclass, field

from core.i18n import Lazy


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
