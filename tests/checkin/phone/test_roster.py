"""What a phone knows without reception: all of it once, then what changed; nothing that a door does
not need.
"""

import base64
import gzip
import hashlib
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accounts.sessions.access import Actor
from checkin.phone.devices import Device
from checkin.phone.paired_phone import cookie
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import record, withdraw
from core import db, sql
from core.clock import now, travelled
from events.event.event import Event
from registrations.people import attendee_list
from registrations.people.erasure import erase
from registrations.registration import tickets
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.browser.support.daytime import zone
from tests.checkin.people import code, registered, session
from tests.checkin.rules import codes_identity
from tests.checkin.scanning.test_rules import gate
from tests.support import factories

ALICE = Actor("alice@example.org")


@pytest.fixture
async def door(client: httpx.AsyncClient) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    return await factories.event(
        await factories.project(),
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        timezone=zone(),
    )


@pytest.fixture
async def phone(client: httpx.AsyncClient, door: Event) -> httpx.AsyncClient:
    """A paired phone, which asks below the app's own address."""
    _device, secret = await gate(door, "Gate 2, Bob")
    client.cookies.set(cookie(), secret, domain="127.0.0.1")
    client.base_url = httpx.URL(f"http://127.0.0.1:8000/c/e/{door.slug}/")
    client.headers["accept"] = "application/json"
    return client


async def whole(phone: httpx.AsyncClient) -> dict[str, Any]:
    answer = await phone.get("roster")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["whole"] is True
    return found


async def since(phone: httpx.AsyncClient, cursor: str) -> dict[str, Any]:
    found: dict[str, Any] = (await phone.get("roster", params={"since": cursor})).json()
    assert found["whole"] is False
    assert "key" not in found
    return found


async def quiet(door: Event) -> None:
    """All changes but the event's own, a minute ago, lie further back than what is sent twice to be
    sure.
    """
    await db.execute("UPDATE registration SET changed_at = $1", now() - timedelta(minutes=5))
    await Event.filter(id=door.id).update(changed_at=now() - timedelta(minutes=1))


async def test_everything_that_a_door_needs_and_nothing_else(
    phone: httpx.AsyncClient, door: Event
) -> None:
    seats = await session(
        door, door.starts_at, door.ends_at, capacity=5, place="Room 1", title={"en": "Workshop"}
    )
    talk = await session(door, door.starts_at, door.ends_at)
    one = await registered(
        door,
        "Žanete Šķēle",
        chosen=(seats, talk),
        door_note="Needs an interpreter",
        answers={"diet": "x"},
    )
    two, three = (
        await registered(door, "Bob", status="waiting", chosen=(talk,)),
        await registered(door, "Eve", role="speaker"),
    )
    found = await whole(phone)
    assert found["people"] == [
        [str(r.id), codes_identity(code(r)), *rest]
        for r, *rest in (
            (
                one,
                "Žanete Šķēle",
                "",
                "attendee",
                "confirmed",
                "Needs an interpreter",
                [str(seats.id)],
            ),
            (two, "Bob", "", "attendee", "waiting", "", []),
            (three, "Eve", "", "speaker", "confirmed", "", None),
        )
    ]
    assert [(s["title"], s["capacity"], s["room"]) for s in found["sessions"]][:1] == [
        ("Workshop", True, "Room 1")
    ]
    assert base64.b64decode(found["key"]) == tickets.event_key(door.id)
    ours = found["event"]
    assert (ours["zone"], ours["status"], ours["starts_at"]) == (
        door.timezone,
        "published",
        int(door.starts_at.timestamp() * 1000),
    )
    assert found["phone"]["name"] == "Gate 2, Bob"
    assert "@" not in str(found)
    assert "diet" not in str(found)


async def test_who_is_inside_and_where_they_came_in(phone: httpx.AsyncClient, door: Event) -> None:
    one, two, three = [await registered(door) for _i in range(3)]
    device = await Device.get()
    at = now() - timedelta(minutes=20)
    for person, given in ((one, device.id), (two, None), (three, device.id)):
        scans = [ScanEntry(str(uuid4()), registration=person.id, scanned_at=at)]
        if person is three:
            scans.append(
                ScanEntry(
                    str(uuid4()),
                    registration=person.id,
                    scanned_at=at + timedelta(minutes=1),
                    direction="out",
                )
            )
        await record(door, scans, actor_name="alice@example.org", device=given, organiser=False)
    found = await whole(phone)
    since_ms = int(at.timestamp() * 1000)
    assert [
        [*line[:1], *line[2:]] for line in sorted(found["inside"], key=lambda line: int(line[0]))
    ] == [
        [str(one.id), 1, since_ms, "Gate 2, Bob"],
        [str(two.id), 1, since_ms, ""],
        [str(three.id), 0, since_ms, ""],
    ]
    assert "alice" not in str(found)


async def test_rooms_that_are_grouped_now(phone: httpx.AsyncClient, door: Event) -> None:
    """Who went from one into the other without leaving has left the first."""
    one = await registered(door)
    rooms = [await session(door, door.starts_at, door.ends_at) for _n in range(2)]
    for n, room in enumerate(rooms):
        entry = ScanEntry(
            str(uuid4()),
            registration=one.id,
            session=room.id,
            scanned_at=door.starts_at + timedelta(minutes=n),
        )
        await record(door, [entry], actor_name="alice", organiser=False)
    await db.execute("UPDATE scan SET received_at = $1", now() - timedelta(minutes=5))
    await quiet(door)
    cursor = (await whole(phone))["cursor"]
    with travelled(timedelta(minutes=2)):
        await door.change(ALICE, rooms_grouped=True)
        found = await since(phone, cursor)
    assert sorted(line[1:3] for line in found["inside"]) == [
        [str(rooms[0].id), 0],
        [str(rooms[1].id), 1],
    ]


