"""Bob's phone as tests hold it: paired without the desk, and the heart of its app without the page
around it.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Page

from accounts.sessions.access import Actor
from checkin.phone.devices import Device
from checkin.phone.paired_phone import cookie
from checkin.scanning.scans import Scan
from events.event.event import Event

OPEN = """async ([base, options]) => {
  const { Door } = await import("/static/checkin/door.js");
  window.door = await Door.open({ base, worker: false, ...options });
  return window.door.state;
}"""


async def paired(
    context: BrowserContext, event: Event, url: str, name: str = "Gate 2, Bob"
) -> Device:
    """Give a window the secret of a phone paired with the event."""
    _offer, link = await Device.offer(event, Actor("alice"))
    device, secret = await Device.pair(link, name)
    await context.add_cookies(
        [
            {
                "name": cookie(),
                "value": secret,
                "httpOnly": True,
                "domain": urlsplit(url).hostname or "",
                "path": f"/c/e/{event.slug}",
                "expires": device.expires_at.timestamp(),
            }
        ]
    )
    return device


@dataclass
class Bob:
    """The door's heart in a page: `await bob.does("scan", {…})`."""

    page: Page
    event: Event

    async def opens(self, **options: Any) -> Any:
        """Open the door; answers its state."""
        return await self.page.evaluate(OPEN, [f"/c/e/{self.event.slug}", options])

    async def does(self, method: str, *given: Any) -> Any:
        """Call a method of the door."""
        return await self.page.evaluate(
            "async ([method, given]) => door[method](...given)", [method, list(given)]
        )

    async def state(self) -> Any:
        """The door's state."""
        return await self.page.evaluate("door.state")

    async def until(self, condition: str) -> None:
        """Wait until this holds of the door's `state`."""
        holds = f"() => {{ const state = door.state; return {condition}; }}"
        await self.page.wait_for_function(holds, timeout=30_000)


async def stored() -> list[tuple[str, bool, bool, str]]:
    """What the server has, in the order of the phone's clock: result, whether it counts, admitted,
    marks.
    """
    return [
        (s.result, s.counts, s.admitted, s.marks) for s in await Scan.all().order_by("scanned_at")
    ]
