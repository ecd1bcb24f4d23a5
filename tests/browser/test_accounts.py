"""Alice becomes the administrator and invites Bob, each in a real browser; every page they meet is
looked at.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from accounts.management.invitations import Invitation
from core.settings import Settings
from tests.browser import axe
from tests.browser.support.nu import Nu
from tests.browser.support.visitor import Arrive
from tests.support import factories
from tests.support.running import Program, program


@pytest.fixture
def served(database: Settings) -> Iterator[tuple[Program, str]]:
    """The program at its first start, and the link that it prints."""
    with (
        tempfile.TemporaryDirectory(prefix="viesis-") as folder,
        program(database.database_url, Path(folder)) as one,
    ):
        said = (Path(folder) / "serve.log").read_text(encoding="utf-8")
        yield one, re.findall(r"http\S+/desk/enter/\S+", said)[-1]


async def looked_at(page: Page, nu: Nu) -> None:
    """The page is accessible in both colour schemes, valid, and does not scroll sideways."""
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await axe(page)
    assert await nu.complaints(await page.content()) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("VIESIS_PICTURES"):
        name = re.sub(r"\W+", "-", f"{urlsplit(page.url).path[:30]} {page.viewport_size}")
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)


# What a page looks like does not depend on the database; tests/accounts runs on both.
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.timeout(300)
async def test_the_first_start_the_team_and_the_accounts(
    served: tuple[Program, str], visitor: Arrive, nu: Nu
) -> None:
    one, link = served
    alice = (await visitor(device="desktop", base_url=one.url)).page
    await begins(alice, nu, link)
    await her_account(alice, nu)
    project = await factories.project(slug="bridges")
    await alice.goto("/desk/p/bridges/team")
    await alice.get_by_label("E-mail address").fill("bob@example.org")
    await alice.get_by_label("Check-in", exact=False).last.check()
    await alice.get_by_role("button", name="Invite").click()
    await expect(alice.locator("#flash")).to_contain_text("bob@example.org gets an e-mail")
    await looked_at(alice, nu)
    bob = (await visitor(device="phone", base_url=one.url)).page
    await bob_joins(bob, nu, urlsplit((await Invitation.get(project_id=project.id)).url).path)
    for path in ("/desk/p/bridges/team", "/desk/p/bridges/log", "/desk/admin", "/desk/admin/log"):
        await alice.goto(path)
        await looked_at(alice, nu)
    await alice.locator(".site-header").get_by_text("Alice").click()
    await alice.get_by_role("button", name="Sign out").click()
    await expect(alice.locator("#flash")).to_contain_text("You are signed out.")


async def begins(page: Page, nu: Nu, link: str) -> None:
    """The link of the first start makes her the administrator, once."""
    await page.goto(link)
    await looked_at(page, nu)
    await page.get_by_label("E-mail address").fill("alice@example.org")
    await page.get_by_label("Name").fill("Alice")
    await page.get_by_role("button", name="Begin").click()
    await expect(page).to_have_url(re.compile("/desk$"))
    answer = await page.goto(link)
    assert answer
    assert answer.status == 410
    await looked_at(page, nu)


async def her_account(page: Page, nu: Nu) -> None:
    """Her password, and a token."""
    await page.goto("/desk/account")
    await page.get_by_text("Set a password").click()
    await page.get_by_label("New password").fill("short")
    await page.get_by_role("button", name="Keep it").click()
    await looked_at(page, nu)
    await page.get_by_label("New password").fill("blue herring walks home")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator("#flash")).to_contain_text("Your password is set.")
    await page.get_by_role("link", name="API keys").click()
    await page.get_by_label("What is it for?").fill("Website")
    await page.get_by_role("button", name="Make a key").click()
    await expect(page.get_by_label("Key", exact=True)).to_have_value(re.compile("^vsa_"))
    await looked_at(page, nu)
    await page.goto("/api/v1/docs")
    await looked_at(page, nu)


async def bob_joins(page: Page, nu: Nu, address: str) -> None:
    """On his phone: signing in is not for him yet; the invitation is."""
    await page.goto("/desk/account")
    await looked_at(page, nu)
    await page.get_by_label("E-mail address").first.fill("bob@example.org")
    await page.get_by_role("button", name="E-mail me a link").click()
    await expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    await looked_at(page, nu)
    await page.goto(address)
    await looked_at(page, nu)
    await page.get_by_label("Name").fill("Bob")
    await page.get_by_role("button", name="Join").click()
    await expect(page).to_have_url(re.compile("/desk/p/bridges"))
    await page.goto("/desk/account")
    await looked_at(page, nu)
