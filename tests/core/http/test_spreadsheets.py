import csv
import io
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.http.spreadsheets import Cell, as_csv, as_xlsx, escaped, unescaped
from core.i18n import speaking

NASTY = "=1+1", "+1;A1", "-2", "@SUM(A1)", "＝cmd|'/c calc'!A0"


def cells(body: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("before", ["Anna{}", 'Anna" {} ', "Anna\n{}", "{}"])
def test_no_cell_is_a_formula_whatever_the_separator_is_taken_for(
    before: str, delimiter: str
) -> None:
    names = [before.format(delimiter if before != "{}" else "") + formula for formula in NASTY]
    body = as_csv(["=HEAD()"], [[name] for name in names]).decode("utf-8-sig")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator, quotechar="\0"):
            beginnings = [line.lstrip(' "')[:1] for cell in row for line in cell.splitlines()]
            assert not set(beginnings) & set("=+-@＝"), row


def test_every_field_is_quoted_and_a_control_character_is_gone() -> None:
    assert as_csv(["Name", "Year"], [["Anna\0\x1b\x9b", 1980], [None, True]]) == (
        b'\xef\xbb\xbf"Name","Year"\r\n"Anna","1980"\r\n"","True"\r\n'
    )


@pytest.mark.parametrize(
    "phone", ["+371 20000000", "+47 (22) 00-00-00", "+370 5 200 0000; Vilnius"]
)
def test_a_telephone_number_survives(phone: str) -> None:
    assert escaped(phone) == phone
    assert escaped(f"Rīga, {phone}") == f"Rīga, {phone}"


def test_the_separator_is_that_of_the_reader_s_language() -> None:
    with speaking("lv"):
        assert cells(as_csv(["A", "B"], [["1,5", "=1"]]), ";") == [["A", "B"], ["1,5", "'=1"]]


@given(st.text(st.sampled_from("a'=+-@＝,;\t\n \"1")))
def test_what_was_escaped_comes_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("laid_out", [[], [20] * 5])
def test_a_workbook_types_its_cells(laid_out: list[int]) -> None:
    moment = datetime(2026, 12, 10, 9, 30)  # noqa: DTZ001 - spreadsheets know no zones
    row: list[Cell] = ["=1+1\0", 3, moment, date(2026, 12, 10), time(9)]
    book = load_workbook(io.BytesIO(as_xlsx("ABCDE", [row], "Anna's [list]", laid_out)))
    (sheet,) = book.worksheets
    values = [cell.value for cell in sheet[2]]
    types = "".join(cell.data_type for cell in sheet[2])
    texts = ["2026-12-10T09:30:00", "2026-12-10", "09:00:00"]
    real = [moment, datetime(2026, 12, 10), time(9)]  # noqa: DTZ001 - as above
    expected = (real, "snddd") if laid_out else (texts, "snsss")
    assert (values, types) == (["=1+1", 3, *expected[0]], expected[1])
    assert sheet.title == "Anna s  list"
