"""People subscribe, and what they see is right: before a change, after it, and when things are
cancelled.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.clock import now
from events.event.event import Event
from events.feeds import feeds, ics
from events.feeds.ics import Entry, Feed
from events.feeds.organiser_address import OrganiserCalendar
from events.programme.sessions import Session
from tests.support import factories, libical
from tests.support.lint_ics import lint


async def session(of: Event, **over: object) -> Session:
    given = {
        "event_id": of.id,
        "kind": "talk",
        "title": {"en": "Opening", "lv": "Atklāšana"},
        "starts_at": of.starts_at,
        "ends_at": of.starts_at + timedelta(hours=1),
        "created_at": now(),
        "changed_at": now(),
    }
    return await Session.create(**{**given, **over})


def entries(body: bytes) -> dict[str, Any]:
    assert lint(body) == []
    assert libical.complaints(body) == []
    assert vobject.readOne(body.decode()).validate()
    return {str(e["summary"]): e for e in icalendar.Calendar.from_ical(body).walk("VEVENT")}


def sequence(entry: Any) -> int:
    return int(str(entry["sequence"]))


async def read(client: httpx.AsyncClient, address: str, **headers: str) -> dict[str, Any]:
    answer = await client.get(address, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/calendar; charset=utf-8",
    )
    return entries(answer.content)


async def test_an_event_shows_its_sessions_in_their_own_zones(client: httpx.AsyncClient) -> None:
    visit = await factories.event(await factories.project(), ends_at=now() + timedelta(days=13))
    await session(
        visit,
        title={"en": "Flight"},
        kind="travel",
        timezone="Europe/Riga",
        end_timezone="Europe/Oslo",
    )
    found = await read(client, f"/e/{visit.slug}.ics")
    flight = found["Flight"]
    assert (flight["dtstart"].params["TZID"], flight["dtend"].params["TZID"]) == (
        "Europe/Riga",
        "Europe/Oslo",
    )
    assert flight.start == visit.starts_at
    assert flight.end == visit.starts_at + timedelta(hours=1)
    banner = found[visit.title["en"]]
    assert (type(banner.start), banner["status"]) == (date, "CONFIRMED")


async def test_the_same_state_gives_the_same_bytes_and_304(client: httpx.AsyncClient) -> None:
    conference = await factories.event(await factories.project())
    first = await client.get(f"/e/{conference.slug}.ics")
    again = await client.get(
        f"/e/{conference.slug}.ics", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    feeds._built.clear()
    ics.fragment.cache_clear()
    assert (await client.get(f"/e/{conference.slug}.ics")).content == first.content
    packed = await client.get(f"/e/{conference.slug}.ics", headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", first.content)


async def test_a_removed_session_stays_as_cancelled_for_sixty_days(
    client: httpx.AsyncClient,
) -> None:
    conference = await factories.event(await factories.project())
    talk = await session(conference)
    before = (await read(client, f"/e/{conference.slug}.ics"))["Opening"]
    await Session.filter(id=talk.id).update(removed_at=now(), revision=1, changed_at=now())
    await Event.filter(id=conference.id).update(revision=1, changed_at=now())
    after = (await read(client, f"/e/{conference.slug}.ics"))["Opening"]
    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert sequence(after) > sequence(before)
    assert after["last-modified"].dt >= before["last-modified"].dt
    with clock.travelled(timedelta(days=61)):
        assert list(await read(client, f"/e/{conference.slug}.ics")) == [conference.title["en"]]


async def test_a_cancelled_event_is_cancelled_in_every_calendar(client: httpx.AsyncClient) -> None:
    of = await factories.project()
    conference = await factories.event(of, status="cancelled", cancelled_at=now(), revision=1)
    await session(conference)
    assert {e["status"] for e in (await read(client, f"/e/{conference.slug}.ics")).values()} == {
        "CANCELLED"
    }
    assert {e["status"] for e in (await read(client, f"/p/{of.slug}.ics")).values()} == {
        "CANCELLED"
    }


async def test_a_project_shows_what_is_open_and_no_draft(client: httpx.AsyncClient) -> None:
    of = await factories.project()
    shown = await factories.event(of)
    closed = await factories.event(of, open_to_public=False)
    draft = await factories.event(of, status="draft")
    await factories.event(await factories.project())
    assert list(await read(client, f"/p/{of.slug}.ics")) == [shown.title["en"]]
    assert list(await read(client, f"/e/{closed.slug}.ics")) == [closed.title["en"]]
    assert (await client.get(f"/e/{draft.slug}.ics")).status_code == 404
    assert list(await read(client, f"/p/{of.slug}.ics?lang=lv")) == [shown.title["lv"]]


async def test_alice_has_an_address_of_her_own_until_she_ends_it(client: httpx.AsyncClient) -> None:
    of = await factories.project()
    shown = await factories.event(of, status="draft")
    await factories.event(await factories.project())
    alice = await factories.organiser(of)
    mine = await OrganiserCalendar.of(alice)
    path = mine.url.removeprefix("http://127.0.0.1:8000")
    found = await read(client, path)
    assert [(name, e["status"]) for name, e in found.items()] == [(shown.title["en"], "TENTATIVE")]
    assert (await OrganiserCalendar.of(alice)).used_at is not None
    await mine.renew()
    assert (await client.get(path)).status_code == 404
    assert list(await read(client, mine.url)) == [shown.title["en"]]


@pytest.mark.parametrize("zone", ["Europe/Riga", "Europe/Oslo", "America/New_York", "UTC"])
async def test_nights_when_clocks_change_keep_their_moments(zone: str) -> None:
    for hours in range(48):
        moment = datetime(2026, 10, 24, 12, 30, tzinfo=UTC) + timedelta(hours=hours)
        entry = Entry(
            "u", 0, moment, moment, "Night", moment, moment + timedelta(hours=2), zone, zone
        )
        body = ics.assembled(Feed("N", "m", nothing), [entry], [ics.fragment(entry)])
        assert entries(body)["Night"].start.astimezone(UTC) == moment


async def nothing() -> list[Entry]:
    return []


texts = st.text(max_size=120)
moments = st.integers(946_684_800, 2_114_380_800).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(summary=texts, place=texts, description=texts, start=moments, hours=st.integers(1, 100))
def test_any_text_and_any_moment_make_a_clean_calendar(
    summary: str, place: str, description: str, start: datetime, hours: int
) -> None:
    end = start + timedelta(hours=hours)
    entry = Entry(
        "u@x",
        1,
        start,
        start,
        summary,
        start,
        end,
        "Europe/Riga",
        "Europe/Oslo",
        "CONFIRMED",
        place,
        description,
    )
    body = ics.assembled(Feed("N", "m", nothing), [entry], [ics.fragment.__wrapped__(entry)])
    assert lint(body) == []
