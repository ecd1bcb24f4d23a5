"""Files with a programme as the world's programs write them, and those that are none: read, or
refused plainly.
"""

import io
import zipfile

import httpx
import pytest
import xlsxwriter

from core.settings import Settings
from events.event.event import Event
from tests.events.agenda import Desk, an_event, groups, titles

TABLE = "Day,Begins,Ends,Title,Room or place\r\n2027-05-04,09:00,10:00,Šķūņa atklāšana,Žalgirio salė\r\n"
FOUND = {"To be added": ["Šķūņa atklāšana"]}

# What a file holds does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def event(database: Settings) -> Event:
    return await an_event()


@pytest.fixture
async def desk(client: httpx.AsyncClient, event: Event) -> Desk:
    return await Desk.of(client, event)


def workbook(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, row)
    sheet.write_formula("B3", "=TIME(11,0,0)", value=11 / 24)
    book.close()
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    "upload",
    [
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        ("sep=;\r\n" + TABLE.replace(",", ";")).encode(),
        TABLE.replace("\r\n", "\r").encode(),
        TABLE.replace("2027-05-04", '"04.05.2027"').encode(),
        TABLE.encode("cp1257"),
    ],
    ids=[
        "bom",
        "utf-16",
        "utf-16 without a mark",
        "semicolons",
        "tabs",
        "sep=",
        "cr",
        "dots",
        "windows-1257",
    ],
)
async def test_tables_of_every_program(desk: Desk, upload: bytes) -> None:
    assert groups(await desk.look(upload)) == FOUND


async def test_old_norwegian_letters(desk: Desk) -> None:
    page = await desk.look(
        "Dag;Start;Slutt;Tittel\n4.5.2027;09.00;10.00;Åpning på Røros\n".encode("cp1252")
    )
    assert groups(page) == {"To be added": ["Åpning på Røros"]}
    assert "Please look at the names" in page


async def test_numbers_of_a_workbook_are_days_and_hours(desk: Desk, event: Event) -> None:
    page = await desk.look(
        workbook(
            ("Day", "Begins", "Ends", "Title", "Seats of its own"),
            (46511, 0.375, 0.4375, "Opening", 20.0),
            ("4.5.2027", "", 0.5, "Formula", ""),
        ),
        name="programme.csv",
    )
    assert groups(page)["To be added"] == ["Opening", "Formula"]
    await desk.apply(page)
    opening, formula = await event.sessions_now()
    assert formula.starts_at.isoformat() == "2027-05-04T08:00:00+00:00"
    assert (opening.starts_at.isoformat(), opening.capacity) == ("2027-05-04T06:00:00+00:00", 20)


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (b"", "choose a file"),
        (b"\xef\xbb\xbf \r\n", "nothing in it"),
        (b"\0" * 40, "nothing in it"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "ICS, CSV or XLSX"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "ICS, CSV or XLSX"),
        (b"\xd0\xcf\x11\xe0" + b"old" * 50, "old kind"),
        (b"PK\x03\x04 torn off", "damaged"),
        (packed(a=b"no workbook"), "ICS, CSV or XLSX"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "Save it as XLSX"),
        (packed(xl__workbook=b"<!DOCTYPE a [<!ENTITY b 'c'>]>"), "damaged"),
        (packed(xl__bomb=b"\0" * (61 * 2**20)), "too large when it is unpacked"),
        (b"x" * (5 * 2**20 + 1), "too large"),
        (b"Colour,Shape\nred,round\n", ""),
    ],
    ids=[
        "none",
        "bom",
        "nul",
        "pdf",
        "png",
        "xls",
        "torn",
        "zip",
        "ods",
        "entities",
        "bomb",
        "large",
        "other",
    ],
)
async def test_what_is_no_programme_is_refused_beside_the_field(
    desk: Desk, upload: bytes, said: str
) -> None:
    page = await desk.look(upload, 422, text="")
    assert said in page
    assert 'aria-invalid="true"' in page


async def test_odd_cells_do_no_harm(desk: Desk, event: Event) -> None:
    rows = (
        "Day,Begins,Ends,Title,Description\n"
        '2027-05-04,09:00,10:00,"Two\r\nlines",\n'
        "2027-05-04,10:00,11:00,{{7*7}},</script>\n"
        '2027-05-04,11:00,12:00,"=HYPERLINK(""http://a"")",\0\n'
        f"2027-05-04,12:00,13:00,{'long ' * 200_000},\n"
    )
    page = await desk.look(rows)
    await desk.apply(page)
    assert (await titles(event))[:3] == ["Two lines", "{{7*7}}", '=HYPERLINK("http://a")']
    assert "long long" in page


async def test_more_rows_than_a_programme_has(desk: Desk) -> None:
    page = await desk.look("Day,Begins,Ends,Title\n" + "2027-05-04,09:00,10:00,Talk\n" * 2200, 422)
    assert 'aria-invalid="true"' in page
