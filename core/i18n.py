"""Four languages: catalogues, plural rules, dates and numbers as people say them, and translatable
texts.
"""

import datetime as dt
import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_time, get_timezone_name
from babel.numbers import format_decimal

from core import ROOT

LANGUAGES = {"en": "English", "lt": "Lietuvių", "lv": "Latviešu", "nb": "Norsk bokmål"}
DEFAULT = "en"

_LT_DAY = "y 'm'. MMMM d"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def language() -> str:
    """The language of the person this work is for."""
    return _language.get()


def speak(code: str) -> None:
    """Speak this language until the end of the request or task."""
    _language.set(code if code in LANGUAGES else DEFAULT)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language inside the block."""
    token = _language.set(code if code in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache
def catalogue(code: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language; English is the source."""
    return gettext.translation("messages", ROOT / "locales", [code], fallback=True)


class Lazy:
    """A sentence translated when it is shown, in the language of whoever it is shown to.

    `_("%(name)s is full", name=title)`; for numbers see `plural`.
    """

    def __init__(self, text: str, plural: str = "", **values: object) -> None:
        self.text, self.plural, self.values = text, plural, values

    def __str__(self) -> str:
        found = catalogue(language())
        said = (
            found.ngettext(self.text, self.plural, int(str(self.values["n"])))
            if self.plural
            else found.gettext(self.text)
        )
        return said % {k: str(v) for k, v in self.values.items()} if self.values else said

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Lazy({self.text!r})"


_ = Lazy


def plural(one: str, many: str, n: int, **values: object) -> Lazy:
    """`plural("%(n)s person", "%(n)s people", 5)`: the form that the language has for this
    number.
    """
    return Lazy(one, many, n=n, **values)


class Vocabulary(StrEnum):
    """A closed list of codes, each with the word that people read: `PAIR = "pair", _("Two")`.

    A member is its code: in the database, in JSON and in forms it is a text like any other.
    """

    def __new__(cls, code: str, *_words: Lazy) -> Self:
        """A member is made of its code; `__init__` keeps the words."""
        member = str.__new__(cls, code)
        member._value_ = code
        return member

    def __init__(self, _code: str, label: Lazy) -> None:
        self.label = label

    @classmethod
    def of(cls, code: str) -> Self:
        """The member with this code; a KeyError where there is none."""
        return {member.value: member for member in cls}[code]

    @classmethod
    def labels(cls) -> dict[str, Lazy]:
        """The word of each code, in order."""
        return {member.value: member.label for member in cls}


class CountedVocabulary(Vocabulary):
    """A vocabulary of what is counted: each code has a word for several, too."""

    def __init__(self, code: str, label: Lazy, many: Lazy) -> None:
        super().__init__(code, label)
        self.many = many

    @classmethod
    def plurals(cls) -> dict[str, Lazy]:
        """The word for several of each code, in order."""
        return {member.value: member.many for member in cls}


def text(value: Mapping[str, str] | str | None, code: str | None = None) -> str:
    """A translatable text in the person's language, else in its first language."""
    if not value:
        return ""
    if isinstance(value, str):
        return value
    return value.get(code or language()) or next((v for v in value.values() if v), "")


class Formats:
    """Dates, numbers and names as said in the current language; `fmt` in templates. Times are shown
    in `zone`.
    """

    @property
    def locale(self) -> Locale:
        """Babel's locale of the current language."""
        return Locale.parse({"en": "en_GB"}.get(language(), language()))

    def date(self, value: dt.datetime | dt.date, zone: str = "UTC", *, weekday: bool = True) -> str:
        """A whole date: `Thursday 10 December 2026`, `2026. gada 10. decembris`."""
        day = _local(value, zone)
        return format_date(day, "full" if weekday else "long", locale=self.locale)

    def day(self, value: dt.datetime | dt.date, zone: str = "UTC") -> str:
        """A short date."""
        return format_date(_local(value, zone), "medium", locale=self.locale)

    def time(self, value: dt.datetime, zone: str = "UTC") -> str:
        """A time of day: `9.00`, `09:00`."""
        return format_time(value.astimezone(ZoneInfo(zone)), "short", locale=self.locale)

    def datetime(self, value: dt.datetime, zone: str = "UTC") -> str:
        """A date and a time."""
        return f"{self.day(value, zone)}, {self.time(value, zone)}"

    def span(self, start: dt.datetime, end: dt.datetime, zone: str, end_zone: str = "") -> str:
        """From when to when, the date said once where it is the same."""
        first = f"{self.date(start, zone)}, {self.time(start, zone)}"
        last = self.time(end, end_zone or zone)
        if _local(start, zone) == _local(end, end_zone or zone):
            return f"{first}–{last}"
        return f"{first} – {self.date(end, end_zone or zone)}, {last}"

    def days(self, start: dt.datetime, end: dt.datetime, zone: str) -> str:
        """The dates only: one, or first – last."""
        first, last = _local(start, zone), _local(end - timedelta(microseconds=1), zone)
        if first >= last:
            return self.date(start, zone)
        if language() == "lt":  # CLDR's interval leaves out "m." and "d."
            if (first.year, first.month) == (last.year, last.month):
                return f"{format_date(first, _LT_DAY, locale=self.locale)}–{last.day} d."
            return f"{format_date(first, 'long', locale=self.locale)} – {format_date(last, 'long', locale=self.locale)}"
        return str(format_interval(first, last, "yMMMMd", locale=self.locale))

    def zone(self, name: str) -> str:
        """What people call a time zone: `Latvia Time`."""
        return get_timezone_name(ZoneInfo(name), width="long", locale=self.locale)

    def number(self, value: float) -> str:
        """A number with its separators."""
        return format_decimal(value, locale=self.locale)

    def size(self, number: int) -> str:
        """A size in bytes as people say it."""
        unit, scale = ("MB", 1_000_000) if number >= 1_000_000 else ("kB", 1000)
        return (
            f"{format_decimal(max(number / scale, 0.1), '#,##0.#', locale=self.locale)}\u00a0{unit}"
        )

    def hours(self, minutes: int) -> str:
        """Minutes as hours with two decimals."""
        return format_decimal(minutes / 60, "#,##0.00", locale=self.locale)

    def percent(self, part: int, whole: int) -> str:
        """A share as a whole per cent, rounded down: 100 % only when all of it is there."""
        return f"{100 * part // whole if whole else 0}\u00a0%"

    def share(self, part: int, whole: int) -> str:
        """A part of a breakdown as the nearest whole per cent; never 0 % for some, nor 100 % for
        less than all.
        """
        near = (200 * part + whole) // (2 * whole) if whole else 0
        if part and not near:
            return "<\u00a01\u00a0%"
        return f"{min(near, 99) if part < whole else near}\u00a0%"

    def country(self, code: str | None) -> str:
        """A country's name by its ISO 3166 code."""
        return (self.locale.territories.get(code) or code) if code else ""


def _local(value: datetime | date, zone: str) -> date:
    return value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value


fmt = Formats()


def best(accept: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110, 12.5.4); Norwegian `no`,
    `nn` is `nb`.
    """
    wanted: list[tuple[float, str]] = []
    for part in accept.lower().split(",")[:20]:
        code, _sep, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        short = code.split("-")[0].strip()
        short = {"no": "nb", "nn": "nb"}.get(short, short)
        if short in LANGUAGES and weight > 0:
            wanted.append((-weight, short))
    return min(wanted, key=lambda w: w[0])[1] if wanted else DEFAULT
