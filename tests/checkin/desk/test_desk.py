"""The organiser's live screen: exact, cheap however many come, and every scan to be found."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from checkin.phone.devices import Device
from checkin.review import live, scan_list
from checkin.scanning.scans import Scan, record, withdraw
from core.clock import now, travelled
from events.event.event import Event
from events.projects.projects import Project
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.checkin.people import code, morning, registered, scan, session
from tests.events.queries import counted
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


async def running(project: Project | None = None, **over: Any) -> Event:
    """An event that began an hour ago."""
    begun = (now() - timedelta(hours=1)).replace(second=0, microsecond=0)
    given = {
        "starts_at": begun,
        "ends_at": begun + timedelta(hours=4),
        "timezone": morning(),
        "capacity": None,
    }
    return await factories.event(project or await factories.project(), **{**given, **over})


def local(event: Event, moment: datetime) -> str:
    """As a field of a form takes it."""
    return moment.astimezone(ZoneInfo(event.timezone)).isoformat()[:16]


async def phone(event: Event, name: str, **over: Any) -> Device:
    given = {
        "pairing_ends_at": now(),
        "created_at": now(),
        "expires_at": event.ends_at,
        "paired_at": now(),
    }
    return await Device.create(event_id=event.id, name=name, **{**given, "seen_at": now(), **over})


async def came(
    event: Event, *people: Registration, device: Device | None = None, **over: Any
) -> list[str]:
    entries = [scan(p, over.get("at"), over.get("direction", "in")) for p in people]
    who = device.name if device else "alice"
    await record(
        event, entries, actor_name=who, device=device.id if device else None, organiser=False
    )
    return [e.id for e in entries]


async def test_arrivals_by_the_minute_and_gates() -> None:
    event = await running()
    first, second = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    people = [await registered(event) for _n in range(5)]
    for person, minute, device in zip(
        people, (0, 0, 1, 4, 4), (first, first, second, second, second), strict=True
    ):
        await came(event, person, device=device, at=event.starts_at + timedelta(minutes=minute))
    await came(event, people[0], device=second, at=event.starts_at + timedelta(minutes=2))
    await came(event, people[0], device=second, at=event.starts_at + timedelta(minutes=5))
    await came(
        event, people[1], device=first, at=event.starts_at + timedelta(minutes=3), direction="out"
    )
    gone = await registered(event, status="cancelled")
    await came(event, gone, device=first, at=event.starts_at)
    found = await live.arrivals(event)
    assert (found.step, [n for _time, n in found.points][:6]) == (1, [2, 1, 0, 0, 2, 0])
    assert found.points[0][0] == local(event, event.starts_at)[-5:]
    assert [(g.name, g.came, g.left, g.refused) for g in await live.gates(event)] == [
        ("Gate 2", 3, 0, 0),
        ("Gate 1", 2, 1, 1),
    ]
    await came(event, await registered(event), at=event.starts_at + timedelta(minutes=50))
    with travelled(timedelta(hours=2)):
        await came(event, await registered(event), at=event.starts_at + timedelta(minutes=170))
        found = await live.arrivals(event)
    assert (found.step, sum(n for _time, n in found.points)) == (4, 7), "a long day in wider steps"


async def test_who_came_came_at_some_gate_also_when_the_first_scan_was_taken_back() -> None:
    event = await running()
    first, second = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    person = await registered(event)
    (wrong,) = await came(event, person, device=first)
    await came(event, person, device=second)
    await withdraw(wrong, "alice")
    assert [(g.name, g.came) for g in await live.gates(event)] == [("Gate 2", 1)]
    assert (await live.people(event))["came"] == 1


async def test_phones_say_when_they_are_out_of_reach_and_when_their_clock_is_wrong() -> None:
    event = await running()
    await phone(event, "A")
    await phone(event, "B", seen_at=now() - timedelta(minutes=5), unsent=12)
    await phone(event, "C", clock_offset_ms=-6 * 60_000)
    await phone(event, "D", revoked_at=now())
    await phone(event, "E", expires_at=now() - timedelta(minutes=1))
    assert [(p.device.name, p.state, p.unsent, p.clock) for p in await live.phones(event)] == [
        ("A", "here", 0, 0),
        ("B", "silent", 12, 0),
        ("C", "here", 0, -6),
        ("D", "stopped", 0, 0),
        ("E", "over", 0, 0),
    ]


async def test_missing_people_are_found_by_typing() -> None:
    event = await running()
    for name in ("Ņina Āboliņa", "Kari Nordmann", "Lars 100% Hansen"):
        await registered(event, name)
    await registered(event, "Declined", status="declined")
    here = await registered(event, "Here Already")
    await came(event, here)
    assert [p["name"] for p in (await live.missing(event)).people] == [
        "Kari Nordmann",
        "Lars 100% Hansen",
        "Ņina Āboliņa",
    ]
    assert [p["name"] for p in (await live.missing(event, "nina ab")).people] == ["Ņina Āboliņa"]
    assert [p["name"] for p in (await live.missing(event, "100%")).people] == ["Lars 100% Hansen"]
    assert (await live.missing(event, "_")).total == 0


async def test_the_live_part_asks_the_same_number_of_queries_however_many_come(client: Any) -> None:
    project = await factories.project()
    event = await running(project)
    talk = await session(event, event.starts_at, event.ends_at)
    await factories.sign_in(client, await factories.organiser(project))
    numbers: dict[str, set[int]] = {}
    for size in (1, 2):
        for n in range(size):
            device = await phone(event, f"Gate {size}{n}", clock_offset_ms=10**6)
            await registered(event)
            ids = await came(event, await registered(event), device=device)
            await came(event, await registered(event, status="cancelled"), device=device)
            await record(
                event,
                [scan(await registered(event), session=talk.id, admitted=True, marks="unlisted")],
                actor_name="x",
                device=device.id,
                organiser=False,
            )
            await withdraw(ids[0], "bob")
        for page in (
            "",
            "/live",
            "/missing",
            "/conflicts",
            "/scans",
            f"/scans/{ids[0]}",
            "/everyone-out",
        ):
            with counted() as asked:
                answer = await client.get(
                    f"/desk/e/{event.slug}/door{page}", headers=PARTIAL if page == "/live" else {}
                )
            assert answer.status_code == 200
            numbers.setdefault(page[:7], set()).add(len(asked))
    assert {page: len(found) for page, found in numbers.items()} == dict.fromkeys(numbers, 1)
    assert max(numbers["/live"]) <= 20


async def thousand(event: Event) -> list[Registration]:
    """A thousand people with a seat."""
    moment = {"project_id": event.project_id, "created_at": now()}
    await Person.bulk_create(
        Person(
            **moment,
            name=f"Guest {n}",
            name_folded=f"guest {n}",
            search=f"guest {n:04}",
            email="",
            email_folded=f"{n}@example.org",
        )
        for n in range(1000)
    )
    given = {
        **moment,
        "event_id": event.id,
        "status": "confirmed",
        "language": "en",
        "changed_at": now(),
    }
    await Registration.bulk_create(
        Registration(**given, person_id=p.id, ticket_identity=p.id, source="desk")
        for p in await Person.all()
    )
    return await Registration.filter(event_id=event.id).order_by("id")


async def test_with_a_thousand_people_the_live_part_is_quick(client: Any) -> None:
    project = await factories.project()
    event = await running(project)
    people = await thousand(event)
    one, two = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    for device, some in ((one, people[:500]), (two, people[450:900])):
        entries = [
            scan(p, now(), admitted=True, marks="unlisted" if n < 20 else "")
            for n, p in enumerate(some)
        ]
        await record(event, entries, actor_name=device.name, device=device.id, organiser=False)
    await factories.sign_in(client, await factories.organiser(project))
    address = f"/desk/e/{event.slug}/door"
    await client.get(address)
    began = time.perf_counter()
    page = (await client.get(f"{address}/live", headers=PARTIAL)).text
    took = time.perf_counter() - began
    assert "All 90 of them" in page, "fifty shown twice, forty that were not on the list"
    assert ">900<" in page
    assert len(page) < 100_000
    assert took < 2


async def test_every_scan_is_found_by_name_result_gate_and_time() -> None:
    event = await running()
    gate = await phone(event, "Gate 1")
    ina, kari = (
        await registered(event, "Ina Bērziņa"),
        await registered(event, "Kari Nordmann", status="cancelled"),
    )
    (first,) = await came(event, ina, device=gate, at=event.starts_at)
    await came(event, ina, at=event.starts_at + timedelta(minutes=30))
    await came(event, kari, device=gate, at=event.starts_at + timedelta(minutes=40))
    await withdraw(first, "bob", "A mistake")

    async def found(**asked: Any) -> list[tuple[str, str]]:
        rows = (await scan_list.scans(event, scan_list.Narrowed(**asked))).rows
        return [(s.name, s.result) for s in rows]

    again, was_first, refused = (
        ("Ina Bērziņa", "already_in"),
        ("Ina Bērziņa", "valid"),
        ("Kari Nordmann", "cancelled"),
    )
    assert await found() == [refused, again, was_first]
    assert await found(q="berz") == [again, was_first]
    assert await found(q=code(kari).lower()) == [refused]
    assert await found(result="cancelled") == [refused]
    assert await found(result="undone") == [was_first]
    assert await found(result="counts") == [again]
    assert await found(result="nonsense") == [refused, again, was_first]
    assert await found(gate=f"phone-{gate.id}") == [refused, was_first]
    assert await found(gate="by-alice") == [again]
    half = local(event, event.starts_at + timedelta(minutes=30))
    assert await found(since=half) == [refused, again]
    assert await found(until=half) == [again, was_first]
    wrong = scan_list.Narrowed(since="soon")
    assert (len((await scan_list.scans(event, wrong)).rows), list(wrong.errors)) == (3, ["since"])
    assert await scan_list.gates(event) == [(f"phone-{gate.id}", "Gate 1"), ("by-alice", "alice")]


async def test_the_list_of_scans_is_paged(client: Any) -> None:
    project = await factories.project()
    event = await running(project)
    one = await registered(event, "Ina Bērziņa")
    given = {
        "project_id": project.id,
        "event_id": event.id,
        "registration_id": one.id,
        "unit": "x",
        "actor": "a & b",
    }
    flags = {"counts": False, "admitted": False, "whole": False, "flagged": False, "settled": True}
    await Scan.bulk_create(
        Scan(
            **given,
            **flags,
            id=uuid4(),
            direction="in",
            method="qr",
            result="cancelled",
            scanned_at=now(),
            received_at=now(),
        )
        for _n in range(120)
    )
    await factories.sign_in(client, await factories.organiser(project))
    address = f"/desk/e/{event.slug}/door/scans"
    page = (await client.get(address, params={"q": "ina", "gate": "by-a & b", "page": "2"})).text
    assert "51–100 of 120" in page
    assert "gate=by-a%20%26%20b&amp;since=&amp;until=&amp;page=3" in page
    last = (await client.get(address, params={"page": "3"}, headers=PARTIAL)).text
    assert (last.count("<tr id="), "<html" in last) == (20, False)
    assert (await client.get(f"{address}/{uuid4()}")).status_code == 404
    assert (await client.get(f"{address}/nonsense")).status_code == 404


async def test_who_was_let_in_against_the_list_is_not_just_cancelled(client: Any) -> None:
    event = await running(await factories.project())
    await factories.sign_in(client, await factories.organiser(event.project, role_name="door"))
    gone, never = [await registered(event, status="cancelled") for _n in range(2)]
    await record(event, [scan(gone, admitted=True), scan(never)], actor_name="bob", organiser=False)
    for path in ("", "/scans"):
        page = (await client.get(f"/desk/e/{event.slug}/door{path}")).text
        assert page.count("<small>Let in against the list</small>") == 1, path
