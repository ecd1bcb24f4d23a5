"""Charlie registers on a phone, without a script too; Alice sees who comes. Every page is looked
at.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from accounts.sessions.sessions import WebSession
from core import tokens
from core.clock import now
from core.settings import Settings
from events.event.event import Event
from registrations.form.questions import Question
from registrations.registration.registration import Registration
from tests.browser import axe
from tests.browser.support.nu import Nu
from tests.browser.support.visitor import Arrive
from tests.support import factories
from tests.support.running import Program, program


@pytest.fixture
def served(database: Settings, tmp_path: Path) -> Iterator[Program]:
    with program(database.database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def event(database: Settings) -> Event:
    """A visit with one seat, a question, and one that follows from its answer."""
    event = await factories.event(await factories.project(), capacity=1, kind="workshop")
    stops = [{"value": "riga", "label": {"en": "Rīga"}}, {"value": "ogre", "label": {"en": "Ogre"}}]
    asked: list[dict[str, Any]] = [
        {"key": "bus", "kind": "yes_no", "label": {"en": "By our bus?"}, "required": True},
        {
            "key": "stop",
            "kind": "choice",
            "label": {"en": "From where?"},
            "options": stops,
            "required": True,
            "shown_if": {"question": "bus", "value": "yes"},
        },
        {"key": "diet", "kind": "text", "label": {"en": "What may you not eat?"}, "private": True},
    ]
    for position, question in enumerate(asked, 1):
        await Question.create(event_id=event.id, position=position, **question)
    return event


async def looked_at(page: Page, nu: Nu) -> None:
    """The page is accessible, valid, and does not scroll sideways."""
    await axe(page)
    assert await nu.complaints(await page.content()) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def fill(page: Page, name: str, email: str) -> None:
    await page.get_by_label("Name and surname").fill(name)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("group", name="By our bus?").get_by_label("Yes").check()


@pytest.mark.timeout(300)
async def test_a_seat_and_a_place_on_the_list(
    served: Program, event: Event, visitor: Arrive, nu: Nu
) -> None:
    charlie = (await visitor(device="phone", base_url=served.url)).page
    await charlie.goto(f"/e/{event.slug}/register")
    await looked_at(charlie, nu)
    await expect(charlie.get_by_text("From where?")).to_be_hidden()
    await fill(charlie, "Charlie Bērziņš", "charlie@example.org")
    await charlie.get_by_role("group", name="From where?").get_by_label("Rīga").check()
    await charlie.get_by_text("Food, access and other needs").click()
    await charlie.get_by_label("What may you not eat?").fill("no nuts")
    await charlie.get_by_label("I agree that these needs").check()
    await charlie.get_by_label("I agree that what I enter").check()
    await charlie.get_by_role("button", name="Register").click()
    await expect(charlie.locator("#flash")).to_contain_text("You are registered.")
    made = await Registration.get(event_id=event.id)
    await expect(charlie.locator(".ticket figcaption")).to_contain_text(made.ticket[:4])
    await looked_at(charlie, nu)

    dana = (await visitor(device="phone", base_url=served.url, javascript=False)).page
    await dana.goto(f"/e/{event.slug}/register")
    await fill(dana, "Dana", "dana@example.org")
    await dana.get_by_role("group", name="From where?").get_by_label("Ogre").check()
    await dana.get_by_label("I agree that what I enter").check()
    await dana.get_by_role("button", name="Join the waiting list").click()
    await expect(
        dana.get_by_role("heading", name="You are number 1 on the waiting list")
    ).to_be_visible()

    await charlie.get_by_text("Cancel my registration", exact=True).click()
    await charlie.get_by_role("button", name="Cancel my registration for").click()
    await expect(charlie.locator("#flash")).to_contain_text("Your registration is cancelled.")
    await dana.reload()
    await dana.get_by_role("button", name="Take the seat").click()
    await expect(dana.locator(".ticket")).to_be_visible()


@pytest.mark.timeout(300)
async def test_alice_and_her_people(served: Program, event: Event, visitor: Arrive, nu: Nu) -> None:
    alice = await visitor(device="desktop", base_url=served.url)
    secret = tokens.random(tokens.SESSION)
    who = await factories.organiser(event.project)
    await WebSession.create(
        user_id=who.id, hash=tokens.hashed(secret), created_at=now(), seen_at=now()
    )
    await alice.context.add_cookies(
        [{"name": "viesis-session", "value": secret, "url": served.url}]
    )
    page = alice.page
    for name in ("Žanete", "Øystein"):
        await page.goto(f"/desk/e/{event.slug}/people/new")
        await page.get_by_label("Name and surname").fill(name)
        await page.get_by_role("textbox", name="E-mail").fill(f"{name[1:]}@example.org")
        await looked_at(page, nu)
        await page.get_by_role("button", name="Register").click()
        await expect(page.locator("#flash")).to_contain_text(f"{name} is registered.")
    await looked_at(page, nu)
    await page.get_by_role("link", name="People").click()
    await looked_at(page, nu)
    await page.keyboard.press("/")
    await page.keyboard.type("zan")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_label("Choose Žanete").check()
    await page.get_by_role("button", name="Cancel the registration").click()
    await looked_at(page, nu)
    await page.get_by_role("button", name="Do it and tell 1 person").click()
    await expect(page.get_by_text("Seat offered").first).to_be_visible()
    for path in ("form", "form/new", "form/stop", "people/needs", "people/print"):
        await page.goto(f"/desk/e/{event.slug}/{path}")
        await looked_at(page, nu)
