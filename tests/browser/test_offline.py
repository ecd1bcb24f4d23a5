"""The heart of the door without reception: nothing is lost, nothing counts twice, nothing is readable at rest."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Error, Route

from accounts.access import Actor
from checkin.devices import Device
from checkin.scans import Scan
from core.clock import now
from core.settings import Settings
from events.events import Event
from registrations.persons import Person
from registrations.registrations import Registration
from registrations.tickets import new_identity
from tests import factories
from tests.browser.bob import Bob, paired
from tests.browser.conftest import Arrive
from tests.browser.within import serving
from tests.checkin.people import code, registered

# What a phone keeps does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def served(database: Settings) -> AsyncIterator[str]:
    """The program, serving the database of the test, at this address."""
    async with serving() as url:
        yield url


@pytest.fixture
async def event(database: Settings) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(second=0, microsecond=0) - timedelta(hours=1)
    return await factories.event(
        await factories.project(),
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        walk_ins="yes",
        title={"en": "Care at home"},
    )


@pytest.fixture
async def bob(served: str, visitor: Arrive, event: Event) -> Bob:
    """Bob's paired phone at an address of the program that shows nothing."""
    there = await visitor(base_url=served)
    await paired(there.context, event, served)
    await there.page.goto("/health")
    return Bob(there.page, event)


async def stored() -> list[tuple[str, bool, bool, str]]:
    """What the server has, in the order of the phone's clock: result, whether it counts, admitted, marks."""
    return [(s.result, s.counts, s.admitted, s.marks) for s in await Scan.all().order_by("scanned_at")]


