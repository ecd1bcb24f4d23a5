"""The door as volunteers and organisers meet it: a conference that runs, phones paired with it,
what they say.
"""

from datetime import timedelta
from typing import Any

from playwright.async_api import Page, expect

from accounts.sessions.sessions import WebSession
from core import tokens
from core.clock import now
from events.event.event import Event
from tests.browser.support.bob import paired
from tests.browser.support.daytime import zone
from tests.browser.support.visitor import Arrive, Visitor
from tests.checkin.people import session
from tests.support import factories
from tests.support.running import Program

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}


async def conference(**over: Any) -> Event:
    """A conference that began an hour ago, with a session that runs."""
    start = now().replace(second=0, microsecond=0) - timedelta(hours=1)
    given = {
        "starts_at": start,
        "ends_at": start + timedelta(hours=8),
        "walk_ins": "yes",
        "timezone": zone(),
    }
    found = await factories.event(
        await factories.project(), **{**given, "title": {"en": "Care at home"}, **over}
    )
    await session(found, start, start + timedelta(hours=3), title={"en": "Opening"})
    return found


async def desk(served: Program, visitor: Arrive, event: Event) -> Page:
    """Alice at the organiser's screen of the door."""
    alice = await visitor(device="desktop", base_url=served.url)
    secret = tokens.random(tokens.SESSION)
    who = await factories.organiser(event.project)
    await WebSession.create(
        user_id=who.id, hash=tokens.hashed(secret), created_at=now(), seen_at=now()
    )
    await alice.context.add_cookies(
        [{"name": "viesis-session", "value": secret, "url": served.url}]
    )
    await alice.page.goto(f"/desk/e/{event.slug}/door")
    return alice.page


async def pair(alice: Page, bob: Visitor) -> None:
    """Alice shows a code, Bob's phone follows it."""
    await alice.get_by_role("button", name="Pair a phone").click()
    link = await alice.get_by_label("Or send this link to the phone").input_value()
    await bob.page.goto(link)
    await bob.page.get_by_label("A name for this phone").fill("Gate 2, Bob")
    await bob.page.get_by_role("button", name="Use this phone at the door").click()
    await expect(bob.page.get_by_text("Gate 2, Bob")).to_be_visible()
    await expect(alice.locator("#pairing-state")).to_contain_text(
        "is paired and can begin", timeout=10_000
    )


async def at_door(served: Program, visitor: Arrive, event: Event, **options: Any) -> Visitor:
    """Bob with a phone that is paired already, at the door, in step."""
    bob = await visitor(base_url=served.url, **{"permissions": [], **PHONE, **options})
    await paired(bob.context, event, served.url)
    await bob.page.goto(f"/c/e/{event.slug}/")
    await expect(bob.page.locator("#sync")).to_have_attribute("data-state", "on", timeout=15_000)
    return bob


async def kept(page: Page) -> None:
    """Wait until the phone keeps the app, so that it opens without reception."""
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


async def answered(page: Page, tone: str, *words: str) -> None:
    """The whole screen says so."""
    result = page.locator(f"#result[data-tone={tone}]")
    await expect(result).to_be_visible(timeout=30_000)
    for word in words:
        await expect(result).to_contain_text(word)


async def run_out(page: Page, milliseconds: int) -> None:
    """Wait until a timer of the page's own has run out that begins now: then every earlier one that
    was as long has, too.
    """
    await page.evaluate(
        "(length) => new Promise((done) => { setTimeout(done, length); })", milliseconds
    )


async def chosen(page: Page, typed: str) -> None:
    """Find someone, or a code, and take the first line."""
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill(typed)
    await page.locator("#found button").first.click()


async def next_one(page: Page) -> None:
    """Put the answer away."""
    await page.get_by_role("button", name="Next").click()
    await expect(page.locator("#result")).to_be_hidden()


async def offline(bob: Visitor) -> None:
    """Walk into the cellar."""
    await bob.context.set_offline(True)
    await expect(bob.page.locator("#sync-words", has_text="No connection since")).to_be_visible(
        timeout=15_000
    )
