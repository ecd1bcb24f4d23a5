"""The pictures of the README and the manual, taken from a running demo.

pictures.py LOG    LOG is what `viesis demo` printed; pictures go to docs/pictures/
"""

import asyncio
import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
EVENT = "kaiminu-diena"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
)
NARROW = 320
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
        words = [*FLAGS.split(), f"--use-file-for-fake-video-capture={film()}"]
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
    """The phone at the door: who may come in, who is in already, who may not, and all that without
    reception.
    """
    page = await opened(browser, PHONE, "en-GB")
    await page.goto(pair)
    await page.get_by_label("A name for this phone").fill("Gate 1, Bob")
    await page.get_by_role("button", name="Use this phone at the door").click()
    await page.locator("#camera[data-state=on]").wait_for()
    await page.locator("#sync[data-state=on]").wait_for()
    await answer(page, "ilze ber", "door")
    await page.wait_for_timeout(5000)
    await answer(page, "ilze ber", "door-yellow")
    await answer(page, "0123 4567 89AB CDEF", "door-red")
    await page.context.set_offline(True)
    await page.locator("#sync[data-state=off]").wait_for()
    for letters in ("an", "mar"):
        await answer(page, letters)
    await page.wait_for_timeout(500)
    await taken(page, "door-offline", colours=128)


async def answer(page: Page, typed: str, name: str = "") -> None:
    """Find someone, take a picture of the answer, and put it away."""
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill(typed)
    await page.locator("#found button").first.click()
    await page.locator("#result").wait_for()
    await page.wait_for_timeout(400)
    if name:
        await taken(page, name, colours=32)
    await page.get_by_role("button", name="Next").click()


def film() -> Path:
    """What the camera sees: an empty doorway, nearly."""
    picture = io.BytesIO()
    Image.new("RGB", (1280, 720), (86, 94, 100)).save(picture, "JPEG")
    path = Path(tempfile.mkdtemp()) / "doorway.mjpeg"
    path.write_bytes(picture.getvalue() * 30)
    return path


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
    context = await browser.new_context(
        **device, locale=locale, timezone_id="Europe/Riga", permissions=["camera"]
    )
    return await context.new_page()


async def taken(page: Page, name: str, *, colours: int = 0) -> None:
    """Take the picture; small, and with so few colours, when it is plain."""
    path = PICTURES / f"{name}.png"
    await page.screenshot(path=path)
    if colours:
        picture = Image.open(path).convert("RGB")
        picture.thumbnail((NARROW, 3 * NARROW), Image.Resampling.LANCZOS)
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text()))