async def test_scans_with_and_without_reception(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik", door_note="Needs an interpreter")
    cancelled = await registered(event, "Charlie", status="cancelled")
    state = await bob.opens()
    assert (state["phase"], state["secure"], state["online"], state["expected"]) == ("open", True, True, 1)
    answer = await bob.does("scan", {"ticket": code(ase)})
    assert (answer["result"], answer["offline"], answer["name"]) == ("valid", False, "Åse Nordvik")
    assert (await bob.does("scan", {"ticket": code(ase).lower()}))["same"]
    later = await registered(event, "Registered after the last contact")
    await bob.page.context.set_offline(True)
    exit_ = await bob.does("scan", {"ticket": code(ase), "direction": "out"})
    assert (exit_["result"], exit_["offline"], exit_["note"]) == ("exit", True, "Needs an interpreter")
    unlisted = await bob.does("scan", {"ticket": code(later)})
    assert (unlisted["result"], unlisted["admits"], unlisted["unlisted"]) == ("valid", True, True)
    refused = await bob.does("scan", {"ticket": code(cancelled)})
    assert (refused["result"], refused["admits"], refused["name"]) == ("cancelled", False, "Charlie")
    forged = code(ase)[:-4] + ("ZZZZ" if code(ase)[-4:] != "ZZZZ" else "YYYY")
    assert (await bob.does("scan", {"ticket": forged}))["result"] == "unknown"
    state = await bob.state()
    assert (state["unsent"], state["online"], list(state["counts"].values())) == (4, False, [{"came": 1, "inside": 0}])
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online")
    assert await stored() == [
        ("valid", True, False, ""),
        ("exit", True, True, ""),
        ("valid", True, True, "unlisted"),
        ("cancelled", False, False, ""),
        ("unknown", False, False, ""),
    ]
    await bob.until("state.expected === 2")
    assert [r["result"] for r in await bob.does("recent", 3)] == ["unknown", "cancelled", "valid"]


async def test_an_answer_that_was_lost(bob: Bob, event: Event) -> None:
    """The server stored the scan; the phone never heard, and decided by what it knew."""
    ase = await registered(event, "Åse Nordvik")
    await bob.opens()
    await ase.cancel("ill", Actor("alice"), notify=False)

    async def lost(route: Route) -> None:
        await route.fetch()
        await asyncio.sleep(2.5)
        await route.abort()

    await bob.page.route("**/scans", lost, times=1)
    answer = await bob.does("scan", {"ticket": code(ase)})
    assert (answer["result"], answer["offline"]) == ("valid", True)
    await bob.until("state.unsent === 0 && state.online")
    assert await stored() == [("cancelled", True, True, "")]


async def test_a_slow_server_is_not_waited_for(bob: Bob, event: Event) -> None:
    people = [await registered(event, f"Guest {n}") for n in range(3)]
    await bob.opens()
    slow = True

    async def held(route: Route) -> None:
        if slow:
            await asyncio.sleep(3)
            await route.abort()
        else:
            await route.continue_()

    await bob.page.route("**/c/e/**", held)
    took = "async (ticket) => { const t = performance.now(); return [await door.scan({ ticket }), performance.now() - t]; }"
    first, waited = await bob.page.evaluate(took, code(people[0]))
    second, at_once = await bob.page.evaluate(took, code(people[1]))
    assert (first["result"], first["offline"], second["offline"]) == ("valid", True, True)
    assert 1900 < waited < 3500
    assert at_once < 1000
    slow = False
    await bob.until("state.online && state.unsent === 0")
    third, _took = await bob.page.evaluate(took, code(people[2]))
    assert third["offline"] is False
    assert [s[:3] for s in await stored()] == [("valid", True, True), ("valid", True, True), ("valid", True, False)]


async def test_guests_and_undo_without_reception(bob: Bob, event: Event) -> None:
    event.capacity = 1
    await event.save()
    await bob.opens()
    await bob.page.context.set_offline(True)
    one = await bob.does("guest", {"name": "Zoë Guest", "email": "zoe@example.org", "organisation": "Rīga"})
    two = await bob.does("guest", {"name": "Beyond Seats", "email": "beyond@example.org"})
    assert (one["result"], one["guest"], two["result"], one["name"]) == ("valid", True, "valid", "Zoë Guest")
    wrong = await bob.does("guest", {"name": "Nobody", "email": "no address"})
    assert [e["field"] for e in wrong["errors"]] == ["email"]
    assert [p["inside"] for p in await bob.does("find", "zoe")] == [True]
    undone = await bob.does("undo", one["id"])
    assert undone == {"undone": True, "later": True}
    assert [p["inside"] for p in await bob.does("find", "zoe")] == [False]
    assert (await bob.state())["unsent"] == 5
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online && state.expected === 1")
    rows = await Scan.all().order_by("scanned_at")
    assert [(s.counts, s.admitted, s.marks, bool(s.withdrawn_at)) for s in rows] == [
        (True, True, "", True),
        (True, True, "overflow", False),
    ]
    assert [p["name"] for p in await bob.does("find", "rig")] == ["Zoë Guest"]


async def test_a_guest_the_server_refuses(bob: Bob) -> None:
    await bob.opens()
    answer = await bob.does("guest", {"name": "", "email": "x@example.org"})
    assert [e["field"] for e in answer["errors"]] == ["name"]
    await bob.until("state.unsent === 0")
    assert await Scan.all().count() == 0
    welcome = await bob.does("guest", {"name": "Zoë", "email": "x@example.org"})
    assert (welcome["result"], welcome["offline"], welcome["name"]) == ("valid", False, "Zoë")
    assert await Scan.all().count() == 1


async def test_a_tab_killed_in_the_middle_of_a_scan(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik")
    await bob.opens()
    context = bob.page.context
    reached = asyncio.Event()

    async def never(route: Route) -> None:
        reached.set()
        await asyncio.sleep(1)
        await route.abort()

    await bob.page.route("**/scans", never)
    await bob.page.evaluate("(ticket) => { door.scan({ ticket }); }", code(ase))
    await asyncio.wait_for(reached.wait(), 10)
    await bob.page.close()
    assert await Scan.all().count() == 0
    bob.page = await context.new_page()
    await bob.page.goto("/health")
    await bob.opens()
    await bob.until("state.unsent === 0")
    assert [s[0] for s in await stored()] == ["valid"]
    assert [r["name"] for r in await bob.does("recent", 5)] == ["Åse Nordvik"]


async def test_two_tabs_send_each_scan_once(bob: Bob, event: Event) -> None:
    people = [await registered(event) for _n in range(12)]
    await bob.opens()
    other = Bob(await bob.page.context.new_page(), event)
    await other.page.goto("/health")
    await other.opens()
    sent: list[str] = []
    bob.page.context.on(
        "request", lambda r: sent.extend(s["id"] for s in r.post_data_json) if r.url.endswith("/scans") else None
    )
    await bob.page.context.set_offline(True)
    for n, one in enumerate(people):
        await (bob, other)[n % 2].does("scan", {"ticket": code(one)})
    sent.clear()
    await bob.page.context.set_offline(False)
    await asyncio.gather(bob.does("flush"), other.does("flush"))
    await bob.until("state.unsent === 0")
    await other.does("contact")
    assert (await other.state())["unsent"] == 0
    assert [s[0] for s in await stored()] == ["valid"] * 12
    assert len(sent) == len(set(sent)) == 12


async def test_what_rests_on_the_phone_cannot_be_read(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik", door_note="Needs an interpreter")
    await bob.opens()
    await bob.does("scan", {"ticket": code(ase)})
    await bob.page.context.set_offline(True)
    await bob.does("guest", {"name": "Zoë Guest", "email": "zoe@example.org"})
    await bob.page.evaluate("door.store.set({ control: 'Åse Nordvik' })")
    assert await bob.page.evaluate(READABLE, ["Åse", "Nordvik", "interpreter", "Zoë", "zoe@"]) == ["Åse", "Nordvik"]
    await bob.page.evaluate("door.store.set({ control: '' })")
    assert await bob.page.evaluate(READABLE, ["Åse", "Nordvik", "interpreter", "Zoë", "zoe@"]) == []
    keys = "async () => Object.fromEntries(await Promise.all(['rest', 'guests', 'tickets'].map(async (k) => [k, (await door.store.get(k)).extractable])))"
    assert await bob.page.evaluate(keys) == {"rest": False, "guests": False, "tickets": False}


READABLE = """async (words) => {
  const db = door.store.db;
  const said = [];
  const utf8 = new TextDecoder();
  for (const name of db.objectStoreNames) {
    const rows = await new Promise((resolve) => {
      const asked = db.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => resolve(asked.result);
    });
    said.push(JSON.stringify(rows, (_key, value) => (value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? utf8.decode(value) : value)));
  }
  const everything = said.join() + JSON.stringify(Object.entries(localStorage)) + JSON.stringify(await caches.keys());
  return words.filter((word) => everything.includes(word));
}"""

KEPT = """async () => ({
  roster: (await door.store.parts()).length,
  keys: (await Promise.all(["rest", "tickets"].map((k) => door.store.get(k)))).filter(Boolean).length,
  waiting: (await door.store.waiting()).length, people: door.roster.people.size })"""


async def test_the_event_is_over(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik")
    await bob.opens()
    context = bob.page.context
    await context.set_offline(True)
    assert (await bob.does("scan", {"ticket": code(ase)}))["result"] == "valid"
    await bob.page.evaluate("Object.defineProperty(door.clock, 'now', { value: door.keeper.expiresAt + 1000 })")
    with pytest.raises(Error, match="gone"):
        await bob.does("scan", {"registration": str(ase.id), "method": "manual"})
    assert await bob.does("find", "ase") == []
    assert (await bob.state())["phase"] == "expired"
    await Device.all().update(expires_at=now() - timedelta(minutes=1))
    await context.set_offline(False)
    await bob.until("state.unsent === 0")
    assert await bob.page.evaluate(KEPT) == {"roster": 0, "keys": 0, "waiting": 0, "people": 0}
    assert [s[0] for s in await stored()] == ["valid"]


async def test_a_phone_that_was_stopped(bob: Bob, event: Event) -> None:
    """Its list and keys go at the next contact; what it had not sent goes to the organiser's review."""
    ase = await registered(event, "Åse Nordvik")
    await bob.opens()
    context = bob.page.context
    await context.set_offline(True)
    await bob.does("scan", {"ticket": code(ase)})
    await bob.does("guest", {"name": "Zoë Guest", "email": "zoe@example.org"})
    await Device.all().update(revoked_at=now())
    await bob.page.route("**/scans", lambda route: route.abort())
    await context.set_offline(False)
    await bob.until("state.phase === 'revoked'")
    kept = await bob.page.evaluate(KEPT)
    assert (kept["roster"], kept["keys"], kept["people"]) == (0, 0, 0)
    assert kept["waiting"] >= 1
    await bob.page.unroute("**/scans")
    await bob.until("state.unsent === 0")
    assert [(s.counts, "revoked" in s.marks) for s in await Scan.all()] == [(False, True)] * 2
    await paired(context, event, bob.page.url.removesuffix("/health"))
    await bob.until("state.phase === 'open' && state.event !== null")
    assert [p["name"] for p in await bob.does("find", "ase")] == ["Åse Nordvik"]


async def test_a_clock_that_jumps_and_one_that_is_wrong(bob: Bob, event: Event) -> None:
    people = [await registered(event) for _n in range(3)]
    await bob.opens()
    await bob.page.context.set_offline(True)
    await bob.does("scan", {"ticket": code(people[0])})
    await bob.page.evaluate("() => { const right = Date.now; Date.now = () => right() + 2 * 3600 * 1000; }")
    await bob.does("scan", {"ticket": code(people[1])})
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online")
    await bob.does("scan", {"ticket": code(people[2])})
    found = {s.registration_id: s for s in await Scan.all()}
    marks = [(found[p.id].marks, found[p.id].clock_offset_ms) for p in people]
    assert [m for m, _offset in marks] == ["", "jump", "jump"]
    assert abs((marks[2][1] or 0) + 2 * 3600 * 1000) < 5000
    assert abs(found[people[2].id].scanned_at - now()) < timedelta(seconds=30)


async def test_twenty_thousand_people(served: str, visitor: Arrive, event: Event) -> None:
    names = ["Žanete Šķēle", "Āris Čakste", "Łucja Øygård", "Æsa Ødegård", "Jūratė Žukauskaitė", "Ģirts Ņikitins"]
    people = await Person.bulk_create(
        [
            Person(
                project_id=event.project_id, name=f"{names[n % 6]} {n:05}", name_folded="", search="",
                email=f"p{n}@example.org", email_folded=f"p{n}@example.org", created_at=now(),
            )
            for n in range(20_000)
        ]
    )  # fmt: skip
    del people
    ids = [p["id"] for p in await Person.all().order_by("id").values("id")]
    await Registration.bulk_create(
        [
            Registration(
                project_id=event.project_id, event_id=event.id, person_id=i, status="confirmed", language="en",
                ticket_identity=new_identity(), created_at=now(), changed_at=now(),
            )
            for i in ids
        ]
    )  # fmt: skip
    there = await visitor(base_url=served)
    await paired(there.context, event, served)
    await there.page.goto("/health")
    bob = Bob(there.page, event)
    await bob.opens()
    await bob.page.reload()
    await bob.page.context.set_offline(True)
    await bob.page.context.set_offline(False)
    began = "async ([base]) => { const { Door } = await import('/static/checkin/door.js'); const t = performance.now(); window.door = await Door.open({ base, worker: false, fetch: () => Promise.reject(new TypeError('no network')) }); return performance.now() - t; }"
    opened = await bob.page.evaluate(began, [f"/c/e/{event.slug}"])
    assert (await bob.state())["expected"] == 20_000
    found = "(text) => { const t = performance.now(); const found = door.find(text); return [performance.now() - t, found.length, found.more, found[0].name.split(' ')[0]]; }"
    asked = {text: await bob.page.evaluate(found, text) for text in ("ca", "zuk jur", "oyg", "aesa", "nik", "19999")}
    kept = await bob.page.evaluate(
        "async () => (await door.store.parts()).reduce((sum, { part }) => sum + part.data.byteLength, 0)"
    )
    slowest = max(took for took, *_rest in asked.values())
    print(f"20,000 people: opens in {opened:.0f} ms, {kept / 1e6:.1f} MB at rest, slowest search {slowest:.1f} ms")
    assert [(n, more, name) for _took, n, more, name in asked.values()] == [
        (30, True, "Āris"),
        (30, True, "Jūratė"),
        (30, True, "Łucja"),
        (30, True, "Æsa"),
        (30, True, "Ģirts"),
        (1, False, "Łucja" if 19_999 % 6 == 2 else names[19_999 % 6].split()[0]),
    ]
    assert kept < 20e6
    assert opened < 2000 * SLACK
    assert slowest < 100 * SLACK


SLACK = 3
"""A slow machine, with others at work on it."""
