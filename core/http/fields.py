"""The reader of fields, whoever sent them: each method cleans and checks one, `check()` raises all
that is wrong.
"""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from core import countries, times
from core.errors import (
    NO_COUNTRY,
    NO_DATE,
    NO_EMAIL,
    NO_FLAG,
    NO_LIST,
    NO_MOMENT,
    NO_WHOLE_NUMBER,
    NOT_LISTED,
    REQUIRED,
    UNKNOWN_FIELD,
    DomainError,
    out_of_range,
    too_long,
)
from core.i18n import Lazy, _
from core.text import clean, is_email

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class FieldReader:
    """Values by name, as JSON gave them, and what is wrong with them (`errors`: name → sentence).

    With `allowed`, a name beside these is an error. `first` is the project's first language, that
    of a plain string. A form's values are read by core.http.forms.Form.
    """

    longest = 300
    """Characters of a text that has no limit of its own."""

    def __init__(
        self,
        values: Mapping[str, Any],
        allowed: Collection[str] | None = None,
        first: str = "en",
    ) -> None:
        self.values = dict(values)
        self.first = first
        self.errors: dict[str, Lazy | str] = {}
        self.extra: dict[str, object] = {}
        for name in self.values if allowed is not None else ():
            if allowed is not None and name not in allowed:
                self.wrong(name, UNKNOWN_FIELD)

    def has(self, name: str) -> bool:
        """Whether it was given at all, if only as nothing."""
        return name in self.values

    def wrong(self, name: str, message: "Lazy | str") -> None:
        """Note an error; the first one of a field stays."""
        self.errors.setdefault(name, message)

    def take(self, error: DomainError) -> None:
        """Note the errors that a verb raised, each beside its field; a general one under the empty
        name.
        """
        for name, message in error.fields.items():
            self.wrong(name, message)
        if not error.fields:
            self.wrong("", error.message)
        self.extra.update(error.extra)

    def take_part(self, name: str, part: "FieldReader") -> None:
        """Note the errors of an object among the values: `name.field`."""
        for field, message in part.errors.items():
            self.wrong(f"{name}.{field}", message)

    def check(self) -> None:
        """Raise a 422 with everything that is wrong."""
        if self.errors:
            raise DomainError(self.summary(), 422, dict(self.errors), extra=dict(self.extra))

    def summary(self) -> "Lazy | str":
        """One sentence for all that is wrong."""
        return next(iter(self.errors.values()))

    def text(
        self, name: str, *, required: bool = False, longest: int = 0, lines: bool = False
    ) -> str:
        """A cleaned text."""
        value = self.values.get(name)
        return self._text(name, value, required=required, longest=longest, lines=lines)

    def _text(
        self,
        name: str,
        value: Any,
        *,
        required: bool = False,
        longest: int = 0,
        lines: bool = False,
    ) -> str:
        longest = longest or self.longest
        cleaned = clean(self.typed(name, value), lines=lines)
        if required and not cleaned:
            self.wrong(name, REQUIRED)
        if len(cleaned) > longest:
            self.wrong(name, too_long(longest))
        return cleaned

    def typed(self, name: str, value: Any) -> str:
        """A value as text, not yet cleaned."""
        if value is not None and not isinstance(value, str):
            self.wrong(name, _("This must be a text."))
            return ""
        return value or ""

    def email(self, name: str, *, required: bool = False) -> str:
        """An address that mail can be sent to."""
        value = self.text(name, required=required, longest=254)
        if value and not is_email(value):
            self.wrong(name, NO_EMAIL)
        return value

    def choice(self, name: str, allowed: Collection[str], *, required: bool = False) -> str:
        """One of a closed list, or an empty text."""
        value = self.text(name, required=required)
        if value and value not in allowed:
            self.wrong(name, NOT_LISTED)
            return ""
        return value

    def translations(
        self, name: str, *, required: bool = False, longest: int = 300, lines: bool = False
    ) -> dict[str, str]:
        """A translatable text: an object by language, or a plain string in the project's first
        language.
        """
        value = self.values.get(name)
        if not isinstance(value, Mapping):
            value = {self.first: value} if value is not None else {}
        found: dict[str, str] = {}
        for code, said in value.items():
            if not isinstance(code, str) or not _LANGUAGE.fullmatch(code):
                self.wrong(name, _("Languages are named by codes like en, lt, lv or nb."))
            elif kept := self._text(name, said, longest=longest, lines=lines):
                found[code] = kept
        if required and not found:
            self.wrong(name, REQUIRED)
        return found

    def number(self, name: str, *, least: int = 0, most: int = 1_000_000) -> int | None:
        """A whole number, or None."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(name, NO_WHOLE_NUMBER)
        elif not least <= value <= most:
            self.wrong(name, out_of_range(least, most))
        else:
            return value
        return None

    def degrees(self, name: str, most: int) -> float | None:
        """An angle of a place on the map, or None."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(name, _("Please give a place on the map like 56.9496, 24.1052."))
        elif not -most <= value <= most:
            self.wrong(name, out_of_range(-most, most))
        else:
            return float(value)
        return None

    def flag(self, name: str, otherwise: bool) -> bool:
        """Yes or no."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            self.wrong(name, NO_FLAG)
        return otherwise if value is None else bool(value)

    def country(self, name: str, *, required: bool = False) -> str:
        """An ISO 3166 code."""
        value = self.text(name, required=required)
        if value and not countries.code(value):
            self.wrong(name, NO_COUNTRY)
        return countries.code(value)

    def zone(self, name: str, otherwise: str = "", *, required: bool = False) -> str:
        """An IANA time zone; `otherwise` when it is not given or wrong."""
        value = self.text(name, required=required)
        if value and not times.zone(value):
            self.wrong(name, _("This is not a time zone like Europe/Riga."))
            return otherwise
        return value or otherwise

    def moment(self, name: str, zone: str, *, required: bool = False) -> datetime | None:
        """A moment in UTC; without an offset it is local in the zone."""
        value = self.values.get(name)
        if value is None or value == "":
            if required:
                self.wrong(name, REQUIRED)
            return None
        if not isinstance(value, str | datetime):
            self.wrong(name, NO_MOMENT)
            return None
        try:
            return times.moment(value, zone or "UTC", name)
        except DomainError as error:
            self.take(error)
            return None

    def same_clock(self, name: str, value: datetime, old: str, new: str) -> datetime:
        """A moment that was not given, where its zone has changed: what the clocks show stays."""
        try:
            return times.rezoned(value, old, new, name)
        except DomainError as error:
            self.take(error)
            return value

    def day(self, name: str) -> date | None:
        """A date."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            with suppress(ValueError):
                return date.fromisoformat(value)
        self.wrong(name, NO_DATE)
        return None

    def texts(self, name: str, *, longest: int = 300, most: int = 200) -> list[str]:
        """A list of texts, each once, without empty ones."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.wrong(name, NO_LIST)
            return []
        if len(value) > most:
            self.wrong(name, _("At most %(most)s of these, please.", most=most))
            return []
        return list(
            dict.fromkeys(filter(None, (self._text(name, v, longest=longest) for v in value)))
        )

    def languages(self, name: str) -> list[str]:
        """Language codes (BCP 47), at least one; the first is the project's own."""
        found = self.texts(name, most=20)
        if not found:
            self.wrong(name, _("Please name at least one language."))
        if any(not _LANGUAGE.fullmatch(code) for code in found):
            self.wrong(name, _("Languages are named by codes like en, lt, lv or nb."))
        return found

    def address(self, name: str) -> str:
        """A web address."""
        value = self.text(name, longest=500)
        if value and (not value.lower().startswith(("https://", "http://")) or " " in value):
            self.wrong(name, _("Please give an address that begins with https://."))
        return value

    def colour(self, name: str) -> str:
        """A colour like #1a5fb4."""
        value = self.text(name)
        if value and not _COLOUR.fullmatch(value):
            self.wrong(name, _("Please give a colour like #1a5fb4."))
        return value.lower()


def reason_given(value: Any) -> str:
    """A reason that people will read. Raises a 422 for `reason` without one."""
    reader = FieldReader({"reason": value})
    reason = reader.text("reason", required=True, longest=500, lines=True)
    reader.check()
    return reason