async def test_only_what_changed_since(phone: httpx.AsyncClient, door: Event) -> None:
    one, two, three = [await registered(door, name) for name in ("Anna", "Bob", "Charlie")]
    await quiet(door)
    cursor = (await whole(phone))["cursor"]
    with travelled(timedelta(minutes=2)):
        assert (await since(phone, cursor))["cursor"] == cursor
        await Registration.filter(id=one.id).update(status="cancelled", changed_at=now())
        entry = ScanEntry(str(uuid4()), registration=two.id)
        await record(
            door, [entry], actor_name="Bob", device=(await Device.get()).id, organiser=False
        )
        found = await since(phone, cursor)
        assert [line[0] for line in found["people"]] == [str(one.id)]
        assert [[line[0], line[2], line[4]] for line in found["inside"]] == [
            [str(two.id), 1, "Gate 2, Bob"]
        ]
        assert found["cursor"] != cursor
        assert (await phone.post("contact", json={})).json()["cursor"] == found["cursor"]
    with travelled(timedelta(minutes=4)):
        later = found["cursor"]
        await withdraw(entry.id, "Alice")
        await attendee_list.correct(three, "Charlotte", "charlotte@example.org", ALICE)
        found = await since(phone, later)
        assert [line[2] for line in found["people"]] == [
            "Anna",
            "Charlotte",
        ]  # the last change before comes twice
        assert [[line[0], *line[2:]] for line in found["inside"]] == [[str(two.id), 0, None, ""]]
    with travelled(timedelta(minutes=6)):
        await erase(await Person.get(id=three.person_id))
        assert [line[2] for line in (await since(phone, found["cursor"]))["people"]] == ["—"]


@pytest.mark.parametrize("cursor", ["", "x", "1", "9" * 40 + ".a", ".a", "-5.a", "1e9.a", "٣.a"])
async def test_a_cursor_that_is_not_ours_gets_everything(
    phone: httpx.AsyncClient, cursor: str
) -> None:
    assert (await phone.get("roster", params={"since": cursor})).json()["whole"] is True


async def test_the_programme_and_the_event_are_always_in_it(
    phone: httpx.AsyncClient, door: Event
) -> None:
    cursor = (await whole(phone))["cursor"]
    await Event.filter(id=door.id).update(status="cancelled")
    found = await since(phone, cursor)
    assert (found["event"]["status"], found["cursor"] != cursor) == ("cancelled", True)


async def test_tickets_of_what_else_is_on_in_this_project(
    phone: httpx.AsyncClient, door: Event
) -> None:
    near = await factories.event(
        door.project,
        title={"en": "Dinner"},
        starts_at=door.ends_at,
        ends_at=door.ends_at + timedelta(hours=3),
    )
    far = await factories.event(door.project, title={"en": "Next month"})
    strange = await factories.event(
        await factories.project(), title={"en": "Secret"}, starts_at=door.starts_at
    )
    guests = [await registered(e) for e in (near, far, strange)]
    found = await whole(phone)
    wanted = (
        base64.urlsafe_b64encode(hashlib.sha256(code(guests[0]).encode()).digest()[:8])
        .decode()
        .rstrip("=")
    )
    assert found["others"] == {"Dinner": [wanted]}
    await quiet(door)
    cursor = (await whole(phone))["cursor"]
    assert "others" not in await since(phone, cursor)
    await registered(near)
    assert len((await since(phone, cursor))["others"]["Dinner"]) == 2


async def test_twenty_thousand_people(phone: httpx.AsyncClient, door: Event) -> None:
    """Well under a second; small over the wire."""
    await crowd(door, 20_000)
    began = time.perf_counter()
    answer = await phone.get("roster", headers={"accept-encoding": "gzip"})
    took = time.perf_counter() - began
    assert answer.headers["content-encoding"] == "gzip"
    found = answer.json()
    assert len(found["people"]) == 20_000
    assert took < 3, took
    assert len(gzip.compress(answer.content)) < 1_500_000
    began = time.perf_counter()
    assert len((await since(phone, f"{int(now().timestamp() * 1000) + 60_000}.a"))["people"]) == 0
    assert time.perf_counter() - began < 0.5


async def crowd(door: Event, size: int) -> None:
    """So many registered, written at once."""
    numbers = "SELECT n FROM generate_series(1, $1) AS g(n)"
    if sql.is_sqlite():
        numbers = "WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < $1) SELECT n FROM g"
    at = now()
    await db.execute(
        "INSERT INTO person (project_id, name, name_folded, search, email, email_folded, country, gender, "
        "target_group, language, created_at) SELECT $2, 'Guest Number ' || n, 'guest ' || n, 'guest ' || n, "
        f"n || '@example.org', n || '@example.org', '', '', '', 'en', $3 FROM ({numbers}) x",
        *(size, door.project_id, at),
    )
    await db.execute(
        "INSERT INTO registration (project_id, event_id, person_id, status, role, country, gender, target_group, "
        "language, answers, door_note, ticket_identity, generation, source, after_event, form_key, cancel_reason, "
        "revision, created_at, changed_at) SELECT $1, $2, id, 'confirmed', 'attendee', '', '', '', 'en', '{}', '', "
        "id * 7919, 0, 'web', FALSE, '', '', 0, $3, $3 FROM person WHERE project_id = $1",
        *(door.project_id, door.id, at),
    )
