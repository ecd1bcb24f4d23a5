"""Accessibility of a page, by axe-core."""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

SOURCE = Path(__file__).resolve().parents[3] / ".cache" / "npm" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def axe(page: Page) -> None:
    """Fail if axe finds anything on the page: WCAG 2.2 AA and its own best practice."""
    await page.evaluate(source())
    found = await page.evaluate("tags => axe.run(document, {runOnly: tags, preload: false})", TAGS)
    told = [
        f"{rule['id']}: {rule['help']}: {node['html']} ({node['failureSummary']})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert told == [], f"{page.url}\n" + "\n".join(told)


@cache
def source() -> str:
    """axe-core itself, brought by scripts/vendor.py --tests."""
    return SOURCE.read_text(encoding="utf-8")
