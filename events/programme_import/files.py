"""A file with a programme, whatever wrote it, as rows of cells: CSV in any of its dialects, XLSX,
or a calendar's text.

What it is, its bytes say and not its name.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import isfinite
from typing import Any

from openpyxl import load_workbook

from core.errors import DomainError, invalid
from core.http.spreadsheets import unescaped
from core.i18n import Lazy, _

MOST_BYTES = 5 * 2**20
MOST_ROWS = 2000
MOST_COLUMNS = 60
MOST_UNPACKED = 60 * 2**20
"""Bytes that a workbook may become when it is unpacked."""
_SHEETS = 20

Sheets = dict[str, list[tuple[int, Sequence["Cell"]]]]
Cell = str | int | float | bool | datetime | date | time | timedelta | None

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ODD = re.compile("[\x01-\x08\x0e-\x1f]")
_BALTIC = set("ąčęėįšųžāēģīķļņūŗĄČĘĖĮŠŲŽĀĒĢĪĶĻŅŪŖ")
_NORDIC = set("æøåÆØÅéÉ")
_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
)
"""What zipfile and openpyxl raise at a file that is no workbook, or a damaged one; ParseError is a
SyntaxError.
"""

_OLD = _("This is a workbook of the old kind, or one with a password. Save it as XLSX, please.")
_DAMAGED = _("This workbook is damaged, or is none. Save it once more as XLSX, please.")
_ODS = _("This is an ODS file. Save it as XLSX, please.")
_OTHER = _("This is no calendar and no table that we can read. ICS, CSV or XLSX, please.")

csv.field_size_limit(MOST_BYTES)


@dataclass
class Opened:
    """What a file holds: the text of a calendar, or sheets of (number, cells) by name; and what is
    to be said of it.
    """

    calendar: str = ""
    sheets: Sheets = field(default_factory=dict)
    notes: list[Lazy] = field(default_factory=list)


def opened(data: bytes, languages: Sequence[str] = (), name: str = "file") -> Opened:
    """Look into a file. `languages` help to tell one old alphabet from another. Slow: call it in a
    thread.

    Raises a 422 for `name` that says what is wrong with it.
    """
    if len(data) > MOST_BYTES:
        raise invalid(
            **{
                name: _(
                    "This file is too large. At most %(most)s MB, please.", most=MOST_BYTES // 2**20
                )
            }
        )
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise invalid(**{name: _("There is nothing in it.")})
    if data.startswith(_ZIP):
        return Opened(sheets=_workbook(data, name))
    if data.startswith(_OLE):
        raise invalid(
            **{
                name: _(
                    "This is a workbook of the old kind, or one with a password. Save it as XLSX, please."
                )
            }
        )
    text, note = _text(data, languages, name)
    if "BEGIN:VCALENDAR" in text[:2000].upper():
        return Opened(calendar=text, notes=note)
    return Opened(sheets={"": list(islice(_lines(text, name), MOST_ROWS + 100))}, notes=note)


def _text(data: bytes, languages: Sequence[str], name: str) -> tuple[str, list[Lazy]]:
    """Its letters, and what to say where they had to be guessed."""
    found, note = _decoded(data, languages)
    found = found.replace("\0", "").lstrip("\ufeff")
    if len(_ODD.findall(found)) > len(found) // 100 or found.startswith(("%PDF-", "\x89PNG")):
        raise invalid(**{name: _OTHER})
    return found, note


def _decoded(data: bytes, languages: Sequence[str]) -> tuple[str, list[Lazy]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), []
    zeros = data[:2000].count(0)
    if zeros > len(data[:2000]) // 4:
        low = data[1:2000:2].count(0) > data[0:2000:2].count(0)
        return data.decode("utf-16-le" if low else "utf-16-be", "replace"), []
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        return _old(data, languages)


def _old(data: bytes, languages: Sequence[str]) -> tuple[str, list[Lazy]]:
    """From before Unicode: the Baltic alphabet or the western one, by the letters that come out."""
    baltic, western = data.decode("cp1257", "replace"), data.decode("cp1252", "replace")
    as_baltic = sum(n for c, n in Counter(baltic).items() if c in _BALTIC and not c.isascii())
    as_western = sum(n for c, n in Counter(western).items() if c in _NORDIC)
    wins = as_baltic > as_western or (
        as_baltic == as_western and any(c in {"lt", "lv"} for c in languages[:1])
    )
    alphabet = _("Baltic (Windows-1257)") if wins else _("western (Windows-1252)")
    said = _(
        "The letters of this file were read as %(alphabet)s. Please look at the names.",
        alphabet=alphabet,
    )
    return (baltic if wins else western), [said]


def _lines(text: str, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
    try:
        for number, row in enumerate(reader, 1):
            yield number, [unescaped(cell) for cell in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise invalid(
            **{name: _("Row %(row)s of this table cannot be read.", row=reader.line_num)}
        ) from error


def _delimiter(text: str) -> str:
    """What stands most often in the first lines, outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", "\n".join(text[:20_000].splitlines()[:10]))
    return max((";", "\t", ","), key=bare.count)


def _workbook(data: bytes, name: str) -> Sheets:
    """Every sheet that is shown, values only: of a formula, what it came to when it was saved."""
    try:
        _no_bomb(data, name)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        shown = [s for s in book.worksheets if s.sheet_state == "visible"][:_SHEETS]
        return {sheet.title: _sheet(sheet) for sheet in shown}
    except DomainError:
        raise
    except (*_BROKEN, SyntaxError, zipfile.BadZipFile) as error:
        raise invalid(
            **{name: _("This workbook is damaged, or is none. Save it once more as XLSX, please.")}
        ) from error


def _no_bomb(data: bytes, name: str) -> None:
    """Raises a 422 for what would fill the memory, by its size or by entities within entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if "mimetype" in packed.namelist():
            raise invalid(**{name: _ODS})
        if len(parts) > 2000 or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise invalid(**{name: _("This workbook is too large when it is unpacked.")})
        for part in parts:
            # Office writes no document types; without one nothing can be made larger than it is.
            if b"<!DOCTYPE" in packed.read(part)[:100_000].replace(b"\0", b"").upper():
                raise invalid(**{name: _DAMAGED})
        if "xl/workbook.xml" not in packed.namelist():
            raise invalid(**{name: _OTHER})


def _sheet(sheet: Any) -> list[tuple[int, Sequence[Cell]]]:
    rows = sheet.iter_rows(max_row=MOST_ROWS + 100, max_col=MOST_COLUMNS, values_only=True)
    return [(n, [_plain(cell) for cell in row]) for n, row in enumerate(rows, 1)]


def _plain(value: Any) -> Cell:
    """A cell; what a formula could not come to (#N/A) is nothing."""
    if isinstance(value, str):
        return "" if re.fullmatch(r"#[A-Z/0!?]{3,8}", value) else value
    if isinstance(value, float) and not isfinite(value):
        return None
    return value if isinstance(value, int | float | datetime | date | time | timedelta) else None
