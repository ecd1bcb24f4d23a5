"""Organisers' pages of indicators, periods and duplicates, as a browser sees them."""

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

import httpx
import openpyxl
import pytest

from events.projects.projects import Project
from indicators.report.periods import Period
from indicators.rules.indicators import Indicator, ManualValue
from registrations.registration.persons import Merge, RejectedPair
from tests.events.queries import counted
from tests.indicators.house import House, people
from tests.support import factories


@dataclass
class Desk:
    """A browser of someone with a role in a project, and the API beside it."""

    browser: httpx.AsyncClient
    house: House
    project: Project
    csrf: str = ""

    @property
    def base(self) -> str:
        return f"/desk/p/{self.project.slug}"

    async def as_role(self, role: str) -> "Desk":
        self.csrf = await factories.sign_in(
            self.browser, await factories.organiser(self.project, role_name=role)
        )
        return self

    async def get(self, path: str, status: int = 200) -> str:
        answer = await self.browser.get(self.base + path)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    async def post(self, path: str, status: Any = 303, **values: Any) -> httpx.Response:
        answer = await self.browser.post(self.base + path, data={"csrf": self.csrf, **values})
        assert answer.status_code == status, answer.text[:2000]
        return answer


@pytest.fixture
async def desk(client: httpx.AsyncClient, other: httpx.AsyncClient) -> Desk:
    house = await House.open(client)
    return await Desk(other, house, await house.project()).as_role("manager")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_an_indicator_from_a_pack_to_the_scan_behind_it(desk: Desk) -> None:
    event = await desk.house.event("workshop")
    there = await event.attended("Anna Ozola", "Bob Kalns", gender="female")
    await event.attended("Carl Speaker", role="speaker")
    assert "No indicators yet" in await desk.get("/indicators")
    assert "RCO81" in await desk.get("/indicators/new")
    answer = await desk.post("/indicators/new", rule="PEOPLE", target="10")
    path = answer.headers["location"].removeprefix(desk.base)
    shown = text_of(await desk.get(path))
    assert "Counts each person once;" in shown
    assert "2 of 10" in shown
    assert "Came in another role" in shown
    listed = text_of(await desk.get("/indicators"))
    assert "2 of 10 20 %" in listed
    behind = await desk.get(f"{path}/people")
    assert ("Anna Ozola" in behind, "Carl Speaker" in behind) == (True, False)
    assert "Carl Speaker" in await desk.get(f"{path}/people?show=role")
    evidence = text_of(await desk.get(f"{path}/people/{there[0]['id']}"))
    assert "Ticked by hand" in evidence
    assert "anna.ozola@example.org" in evidence


async def test_a_wrong_form_comes_back_with_what_was_typed(desk: Desk) -> None:
    answer = await desk.post("/indicators/new", 422, rule="PEOPLE", target="many", note="Typed.")
    assert "Please give a number." in answer.text
    assert "Typed." in answer.text
    answer = await desk.post(
        "/indicators/new", 422, own="1", unit="people", threshold_percent="300"
    )
    assert "Please give a number from 0 to 100." in answer.text
    assert await Indicator.all().count() == 0


async def test_an_own_rule_and_its_versions(desk: Desk) -> None:
    given = {
        "own": "1",
        "name_en": "Debaters",
        "unit_word": "people",
        "unit": "people",
        "kinds": ["debate", "workshop"],
    }
    answer = await desk.post("/indicators/new", roles="attendee", target="1 200,50", **given)
    path = answer.headers["location"].removeprefix(desk.base)
    one = await Indicator.get()
    assert (one.name, one.unit, str(one.target)) == ({"en": "Debaters"}, "people", "1200.50")
    assert one.counting.kinds == ["debate", "workshop"]
    await desk.post(f"{path}/rule", unit="participations", roles=["attendee", "host"])
    one = await Indicator.get()
    assert (one.version, one.counting.unit, one.counting.roles) == (
        2,
        "participations",
        ["attendee", "host"],
    )
    page = text_of(await desk.get(f"{path}/rule"))
    assert "Version 1" in page
    assert "Version 2" in page
    await desk.post(
        f"{path}/edit", name_en="Speakers at debates", unit_word="people", note="As agreed."
    )
    assert "As agreed." in await desk.get(path)


