"""Dates and times as people write them in a table: Excel's numbers, 2026-05-04, 4.5.2026,
04/05/2026, “4. mai 2026”.
"""

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale

from core import times
from core.i18n import LANGUAGES
from core.text import search_key
from events.programme_import.files import Cell

_CLOCK = r"(\d{1,2})(?:[.:h](\d{2}))?(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?"
_BESIDE = r"(?:kl\.?|plkst\.?|val\.?|h|Uhr)?"
_FROM = r"(?:from|no|nuo|fra)?"
_ONE = re.compile(rf"^\s*{_FROM}\s*{_BESIDE}\s*{_CLOCK}\s*{_BESIDE}\s*$", re.IGNORECASE)
_SPAN = re.compile(
    rf"^\s*{_FROM}\s*{_BESIDE}\s*{_CLOCK}\s*{_BESIDE}\s*(?:[-–—−]|to|til|līdz|iki)\s*{_CLOCK}\s*{_BESIDE}\s*$",
    re.IGNORECASE,
)
_FOUR = re.compile(r"(?<![\d.:])([01]\d|2[0-4])([0-5]\d)(?![\d.:])")
"""`0930`, as in Norway."""
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s*([-./])\s*(\d{1,2})\s*[-./]\s*(\d{4}|\d{2})(?!\d)")
_NO_YEAR = re.compile(r"^\D*(\d{1,2})\s*\.\s*(\d{1,2})\s*\.?\s*$")
_MIDNIGHT = re.compile(r"(?<=\d)[T ]+00:00(:00(\.0+)?)?$")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - the day from which Excel counts, in no zone
_SERIALS = range(15_000, 110_000)
DAY = timedelta(days=1)


@lru_cache
def _months() -> dict[str, int]:
    """Each month's names in the four languages, as one types them."""
    found: dict[str, int] = {}
    for code in LANGUAGES:
        for form in Locale.parse(code).months.values():
            for width in ("wide", "abbreviated"):
                found |= {search_key(name).strip("."): n for n, name in form.get(width, {}).items()}
    return found


def moment_of(cell: Cell) -> datetime | None:
    """A date with a time, not long after our days; aware where the cell names an offset."""
    found = _moment(cell)
    return found if found and found.year <= times.LATEST else None


def _moment(cell: Cell) -> datetime | None:  # noqa: PLR0911 - one return for each way of writing it
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, float) and int(cell) in _SERIALS and cell % 1:
        return _serial(cell)
    if not isinstance(cell, str):
        return None
    given = cell.strip()
    if _SERIAL.fullmatch(given) and "." in given:
        return _moment(float(given))
    with suppress(ValueError):
        return (
            datetime.fromisoformat(given)
            if re.search(r"[T ]\d", given) and given.isascii()
            else None
        )
    found = day_of(given, whole=False)
    if not found:
        return None
    rest = clock_of(_bare(given).lstrip(" ,T"))
    return None if rest is None else datetime.combine(found[0], time()) + rest


def _bare(text: str) -> str:
    """What stands behind the date."""
    for pattern in (_YEAR_FIRST, _DAY_FIRST):
        if match := pattern.search(text):
            return text[match.end() :].lstrip(".")
    return ""


def day_of(cell: Cell, *, whole: bool = True, near: date | None = None) -> tuple[date, bool] | None:
    """A date, and whether its day and month could be meant the other way round (day first is
    taken).

    A text may hold a weekday too; unless `whole`, also a time. Without a year it is the day nearest
    to `near`.
    """
    found = _day(cell, whole, near)
    return found if found and found[0].year <= times.LATEST else None


