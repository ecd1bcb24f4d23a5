"""A programme to take along: as the schedule of conference apps, and as a table that comes back as
what it was.
"""

import io
import json
import re
from datetime import datetime, time, timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.settings import Settings
from events.event.event import Event
from events.feeds import schedule
from tests.events.agenda import ALICE, Desk, add, an_event


@pytest.fixture
async def event(database: Settings) -> Event:
    return await an_event(place="Town hall")


@pytest.fixture
async def desk(client: httpx.AsyncClient, event: Event) -> Desk:
    return await Desk.of(client, event)


async def programme(event: Event) -> None:
    """Two halls, a coffee, a night train and a name that spreadsheets take for a formula."""
    await add(
        event,
        "=1+1 <b>& \u0007ātri",
        "09:00",
        "10:30",
        place="Great hall",
        speakers=["Anna Bērziņa", "Kari"],
    )
    await add(event, "Water", "09:00", "10:00", place="Room 2", capacity=20, kind="workshop")
    await add(event, "Coffee", "10:30", "11:00", kind="break")
    await add(
        event, "Night train", "22:00", "2027-05-05T06:15", kind="travel", end_timezone="Europe/Oslo"
    )


async def test_conference_apps_read_the_schedule(client: httpx.AsyncClient, event: Event) -> None:
    await programme(event)
    assert f'href="{event.url}/schedule.xml"' in (await client.get(f"/e/{event.slug}")).text
    answer = await client.get(f"/e/{event.slug}/schedule.xml")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    root = ET.fromstring(answer.content)
    assert [one.tag for one in root] == ["generator", "version", "conference", "day", "day"]
    conference = root.find("conference")
    assert conference is not None
    said = {one.tag: one.text for one in conference}
    assert (said["start"], said["end"], said["days"]) == ("2027-05-04", "2027-05-05", "2")
    assert said["time_zone_name"] == "Europe/Riga"
    rooms = {r.get("name"): r.findall("event") for r in root.findall("day[@index='1']/room")}
    assert {name: len(found) for name, found in rooms.items()} == {
        "Great hall": 1,
        "Room 2": 1,
        "Town hall": 2,
    }
    [opening] = rooms["Great hall"]
    found = {one.tag: one.text for one in opening}
    assert found["title"] == "=1+1 <b>& ātri"
    assert (found["date"], found["start"], found["duration"]) == (
        "2027-05-04T09:00:00+03:00",
        "09:00",
        "01:30",
    )
    assert [person.text for person in opening.findall("persons/person")] == ["Anna Bērziņa", "Kari"]
    # as frab's schema wants it
    assert re.fullmatch("[a-z0-9_-]{4,}", said["acronym"] or "")
    assert re.fullmatch(r"[a-z0-9]{4,}-[0-9]{1,6}-[a-z0-9\-_]{4,}", found["slug"] or "")
    numbers = [one.get("id") for one in root.iter("event")]
    assert len(set(numbers)) == len({one.get("guid") for one in root.iter("event")}) == 4


async def test_the_json_says_the_same_and_follows_each_change(
    client: httpx.AsyncClient, event: Event
) -> None:
    await programme(event)
    address = f"/e/{event.slug}/schedule.json"
    first = await client.get(address)
    found = first.json()["schedule"]["conference"]
    assert [day["date"] for day in found["days"]] == ["2027-05-04", "2027-05-05"]
    guids = {
        one["title"]: one["guid"] for room in found["days"][0]["rooms"].values() for one in room
    }
    same = await client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    water = next(s for s in await event.sessions_now() if s.name == "Water")
    await water.change(
        event, ALICE, starts_at="2027-05-05T09:00", ends_at="2027-05-05T10:00", notify=False
    )
    moved = await client.get(address, headers={"If-None-Match": first.headers["etag"]})
    [one] = moved.json()["schedule"]["conference"]["days"][1]["rooms"]["Room 2"]
    assert (one["title"], one["guid"]) == ("Water", guids["Water"])


