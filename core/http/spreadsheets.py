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
from starlette.responses import Response

Cell = str | int | float | Decimal | date | datetime | time | bool | None

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TYPES = {"csv": CSV, "xlsx": XLSX, "json": "application/json", "xml": "application/xml"}

_FORMULA = re.compile("[=+\\-@\t\r\n\0＝＋－＠]")
_PHONE = re.compile(r"\+[0-9 ()/-]{5,25}")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no workbook may hold (XML 1.0)."""


def safe(value: Cell) -> Cell:
    """A cell as it may stand in a CSV file: a text that would begin a formula gets an apostrophe
    before it.
    """
    if isinstance(value, str):
        text = _CONTROL.sub("", value)
        return "'" + text if _FORMULA.match(text) and not _PHONE.fullmatch(text) else text
    return value


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> bytes:
    """A table as CSV with a byte-order mark, so that spreadsheets read its letters rightly."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([["" if cell is None else safe(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


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
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Viesis")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, title in enumerate(head):
        sheet.write_string(0, column, title, bold)
        width = widths[column] if column < len(widths) else max(12, min(40, len(title) + 4))
        sheet.set_column(column, column, width)
    laid = _laid(book) if widths else {}
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if laid and isinstance(cell, date | time):
                sheet.write_datetime(line, column, cell, laid[type(cell)])
            elif isinstance(cell, bool | str):
                sheet.write_string(
                    line, column, _CONTROL.sub("", str(cell))[:32_000], laid.get(str)
                )
            elif isinstance(cell, int | float | Decimal):
                sheet.write_number(line, column, float(cell), laid.get(float))
            elif isinstance(cell, date | time):
                sheet.write_string(line, column, cell.isoformat(), day)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _laid(book: Any) -> dict[type, Any]:
    """Formats by the type of a cell, for a sheet that people go on working with."""
    top = {"valign": "top"}
    return {
        str: book.add_format({**top, "text_wrap": True}),
        float: book.add_format(top),
        date: book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        time: book.add_format({**top, "num_format": "hh:mm"}),
    }


def download(
    kind: str, filename: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """The table as a file to keep: `kind` is csv or xlsx, `filename` without its ending."""
    return file(
        filename, kind, as_xlsx(head, rows, filename) if kind == "xlsx" else as_csv(head, rows)
    )


def file(filename: str, kind: str, body: bytes) -> Response:
    """Something to keep: `kind` is csv, xlsx, json or xml, `filename` without its ending."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", filename).strip("-") or "viesis"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers, media_type=TYPES[kind])
