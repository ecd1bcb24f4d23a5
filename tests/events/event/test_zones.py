"""A changed time zone keeps what the clocks on the wall show: of the event, and of what follows it
in its programme.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from accounts.sessions.access import Actor
from core.clock import now
from core.errors import DomainError
from core.i18n import speaking
from events.event.event import Event
from events.event.history import Change
from events.programme.sessions import Session
from events.projects.projects import Project
from registrations.mail.changes import said
from tests.events.alice import Alice, fields_of, visit_to
from tests.events.feeds.test_feeds import read, sequence
from tests.support import factories as make

ALICE = Actor("alice")
DAY = "2031-12-10"
API = "/api/v1"


async def conference(of: Project, **over: Any) -> Event:
    hours = {
        "starts_at": datetime(2031, 12, 10, 7, tzinfo=UTC),
        "ends_at": datetime(2031, 12, 10, 15, tzinfo=UTC),
    }
    return await make.event(of, **{**hours, **over})


async def session(of: Event, title: str, start: str, end: str, **over: Any) -> Session:
    return await Session.add(
        of, ALICE, **{"kind": "talk", "title": title, "starts_at": start, "ends_at": end, **over}
    )


async def test_a_zone_changed_by_the_interface_keeps_the_times_of_day(
    client: httpx.AsyncClient,
) -> None:
    of = await make.project()
    event = await conference(of, registration_closes_at=datetime(2031, 12, 1, 10, tzinfo=UTC))
    await session(event, "Opening", f"{DAY}T09:00", f"{DAY}T10:00")
    await session(
        event, "Flight", f"{DAY}T11:00", f"{DAY}T12:30", kind="travel", end_timezone="Europe/London"
    )
    await session(event, "Call", f"{DAY}T13:00", f"{DAY}T14:00", timezone="America/New_York")
    before = await read(client, f"/e/{event.slug}.ics")
    bearer = await make.bearer(await make.organiser(of))
    answer = await client.patch(
        f"{API}/events/{event.slug}", json={"timezone": "Europe/Oslo"}, headers=bearer
    )
    found = answer.json()
    assert answer.status_code == 200
    assert (found["starts_at"], found["ends_at"]) == (
        f"{DAY}T09:00:00+01:00",
        f"{DAY}T17:00:00+01:00",
    )
    assert found["registration_closes_at"] == "2031-12-01T11:00:00+01:00", "a deadline is a moment"
    listed = (await client.get(f"{API}/events/{event.slug}/sessions", headers=bearer)).json()
    assert [(s["starts_at"], s["ends_at"]) for s in listed] == [
        (f"{DAY}T09:00:00+01:00", f"{DAY}T10:00:00+01:00"),
        (f"{DAY}T11:00:00+01:00", f"{DAY}T12:30:00+00:00"),
        (f"{DAY}T13:00:00-05:00", f"{DAY}T14:00:00-05:00"),
    ]
    after = await read(client, f"/e/{event.slug}.ics")
    assert [e["uid"] for e in after.values()] == [e["uid"] for e in before.values()]
    assert all(sequence(after[name]) > sequence(before[name]) for name in before)
    walls = {name: e.start.replace(tzinfo=None) for name, e in after.items()}
    assert walls == {name: e.start.replace(tzinfo=None) for name, e in before.items()}
    assert after["Opening"]["dtstart"].params["TZID"] == "Europe/Oslo"
    assert after["Call"].start == before["Call"].start


@pytest.mark.parametrize(
    ("start", "zone", "choices"),
    [
        (
            datetime(2030, 10, 27, 1, 30, tzinfo=UTC),
            "Europe/Riga",
            ["03:30:00+03:00", "03:30:00+02:00"],
        ),
        (
            datetime(2030, 3, 31, 3, 30, tzinfo=UTC),
            "Europe/Riga",
            ["02:30:00+02:00", "04:30:00+03:00"],
        ),
    ],
)
async def test_a_time_that_the_new_zone_makes_double_or_void_is_asked_about(
    client: httpx.AsyncClient, start: datetime, zone: str, choices: list[str]
) -> None:
    of = await make.project()
    bearer = await make.bearer(await make.organiser(of))
    away = "Atlantic/Reykjavik"  # no summer time: 01:30 there is 01:30 UTC
    start += timedelta(hours=2 if start.month == 10 else 0)
    event = await conference(of, timezone=away, starts_at=start, ends_at=start + timedelta(hours=9))
    path = f"{API}/events/{event.slug}"
    answer = await client.patch(path, json={"timezone": zone}, headers=bearer)
    day = start.date().isoformat()
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (
        422,
        ["starts_at"],
    )
    if start.month == 10:
        assert answer.json()["choices"] == [f"{day}T{c}" for c in choices]
    assert (await Event.get(id=event.id)).timezone == away
    chosen = answer.json()["choices"][0]
    body = {"timezone": zone, "starts_at": chosen}
    assert (await client.patch(path, json=body, headers=bearer)).json()["starts_at"] == chosen


async def test_a_session_whose_time_the_new_zone_does_not_have_is_named(
    client: httpx.AsyncClient,
) -> None:
    of = await make.project()
    bearer = await make.bearer(await make.organiser(of))
    start = datetime(2030, 3, 30, 18, tzinfo=UTC)
    event = await conference(
        of, timezone="Atlantic/Reykjavik", starts_at=start, ends_at=start + timedelta(days=1)
    )
    night = await session(event, "Northern lights", "2030-03-31T03:30", "2030-03-31T04:30")
    answer = await client.patch(
        f"{API}/events/{event.slug}", json={"timezone": "Europe/Riga"}, headers=bearer
    )
    found = answer.json()
    assert (answer.status_code, [e["field"] for e in found["errors"]], len(found["choices"])) == (
        422,
        ["timezone"],
        2,
    )
    assert "Northern lights" in found["errors"][0]["message"]
    assert found["session"] == str(night.id)
    own = {
        "timezone": "Europe/Riga",
        "starts_at": found["choices"][1],
        "ends_at": "2030-03-31T05:30",
    }
    assert (
        await client.patch(f"{API}/sessions/{night.id}", json=own, headers=bearer)
    ).status_code == 200
    again = await client.patch(
        f"{API}/events/{event.slug}", json={"timezone": "Europe/Riga"}, headers=bearer
    )
    assert again.json()["starts_at"] == "2030-03-30T18:00:00+02:00"


async def test_the_second_of_two_equal_hours_stays_the_second(database: object) -> None:
    start = datetime(2030, 10, 27, 1, 30, tzinfo=UTC)
    event = await conference(
        await make.project(), starts_at=start, ends_at=start + timedelta(hours=5)
    )
    assert event.iso(event.starts_at) == "2030-10-27T03:30:00+02:00"
    await event.change(ALICE, timezone="Europe/Vilnius")
    assert event.iso(event.starts_at) == "2030-10-27T03:30:00+02:00"


async def test_the_mail_says_both_zones(database: object) -> None:
    event = await conference(await make.project())
    await session(event, "Opening", f"{DAY}T09:00", f"{DAY}T10:00")
    last = await Change.filter(event_id=event.id).count()
    await event.change(ALICE, timezone="Europe/Oslo")
    with speaking("en"):
        lines = await said(event, (await Change.filter(event_id=event.id).order_by("id"))[last:])
    assert [(line.what, line.old, line.new) for line in lines] == [
        (
            "Begins",
            "10 Dec 2031, 09:00 (Eastern European Time)",
            "10 Dec 2031, 09:00 (Central European Time)",
        ),
        (
            "Ends",
            "10 Dec 2031, 17:00 (Eastern European Time)",
            "10 Dec 2031, 17:00 (Central European Time)",
        ),
        ("Time zone", "Eastern European Time", "Central European Time"),
        (
            "Programme",
            "",
            "Everything at the same time of day as before, now in Central European Time.",
        ),
    ]


async def test_the_organisers_form_does_the_same(alice: Alice) -> None:
    event = await visit_to(alice)
    closes = event.starts_at - timedelta(days=5)
    await event.change(ALICE, notify=False, registration_closes_at=closes)
    begins = event.iso(event.starts_at) or ""
    day = begins[:10]
    talk = await session(event, "Opening", f"{day}T09:00", f"{day}T10:00")
    fields = fields_of(await alice.sees(f"/desk/e/{event.slug}/edit"))
    await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "timezone": "Europe/London"})
    found, opening = await Event.get(id=event.id), await Session.get(id=talk.id)
    assert (found.iso(found.starts_at) or "")[:19] == begins[:19]
    assert (
        found.starts_at - event.starts_at
        == opening.starts_at - talk.starts_at
        == timedelta(hours=2)
    )
    assert found.registration_closes_at == closes


async def test_a_session_changed_in_its_zone_keeps_its_time_of_day(database: object) -> None:
    event = await conference(await make.project())
    talk = await session(event, "Opening", f"{DAY}T09:00", f"{DAY}T10:00")
    await talk.change(event, ALICE, timezone="Europe/Oslo")
    assert talk.described(event)["starts_at"] == f"{DAY}T09:00:00+01:00"
    assert talk.described(event)["ends_at"] == f"{DAY}T10:00:00+01:00"


async def test_a_journey_that_would_end_before_it_begins_is_named(database: object) -> None:
    event = await conference(await make.project())
    flight = {"kind": "travel", "end_timezone": "Europe/Oslo"}
    await session(event, "Flight", f"{DAY}T09:00", f"{DAY}T09:05", **flight)
    with pytest.raises(DomainError) as raised:
        await event.change(ALICE, timezone="Europe/London")
    assert (raised.value.status, list(raised.value.fields)) == (422, ["timezone"])
    assert "Flight" in str(raised.value.message)
    assert (await Event.get(id=event.id)).starts_at < now() + timedelta(days=9000)
