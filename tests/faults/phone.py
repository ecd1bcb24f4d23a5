"""A phone at a door with bad reception: the network is cut every two seconds, answers are dropped,
the tab dies.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, Error, Page, Route

OPEN = """async (base) => {
  const { Door } = await import("/static/checkin/door.js");
  window.door = await Door.open({ base, worker: false });
  const known = (await door.store.log()).map(({ body }) => body.ticket);
  return known.filter(Boolean);
}"""

WORK = """async ([codes, pause]) => {
  for (const ticket of codes) {
    const { id, admits } = await door.scan({ ticket });
    await window.shown(ticket, id, admits);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}"""


@dataclass
class Storm:
    """What happened to one phone. `shown`: what the volunteer saw, by scan: ticket and whether it
    let in.
    """

    base: str
    kills: int
    cut_seconds: float = 2.0
    pause_ms: int = 30
    shown: dict[str, tuple[str, bool]] = field(default_factory=dict)
    cuts: int = 0
    dropped: int = 0
    killed: int = 0
    up: bool = True
    awaited: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    chance: random.Random = field(default_factory=lambda: random.Random(9))

    async def rages(self, context: BrowserContext, url: str, codes: Sequence[str]) -> None:
        """Scan every code once, through it all; at the end reception is back and nothing waits."""
        await context.expose_function("shown", self._show)
        await context.route("**/c/e/**", self._pass)
        weather = asyncio.create_task(self._weather())
        done: set[str] = set()
        try:
            page, done = await self._page(context, url)
            lives = self.kills + 1
            for life in range(lives):
                left = [code for code in codes if code not in done]
                ends = len(codes) * (life + 1) // lives
                work = asyncio.create_task(page.evaluate(WORK, [left, self.pause_ms]))
                if life < self.kills:
                    await self._scanned(ends, work)
                    await self._kill(page, work)
                    page, done = await self._page(context, url)
                else:
                    await work
        finally:
            weather.cancel()
        self.up = True
        await context.unroute("**/c/e/**")
        await page.evaluate("() => door.contact()")
        await page.wait_for_function(
            "() => door.state.unsent === 0 && door.state.online", timeout=60_000
        )

    def _show(self, ticket: str, scan: str, admits: bool) -> None:
        self.shown[scan] = (ticket, admits)
        if len(self.shown) >= self.awaited:
            self.reached.set()

    async def _weather(self) -> None:
        while True:
            await asyncio.sleep(self.cut_seconds)
            self.up = not self.up
            self.cuts += not self.up

    async def _pass(self, route: Route) -> None:
        with suppress(Error):
            if not self.up:
                await route.abort("internetdisconnected")
            elif "/scans" in route.request.url and self.chance.random() < 0.2:
                await route.fetch()
                self.dropped += 1
                await route.abort("connectionreset")
            else:
                await route.continue_()

    async def _page(self, context: BrowserContext, url: str) -> tuple[Page, set[str]]:
        page = await context.new_page()
        await page.goto(f"{url}/health")
        while True:
            with suppress(Error):
                return page, set(await page.evaluate(OPEN, self.base))
            await asyncio.sleep(0.2)

    async def _scanned(self, number: int, work: "asyncio.Task[None]") -> None:
        """Until about so many were shown, or all is done."""
        self.awaited = number - self.chance.randint(0, 5)
        self.reached.clear()
        await asyncio.wait(
            [work, asyncio.ensure_future(self.reached.wait())],
            timeout=600,
            return_when=asyncio.FIRST_COMPLETED,
        )
        await asyncio.sleep(self.chance.random() * 0.05)

    async def _kill(self, page: Page, work: "asyncio.Task[None]") -> None:
        """The tab's process dies, in the middle of whatever it does."""
        self.killed += 1
        with suppress(Error, TimeoutError):
            session = await page.context.new_cdp_session(page)
            await asyncio.wait_for(session.send("Page.crash"), 2)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(page.close(), 5)
        with suppress(Error, TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(work, 2)


def lost(
    shown: dict[str, tuple[str, bool]],
    stored: Sequence[tuple[str, str, bool]],
    codes: Sequence[str],
) -> list[str]:
    """What does not hold. `stored`: of each scan on the server its id, ticket, and whether it
    counts.
    """
    times = Counter(ticket for _id, ticket, _counts in stored)
    found = [f"{code} is there {times[code]} times" for code in codes if times[code] != 1]
    found += [f"{len(stored)} scans of {len(codes)}"] if len(stored) != len(codes) else []
    there = {scan: counts for scan, _ticket, counts in stored}
    found += [f"{scan} was shown and is not stored" for scan in shown if scan not in there]
    found += [
        f"{scan} let someone in and counts for nothing"
        for scan, (_ticket, admits) in shown.items()
        if admits and not there.get(scan, True)
    ]
    return found


def control() -> list[str]:
    """The check can fail: it finds what is planted."""
    shown = {"1": ("A", True), "2": ("B", True), "3": ("C", True)}
    said = lost(shown, [("1", "A", True), ("9", "A", True), ("2", "B", False)], ["A", "B", "C"])
    expected = [
        "A is there 2 times",
        "C is there 0 times",
        "3 was shown and is not stored",
        "2 let someone in and counts for nothing",
    ]
    return [] if said == expected else [f"the checker does not find what is planted: {said}"]


def told(storm: Storm, began: float) -> str:
    """One line about it."""
    seconds = time.monotonic() - began
    return f"{storm.cuts} cuts, {storm.dropped} answers dropped, {storm.killed} tabs killed in {seconds:.0f} s"
