"""Bob's phone as tests hold it: paired without the desk, and the heart of its app without the page around it."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, Page

from accounts.access import Actor
from checkin.devices import Device
from checkin.phone import cookie
from events.events import Event

OPEN = """async ([base, options]) => {
  const { Door } = await import("/static/checkin/door.js");
  window.door = await Door.open({ base, worker: false, ...options });
  return window.door.state;
}"""


async def paired(context: BrowserContext, event: Event, url: str, name: str = "Gate 2, Bob") -> Device:
    """Give a window the secret of a phone paired with the event."""
    _offer, link = await Device.offer(event, Actor("alice"))
    device, secret = await Device.pair(link, name)
    path = f"/c/e/{event.slug}"
    host = url.split("//")[1].split(":")[0]
    await context.add_cookies([{"name": cookie(), "value": secret, "domain": host, "path": path, "httpOnly": True}])
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
        return await self.page.evaluate("async ([method, given]) => door[method](...given)", [method, list(given)])

    async def state(self) -> Any:
        """The door's state."""
        return await self.page.evaluate("door.state")

    async def until(self, condition: str, timeout: float = 15_000) -> None:
        """Wait until this holds of the door's `state`."""
        await self.page.wait_for_function(f"() => {{ const state = door.state; return {condition}; }}", timeout=timeout)
