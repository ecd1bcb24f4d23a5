"""A participant's calendar has a secret of its own: it ends when the participant says so, and opens
no page.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from accounts.sessions.access import Actor
from core import clock
from core.clock import now
from core.tokens import masked
from events.programme.sessions import Session
from registrations.people.erasure import erase
from registrations.registration.registration import Registration
from tests.events.feeds.test_feeds import read
from tests.support import factories as make

ALICE = Actor("alice")


async def test_the_address_of_a_calendar_is_not_that_of_the_page(client: httpx.AsyncClient) -> None:
    event = await make.event(await make.project())
    mine = await make.register(event, "Ilze Bērziņa")
    mine = await Registration.get(id=mine.id)
    assert mine.secret not in mine.calendar_url
    found = await read(client, mine.calendar_url)
    assert list(found) == [event.title["en"]]
    assert list(await read(client, f"{mine.manage_url}.ics")) == list(found)
    secret = mine.calendar_url.rpartition("/")[2].removesuffix(".ics")
    for address in (f"/r/{secret}", f"/r/{secret}/ticket.svg", f"/r/{secret}/data.json"):
        assert (await client.get(address)).status_code == 404
    for wrong in (
        secret[:-1] + ("0" if secret[-1] != "0" else "1"),
        secret.upper(),
        "vsc_ff_" + secret[-40:],
        "vsc_",
    ):
        assert (await client.get(f"/r/{wrong}.ics")).status_code == 404


async def test_it_ends_when_the_participant_makes_a_new_one(client: httpx.AsyncClient) -> None:
    mine = await make.register(await make.event(await make.project()), "Ilze Bērziņa")
    old = mine.calendar_url
    page = (await client.get(mine.manage_url)).text
    assert ("No calendar program has read it yet." in page, f'value="{old}"' in page) == (
        True,
        True,
    )
    await client.get(old)
    assert "A calendar program last read it:" in (await client.get(mine.manage_url)).text
    assert (await client.post(f"{mine.manage_url}/calendar")).status_code == 303
    assert (await client.get(old)).status_code == 404
    again = await Registration.get(id=mine.id)
    assert again.calendar_url != old
    assert await Registration.exists(id=mine.id, calendar_used_at=None)
    assert (await client.get(again.calendar_url)).status_code == 200
    assert (await client.get(f"{mine.manage_url}.ics")).status_code == 200


async def test_its_use_is_noted_at_most_once_a_minute(client: httpx.AsyncClient) -> None:
    mine = await make.register(await make.event(await make.project()), "Ilze Bērziņa")
    tag = {"If-None-Match": (await client.get(mine.calendar_url)).headers["etag"]}
    first = (await Registration.get(id=mine.id)).calendar_used_at
    assert (await client.get(mine.calendar_url, headers=tag)).status_code == 304
    assert (await Registration.get(id=mine.id)).calendar_used_at == first
    with clock.travelled(timedelta(minutes=2)):
        await client.get(mine.calendar_url, headers=tag)
        later = (await Registration.get(id=mine.id)).calendar_used_at
    assert first
    assert later
    assert later - first >= timedelta(minutes=1)


async def test_whoever_is_erased_has_no_calendar(client: httpx.AsyncClient) -> None:
    mine = await make.register(await make.event(await make.project()), "Ilze Bērziņa")
    found = await Registration.get(id=mine.id).prefetch_related("person", "event__project")
    await erase(found.person, ALICE)
    assert (await client.get(mine.calendar_url)).status_code == 404


async def test_nothing_of_a_person_stands_in_it(client: httpx.AsyncClient) -> None:
    event = await make.event(await make.project())
    mine = await make.register(event, "Ilze Bērziņa", "ilze@example.org")
    await make.register(event, "Charlie Strand", "charlie@example.org")
    body = (await client.get(mine.calendar_url)).text
    assert [
        word in body for word in ("Ilze", "Charlie", "example.org", "vsc_", "vsr_", "BEGIN:VEVENT")
    ] == [
        *([False] * 5),
        True,
    ]


@pytest.mark.parametrize(
    ("remind", "trigger"),
    [
        ("120", timedelta(hours=-2)),
        ("evening", datetime(2031, 12, 9, 16, tzinfo=UTC)),
        ("99", None),
        ("", None),
    ],
)
async def test_a_journey_rings_when_the_subscriber_wants(
    client: httpx.AsyncClient, remind: str, trigger: object
) -> None:
    start = datetime(2031, 12, 10, 7, tzinfo=UTC)
    event = await make.event(
        await make.project(), starts_at=start, ends_at=start + timedelta(hours=8)
    )
    hours: dict[str, Any] = {"starts_at": "2031-12-10T05:00", "ends_at": "2031-12-10T08:00"}
    await Session.add(event, ALICE, kind="travel", title="Bus", **hours)
    await Session.add(event, ALICE, kind="talk", title="Talk", **hours)
    mine = await make.register(event, "Ilze Bērziņa")
    found = await read(client, f"{mine.calendar_url}?remind={remind}")
    alarms = {name: [a["trigger"].dt for a in e.walk("VALARM")] for name, e in found.items()}
    assert alarms == {event.title["en"]: [], "Talk": [], "Bus": [trigger] if trigger else []}
    page = (await client.get(f"{mine.manage_url}?remind={remind}")).text
    assert (f"{mine.calendar_url}?remind={remind}" in page) is bool(trigger)
    assert all(
        "VALARM" not in str(e)
        for e in (await read(client, f"/e/{event.slug}.ics?remind=120")).values()
    )


async def test_whoever_has_a_seat_sees_where_to_join(client: httpx.AsyncClient) -> None:
    address = "https://meet.example.org/1?a=b,c;d"
    event = await make.event(await make.project(), place="", online_url=address, capacity=1)
    mine, waiting = [
        await make.register(event, name) for name in ("Ilze Bērziņa", "Charlie Strand")
    ]
    found = (await read(client, mine.calendar_url))[event.title["en"]]
    assert (str(found["location"]), str(found["conference"])) == (address, address)
    assert "meet.example.org" not in (await client.get(waiting.calendar_url)).text
    assert now() > event.created_at


def test_secrets_are_left_out_of_logs() -> None:
    assert masked("/r/vsc_1f_" + "a" * 40 + ".ics") == "/r/vsc_….ics"
    assert masked("/desk/calendar/vsc_" + "a" * 40 + ".ics") == "/desk/calendar/vsc_….ics"
    assert masked("/r/vsr_" + "a" * 40 + "/ticket.svg") == "/r/vsr_…/ticket.svg"
    assert masked("/e/visit") == "/e/visit"
