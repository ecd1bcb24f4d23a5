"""Whatever two phones do, with and without reception, in any order: the figures are those of a
simple model.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from playwright.async_api import Page, async_playwright

from core.settings import Settings
from tests.browser.support.chromium import launch
from tests.browser.support.within import serving
from tests.checkin.two_phones import Doors, Net

EXAMPLES = int(os.environ.get("TWO_PHONES", "12"))
"""How many stories are told on each engine; `make faults` tells more, other ones each time."""
PROFILE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=14,
    deadline=None,
    derandomize="TWO_PHONES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
    print_blob=False,
)
PHONE = st.integers(0, 1)
PERSON = st.integers(0, 4)

Place = tuple[tuple[Page, Page], str]


@pytest.fixture
async def phones(database: Settings) -> AsyncIterator[Place]:
    """Two phones, each with cookies and a memory of its own, and the address of the program."""
    async with serving() as url, async_playwright() as playwright:
        browser = await launch(playwright)
        pages = [await (await browser.new_context(base_url=url)).new_page() for _n in range(2)]
        for page in pages:
            await page.goto("/health")
        yield (pages[0], pages[1]), url
        await browser.close()


class Story(RuleBasedStateMachine):
    """Told in a thread; what is done in it is done in the loop of the phones."""

    place: Place
    loop: asyncio.AbstractEventLoop

    def done(self, act: Coroutine[Any, Any, Any]) -> Any:
        """Do one act."""
        return asyncio.run_coroutine_threadsafe(act, self.loop).result(60)

    @initialize(order=st.sampled_from([(0, 1), (1, 0)]))
    def begin(self, order: tuple[int, int]) -> None:
        self.order = order
        self.doors: Doors = self.done(Doors.open(*self.place))

    @rule(phone=PHONE, person=PERSON, direction=st.sampled_from(["in", "in", "out"]))
    def scan(self, phone: int, person: int, direction: str) -> None:
        self.done(self.doors.scan(phone, person % len(self.doors.people), direction))

    @rule(phone=PHONE, net=st.sampled_from(["cut", "lost", "up"]))
    def reception(self, phone: int, net: Net) -> None:
        self.done(self.doors.has(phone, net))

    @rule(phone=PHONE)
    def sync(self, phone: int) -> None:
        self.done(self.doors.does(phone, "contact"))

    @rule(phone=PHONE)
    def restart(self, phone: int) -> None:
        self.done(self.doors.does(phone, "reopen"))

    @rule(phone=PHONE, which=st.integers(0, 9))
    def undo(self, phone: int, which: int) -> None:
        self.done(self.doors.undo(phone, which))

    @rule(person=PERSON)
    def cancel(self, person: int) -> None:
        self.done(self.doors.cancel(person % len(self.doors.people)))

    @rule(person=PERSON)
    def approve(self, person: int) -> None:
        self.done(self.doors.approve(person % len(self.doors.people)))

    @rule(person=PERSON)
    def replace(self, person: int) -> None:
        self.done(self.doors.replace(person % len(self.doors.people)))

    @rule(phone=PHONE)
    def forge(self, phone: int) -> None:
        self.done(self.doors.forge(phone))

    def teardown(self) -> None:
        if hasattr(self, "doors"):
            self.done(self.doors.finish(self.order))


@pytest.mark.timeout(3600)
async def test_attendance_equals_a_simple_model(phones: Place) -> None:
    Story.place, Story.loop = phones, asyncio.get_running_loop()
    await asyncio.to_thread(run_state_machine_as_test, Story, settings=PROFILE)


async def _cancelled_meanwhile(doors: Doors, order: tuple[int, int]) -> None:
    """Both let the same person in without reception; the organiser cancels them meanwhile."""
    for phone in (0, 1):
        await doors.has(phone, "cut")
    await doors.scan(0, 0, "in")
    await doors.scan(1, 0, "in")
    await doors.cancel(0)
    await doors.finish(order)


async def test_both_orders_end_the_same(phones: Place) -> None:
    listed = []
    for order in ((0, 1), (1, 0)):
        doors = await Doors.open(*phones)
        await _cancelled_meanwhile(doors, order)
        listed.append(doors._odd([c for c in doors.crossings if c.admits]))
    assert [[kinds for kinds, *_whom in one] for one in listed] == [
        ["admitted", "admitted", "twice"]
    ] * 2


async def test_the_test_can_fail(phones: Place) -> None:
    """With phones that forget to say whom they let in by themselves."""
    doors = await Doors.open(*phones, broken=True)
    with pytest.raises(AssertionError):
        await _cancelled_meanwhile(doors, (0, 1))
