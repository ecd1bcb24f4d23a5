"""Alice makes a project and an event in a real browser, plans it by keyboard without reloading, and
publishes it.
"""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from core.clock import now
from core.settings import Settings
from tests.browser import axe
from tests.browser.support.nu import Nu
from tests.browser.support.visitor import Arrive
from tests.support.running import Program, program

DAY = (now() + timedelta(days=30)).date()


@pytest.fixture
def served(fresh: Settings) -> Iterator[Program]:
    with (
        tempfile.TemporaryDirectory(prefix="viesis-") as folder,
        program(fresh.database_url, Path(folder)) as one,
    ):
        yield one


async def looked_at(page: Page, nu: Nu) -> None:
    """The page is accessible, valid, and does not scroll sideways."""
    await axe(page)
    assert await nu.complaints(await page.content()) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def project_and_event(page: Page) -> None:
    """The first project of the installation, and a draft in it."""
    await page.get_by_role("link", name="Make the first project").click()
    await page.get_by_label("Code").fill("INP-004")
    await page.get_by_label("Title").fill("Smart governance")
    await page.get_by_label("Name").fill("Latvian Association")
    await page.get_by_label("Country").select_option("LV")
    await page.get_by_role("button", name="Make the project").click()
    await page.get_by_role("link", name="Make an event").first.click()
    await page.get_by_label("Title").fill("Closing conference")
    await page.get_by_label("From").fill(f"{DAY}T09:00")
    await page.get_by_label("To", exact=True).fill(f"{DAY}T17:00")
    await page.get_by_label("Place").fill("Town hall, Rīga")
    await page.get_by_label("Conference").check()
    await page.get_by_role("button", name="Make the draft").click()
    await expect(page.get_by_role("heading", name="Next: publish it")).to_be_visible()


@pytest.mark.timeout(300)
async def test_alice_plans_and_publishes_an_event(served: Program, visitor: Arrive, nu: Nu) -> None:
    link = served.last_line("user", "add", "alice@example.org", "--admin")
    page = (await visitor(device="desktop", base_url=served.url)).page
    await page.goto(link)
    await page.get_by_role("button", name="Sign in").click()
    await project_and_event(page)
    await looked_at(page, nu)
    await page.get_by_role("link", name="Programme", exact=True).click()
    await typed_in(page)
    await looked_at(page, nu)
    await page.get_by_role("link", name="Overview").click()
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator("#flash")).to_contain_text("It is published.")
    phone = (
        await visitor(device="phone", base_url=served.url, timezone="Europe/Oslo", locale="lv-LV")
    ).page
    await phone.goto("/e/closing-conference")
    await expect(phone.locator(".facts .local-time")).to_contain_text("08:00")
    await looked_at(phone, nu)
    await registered(phone)
    await called_off(page, nu)
    await phone.goto("/e/closing-conference")
    await expect(phone.locator("main")).to_contain_text("The hall burned.")


async def registered(phone: Page) -> None:
    """Charlie takes a seat."""
    await phone.goto("/e/closing-conference/register?lang=en")
    await phone.get_by_label("Name and surname").fill("Charlie Strand")
    await phone.get_by_label("E-mail").fill("charlie@example.org")
    await phone.locator("[name=agree]").check()
    await phone.get_by_role("button", name="Register").click()
    await phone.wait_for_url("**/r/**")


async def called_off(page: Page, nu: Nu) -> None:
    """The mail follows the reason while it is typed; the button says how many are told."""
    await page.get_by_role("link", name="Cancel the event").click()
    await page.get_by_label("Why?").press_sequentially("The hall burned.")
    await expect(page.locator("#mail")).to_contain_text("The hall burned.")
    await looked_at(page, nu)
    await page.get_by_role("button", name="Cancel the event and tell 1 person").click()
    await expect(page.locator("#flash")).to_contain_text("It is cancelled, and 1 person is told.")


async def typed_in(page: Page) -> None:
    """Three sessions by keyboard; the page is never loaded again, and what clashes is said."""
    await page.evaluate("window.never_left = true")
    for time, title in (("9-10.30", "Opening"), ("10.30-12", "Services"), ("11-12", "Networks")):
        field = page.get_by_label("Time", exact=True)
        await field.fill(time)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.type(title)
        await page.get_by_label("Room or place").fill("Hall A")
        await page.keyboard.press("Enter")
        await expect(page.locator("#programme > .notice.success")).to_contain_text(
            f"Added: {title}."
        )
        await expect(page.get_by_label("Time", exact=True)).to_be_focused()
    await expect(page.locator(".notice.warning")).to_contain_text(
        "Services and Networks are in Hall A"
    )
    await expect(page.locator("#live")).to_contain_text("Added: Networks.")
    await arrows_and_undo(page)
    assert await page.evaluate("window.never_left")


async def arrows_and_undo(page: Page) -> None:
    """Up and down go from session to session; Enter edits; what was removed comes back."""
    await page.get_by_role("link", name="Edit Opening").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("link", name="Edit Networks")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Change the session")).to_be_visible()
    assert "?edit=" in page.url
    await page.get_by_label("Time", exact=True).fill("13-14")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice.success")).to_contain_text("Saved: Networks.")
    await expect(page.locator(".notice.warning")).to_have_count(0)
    assert "?edit=" not in page.url
    await page.get_by_role("button", name="Remove Services").click()
    await expect(page.locator(".session")).to_have_count(2)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".session")).to_have_count(3)


@pytest.mark.timeout(300)
async def test_the_programme_works_without_a_script(served: Program, visitor: Arrive) -> None:
    link = served.last_line("user", "add", "alice@example.org", "--admin")
    page = (await visitor(device="phone", base_url=served.url, javascript=False)).page
    await page.goto(link)
    await page.get_by_role("button", name="Sign in").click()
    await project_and_event(page)
    await page.goto("/desk/e/closing-conference/programme")
    await page.get_by_label("Time", exact=True).fill("9-10")
    await page.get_by_label("Title").fill("Opening")
    await page.get_by_role("button", name="Add").click()
    await expect(page.locator("#flash")).to_contain_text("Added: Opening.")
    await page.get_by_role("button", name="Remove Opening").click()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("#flash")).to_contain_text("It is back: Opening.")