async def test_apps_take_no_session_for_one_of_the_next_day_and_stumble_over_none(
    client: httpx.AsyncClient, event: Event
) -> None:
    """EventFahrplan takes the end of a day for the hour at which the next begins: what starts
    before is moved there. Giggity reads a duration as a time of day, and nothing of a schedule
    in which one is none.
    """
    await programme(event)
    await add(event, "Hotel", "20:00", "2027-05-06T11:00", kind="stay")
    root = ET.fromstring((await client.get(f"/e/{event.slug}/schedule.xml")).content)
    for day in root.iter("day"):
        change = datetime.fromisoformat(day.attrib["end"]).time()
        assert all(
            time.fromisoformat(one.findtext("start", "")) >= change for one in day.iter("event")
        )
    found = {one.findtext("title"): one for one in root.iter("event")}
    assert {time.fromisoformat(one.findtext("duration", "")) for one in found.values()} <= {
        time(0, 30), time(1), time(1, 30), time(9, 15), time(23, 59),
    }  # fmt: skip
    assert (
        found["Hotel"].findtext("subtitle")
        == "Tuesday, 4 May 2027, 20:00 – Thursday, 6 May 2027, 11:00"
    )
    assert found["Water"].findtext("subtitle") == ""
    hotel = (await client.get(f"/e/{event.slug}/schedule.json")).json()["schedule"]["conference"][
        "days"
    ][0]["rooms"]
    assert [one["duration"] for one in hotel["Town hall"] if one["title"] == "Hotel"] == ["39:00"]


async def test_a_draft_has_no_schedule_and_a_cancelled_event_no_sessions(
    client: httpx.AsyncClient, event: Event
) -> None:
    await programme(event)
    await event.cancel(ALICE, "Storm", notify=False)
    found = (await client.get(f"/e/{event.slug}/schedule.json")).json()["schedule"]["conference"]
    assert found["title"].startswith("Cancelled: ")
    assert not any(day["rooms"] for day in found["days"])
    await Event.filter(id=event.id).update(status="draft")
    for kind in ("xml", "json"):
        assert (await client.get(f"/e/{event.slug}/schedule.{kind}")).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_table_that_comes_back_changes_nothing(desk: Desk, event: Event, kind: str) -> None:
    await programme(event)
    answer = await desk.client.get(f"{desk.base}.{kind}")
    assert answer.headers["content-disposition"].endswith(f'programme.{kind}"')
    assert "Nothing would change." in await desk.look(answer.content, name="whatever.bin")
    template = await desk.client.get(f"{desk.base}/template.{kind}")
    assert "To be added" in await desk.look(template.content)


async def test_the_workbook_holds_real_dates_and_no_formula(desk: Desk, event: Event) -> None:
    await programme(event)
    sheet = load_workbook(
        io.BytesIO((await desk.client.get(f"{desk.base}.xlsx")).content)
    ).worksheets[0]
    head, first, *_rows = sheet.iter_rows(values_only=True)
    said = dict(zip(map(str, head), first, strict=True))
    assert said["Day"] == datetime.fromisoformat("2027-05-04")
    assert said["Begins"] == time(9)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet.freeze_panes == "A2"


async def test_the_desk_takes_a_draft_along_too(desk: Desk, event: Event) -> None:
    await programme(event)
    await Event.filter(id=event.id).update(status="draft")
    found = json.loads((await desk.client.get(f"{desk.base}.json")).content)
    assert found["schedule"]["conference"]["daysCount"] == 2
    assert ET.fromstring((await desk.client.get(f"{desk.base}.xml")).content).tag == "schedule"


TITLES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30
)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(TITLES, st.integers(0, 1400), st.integers(1, 400), TITLES), min_size=1, max_size=4
    )
)
async def test_any_programme_comes_back_as_it_was(
    desk: Desk, event: Event, sessions: list[tuple[str, int, int, str]]
) -> None:
    for session in await event.sessions_now():
        await session.remove(event, ALICE, notify=False)
    begins = datetime.fromisoformat("2027-05-04T00:00")
    made = 0
    for title, at, minutes, place in sessions:
        if title.strip() and place.strip():
            times = (begins + timedelta(minutes=at), begins + timedelta(minutes=at + minutes))
            await add(event, title, *(t.isoformat() for t in times), place=place)
            made += 1
    for kind in ("csv", "xlsx", "ics")[: 3 if made else 0]:
        address = f"/e/{event.slug}.ics" if kind == "ics" else f"{desk.base}.{kind}"
        page = await desk.look((await desk.client.get(address)).content)
        assert "Nothing would change." in page, kind


async def test_a_long_event_keeps_its_days(event: Event) -> None:
    event.ends_at = event.starts_at + timedelta(days=900)
    found = schedule.schedule(event, [], "en")["schedule"]["conference"]
    assert 1 <= len(found["days"]) <= schedule.MOST_DAYS
