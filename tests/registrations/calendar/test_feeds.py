"""One person's calendar: everything registered for in this project, and nothing of anybody else."""

from datetime import timedelta

import httpx

from core.clock import now
from events.event.event import Event
from events.programme.sessions import Session
from registrations.calendar.feeds import confirmation_ics
from registrations.form.entry import Entry
from registrations.placing.register import place
from registrations.registration.registration import Registration
from tests.events.feeds.test_feeds import entries, read, sequence
from tests.support import factories


async def register(
    of: Event, name: str = "Ilze Bērziņa", sessions: tuple[int, ...] = ()
) -> Registration:
    found, _created = await place(
        of, Entry(name, "ilze@example.org", sessions=sessions), source="web", language="lv"
    )
    return await Registration.get(id=found.id).prefetch_related("event__project", "project")


async def session(of: Event, title: str, **over: object) -> Session:
    given = {
        "event_id": of.id,
        "kind": "workshop",
        "title": {"en": title},
        "starts_at": of.starts_at,
    }
    given |= {
        "ends_at": of.starts_at + timedelta(hours=1),
        "created_at": now(),
        "changed_at": now(),
    }
    return await Session.create(**{**given, **over})


async def test_a_person_sees_all_their_events_with_travel_and_chosen_sessions(
    client: httpx.AsyncClient,
) -> None:
    of = await factories.project()
    visit, conference = await factories.event(of), await factories.event(of)
    other = await factories.event(of)
    await session(visit, "Bus", kind="travel")
    chosen = await session(visit, "Small group", capacity=5)
    await session(visit, "Other group", capacity=5)
    mine = await register(visit, sessions=(chosen.id,))
    await register(conference)
    await register(other, "Jānis Kalniņš")
    found = await read(client, mine.calendar_url)
    assert sorted(found) == sorted(
        [visit.title["lv"], "Bus", "Small group", conference.title["lv"]]
    )
    assert {e["status"] for e in found.values()} == {"CONFIRMED"}


async def test_a_cancelled_registration_is_cancelled_in_the_calendar_and_another_event_is_not(
    client: httpx.AsyncClient,
) -> None:
    of = await factories.project()
    visit, conference = await factories.event(of), await factories.event(of)
    mine = await register(visit)
    await register(conference)
    before = await read(client, mine.calendar_url)
    await mine.cancel("ill")
    after = await read(client, mine.calendar_url)
    gone = visit.title["lv"]
    assert {name: str(e["status"]) for name, e in after.items()} == {
        gone: "CANCELLED",
        conference.title["lv"]: "CONFIRMED",
    }
    assert sequence(after[gone]) > sequence(before[gone])
    assert after[gone]["uid"] == before[gone]["uid"]


async def test_someone_waiting_has_a_tentative_entry(client: httpx.AsyncClient) -> None:
    full = await factories.event(await factories.project(), capacity=0)
    mine = await register(full)
    assert [str(e["status"]) for e in (await read(client, mine.calendar_url)).values()] == [
        "TENTATIVE"
    ]


async def test_the_confirmation_carries_this_event_alone(database: object) -> None:
    of = await factories.project()
    visit, conference = await factories.event(of), await factories.event(of)
    mine = await register(visit)
    await register(conference)
    assert list(entries(await confirmation_ics(mine))) == [visit.title["lv"]]


async def test_an_unknown_address_is_no_calendar(client: httpx.AsyncClient) -> None:
    assert (await client.get("/r/vsr_0000.ics")).status_code == 404
