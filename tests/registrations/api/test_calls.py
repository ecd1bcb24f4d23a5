"""Registrations for machines: every call of docs/interface.md."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core.clock import now, travelled
from core.errors import DomainError
from events.event.event import Event
from notifications.outbox.message import Message
from registrations.form.entry import Entry
from registrations.placing.register import place
from registrations.registration import tickets
from registrations.registration.registration import Registration
from registrations.registration.waiting_list import expire_offers
from tests.checkin.people import session as session_of
from tests.support import factories

PREFIX = "/api/v1"


class Machine:
    """An organiser's token at work."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    async def post(self, path: str, body: object, status: int = 200) -> Any:
        answer = await self.client.post(PREFIX + path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, path: str, status: int = 200) -> Any:
        answer = await self.client.get(PREFIX + path, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def register(self, event: Event, number: int, status: int = 201, **more: object) -> Any:
        body = {"name": f"Person {number}", "email": f"p{number}@example.org", **more}
        return await self.post(f"/events/{event.slug}/registrations", body, status)


@pytest.fixture
async def machine(client: httpx.AsyncClient) -> tuple[Machine, Any]:
    project = await factories.project()
    alice = await factories.organiser(project)
    return Machine(client, await factories.bearer(alice)), project


async def test_registering_and_what_it_answers(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project)
    body: dict[str, Any] = {
        "organisation": {"name": "Rīgas dome", "country": "LV", "kind": "municipality"},
        "gender": "female",
        "birth_year": 1980,
        "target_group": "planners",
        "role": "speaker",
        "language": "lv",
    }
    made = await api.register(event, 1, **body)
    assert (made["status"], made["waiting_position"]) == ("confirmed", None)
    assert tickets.genuine(event.id, made["ticket"])
    assert made["manage_url"].rsplit("/", 1)[1] not in made["calendar_url"], "its secret is its own"
    assert made["calendar_url"].endswith(".ics")
    assert made["organisation"]["name"] == "Rīgas dome"
    assert await api.register(event, 1, 200, **body) == made
    path = f"/events/{event.slug}/registrations"
    assert await api.post(path, {"name": "PERSON  1", "email": "P1@example.org"}) == made
    assert await api.get(f"/registrations/{made['id']}") == made
    assert await api.get(f"/events/{event.slug}/registrations") == [made]
    other = await api.post(
        f"/events/{event.slug}/registrations", {"name": "Other", "email": "p1@example.org"}, 201
    )
    assert other["person"] != made["person"]


async def test_pages_of_the_list(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project, capacity=1)
    made = [await api.register(event, n) for n in range(3)]
    assert [m["waiting_position"] for m in made] == [None, 1, 2]
    path = f"/events/{event.slug}/registrations"
    answer = await api.client.get(PREFIX + path + "?limit=2", headers=api.headers)
    assert answer.json() == made[:2]
    following = answer.headers["link"].split(">")[0].removeprefix("<http://127.0.0.1:8000")
    assert (await api.client.get(following, headers=api.headers)).json() == made[2:]


async def test_the_waiting_list_moves_and_an_offer_is_taken_or_passed_on(
    machine: tuple[Machine, Any],
) -> None:
    api, project = machine
    event = await factories.event(project, capacity=1)
    a, b, c, d = [await api.register(event, n) for n in range(4)]
    assert (await api.post(f"/registrations/{a['id']}/cancellation", {"reason": "ill"}))[
        "status"
    ] == "cancelled"
    assert (await api.post(f"/registrations/{a['id']}/cancellation", {}))["status"] == "cancelled"
    found = await api.get(f"/events/{event.slug}/registrations")
    assert [(f["status"], f["waiting_position"]) for f in found] == [
        ("cancelled", None),
        ("offered", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    await api.post(f"/registrations/{c['id']}/acceptance", {}, 409)
    with travelled(timedelta(hours=49)):
        assert await expire_offers(now()) == 1
        await api.post(f"/registrations/{b['id']}/acceptance", {}, 409)
        assert (await api.post(f"/registrations/{c['id']}/acceptance", {}))["status"] == "confirmed"
        assert (await api.post(f"/registrations/{c['id']}/acceptance", {}))["status"] == "confirmed"
    assert (await api.get(f"/registrations/{d['id']}"))["waiting_position"] == 1
    await event.refresh_from_db()
    assert (event.seats_taken, event.waiting) == (1, 1)
    assert sorted([m.kind for m in await Message.all()]) == [
        "cancelled_registration",
        *["confirmation"] * 2,
        "declined",
        *["offer"] * 2,
        *["waiting"] * 3,
    ]


async def test_more_seats_are_offered(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project, capacity=1)
    for n in range(4):
        await api.register(event, n)
    event = await Event.get(id=event.id)
    event.capacity = 3
    await event.save()
    await event.has_free_seats()
    assert (event.seats_taken, event.waiting) == (3, 1)


async def test_approval(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project, capacity=1, approval=True)
    a, b = [await api.register(event, n) for n in range(2)]
    assert (a["status"], b["status"]) == ("pending", "pending")
    assert (await api.post(f"/registrations/{b['id']}/approval", {}))["status"] == "confirmed"
    again = await api.post(f"/registrations/{a['id']}/approval", {})
    assert (again["status"], again["waiting_position"]) == ("waiting", 1)


async def test_a_substitute_takes_the_seat(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project, capacity=26)
    made = [
        await api.register(event, n, organisation={"name": "Dome", "country": "LV"})
        for n in range(26)
    ]
    body = {"name": "Substitute", "email": "s@example.org"}
    new = await api.post(f"/registrations/{made[3]['id']}/substitution", body, 201)
    assert (new["status"], new["replaces"], new["organisation"]["name"]) == (
        "confirmed",
        made[3]["id"],
        "Dome",
    )
    assert new["ticket"] != made[3]["ticket"]
    old = await api.get(f"/registrations/{made[3]['id']}")
    assert (old["status"], old["ticket"]) == ("replaced", made[3]["ticket"])
    await api.post(f"/registrations/{made[3]['id']}/substitution", body, 409)
    refused = await api.post(f"/registrations/{made[4]['id']}/substitution", body, 422)
    assert [e["field"] for e in refused["errors"]] == ["email"]
    await event.refresh_from_db()
    assert (event.seats_taken, await Registration.all().count()) == (26, 27)


async def test_sessions_with_seats_of_their_own(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project)
    session = await session_of(event, event.starts_at, event.ends_at, kind="workshop", capacity=1)
    a = await api.register(event, 1, sessions=[str(session.id)])
    assert a["sessions"] == [str(session.id)]
    refused = await api.register(event, 2, 422, sessions=[str(session.id)])
    assert [e["field"] for e in refused["errors"]] == ["sessions"]
    await event.refresh_from_db()
    assert event.seats_taken == 1
    await api.post(f"/registrations/{a['id']}/cancellation", {})
    await api.register(event, 2, sessions=[str(session.id)])
    await api.register(event, 3, 422, sessions=["999999"])


async def test_entry_afterwards_mails_nobody(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    start = now() - timedelta(days=3)
    event = await factories.event(project, starts_at=start, ends_at=start + timedelta(hours=8))
    made = await api.register(event, 1)
    assert (made["status"], made["after_event"]) == ("confirmed", True)
    await api.post(
        f"/registrations/{made['id']}/substitution", {"name": "B", "email": "b@example.org"}, 201
    )
    other = await api.register(event, 2)
    await api.post(f"/registrations/{other['id']}/cancellation", {})
    assert await Message.all().count() == 0


async def test_what_is_refused(machine: tuple[Machine, Any], client: httpx.AsyncClient) -> None:
    api, project = machine
    event = await factories.event(project)
    path = f"/events/{event.slug}/registrations"
    refused = await api.post(path, {"name": "A", "email": "a@example.org", "colour": "red"}, 422)
    assert [e["field"] for e in refused["errors"]] == ["colour"]
    refused = await api.post(
        path, {"name": "A", "email": "a@example.org", "organisation": {"name": "B", "x": 1}}, 422
    )
    assert [e["field"] for e in refused["errors"]] == ["organisation.x"]
    refused = await api.register(event, 1, 422, answers={"nothing": "x"})
    assert [e["field"] for e in refused["errors"]] == ["answers.nothing"]
    draft = await factories.event(project, status="draft")
    await api.register(draft, 1, 409)
    full = await factories.event(project, capacity=0, waiting_list=False)
    assert (await api.register(full, 1, 409))["code"] == "full"
    assert (await client.post(PREFIX + path, json={})).status_code == 401
    charlie = await factories.bearer(await factories.organiser(await factories.project()))
    assert (
        await client.post(PREFIX + path, json={"name": "A", "email": "a@b.lv"}, headers=charlie)
    ).status_code == 404
    made = await api.register(event, 5)
    for call in ("cancellation", "approval", "acceptance", "substitution"):
        body = {"name": "A", "email": "a@b.lv"} if call == "substitution" else {}
        answer = await client.post(
            f"{PREFIX}/registrations/{made['id']}/{call}", json=body, headers=charlie
        )
        assert answer.status_code == 404
    huge = await api.register(event, 6, 422, name="x" * 2**20)
    assert [e["field"] for e in huge["errors"]] == ["name"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "A\x00B\ud800", "email": "a@example.org", "answers": {"\ud800": "x"}},
        {"name": "A", "email": "a@example.org", "sessions": [10**30]},
        {"name": "A", "email": "a@example.org", "sessions": [-1]},
        {"name": "A", "email": "a@example.org", "birth_year": 10**30},
        {
            "name": "A",
            "email": "a@example.org",
            "organisation": {"name": "\x00"},
            "country": "\x00",
        },
        {"name": "A", "email": ["a@example.org"]},
        {"name": "", "email": ""},
        {},
    ],
)
async def test_odd_bodies_are_refused_in_words(
    machine: tuple[Machine, Any], body: dict[str, object]
) -> None:
    api, project = machine
    event = await factories.event(project)
    content = json.dumps(body).encode()
    headers = {**api.headers, "content-type": "application/json"}
    answer = await api.client.post(
        f"{PREFIX}/events/{event.slug}/registrations", content=content, headers=headers
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


async def test_a_reason_may_hold_anything(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project)
    made = await api.register(event, 1)
    content = json.dumps({"reason": "\x00\ud800ill\r\n=1+1" + "x" * 10_000}).encode()
    headers = {**api.headers, "content-type": "application/json"}
    path = f"{PREFIX}/registrations/{made['id']}/cancellation"
    assert (await api.client.post(path, content=content, headers=headers)).json()[
        "status"
    ] == "cancelled"
    assert (await Registration.get()).cancel_reason.startswith("ill\n=1+1xxx")


async def test_a_cancelled_event_takes_nobody(machine: tuple[Machine, Any]) -> None:
    api, project = machine
    event = await factories.event(project, capacity=1)
    a, b = await api.register(event, 1), await api.register(event, 2)
    stale = await Event.get(id=event.id)
    await Event.filter(id=event.id).update(status="cancelled")
    with pytest.raises(DomainError):
        await place(stale, Entry("Late", "late@example.org"), source="web", language="en")
    await api.register(event, 3, 409)
    await api.post(
        f"/registrations/{b['id']}/substitution", {"name": "S", "email": "s@example.org"}, 409
    )
    assert (await api.post(f"/registrations/{a['id']}/cancellation", {}))["status"] == "cancelled"
    assert (await api.get(f"/registrations/{b['id']}"))["status"] == "waiting"
