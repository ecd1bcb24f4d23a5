"""Scans, guests and undo without reception: nothing is lost, nothing counts twice."""

import asyncio
from datetime import timedelta

from playwright.async_api import Request, Route

from accounts.sessions.access import Actor
from checkin.attendance.attendance import event_attendance
from checkin.review.conflicts import conflicts
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from tests.browser.support.bob import Bob, stored
from tests.checkin.people import code, registered, session


async def test_scans_with_and_without_reception(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik", door_note="Needs an interpreter")
    cancelled = await registered(event, "Charlie", status="cancelled")
    state = await bob.opens()
    assert (state["phase"], state["secure"], state["online"], state["expected"]) == (
        "open",
        True,
        True,
        1,
    )
    answer = await bob.does("scan", {"ticket": code(ase)})
    assert (answer["result"], answer["offline"], answer["name"]) == ("valid", False, "Åse Nordvik")
    assert (await bob.does("scan", {"ticket": code(ase).lower()}))["same"]
    later = await registered(event, "Registered after the last contact")
    await bob.page.context.set_offline(True)
    exit_ = await bob.does("scan", {"ticket": code(ase), "direction": "out"})
    assert (exit_["result"], exit_["offline"], exit_["note"]) == (
        "exit",
        True,
        "Needs an interpreter",
    )
    unlisted = await bob.does("scan", {"ticket": code(later)})
    assert (unlisted["result"], unlisted["admits"], unlisted["unlisted"]) == ("valid", True, True)
    refused = await bob.does("scan", {"ticket": code(cancelled)})
    assert (refused["result"], refused["admits"], refused["name"]) == (
        "cancelled",
        False,
        "Charlie",
    )
    forged = code(ase)[:-4] + ("ZZZZ" if code(ase)[-4:] != "ZZZZ" else "YYYY")
    assert (await bob.does("scan", {"ticket": forged}))["result"] == "unknown"
    state = await bob.state()
    assert (state["unsent"], state["online"], list(state["counts"].values())) == (
        4,
        False,
        [{"came": 1, "inside": 0}],
    )
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
    decided = asyncio.Event()

    async def lost(route: Route) -> None:
        await route.fetch()
        await decided.wait()
        await route.abort()

    await bob.page.route("**/scans", lost, times=1)
    answer = await bob.does("scan", {"ticket": code(ase)})
    decided.set()
    assert (answer["result"], answer["offline"]) == ("valid", True)
    await bob.until("state.unsent === 0 && state.online")
    assert await stored() == [("cancelled", True, True, "")]


TIMED = """async (ticket) => {
  const t = performance.now();
  return [await door.scan({ ticket }), performance.now() - t];
}"""


async def test_whom_the_phone_turned_away_was_not_there(bob: Bob, event: Event) -> None:
    """Approved after the last contact: the list says yes when the scan arrives, but nobody came
    in.
    """
    pending = await registered(event, "Åse Nordvik", status="pending")
    await bob.opens()
    await bob.page.context.set_offline(True)
    answer = await bob.does("scan", {"ticket": code(pending)})
    assert (answer["result"], answer["admits"]) == ("pending", False)
    await pending.approve(Actor("alice"))
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online && state.expected === 1")
    [scan] = await Scan.all()
    assert (scan.result, scan.admitted, bool(scan.withdrawn_at)) == ("valid", False, True)
    assert (await event_attendance(event))["attended"] == 0
    [shown] = await bob.does("recent", 3)
    assert (shown["result"], shown["undone"]) == ("pending", False)
    assert (await bob.does("scan", {"registration": str(pending.id), "method": "manual"}))[
        "result"
    ] == "valid"


async def test_a_slow_server_is_not_waited_for(bob: Bob, event: Event) -> None:
    people = [await registered(event, f"Guest {n}") for n in range(3)]
    await bob.opens()
    quick = asyncio.Event()

    async def held(route: Route) -> None:
        if quick.is_set():
            await route.continue_()
        else:
            await quick.wait()
            await route.abort()

    await bob.page.route("**/c/e/**", held)
    first, waited = await bob.page.evaluate(TIMED, code(people[0]))
    second, at_once = await bob.page.evaluate(TIMED, code(people[1]))
    assert (first["result"], first["offline"], second["offline"]) == ("valid", True, True)
    assert waited > 1900
    assert at_once < 1900
    quick.set()
    await bob.until("state.online && state.unsent === 0")
    third, _took = await bob.page.evaluate(TIMED, code(people[2]))
    assert third["offline"] is False
    assert [s[:3] for s in await stored()] == [
        ("valid", True, True),
        ("valid", True, True),
        ("valid", True, False),
    ]


async def test_guests_and_undo_without_reception(bob: Bob, event: Event) -> None:
    event.capacity = 1
    await event.save()
    await bob.opens()
    await bob.page.context.set_offline(True)
    one = await bob.does(
        "guest", {"name": "Zoë Guest", "email": "zoe@example.org", "organisation": "Rīga"}
    )
    two = await bob.does("guest", {"name": "Beyond Seats", "email": "beyond@example.org"})
    assert (one["result"], one["guest"], two["result"], one["name"]) == (
        "valid",
        True,
        "valid",
        "Zoë Guest",
    )
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


async def test_a_guest_leaves_before_there_is_reception(bob: Bob, event: Event) -> None:
    await bob.opens()
    await bob.page.context.set_offline(True)
    await bob.does("guest", {"name": "Zoë Guest", "email": "zoe@example.org"})
    await bob.page.evaluate("door.close()")
    await bob.opens()
    [zoe] = await bob.does("find", "zoe")
    assert (zoe["inside"], (await bob.state())["unsent"]) == (True, 2)
    left = await bob.does(
        "scan", {"registration": zoe["id"], "direction": "out", "method": "manual"}
    )
    assert (left["result"], left["name"]) == ("exit", "Zoë Guest")
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online && state.expected === 1")
    assert [s[0] for s in await stored()] == ["valid", "exit"]
    assert len({s.registration_id for s in await Scan.all()}) == 1
    again = await bob.does("scan", {"registration": zoe["id"], "method": "manual"})
    assert (again["result"], again["offline"]) == ("valid", False)


async def test_rooms_that_are_grouped(bob: Bob, event: Event) -> None:
    """Who goes into the next room has left the last one, also before the server hears of it."""
    ase = await registered(event, "Åse Nordvik")
    one, two = [str((await session(event, event.starts_at, event.ends_at)).id) for _n in range(2)]
    event.rooms_grouped = True
    await event.save()
    await bob.opens()
    await bob.page.context.set_offline(True)
    results = [
        (await bob.does("scan", {"ticket": code(ase), "session": room, "direction": direction}))[
            "result"
        ]
        for room, direction in ((one, "in"), (two, "in"), (one, "out"), (two, "out"))
    ]
    assert results == ["valid", "valid", "not_inside", "exit"]
    counts = (await bob.state())["counts"]
    assert [counts[room]["inside"] for room in (one, two)] == [0, 0]
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online")
    assert [s[0] for s in await stored()] == results


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
    reached, killed = asyncio.Event(), asyncio.Event()

    async def never(_route: Route) -> None:
        reached.set()
        await killed.wait()

    await bob.page.route("**/scans", never)
    await bob.page.evaluate("(ticket) => { door.scan({ ticket }); }", code(ase))
    await asyncio.wait_for(reached.wait(), 10)
    await bob.page.close()
    killed.set()
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

    def note(request: Request) -> None:
        if request.url.endswith("/scans"):
            sent.extend(scan["id"] for scan in request.post_data_json or ())

    bob.page.context.on("request", note)
    await bob.page.context.set_offline(True)
    for n, one in enumerate(people):
        await (bob, other)[n % 2].does("scan", {"ticket": code(one)})
    sent.clear()
    await bob.page.context.set_offline(False)
    await asyncio.gather(bob.does("contact"), other.does("contact"))
    await bob.until("state.unsent === 0")
    await other.does("contact")
    assert (await other.state())["unsent"] == 0
    assert [s[0] for s in await stored()] == ["valid"] * 12
    assert len(sent) == len(set(sent)) == 12


async def test_a_clock_that_jumps_and_one_that_is_wrong(bob: Bob, event: Event) -> None:
    people = [await registered(event) for _n in range(3)]
    await bob.opens()
    await bob.page.context.set_offline(True)
    await bob.does("scan", {"ticket": code(people[0])})
    await bob.page.evaluate(
        "() => { const right = Date.now; Date.now = () => right() + 2 * 3600 * 1000; }"
    )
    await bob.does("scan", {"ticket": code(people[1])})
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online")
    await bob.does("scan", {"ticket": code(people[2])})
    found = {s.registration_id: s for s in await Scan.all()}
    marks = [(found[p.id].marks, found[p.id].clock_offset_ms) for p in people]
    assert [m for m, _offset in marks] == ["", "jump", "jump"]
    assert abs((marks[2][1] or 0) + 2 * 3600 * 1000) < 5000
    assert abs(found[people[2].id].scanned_at - now()) < timedelta(seconds=30)


async def test_a_clock_that_falls_back_to_1970(bob: Bob, event: Event) -> None:
    """Whether it does so while the page is open or while the phone is off: people come in when they
    do.
    """
    people = [await registered(event) for _n in range(3)]
    await bob.opens()
    await bob.page.context.set_offline(True)
    assert (await bob.does("scan", {"ticket": code(people[0])}))["result"] == "valid"
    back = "() => { const began = Date.now(), right = Date.now; Date.now = () => right() - began; }"
    await bob.page.evaluate(back)
    assert (await bob.does("scan", {"ticket": code(people[1])}))["result"] == "valid"
    # its battery is charged: the clock is right again, and the server was heard
    await bob.page.route("**/c/e/**", lambda route: route.abort())
    await bob.page.context.set_offline(False)
    await bob.page.goto("/health")
    await bob.page.unroute("**/c/e/**")
    await bob.opens()
    await bob.until("state.unsent === 0 && state.online")
    # empty again: it starts in 1970, without reception
    await bob.page.goto("/health")
    await bob.page.evaluate(back)
    await bob.page.route("**/c/e/**", lambda route: route.abort())
    await bob.opens()
    assert (await bob.does("scan", {"ticket": code(people[2])}))["result"] == "valid"
    await bob.page.unroute("**/c/e/**")
    await bob.until("state.unsent === 0 && state.online")
    found = {s.registration_id: s for s in await Scan.all()}
    assert [(found[p.id].marks, found[p.id].result) for p in people] == [
        ("", "valid"),
        ("jump", "valid"),
        ("jump", "valid"),
    ]
    assert all(abs(s.scanned_at - now()) < timedelta(minutes=2) for s in found.values())
    assert (await event_attendance(event))["attended"] == 3


async def test_a_guest_let_in_before_the_event_took_none(bob: Bob, event: Event) -> None:
    """The phone could not know: the guest is registered, and the organiser is shown it."""
    await bob.opens()
    await bob.page.context.set_offline(True)
    wrong = await bob.does("guest", {"name": "Walter", "email": "walter@example..org"})
    assert [e["field"] for e in wrong["errors"]] == ["email"]
    assert (await bob.does("guest", {"name": "Walter", "email": "walter@example.org"}))[
        "result"
    ] == "valid"
    await Event.filter(id=event.id).update(walk_ins="no")
    await bob.page.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online")
    assert await stored() == [("pending", True, True, "")]
    assert [(c.title, c.last.name) for c in await conflicts(event)] == [
        ("Let in against the list", "Walter")
    ]
    assert (await event_attendance(event))["attended"] == 1