async def test_values_by_hand_in_and_out(desk: Desk) -> None:
    await desk.post("/indicators/new", rule="RCR84")
    one = await Indicator.get()
    path = f"/indicators/{one.id}"
    given = {
        "value": "2,5",
        "from": "2025-01-01",
        "to": "2025-06-30",
        "evidence_url": "https://example.org/agreement",
    }
    await desk.post(f"{path}/values", **given)
    assert "https://example.org/agreement" in await desk.get(path)
    value = await ManualValue.get()
    await desk.post(f"{path}/values/{value.id}/out")
    assert "taken out" in await desk.get(path)
    await desk.post(f"{path}/values/{value.id}/back")
    bad = await desk.post(f"{path}/values", 422, **{**given, "evidence_url": "javascript:alert(1)"})
    assert "https://." in bad.text


async def test_both_figures_where_the_source_does_not_say_which(desk: Desk) -> None:
    for kind in ("training", "conference"):
        await (await desk.house.event(kind)).attended(*people(3))
    note = "The source does not say whether 6 means people or participations: show both figures."
    rule = {"unit": "participations", "kinds": ["training", "conference"]}
    body = {"name": "Participants", "unit": "participations", "rule": rule, "note": note}
    one = await desk.house.post(f"/projects/{desk.house.slug}/indicators", body)
    for path in ("/indicators", f"/indicators/{one['id']}"):
        page = text_of(await desk.get(path))
        assert note in page
        assert "3 people" in page


async def test_periods_are_submitted_and_taken_along(desk: Desk) -> None:
    event = await desk.house.event()
    there = await event.attended("Anna Ozola", "Bob Kalns")
    await desk.post("/indicators/new", rule="PEOPLE")
    await desk.post("/periods", **{"name": "Spring", "from": "2025-01-01", "to": "2025-06-30"})
    wrong = await desk.post(
        "/periods", 422, **{"name": "Turned", "from": "2025-06-30", "to": "2025-01-01"}
    )
    assert "Turned" in wrong.text
    one, period = await Indicator.get(), await Period.get()
    assert "Submit Spring with 1 figure" in await desk.get(f"/periods/{period.id}")
    await desk.post(f"/periods/{period.id}/submission")
    await desk.house.post(f"/persons/{there[0]['person']}/merge", {"into": there[1]["person"]})
    page = text_of(await desk.get(f"/indicators/{one.id}?period={period.id}"))
    assert "2 people in Spring" in page
    assert "it was submitted" in text_of(
        await desk.get(f"/indicators/{one.id}/people?period={period.id}")
    )
    sheet = (await desk.browser.get(f"{desk.base}/periods/{period.id}/report.xlsx")).content
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(values_only=True))
    assert rows[1][:8] == ("PEOPLE", "People", "people", None, 2, 2, 2, 0)
    await desk.post(f"/periods/{period.id}/removal", 409)


async def test_the_list_behind_a_figure_opens_safely_in_a_spreadsheet(desk: Desk) -> None:
    event = await desk.house.event()
    await desk.house.post(
        f"/events/{event.slug}/registrations", {"name": "=1+1", "email": "a@example.org"}
    )
    await event.attended("Anna Ozola", organisation={"name": "+HYPERLINK()", "country": "LV"})
    there = await desk.house.get(f"/events/{event.slug}/registrations")
    await event.scan(*[{"registration": one["id"]} for one in there])
    await desk.post("/indicators/new", rule="PEOPLE")
    one = await Indicator.get()
    file = (await desk.browser.get(f"{desk.base}/indicators/{one.id}/behind.csv")).content.decode(
        "utf-8-sig"
    )
    assert "'=1+1" in file
    assert "'+HYPERLINK()" in file
    book = (await desk.browser.get(f"{desk.base}/indicators/{one.id}/behind.xlsx")).content
    cells = [
        c for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows() for c in row
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


async def test_a_list_of_hours_adds_up_to_the_figure_in_minutes(desk: Desk) -> None:
    event = await desk.house.event()
    for name in ("Anna Ozola", "Jānis Bērziņš", "Ilze Kalniņa"):
        one = await event.register(name, country="LV")
        await event.scan({"registration": one["id"], "method": "manual", "minutes": 25})
    await desk.post("/indicators/new", rule="HOURS-P")
    found = await Indicator.get()
    file = (await desk.browser.get(f"{desk.base}/indicators/{found.id}/behind.xlsx")).content
    head, *rows = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True)
    assert (head[-1], [row[-1] for row in rows]) == ("Minutes", [25, 25, 25])
    page = await desk.get(f"/indicators/{found.id}")
    shares = re.findall(r'<td class="number">([^<]+)</td><td class="number share">([^<]+)<', page)
    assert shares[0] == ("1.25", "100\u00a0%")


