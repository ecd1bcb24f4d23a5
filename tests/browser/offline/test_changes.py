"""What the organiser changed while a phone was in touch, it still knows when it starts again
without reception.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from playwright.async_api import Route

from accounts.sessions.access import Actor
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from events.programme.sessions import Session
from tests.browser.support.bob import Bob
from tests.checkin.people import code, registered, session
from tests.support import factories

ALICE = Actor("Alice")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When people registered: nothing of theirs is new."""


async def again_offline(bob: Bob) -> None:
    """The phone is in step, loses reception and starts again."""
    for _twice in range(2):
        await bob.does("contact")
        await bob.page.evaluate("door.idle()")
    await bob.page.evaluate("door.close()")
    await bob.page.reload()
    await bob.page.route("**/c/e/**", lambda route: route.abort())
    await bob.opens()


async def test_a_cancelled_event_is_still_cancelled(bob: Bob, event: Event) -> None:
    ase = await registered(event, "Åse Nordvik", changed_at=LONG_AGO)
    await bob.opens()
    await event.cancel(ALICE, "Storm")
    await again_offline(bob)
    assert (await bob.does("scan", {"ticket": code(ase)}))["result"] == "event_cancelled"


async def test_a_programme_that_was_changed(bob: Bob, event: Event) -> None:
    """A session that was moved to tomorrow, two that have seats of their own now, and one that is
    new.
    """
    talk, workshop, mine = [await session(event, event.starts_at, event.ends_at) for _n in range(3)]
    ase = await registered(event, "Åse Nordvik", chosen=(talk, mine), changed_at=LONG_AGO)
    await bob.opens()
    await workshop.change(event, ALICE, capacity=5)
    await mine.change(event, ALICE, capacity=5)
    tomorrow = event.starts_at + timedelta(days=1)
    await Session.filter(id=talk.id).update(
        starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=1)
    )
    await Event.filter(id=event.id).update(revision=event.revision + 1)
    new = await session(event, event.starts_at, event.ends_at)
    await again_offline(bob)
    rooms = [str(one.id) for one in (talk, workshop, mine, new)]
    results = [
        (await bob.does("scan", {"ticket": code(ase), "session": one}))["result"] for one in rooms
    ]
    assert results == ["outside_hours", "other_session", "valid", "valid"]


async def test_a_ticket_of_another_event_that_is_new(bob: Bob, event: Event) -> None:
    await bob.opens()
    other = await factories.event(
        event.project, starts_at=event.starts_at, ends_at=event.ends_at, title={"en": "The dinner"}
    )
    zoe = await registered(other, "Zoë")
    await Event.filter(id=event.id).update(revision=event.revision + 1)
    await again_offline(bob)
    answer = await bob.does("scan", {"ticket": code(zoe)})
    assert (answer["result"], answer["other"]) == ("other_event", "The dinner")


async def test_a_clock_measured_on_a_slow_line(bob: Bob, event: Event) -> None:
    """Where each answer takes seconds, a phone whose clock is a day behind still says when people
    came.
    """
    ase = await registered(event, "Åse Nordvik")

    async def slow(route: Route) -> None:
        await asyncio.sleep(2.5)
        await route.continue_()

    await bob.page.evaluate(
        "() => { const right = Date.now; Date.now = () => right() - 86_400_000; }"
    )
    await bob.page.route("**/contact", slow)
    await bob.opens()
    await bob.page.unroute("**/contact")
    await bob.page.route("**/c/e/**", lambda route: route.abort())
    assert (await bob.does("scan", {"ticket": code(ase)}))["result"] == "valid"
    await bob.page.unroute("**/c/e/**")
    await bob.until("state.unsent === 0 && state.online")
    (scan,) = await Scan.all()
    assert scan.result == "valid"
    assert abs(scan.scanned_at - now()) < timedelta(minutes=1)
