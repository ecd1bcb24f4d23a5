"""The app on the phone: from the second visit on it needs no reception, whatever ended in
between.
"""

import asyncio
from pathlib import Path

from playwright.async_api import BrowserContext, Page, Playwright, expect

from checkin.scanning.scans import Scan
from events.event.event import Event
from tests.browser.support.bob import Bob, paired, stored
from tests.browser.support.chromium import FLAGS, executable
from tests.browser.support.visitor import Arrive
from tests.checkin.people import code, registered

KEPT = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 20));
}"""


async def visit(page: Page, url: str, event: Event) -> None:
    """The first visit, until the app is kept."""
    await page.goto(f"{url}/c/e/{event.slug}/")
    await page.evaluate(KEPT)


async def test_the_second_visit_without_reception(
    served: str, visitor: Arrive, event: Event
) -> None:
    ase = await registered(event, "Åse Nordvik")
    there = await visitor(base_url=served)
    await paired(there.context, event, served)
    page = there.page
    await visit(page, served, event)
    await there.context.set_offline(True)
    for address in (f"/c/e/{event.slug}/", f"/c/e/{event.slug}/?lang=lv", f"/c/e/{event.slug}/"):
        await page.goto(address)
    await expect(page.locator("html")).to_have_attribute("lang", "lv")
    await page.goto(f"/c/e/{event.slug}/?lang=en")
    bob = Bob(page, event)
    assert (await bob.opens())["expected"] == 1
    assert (await bob.does("scan", {"ticket": code(ase)}))["name"] == "Åse Nordvik"
    await page.reload()
    await bob.opens()
    assert [(r["result"], r["name"]) for r in await bob.does("recent", 3)] == [
        ("valid", "Åse Nordvik")
    ]
    assert (await bob.does("scan", {"ticket": code(ase)}))["result"] == "already_in"
    assert await Scan.all().count() == 0
    await there.context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online")
    assert [s[:3] for s in await stored()] == [("valid", True, True), ("already_in", True, True)]


async def test_a_new_version_replaces_the_old(served: str, visitor: Arrive, event: Event) -> None:
    there = await visitor(base_url=served)
    await paired(there.context, event, served)
    await visit(there.page, served, event)
    names = "async () => (await caches.keys()).filter((name) => !name.endsWith(':language'))"
    [before] = await there.page.evaluate(names)
    event.title = {"en": "Another title"}
    event.revision += 1
    await event.save()
    await there.page.goto("/health")
    await there.page.goto(f"/c/e/{event.slug}/")
    for _try in range(100):
        after = await there.page.evaluate(names)
        if len(after) == 1 and after != [before]:
            break
        await asyncio.sleep(0.1)
    assert len(after) == 1
    assert after != [before]
    await there.context.set_offline(True)
    await there.page.reload()
    await expect(there.page.locator("body")).to_contain_text("Another title")


async def test_a_phone_that_starts_again(
    served: str, playwright: Playwright, event: Event, tmp_path: Path
) -> None:
    """The whole browser ends while scans wait; the same profile starts without reception."""
    people = [await registered(event, f"Guest {n}") for n in range(3)]

    async def started() -> BrowserContext:
        return await playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=executable(),
            args=list(FLAGS),
            base_url=served,
        )

    context = await started()
    await paired(context, event, served)
    page = context.pages[0]
    await visit(page, served, event)
    bob = Bob(page, event)
    await bob.opens()
    await context.set_offline(True)
    for one in people[:2]:
        await bob.does("scan", {"ticket": code(one)})
    await context.close()
    context = await started()
    await context.set_offline(True)
    bob = Bob(context.pages[0], event)
    await bob.page.goto(f"/c/e/{event.slug}/")
    state = await bob.opens()
    assert (state["unsent"], state["expected"]) == (2, 3)
    assert (await bob.does("scan", {"ticket": code(people[0])}))["result"] == "already_in"
    assert (await bob.does("scan", {"ticket": code(people[2])}))["result"] == "valid"
    await context.set_offline(False)
    await bob.until("state.unsent === 0 && state.online")
    assert [s[0] for s in await stored()] == ["valid", "valid", "already_in", "valid"]
    await context.close()
