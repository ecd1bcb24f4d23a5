"""The icons of the check-in app, drawn from static/favicon.svg.

icons.py    writes static/checkin/icon-{192,512,maskable,apple}.png
"""

import asyncio
import io
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

ROOT = Path(__file__).resolve().parent.parent
GREEN = "#0b6e4f"
# Name: pixels, how much of the picture the drawing takes, whether the green goes to the edges
# (phones cut their own
# shape out of it and promise to leave the middle 80 per cent).
ICONS = {
    "icon-192": (192, 1.0, False),
    "icon-512": (512, 1.0, False),
    "icon-maskable": (512, 0.72, True),
    "icon-apple": (180, 0.86, True),
}


async def main() -> None:
    """Draw each one in a browser."""
    drawing = (ROOT / "static/favicon.svg").read_text()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for name, (size, share, full) in ICONS.items():
            page = await browser.new_page(viewport={"width": size, "height": size})
            ground = GREEN if full else "transparent"
            await page.set_content(
                f"<style>body{{margin:0;display:grid;place-items:center;height:100vh;background:{ground}}}"
                f"svg{{width:{share:.0%};height:{share:.0%}}}</style>{drawing}"
            )
            taken = await page.screenshot(omit_background=True)
            picture = Image.open(io.BytesIO(taken)).quantize(64, method=Image.Quantize.FASTOCTREE)
            picture.save(ROOT / f"static/checkin/{name}.png", optimize=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
