"""What a calendar says of itself and of its entries, and how it is asked again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import icalendar
import pytest

from accounts.sessions.access import Actor
from core.clock import now
from events.event import map_place
from events.event.event import Event
from events.feeds.organiser_address import OrganiserCalendar
from events.programme.sessions import Session
from events.projects import accents
from tests.events.alice import Alice, fields_of, visit_to
from tests.events.feeds.test_feeds import entries, read, session
from tests.support import factories as make

ALICE = Actor("alice")
API = "/api/v1"
BASE = "http://127.0.0.1:8000"


async def head(client: httpx.AsyncClient, address: str) -> Any:
    body = (await client.get(address)).content
    entries(body)
    return icalendar.Calendar.from_ical(body)


async def test_a_calendar_says_what_it_is(client: httpx.AsyncClient) -> None:
    of = await make.project(accent="#1a5fb4")
    event = await make.event(of, description={"en": "For clerks; and all, who write."})
    found = await head(client, f"/e/{event.slug}.ics")
    assert {
        name: str(found[name])
        for name in ("name", "x-wr-calname", "url", "source", "x-wr-timezone", "color")
    } == {
        "name": event.title["en"],
        "x-wr-calname": event.title["en"],
        "url": f"{BASE}/e/{event.slug}",
        "source": f"{BASE}/e/{event.slug}.ics",
        "x-wr-timezone": "Europe/Riga",
        "color": "steelblue",
    }
    assert found["description"].to_ical().decode() == str(found["x-wr-caldesc"]), (
        "a reader leaves X- names escaped"
    )
    assert (
        str(found["description"])
        == "For clerks; and all, who write.\n\nSupported by Norway Grants."
    )
    assert str(found["x-apple-calendar-color"]) == "#1a5fb4"
    assert found["refresh-interval"].to_ical() == found["x-published-ttl"].to_ical() == b"PT1H"
    project = await head(client, f"/p/{of.slug}.ics?lang=lv")
    assert "Ar Norvēģijas grantu atbalstu." in str(project["description"])


async def test_the_feed_of_an_organiser_keeps_its_address_to_itself(
    client: httpx.AsyncClient,
) -> None:
    of = await make.project()
    await make.event(of, online_url="https://meet.example.org/1", place="")
    mine = await OrganiserCalendar.of(await make.organiser(of))
    body = (await client.get(f"{mine.url}?lang=xx")).text
    assert (
        "vsc_" in body,
        "https://meet.example.org/1" in body,
        "\r\nDESCRIPTION:The events" in body,
    ) == (
        False,
        True,
        True,
    )


async def test_an_entry_says_where_it_is(client: httpx.AsyncClient) -> None:
    event = await make.event(await make.project(), latitude=56.9496487, longitude=24.1052)
    await session(event, title={"en": "Here"})
    await session(event, title={"en": "Elsewhere"}, place="School")
    found = await read(client, f"/e/{event.slug}.ics")
    assert (
        found["Here"]["geo"].to_ical()
        == found[event.title["en"]]["geo"].to_ical()
        == "56.949649;24.1052"
    )
    assert "geo" not in found["Elsewhere"]
    assert (str(found["Here"]["url"]), found["Here"]["categories"].to_ical()) == (
        f"{BASE}/e/{event.slug}",
        b"TALK",
    )


async def test_where_to_join_online_is_in_no_public_calendar(client: httpx.AsyncClient) -> None:
    event = await make.event(
        await make.project(), place="", online_url="https://meet.example.org/secret"
    )
    await session(event)
    for address in (f"/e/{event.slug}.ics", f"/p/{event.project.slug}.ics"):
        body = (await client.get(address)).text
        assert ("meet.example.org" in body, "LOCATION:Online" in body) == (False, True)


async def test_whole_days_and_several_are_dates(client: httpx.AsyncClient) -> None:
    of = await make.project()
    day = datetime(2031, 12, 10, tzinfo=UTC)
    riga = day - timedelta(hours=2)
    hours = {
        "Whole day": (riga, riga + timedelta(days=1)),
        "Lunch to lunch": (day + timedelta(hours=10), day + timedelta(hours=34)),
        "Evening": (day + timedelta(hours=18), day + timedelta(hours=24)),
        "Morning": (day + timedelta(hours=7), day + timedelta(hours=9)),
    }
    for title, (start, end) in hours.items():
        await make.event(of, title={"en": title}, starts_at=start, ends_at=end)
    found = await read(client, f"/p/{of.slug}.ics")
    assert (found["Whole day"].start, found["Whole day"].end) == (
        date(2031, 12, 10),
        date(2031, 12, 11),
    )
    assert (found["Lunch to lunch"].start, found["Lunch to lunch"].end) == (
        date(2031, 12, 10),
        date(2031, 12, 12),
    )
    assert str(found["Lunch to lunch"]["description"]).startswith(
        "Wednesday, 10 December 2031, 12:00"
    )
    assert (found["Evening"].start, found["Morning"].start) == (
        hours["Evening"][0],
        hours["Morning"][0],
    )


async def test_a_stay_of_nights_is_dates_and_keeps_nobody_busy(client: httpx.AsyncClient) -> None:
    start = datetime(2031, 12, 10, 7, tzinfo=UTC)
    event = await make.event(
        await make.project(), starts_at=start, ends_at=start + timedelta(days=2)
    )
    night: dict[str, Any] = {"starts_at": "2031-12-10T23:30", "ends_at": "2031-12-11T07:00"}
    await Session.add(event, ALICE, kind="stay", title="Hotel", **night)
    await Session.add(event, ALICE, kind="travel", title="Night train", **night)
    found = await read(client, f"/e/{event.slug}.ics")
    assert (found["Hotel"].start, found["Hotel"].end) == (date(2031, 12, 10), date(2031, 12, 12))
    assert str(found["Hotel"]["transp"]) == "TRANSPARENT"
    assert found["Night train"].start.isoformat() == "2031-12-10T23:30:00+02:00"


async def test_the_night_with_half_past_three_twice(client: httpx.AsyncClient) -> None:
    """In Riga clocks go back from 4 to 3: what the organiser chose is what a subscriber sees."""
    start = datetime(2030, 10, 26, 15, tzinfo=UTC)
    event = await make.event(
        await make.project(), starts_at=start, ends_at=start + timedelta(days=1)
    )
    for title, offset in (("Summer", "+03:00"), ("Winter", "+02:00")):
        given: dict[str, Any] = {
            "starts_at": f"2030-10-27T03:30:00{offset}",
            "ends_at": f"2030-10-27T03:50:00{offset}",
        }
        await Session.add(event, ALICE, kind="travel", title=title, **given)
    await Session.add(
        event,
        ALICE,
        kind="travel",
        title="Bus",
        starts_at="2030-10-27T02:30",
        ends_at="2030-10-27T05:00",
    )
    found = await read(client, f"/e/{event.slug}.ics")
    assert found["Winter"].start - found["Summer"].start == timedelta(hours=1)
    assert found["Winter"].end - found["Winter"].start == timedelta(minutes=20)
    bus = found["Bus"]
    assert [m.replace(tzinfo=None).isoformat()[11:16] for m in (bus.start, bus.end)] == [
        "02:30",
        "05:00",
    ]
    assert bus.end.astimezone(UTC) - bus.start.astimezone(UTC) == timedelta(hours=3.5)


async def test_a_calendar_is_asked_again_by_its_time(client: httpx.AsyncClient) -> None:
    event = await make.event(await make.project())
    address = f"/e/{event.slug}.ics"
    for _round in range(3):
        first = await client.get(address)
        by_time = {"If-Modified-Since": first.headers["last-modified"]}
        assert (await client.get(address, headers=by_time)).status_code == 304
        both = {**by_time, "If-None-Match": '"another"'}
        assert (await client.get(address, headers=both)).status_code == 200, (
            "the tag is the better witness"
        )
        await event.change(ALICE, notify=False, place=f"Room {_round}")
        assert (await client.get(address, headers=by_time)).status_code == 200, (
            "even within one second"
        )


async def test_a_change_of_the_project_reaches_the_heads_of_its_calendars(
    client: httpx.AsyncClient,
) -> None:
    event = await make.event(await make.project())
    tag = (await client.get(f"/e/{event.slug}.ics")).headers["etag"]
    await event.project.change(ALICE, accent="#a51d2d")
    found = await client.get(f"/e/{event.slug}.ics", headers={"If-None-Match": tag})
    assert (found.status_code, "\r\nCOLOR:brown\r\n" in found.text) == (200, True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"latitude": 91, "longitude": 24}, "latitude"),
        ({"latitude": 56.9}, "longitude"),
        ({"latitude": "north", "longitude": 24}, "latitude"),
        ({"latitude": True, "longitude": 24}, "latitude"),
        ({"latitude": 56.9, "longitude": -180.5}, "longitude"),
    ],
)
async def test_a_place_on_the_map_is_two_numbers(
    api: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    event = await make.event(await make.project())
    path = f"{API}/events/{event.slug}"
    answer = await api.patch(path, json=body)
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])
    found = (await api.patch(path, json={"latitude": 56.9496, "longitude": 24})).json()
    assert (found["latitude"], found["longitude"]) == (56.9496, 24)
    gone = (await api.patch(path, json={"latitude": None, "longitude": None})).json()
    assert (gone["latitude"], gone["longitude"]) == (None, None)


async def test_an_organiser_types_the_place_on_the_map_in_one_field(alice: Alice) -> None:
    event = await visit_to(alice)
    path = f"/desk/e/{event.slug}/edit"
    fields = fields_of(await alice.sees(path))
    assert fields["map"] == ""
    await alice.sends(path, **{**fields, "map": "63,4305° N; 10.3951 E"})
    found = await Event.get(id=event.id)
    assert (found.latitude, found.longitude) == (63.4305, 10.3951)
    assert fields_of(await alice.sees(path))["map"] == "63.4305, 10.3951"
    page = await alice.sends(path, 422, **{**fields, "map": "beside the church"})
    assert "Please give a place on the map like" in page
    assert 'value="beside the church"' in page


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("56.9496, 24.1052", (56.9496, 24.1052)),
        ("56,9496 24,1052", (56.9496, 24.1052)),
        ("-33.86;151.2", (-33.86, 151.2)),
        ("33.86S, 70.6W", (-33.86, -70.6)),
        ("  ", (None, None)),
        ("56.9", ("56.9", "56.9")),
    ],
)
def test_places_as_people_paste_them(typed: str, wanted: tuple[object, object]) -> None:
    assert map_place.read(typed) == wanted


def test_a_colour_has_a_name_that_looks_like_it() -> None:
    assert [
        accents.nearest_name(c) for c in ("#ff0000", "#000080", "#808080", "#fefefe", "#2f4f4e")
    ] == [
        "red",
        "navy",
        "gray",
        "white",
        "darkslategray",
    ]


async def test_every_page_with_a_calendar_offers_it_to_each_program(alice: Alice) -> None:
    of = await make.project(code="A & B")
    event = await make.event(of)
    for page, address in (
        (f"/e/{event.slug}", f"e/{event.slug}"),
        (f"/p/{of.slug}", f"p/{of.slug}"),
    ):
        shown = await alice.sees(page)
        assert f'href="webcal://127.0.0.1:8000/{address}.ics"' in shown
        assert (
            f"https://calendar.google.com/calendar/r?cid=webcal%3A//127.0.0.1%3A8000/{address}.ics"
            in shown
        )
        assert (
            f"https://outlook.live.com/calendar/0/addfromweb?url=http%3A//127.0.0.1%3A8000/{address}.ics"
            in shown
        )
        assert f'value="http://127.0.0.1:8000/{address}.ics" readonly' in shown
        assert "may lag behind by up to a day" in shown
    assert "webcal://" in await alice.sees("/desk/calendar")
    assert now() > event.created_at
