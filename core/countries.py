"""Countries by their ISO 3166-1 codes."""

from functools import lru_cache

from babel import Locale

from core.i18n import fmt, language
from core.text import search_key

# CLDR's own: exceptional reservations, groups of countries, and codes for tests
_NOT_COUNTRIES = {
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "EU",
    "EZ",
    "IC",
    "QO",
    "TA",
    "UN",
    "XA",
    "XB",
    "ZZ",
}
_ALL = {str(code) for code in Locale("en").territories}
CODES = frozenset(
    code for code in _ALL if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
)
_NEAR = ("LV", "LT", "NO", "EE")


def code(value: str) -> str:
    """The code in capitals, or an empty text when no country has it."""
    found = value.strip().upper()
    return found if found in CODES else ""


def choices() -> dict[str, str]:
    """Every country by code, with its name in the person's language: those nearest first, the rest
    by name.
    """
    return _choices(language())


@lru_cache
def _choices(_language: str) -> dict[str, str]:
    named = {c: fmt.country(c) for c in CODES}
    rest = sorted(CODES - set(_NEAR), key=lambda c: search_key(named[c]))
    return {c: named[c] for c in (*_NEAR, *rest)}
