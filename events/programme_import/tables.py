"""The rows of a table, read as items of a programme."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from core.errors import NO_FLAG, REQUIRED, invalid
from core.i18n import _
from core.text import clean
from events.programme.words import TEXTS, column, kind_named, speakers, yes_or_no
from events.programme_import.files import MOST_ROWS, Cell, Sheets
from events.programme_import.rows import APART, Row
from events.programme_import.times import clock_of, day_of, moment_of, span_of

LONG = timedelta(hours=16)
"""From here on an end before the beginning is a slip of the pen and not a night."""
_STAY = timedelta(days=31)
"""More is no end of a session but a time that Excel took for a date."""
_WORD = re.compile(r"[^\W\d_]")
_HEAD_WITHIN = 20
_LAST_EPOCH = 1905
"""Some programs write a time alone as one of 30 December 1899, or of 1 January 1904."""
Column = tuple[str, str]
"""What a column is for, and its language."""
Lines = Sequence[tuple[int, Sequence[Cell]]]

_NO_TIME = _("This is not a time like 9.30 that we can read.")
_NO_DAY = _("This is not a date like 2026-12-10 or 10.12.2026 that we can read.")
_NO_HEAD = _(
    "No row has the heads of the columns: at least Title and Begins. Start from the template, please."
)


def of_sheets(sheets: Sheets, language: str, near: date, name: str = "file") -> list[Row]:
    """The items of every sheet that has a head; `language` is that of texts whose column names
    none, a day without a year is the one nearest to `near`.

    Raises a 422 for `name` where there is no head, or too much.
    """
    headed = {title: found for title, lines in sheets.items() if (found := _headed(lines))}
    if not headed:
        raise invalid(**{name: _NO_HEAD})
    rows: list[Row] = []
    for place, (title, (columns, lines)) in enumerate(headed.items()):
        of_sheet = list(_Table(columns, language, near, title).rows(lines))
        _ended(of_sheet)
        for row in of_sheet:
            row.number, row.sheet = row.number + place * APART, title if len(headed) > 1 else ""
            rows.append(row)
    if len(rows) > MOST_ROWS:
        raise invalid(**{name: _("At most %(most)s rows, please.", most=MOST_ROWS)})
    if not rows:
        raise invalid(**{name: _("There are heads of columns, but nothing below them.")})
    return rows


def _ended(rows: Sequence[Row]) -> None:
    """Let each item without an end last until the next one of its day begins."""
    begun = [str(row.values.get("starts_at", "")) for row in rows]
    for at, row in enumerate(rows):
        later = (b for b in begun[at + 1 :] if b > begun[at] and b[:10] == begun[at][:10])
        if (
            begun[at]
            and not row.said.get("ends", "").strip()
            and "ends" in row.problems
            and (ends := next(later, ""))
        ):
            del row.problems["ends"]
            row.values["ends_at"] = ends
            row.notes.append(str(_("Taken to end when the next one begins.")))


def _headed(lines: Lines) -> tuple[dict[int, Column], Lines] | None:
    """What the columns of a sheet are for, and the lines below that head; None for a sheet without
    one.
    """
    for at, (_number, cells) in enumerate(lines[:_HEAD_WITHIN]):
        found = {
            n: known
            for n, cell in enumerate(cells)
            if isinstance(cell, str) and (known := column(cell))
        }
        names = {known[0] for known in found.values()}
        if "title" in names and names & {"starts", "time"}:
            return _once(found), lines[at + 1 :]
    return None


def _once(found: dict[int, Column]) -> dict[int, Column]:
    """Each column by its place; of two for the same the first."""
    places: dict[Column, int] = {}
    for place, known in found.items():
        places.setdefault(known, place)
    return {place: known for known, place in places.items()}


class _Table:
    """Reads rows one after the other: a day that stands alone, or once for several rows, holds for
    those below.

    A sheet may be called after its day.
    """

    def __init__(self, columns: dict[int, Column], language: str, near: date, title: str) -> None:
        self.columns, self.language, self.near = columns, language, near
        named = day_of(title, near=near)
        self.day: date | None = named[0] if named else None

    def rows(self, lines: Lines) -> Iterator[Row]:
        for number, cells in lines:
            given = {
                known: cells[n] if n < len(cells) else None for n, known in self.columns.items()
            }
            filled = [c for c in cells if c is not None and str(c).strip()]
            if not filled:
                continue
            if len(filled) == 1 and (
                day := day_of(filled[0], near=self.near if _WORD.search(str(filled[0])) else None)
            ):
                self.day = day[0]
                continue
            row = Row(number)
            row.said = {
                known[0]: str(cell)[:80] for known, cell in given.items() if cell is not None
            }
            self._texts(row, given)
            self._times(row, {known[0]: cell for known, cell in given.items()})
            yield row

    def _texts(self, row: Row, given: dict[Column, Cell]) -> None:
        for (name, language), cell in given.items():
            said = _text(cell)
            if name in TEXTS:
                row.values.setdefault(name, {})[language or self.language] = said
            elif name == "reference":
                row.uid = clean(said)
            elif name == "capacity":
                row.values[name] = _number(cell)
            elif name == "speakers":
                row.values[name] = speakers(said)
            elif name in _PLAIN:
                row.values[name] = said.strip()
            elif said.strip() and name in _CHOICES:
                _CHOICES[name](row, said.strip())

    def _times(self, row: Row, given: dict[str, Cell]) -> None:
        begins = self._begins(row, given)
        if begins is None:
            return
        row.values["starts_at"] = begins.isoformat()
        ends = self._ends(row, given, begins)
        if ends is not None:
            row.values["ends_at"] = ends.isoformat()

    def _begins(self, row: Row, given: dict[str, Cell]) -> datetime | None:
        whole = moment_of(_first(given, "starts", "time"))
        if whole and whole.year > _LAST_EPOCH:
            if (
                whole.time() == time()
                and (day := day_of(given.get("day")))
                and day[0] != whole.date()
            ):
                row.wrong("starts", _NO_TIME)  # 9.10, of which Excel made the ninth of October
                return None
            self.day = whole.date()
            return whole
        self._a_day(row, given.get("day"))
        span = span_of(_first(given, "time", "starts"))
        clock = span[0] if span else clock_of(_first(given, "starts", "time"))
        if clock is None:
            missing = not _text(_first(given, "starts", "time")).strip()
            row.wrong("starts", REQUIRED if missing else _NO_TIME)
        if self.day is None:
            row.wrong("day", REQUIRED)
        if clock is None or self.day is None or "day" in row.problems:
            return None
        return datetime.combine(self.day, time()) + clock

    def _a_day(self, row: Row, cell: Cell) -> None:
        if not _text(cell).strip():
            return
        found = day_of(cell, near=self.near)
        if not found:
            row.wrong("day", _NO_DAY)
            return
        self.day = found[0]
        if found[1]:
            row.notes.append(
                str(_("%(said)s was read with the day first.", said=_text(cell).strip()))
            )

    def _ends(self, row: Row, given: dict[str, Cell], begins: datetime) -> datetime | None:
        cell = given.get("ends")
        whole = moment_of(cell)
        if whole and whole.year > _LAST_EPOCH:
            day = whole.time() == time() and abs(whole.date() - begins.date()) > _STAY
            if day and _text(given.get("day")).strip():
                row.wrong("ends", _NO_TIME)
            return None if "ends" in row.problems else whole
        span = span_of(_first(given, "time", "starts"))
        clock = span[1] if span else clock_of(cell)
        if clock is None:
            row.wrong("ends", _NO_TIME if _text(cell).strip() else REQUIRED)
            return None
        if _text(given.get("end_day")).strip():
            last = day_of(given.get("end_day"), near=begins.date())
            if not last:
                row.wrong("end_day", _NO_DAY)
                return None
            return datetime.combine(last[0], time()) + clock
        ends = datetime.combine(begins.date(), time()) + clock
        if begins.tzinfo:
            ends = ends.replace(tzinfo=begins.tzinfo)
        if ends <= begins:
            ends += timedelta(days=1)
            if ends - begins >= LONG and row.values.get("kind") not in {"stay", "travel"}:
                row.wrong("ends", _("This is before the beginning."))
                return None
        return ends


def _first(given: dict[str, Cell], *names: str) -> Cell:
    """The first of these cells in which something stands."""
    return next(
        (given[n] for n in names if given.get(n) is not None and str(given[n]).strip()), None
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else str(cell)


def _kind(row: Row, said: str) -> None:
    if found := kind_named(said):
        row.values["kind"] = found
    else:
        row.notes.append(str(_("“%(kind)s” is not a kind that we know.", kind=clean(said)[:60])))


def _counted(row: Row, said: str) -> None:
    found = yes_or_no(said)
    if found is None:
        row.wrong("counted", NO_FLAG)
    else:
        row.values["counted"] = found


_CHOICES = {"kind": _kind, "counted": _counted}
_PLAIN = ("place", "timezone", "end_timezone")


def _number(cell: Cell) -> int | str | None:
    said = _text(cell).strip()
    if not said:
        return None
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else said