async def test_a_list_says_what_its_lines_are(desk: Desk) -> None:
    event = await desk.house.event()
    await event.attended("Anna Ozola", organisation={"name": "Town", "country": "LV"})
    heads = {
        "PEOPLE": ["Name", "Organisation"],
        "EVENTS": ["What", "When"],
        "RCO87": ["Organisation", "Kind of organisation"],
    }
    for rule, head in heads.items():
        await desk.post("/indicators/new", rule=rule)
        one = await Indicator.all().order_by("-id").first()
        assert one
        page = await desk.get(f"/indicators/{one.id}/people")
        assert f'<th scope="col">{head[0]}</th>' in page
        file = (
            await desk.browser.get(f"{desk.base}/indicators/{one.id}/behind.csv")
        ).content.decode("utf-8-sig")
        assert next(csv.reader(file.splitlines()))[:3] == [*head, "Country"]


async def test_duplicates_are_decided_and_taken_back(desk: Desk) -> None:
    await desk.as_role("organiser")
    event = await desk.house.event()
    one = await event.register("Anna Ozola")
    body = {"name": "Anna Ozola", "email": "ANNA.OZOLA+x@example.org"}
    two = await desk.house.post(f"/events/{event.slug}/registrations", body)
    assert "The same mailbox" in await desk.get("/duplicates")
    pair = {"one": one["person"], "two": two["person"]}
    await desk.post("/duplicates", what="same", **pair)
    merge = await Merge.get()
    assert "Nobody looks double" in await desk.get("/duplicates")
    await desk.post(f"/duplicates/merges/{merge.id}")
    await desk.post("/duplicates", what="two", **pair)
    assert "Nobody looks double" in await desk.get("/duplicates")
    rejected = await RejectedPair.get()
    await desk.post(f"/duplicates/rejections/{rejected.id}")
    assert "The same mailbox" in await desk.get("/duplicates")


async def test_a_viewer_sees_numbers_and_nobodys_name(desk: Desk) -> None:
    event = await desk.house.event()
    await event.attended("Anna Ozola")
    await desk.post("/indicators/new", rule="PEOPLE")
    one = await Indicator.get()
    await desk.as_role("viewer")
    page = await desk.get(f"/indicators/{one.id}")
    assert ("Anna" in page, "/people" in page) == (False, False)
    for path in ("people", "behind.csv", "edit"):
        await desk.get(f"/indicators/{one.id}/{path}", 403)
    await desk.get("/duplicates", 403)
    await desk.get("/periods")


@pytest.mark.parametrize(
    "path", ["/indicators", "/indicators/{one}", "/indicators/{one}/people", "/duplicates"]
)
async def test_more_rows_need_no_more_queries(desk: Desk, path: str) -> None:
    await desk.post("/indicators/new", rule="PARTICIPATIONS")
    one = await Indicator.get()
    numbers = []
    for first, size in ((1, 1), (2, 2)):
        event = await desk.house.event()
        for n in range(first, first + size):
            await event.attended(f"Guest {n}", organisation={"name": f"Town {n}", "country": "LV"})
            body = {
                "name": f"Guest {n}",
                "email": f"other{n}@example.org",
                "organisation": {"name": f"Town {n}", "country": "LV"},
            }
            await desk.house.post(f"/events/{event.slug}/registrations", body)
        await desk.get(path.format(one=one.id))
        with counted() as statements:
            await desk.get(path.format(one=one.id))
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
