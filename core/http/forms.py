"""Forms that give back what was typed: values as strings, an error beside each field, nothing
lost.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from core.errors import (
    MARKED,
    NO_NUMBER,
    NO_WHOLE_NUMBER,
    SOME_NOT_LISTED,
    out_of_range,
)
from core.http.fields import FieldReader
from core.i18n import Lazy, _

LONGEST = 20_000


class Form(FieldReader):
    """What a person sent: `values` are strings, or lists of them.

    Read fields with `text`, `email`, `integer`, `choice`, …: each cleans, checks and notes an
    error; after all of them, `check()` raises a 422 DomainError if any is wrong. Pass the form to
    the template again as it is.
    """

    longest = 200

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        super().__init__(values or {})

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

    def typed(self, _name: str, value: Any) -> str:
        """A value as text, not yet cleaned."""
        return ("" if value is None else str(value))[: LONGEST * 2]

    def summary(self) -> "Lazy | str":
        """One sentence for all that is wrong: each field has its own beside it."""
        return MARKED

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
            self.wrong(name, NO_WHOLE_NUMBER)
            return None
        if not least <= number <= most:
            self.wrong(name, out_of_range(least, most))
        return number

    def several(self, name: str, allowed: Collection[str]) -> list[str]:
        """Some of a closed list, in its order."""
        value = self.values.get(name) or []
        chosen = {str(v) for v in (value if isinstance(value, list) else [value]) if v != ""}
        if not chosen <= set(allowed):
            self.wrong(name, SOME_NOT_LISTED)
        return [code for code in allowed if code in chosen]

    def yes_or_no(self, name: str) -> bool | None:
        """An answer to a question that may be left open: then None."""
        value = self.values.get(name)
        if value in (None, ""):
            return None
        if value in (True, "yes", "true"):
            return True
        if value not in (False, "no", "false"):
            self.wrong(name, _("Please answer yes or no."))
        return False

    def decimal(self, name: str) -> float | None:
        """A number as people write it, `1 234,5` too; a whole one is an int."""
        value = self.text(name).replace(",", ".").replace("\u00a0", "").replace(" ", "")
        if not value:
            return None
        with suppress(ValueError):
            if abs(number := float(value)) < 10**12:
                return int(number) if number.is_integer() else number
        self.wrong(name, NO_NUMBER)
        return None

    def yes(self, name: str) -> bool:
        """A checkbox."""
        return bool(self.values.get(name))
