"""Forms that give back what was typed: values as strings, an error beside each field, nothing
lost.
"""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from core.errors import DomainError
from core.i18n import Lazy, _
from core.text import clean, is_email

LONGEST = 20_000


class Form:
    """What a person sent (`values`: name → str or list of str) and what is wrong with it (`errors`:
    name → sentence).

    Read fields with `text`, `email`, `integer`, `choice`, …: each cleans, checks and notes an
    error; after all of them, `check()` raises a 422 DomainError if any is wrong. Pass the form to
    the template again as it is.
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self.values: dict[str, Any] = dict(values or {})
        self.errors: dict[str, Lazy | str] = {}

    @classmethod
    def of(cls, data: FormData, several: tuple[str, ...] = ()) -> "Form":
        """From a posted form; the names in `several` are lists."""
        values: dict[str, Any] = {}
        for name, value in data.multi_items():
            if not isinstance(value, str):
                continue
            if name in several:
                values.setdefault(name, []).append(value)
            else:
                values[name] = value
        return cls(values)

    @classmethod
    async def read(cls, request: Request, several: tuple[str, ...] = ()) -> "Form":
        """The form of this request; at most 1,000 fields."""
        return cls.of(await request.form(max_fields=1000, max_part_size=2**20), several)

    def wrong(self, name: str, message: "Lazy | str") -> None:
        """Note an error; the first one of a field stays."""
        self.errors.setdefault(name, message)

    def text(
        self, name: str, *, required: bool = False, longest: int = 200, lines: bool = False
    ) -> str:
        """A cleaned text."""
        value = clean(str(self.values.get(name) or "")[: LONGEST * 2], lines=lines)
        if required and not value:
            self.wrong(name, _("Please fill this in."))
        if len(value) > longest:
            self.wrong(name, _("At most %(most)s characters, please.", most=longest))
        return value

    def email(self, name: str, *, required: bool = False) -> str:
        """An address that mail can be sent to."""
        value = self.text(name, required=required, longest=254)
        if value and not is_email(value):
            self.wrong(name, _("This is not an e-mail address. It looks like name@example.org."))
        return value

    def integer(
        self, name: str, *, required: bool = False, least: int = 0, most: int = 10**6
    ) -> int | None:
        """A whole number, or None when empty."""
        value = self.text(name, required=required)
        if not value:
            return None
        try:
            number = int(value) if value.isascii() else int("x")
        except ValueError:
            self.wrong(name, _("Please give a whole number."))
            return None
        if not least <= number <= most:
            self.wrong(
                name, _("Please give a number from %(least)s to %(most)s.", least=least, most=most)
            )
        return number

    def choice(
        self,
        name: str,
        allowed: Mapping[str, Any] | tuple[str, ...] | list[str],
        *,
        required: bool = False,
    ) -> str:
        """One of a closed list, or an empty text."""
        value = self.text(name, required=required)
        if value and value not in allowed:
            self.wrong(name, _("Please choose one of the list."))
            return ""
        return value

    def several(
        self, name: str, allowed: Mapping[str, Any] | tuple[str, ...] | list[str]
    ) -> list[str]:
        """Some of a closed list."""
        found = self.values.get(name) or []
        chosen = [str(v) for v in (found if isinstance(found, list) else [found])]
        if any(c not in allowed for c in chosen):
            self.wrong(name, _("Please choose from the list."))
        return [c for c in chosen if c in allowed]

    def yes(self, name: str) -> bool:
        """A checkbox."""
        return bool(self.values.get(name))

    def check(self) -> None:
        """Raise a 422 DomainError when a field is wrong."""
        if self.errors:
            raise DomainError(_("Please look at the fields marked below."), 422, dict(self.errors))

    def take(self, error: DomainError) -> None:
        """Note the errors that a verb raised, each beside its field; a general one under the empty
        name.
        """
        for name, message in error.fields.items():
            self.wrong(name, message)
        if not error.fields:
            self.wrong("", error.message)
