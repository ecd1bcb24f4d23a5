"""Tables out, as CSV and XLSX: what a spreadsheet would take for a formula stays text, telephone
numbers survive.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from core.i18n import language

Cell = str | int | float | Decimal | date | datetime | time | bool | None
"""A datetime is a time of the day and place it is about, without a zone: spreadsheets know none."""

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TYPES = {"csv": CSV, "xlsx": XLSX, "json": "application/json", "xml": "application/xml"}

_BEGINNING = r'((?:^|[,;\t\r\n])[ "]*)'
"""Where a cell can begin, whatever a spreadsheet takes for the separator of a list."""
_PHONE = r"\+[0-9 ()/-]{5,25}(?=[,;\t\r\n]|$)"
_FORMULA = re.compile(rf"{_BEGINNING}(?!{_PHONE})(?='*[=+\-@＝＋－＠])")
_ESCAPED = re.compile(rf"{_BEGINNING}'(?='*[=+\-@＝＋－＠])")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767."""


def escaped(text: str) -> str:
    """A text as it may stand in a CSV file: an apostrophe before each formula that a spreadsheet
    could find in it.
    """
    return _FORMULA.sub(r"\1'", _CONTROL.sub("", text))


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    return _ESCAPED.sub(r"\1", text)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV, separated as spreadsheets of the reader's language expect it. Every field is
    quoted; a byte-order mark lets spreadsheets read its letters rightly.
    """
    out = io.StringIO()
    delimiter = "," if language() == "en" else ";"
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([escaped(title) for title in head])
    writer.writerows([_in_csv(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _in_csv(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return escaped(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell


def as_xlsx(
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    name: str = "Viesis",
    widths: Sequence[int] = (),
) -> bytes:
    """A table as a workbook of one sheet; a text is always typed as text.

    With `widths` of its columns it is laid out for people who go on working with it: dates and
    times are real ones, and long texts wrap.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": name})
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Viesis")
        bold = book.add_format({"bold": True})
        for column, title in enumerate(head):
            sheet.write_string(0, column, _in_workbook(title), bold)
            width = widths[column] if column < len(widths) else max(12, min(40, len(title) + 4))
            sheet.set_column(column, column, width)
        formats = _formats(book) if widths else {}
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, line, column, cell, formats)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _write(sheet: Any, line: int, column: int, cell: Cell, formats: dict[type, Any]) -> None:
    if formats and isinstance(cell, date | time):
        sheet.write_datetime(line, column, cell, formats[type(cell)])
    elif isinstance(cell, date | time):
        sheet.write_string(line, column, cell.isoformat())
    elif isinstance(cell, bool | str):
        sheet.write_string(line, column, _in_workbook(str(cell)), formats.get(str))
    elif cell is not None:
        sheet.write_number(line, column, float(cell), formats.get(float))


def _in_workbook(text: str) -> str:
    return _CONTROL.sub("", text)[:_LONGEST]


def _formats(book: Any) -> dict[type, Any]:
    """Formats by the type of a cell, for a sheet that people go on working with."""
    top = {"valign": "top"}
    return {
        str: book.add_format({**top, "text_wrap": True}),
        float: book.add_format(top),
        date: book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm"}),
        time: book.add_format({**top, "num_format": "hh:mm"}),
    }


async def download(
    kind: str,
    filename: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str = "",
    widths: Sequence[int] = (),
) -> Response:
    """The table as a file to keep: `kind` is csv or xlsx, `filename` without its ending, `title`
    what the sheet is called.
    """
    if kind == "xlsx":
        body = await run_in_threadpool(as_xlsx, head, rows, title or filename, widths)
    else:
        body = await run_in_threadpool(as_csv, head, rows)
    return file(filename, kind, body)


def file(filename: str, kind: str, body: bytes) -> Response:
    """Something to keep: `kind` is csv, xlsx, json or xml, `filename` without its ending."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", filename).strip("-") or "viesis"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers, media_type=TYPES[kind])
