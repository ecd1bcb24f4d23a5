"""The pictures of the README, taken from a running demo.

pictures.py LOG    LOG is what `viesis demo` printed; pictures go to docs/pictures/
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
EVENT = "kaiminu-diena"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5}
DESK = {"viewport": {"width": 1280, "height": 860}}


async def main(said: str) -> None:
    """Three people: Ilze registers, Bob is at the door, Alice looks at the figures."""
    base = re.search(r"Viesis serves (http\S+?),", said)
    enter = re.search(r"http\S+/desk/enter/\S+", said)
    pair = re.search(r"http\S+/c/\S+", said)
    if not (base and enter and pair):
        sys.exit("this is not what `viesis demo` prints")
    PICTURES.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        words = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync".split()
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=words)
        await ilze(browser, base[1])
        await bob(browser, pair[0])
        await alice(browser, base[1], enter[0])
        await browser.close()


async def ilze(browser: Browser, base: str) -> None:
    """The form and the ticket, in Latvian."""
    page = await opened(browser, PHONE, "lv-LV")
    await page.goto(f"{base}/e/{EVENT}/register")
    await page.locator("[name=name]").fill("Ilze Bērziņa")
    await page.locator("[name=email]").fill("ilze.berzina@example.org")
    await taken(page, "register")
    await page.locator("[name=agree]").check()
    await page.locator("main form button.large").click()
    await page.locator(".ticket").wait_for()
    await page.locator(".ticket").scroll_into_view_if_needed()
    await taken(page, "ticket")


async def bob(browser: Browser, pair: str) -> None:
    """The phone at the door, when somebody may come in."""
    page = await opened(browser, PHONE, "en-GB")
    await page.goto(pair)
    await page.get_by_label("A name for this phone").fill("Gate 1, Bob")
    await page.get_by_role("button", name="Use this phone at the door").click()
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill("ilze ber")
    await page.locator("#found button").first.click()
    await page.locator("#result").wait_for()
    await taken(page, "door")


async def alice(browser: Browser, base: str, enter: str) -> None:
    """The desk: an event, the door live, and the way from a figure down to the people."""
    page = await opened(browser, DESK, "en-GB")
    await page.goto(enter)
    await page.get_by_role("button", name="Sign in").click()
    for name, path in {
        "event": f"/desk/e/{EVENT}",
        "door-desk": f"/desk/e/{EVENT}/door",
        "indicators": "/desk/p/nor-lt10-vrm-01-k-01-007/indicators",
    }.items():
        await page.goto(base + path)
        await page.wait_for_timeout(500)
        await taken(page, name)
    await page.locator("main table a").first.click()
    await page.wait_for_load_state()
    await taken(page, "figure")


async def opened(browser: Browser, device: dict[str, Any], locale: str) -> Page:
    """A page of a new visitor."""
    context = await browser.new_context(**device, locale=locale, timezone_id="Europe/Riga")
    return await context.new_page()


async def taken(page: Page, name: str) -> None:
    """Take the picture."""
    await page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text()))
