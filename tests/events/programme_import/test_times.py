"""Days and hours as people write them, and what an organiser should look at before saying yes."""

import io
import re
from datetime import datetime, time

import httpx
import pytest
import xlsxwriter

from core.settings import Settings
from events.event.event import Event
from tests.events.agenda import Desk, an_event, groups

# What a cell means does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def event(database: Settings) -> Event:
    return await an_event()


@pytest.fixture
async def desk(client: httpx.AsyncClient, event: Event) -> Desk:
    return await Desk.of(client, event)


def moments(page: str) -> list[str]:
    """When the sessions of a preview are."""
    return re.findall(r"<li>([^<]*, \d\d:\d\d[^<]*)</li>", page)


async def test_a_day_without_a_year_is_the_one_nearest_to_the_event(desk: Desk) -> None:
    days = (
        "4.5.", "4.5", "T. 4.5.", "4. mai", "otrdiena, 4. maijs", "gegužės 4 d.", "4 May", "2027-05-04 00:00:00",
        "2027-05-04T00:00",
    )  # fmt: skip
    rows = "".join(f'"{day}";9:00;10:00;Item {n}\n' for n, day in enumerate(days))
    page = await desk.look(f"Day;Begins;Ends;Title\n{rows}")
    assert moments(page) == ["Tuesday, 4 May 2027, 09:00–10:00"] * len(days)


async def test_a_line_with_a_day_alone_is_a_heading(desk: Desk) -> None:
    page = await desk.look(
        "Time;Title\nOtrdiena, 4. maijs;\n9-10;One\nTrešdiena, 5. maijs\n9-10;Two\n10.12;\n"
    )
    assert moments(page) == [
        "Tuesday, 4 May 2027, 09:00–10:00",
        "Wednesday, 5 May 2027, 09:00–10:00",
    ]
    assert groups(page)["Rows that cannot be read"] == ["6"]


async def test_hours_as_they_are_written_in_four_languages(desk: Desk) -> None:
    spans = (
        "0900–1030", "kl. 0900-1030", "no 9.00 līdz 10.30", "nuo 9.00 iki 10.30", "fra kl. 9.00 til 10.30",
        "from 9 to 10:30", "plkst. 9.00–10.30", "9.00–10.30 val.",
    )  # fmt: skip
    page = await desk.look(
        "Time;Title\n4.5.2027;\n" + "".join(f"{one};Item {one[:4]}\n" for one in spans)
    )
    assert moments(page) == ["Tuesday, 4 May 2027, 09:00–10:30"] * len(spans)


async def test_a_time_that_excel_took_for_a_date_is_no_day_of_the_programme(desk: Desk) -> None:
    """9.10 becomes the ninth of October where days are written so."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d.m.yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Day", "Begins", "Ends", "Title"))
        clock = book.add_format({"num_format": "hh:mm"})
        october, december = datetime(2026, 10, 9), datetime(2026, 12, 10)  # noqa: DTZ001 - a cell has no zone
        for n, hours in enumerate(
            [(october, time(10)), (time(9), december), (time(9), time(10))], 1
        ):
            sheet.write_datetime(n, 0, datetime(2027, 5, 4))  # noqa: DTZ001 - nor has this one
            for at, cell in enumerate(hours, 1):
                sheet.write_datetime(n, at, cell, clock if isinstance(cell, time) else None)
            sheet.write(n, 3, f"Item {n}")
    page = await desk.look(out.getvalue())
    assert groups(page) == {
        "Rows that cannot be read": ["2 · Item 1", "3 · Item 2"],
        "To be added": ["Item 3"],
    }
    assert page.count("This is not a time like 9.30 that we can read.") == 2


async def test_without_an_end_it_is_the_beginning_of_the_next(desk: Desk) -> None:
    rows = (
        "4.5.2027;9.00;Coffee",
        ";9.30;Hall A",
        ";9.30;Hall B",
        ";11-11.15;Break",
        ";13.00;Last",
        "5.5.2027;9.00;Next",
    )
    page = await desk.look("Day;Begins;Title\n" + "".join(f"{row}\n" for row in rows))
    assert [m.partition(", ")[2] for m in moments(page)] == [
        "4 May 2027, 09:00–09:30", "4 May 2027, 09:30–11:00", "4 May 2027, 09:30–11:00", "4 May 2027, 11:00–11:15",
    ]  # fmt: skip
    assert page.count("Taken to end when the next one begins.") == 3
    assert groups(page)["Rows that cannot be read"] == ["6 · Last", "7 · Next"]


async def test_each_sheet_with_a_head_is_read(desk: Desk) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("About").write(0, 0, "Read me")
        for name in ("Otrdiena, 4. maijs", "5.5."):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ("Time", "Title"))
            sheet.write_row(1, 0, ("9-10", f"Of {name}"))
            sheet.write_row(2, 0, ("soon", "Lunch"))
    page = await desk.look(out.getvalue())
    assert moments(page) == [
        "Tuesday, 4 May 2027, 09:00–10:00",
        "Wednesday, 5 May 2027, 09:00–10:00",
    ]
    assert groups(page) == {
        "Rows that cannot be read": ["Otrdiena, 4. maijs · 3 · Lunch", "5.5. · 3 · Lunch"],
        "To be added": ["Of Otrdiena, 4. maijs", "Of 5.5."],
    }
    assert "<li>5.5.</li><li>Row 2</li>" in re.sub(r">\s+<", "><", page)
    await desk.apply(page)
    assert len(await desk.event.sessions_now()) == 2


async def test_a_slip_of_the_pen_is_pointed_out(desk: Desk) -> None:
    head = "Day,Begins,Ends,Title\n"
    page = await desk.look(
        f"{head}2026-05-04,9:00,10:00,Last year\n2027-05-03,19:00,21:00,The evening before\n"
    )
    assert page.count("This is not on the days of the event.") == 1
    page = await desk.look(f"{head}2027-05-04,9:00,10:00,Twice\n2027-05-04,9:00,10:00,twice \n")
    assert page.count("Row 2 says the same.") == 1
    assert len(groups(page)["To be added"]) == 2


async def test_numbers_beyond_all_days_are_no_fault(desk: Desk) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Day", "Begins", "Ends", "Title"))
        for n, (day, begins) in enumerate(
            [(2958465, -1), ("31.12.9999", 24), ("1. mai 99999999999999999999", 9)], 1
        ):
            sheet.write_row(n, 0, (day, begins, 10, f"Item {n}"))
        sheet.write_row(4, 0, ("4.5.2027", 9, 10, "Good"))
        sheet.write_formula(4, 5, "=1/0", value="1e999")
    assert groups(await desk.look(out.getvalue()))["To be added"] == ["Good"]
