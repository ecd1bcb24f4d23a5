"""Tables out, as CSV and XLSX: what a spreadsheet would take for a formula stays text, telephone numbers survive."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from starlette.responses import Response

Cell = str | int | float | Decimal | date | datetime | bool | None

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA = re.compile("[=+\\-@\t\r\n\0＝＋－＠]")
_PHONE = re.compile(r"\+[0-9 ()/-]{5,25}")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f]")


def safe(value: Cell) -> Cell:
    """A cell as it may stand in a CSV file: a text that would begin a formula gets an apostrophe before it."""
    if isinstance(value, str):
        text = _CONTROL.sub("", value)
        return "'" + text if _FORMULA.match(text) and not _PHONE.fullmatch(text) else text
    return value


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV with a byte-order mark, so that spreadsheets read its letters rightly."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([["" if cell is None else safe(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Cell]], name: str = "Viesis") -> bytes:
    """A table as a workbook of one sheet; a text is always typed as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Viesis")
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, title in enumerate(head):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, max(12, min(40, len(title) + 4)))
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, bool | str):
                sheet.write_string(line, column, _CONTROL.sub("", str(cell))[:32_000])
            elif isinstance(cell, int | float | Decimal):
                sheet.write_number(line, column, float(cell))
            elif isinstance(cell, date):
                sheet.write_string(line, column, cell.isoformat(), day)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def download(kind: str, filename: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table as a file to keep: `kind` is csv or xlsx, `filename` without its ending."""
    body, media = (as_xlsx(head, rows, filename), XLSX) if kind == "xlsx" else (as_csv(head, rows), CSV)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", filename).strip("-") or "viesis"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(body, headers=headers, media_type=media)