def _day(cell: Cell, whole: bool, near: date | None) -> tuple[date, bool] | None:  # noqa: PLR0911 - as day_of has it; one return for each way of writing it
    if isinstance(cell, datetime):
        return cell.date(), False
    if isinstance(cell, date):
        return cell, False
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (_serial(cell).date(), False) if int(cell) in _SERIALS else None
    if not isinstance(cell, str) or len(cell) > 100:
        return None
    given = _MIDNIGHT.sub("", cell.strip())
    if _SERIAL.fullmatch(given):
        return _day(float(given), whole, near)
    with suppress(ValueError, OverflowError):
        if match := _YEAR_FIRST.search(given):
            return (date(*map(int, match.groups())), False) if _only(given, match, whole) else None
        if match := _DAY_FIRST.search(given):
            return _day_first(match) if _only(given, match, whole) else None
        if near and (match := _NO_YEAR.match(given)):
            return _nearest(int(match[2]), int(match[1]), near), False
        return _with_month(given, near)
    return None


def _only(given: str, match: re.Match[str], whole: bool) -> bool:
    """Beside the date there are no other digits: “Room 12” is none."""
    return not whole or not re.search(r"\d", given[: match.start()] + given[match.end() :])


def _day_first(match: re.Match[str]) -> tuple[date, bool]:
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year < 100 else 0
    if month > 12 >= day:  # 05/24/2026 can only be meant so
        return date(year, day, month), False
    return date(year, month, day), match[2] == "/" and day <= 12 and day != month


def _nearest(month: int, day: int, near: date) -> date:
    """Raises a ValueError where there is no such day; the 29th of February is one of leap years."""
    return min(
        (date(year, month, day) for year in range(near.year - 1, near.year + 2)),
        key=lambda d: abs(d - near),
    )


def _with_month(given: str, near: date | None) -> tuple[date, bool] | None:
    words = [w.strip(".,") for w in search_key(given).replace(".", ". ").split()]
    months = [_months()[w] for w in words if w in _months()]
    numbers = [int(w) for w in words if w.isascii() and w.isdigit()]
    years, days = [n for n in numbers if n > 1900], [n for n in numbers if n <= 31]
    if len(days) != 1 or len(set(months)) != 1 or len(years) > 1:
        return None
    if years:
        return date(years[0], months[0], days[0]), False
    return (_nearest(months[0], days[0], near), False) if near else None


def _serial(value: float) -> datetime:
    """Excel's number of a day; its fraction is the time, to the second."""
    return _FIRST_DAY + timedelta(days=int(value), seconds=round(value % 1 * 86400))


def clock_of(cell: Cell) -> timedelta | None:  # noqa: PLR0911 - one return for each way of writing it
    """A time of day, as what has gone by since midnight: at most 24 hours."""
    if isinstance(cell, datetime | time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, timedelta):
        return cell if timedelta() <= cell <= DAY else None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if 0 <= cell < 1:
            return timedelta(seconds=round(cell * 86400))
        return timedelta(hours=int(cell)) if cell == int(cell) and 0 <= cell <= 24 else None
    if not isinstance(cell, str) or len(cell) > 60:
        return None
    if match := _ONE.match(_FOUR.sub(r"\1.\2", cell)):
        return _clock(match, 1)
    with suppress(ValueError):
        fraction = float(cell.strip().replace(",", "."))
        return clock_of(fraction) if 0 <= fraction < 1 else None
    return None


def span_of(cell: Cell) -> tuple[timedelta, timedelta] | None:
    """`9-10.30` in one cell: from when to when."""
    match = (
        _SPAN.match(_FOUR.sub(r"\1.\2", cell)) if isinstance(cell, str) and len(cell) < 60 else None
    )
    if not match:
        return None
    first, last = _clock(match, 1), _clock(match, 5)
    return (first, last) if first is not None and last is not None else None


def _clock(match: re.Match[str], at: int) -> timedelta | None:
    hour, minute, second = int(match[at]), int(match[at + 1] or 0), int(match[at + 2] or 0)
    half = (match[at + 3] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    found = timedelta(hours=hour, minutes=minute, seconds=second)
    return found if minute < 60 and second < 60 and found <= DAY else None
