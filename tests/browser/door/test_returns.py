"""The door changes while a phone stands at it: the event goes on after all, a session is gone."""

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from accounts.sessions.access import Actor
from checkin.phone.devices import Device
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from tests.browser import Visitor, axe, film, qr_picture
from tests.browser.support.at_door import (
    PHONE,
    answered,
    at_door,
    chosen,
    desk,
    kept,
    next_one,
    offline,
    pair,
)
from tests.browser.support.camera import SIZE
from tests.browser.support.visitor import Arrive
from tests.checkin.people import code, registered, session
from tests.support.running import Program

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

NOTHING = Image.new("RGB", SIZE, (90, 100, 110))


async def test_an_event_that_goes_on_after_all_has_its_camera_again(
    served: Program, filming: Arrive, event: Event, tmp_path: Path
) -> None:
    ilze = await registered(event, "Ilze Bērziņa")
    path = film(tmp_path / "door.mjpeg", [NOTHING] * 100 + [qr_picture(code(ilze))] * 900, frames=1)

    async def arrive(**options: object) -> Visitor:
        return await filming(film=path, **{k: v for k, v in options.items() if k != "permissions"})

    bob = await at_door(served, arrive, event)
    bob.expect("410")
    page = bob.page
    await expect(page.locator("#camera")).to_have_attribute("data-state", "on", timeout=20_000)
    await answered(page, "green", "Welcome", "Ilze Bērziņa")
    await Device.all().update(expires_at=now())
    await expect(page.get_by_role("heading", name="The event is over")).to_be_visible(
        timeout=15_000
    )
    await Device.all().update(expires_at=now() + timedelta(hours=3))
    await expect(page.locator("#phase")).to_be_hidden(timeout=15_000)
    await answered(page, "yellow", "Already in", "Ilze Bērziņa")


async def test_a_session_that_is_gone_is_said(
    served: Program, visitor: Arrive, event: Event
) -> None:
    """A phone never goes over to another door by itself."""
    workshop = await session(event, event.starts_at, event.ends_at, title={"en": "Workshop A"})
    await registered(event, "Ilze Bērziņa")
    bob = await at_door(served, visitor, event)
    page = bob.page
    await page.get_by_label("Which door").select_option(value=str(workshop.id))
    await workshop.remove(event, Actor("Alice"), notify=False)
    await expect(page.locator("#moved")).to_contain_text("Workshop A", timeout=20_000)
    await axe(page)
    await page.get_by_role("button", name="Close").click()
    await page.reload()
    await expect(page.get_by_label("Which door")).to_have_value("")
    await expect(page.locator("#moved")).to_be_hidden()


# The digits of a Lithuanian keyboard, as a scanner that thinks of an American one types them.
LITHUANIAN = dict(zip("12345678", "ąčęėįšųū", strict=True))
TYPED = """(keys) => {
  for (const key of keys) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}"""


async def test_a_scanner_that_types_on_a_lithuanian_keyboard(
    served: Program, visitor: Arrive, event: Event
) -> None:
    """Its digits come as letters; the keys that were pressed are what was read."""
    ilze = await registered(event, "Ilze Bērziņa")
    bob = await at_door(served, visitor, event)
    page = bob.page
    ona = await registered(event, "Ona Petraitienė")
    keys, others = (
        "".join(LITHUANIAN.get(letter, letter) for letter in code(one)) for one in (ilze, ona)
    )
    await page.evaluate(TYPED, [*keys, "Enter"])
    await answered(page, "green", "Welcome", "Ilze Bērziņa")
    await next_one(page)
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill(others)
    await page.get_by_role("searchbox").press("Enter")
    await answered(page, "green", "Welcome", "Ona Petraitienė")


async def test_a_name_of_sixteen_letters_is_a_name(
    served: Program, visitor: Arrive, event: Event
) -> None:
    """Every one of them could be a letter of a code."""
    await registered(event, "Ingrid Kristensen")
    bob = await at_door(served, visitor, event)
    page = bob.page
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill("Ingrid Kristensen")
    await page.get_by_role("searchbox").press("Enter")
    await answered(page, "green", "Welcome", "Ingrid Kristensen")
    await next_one(page)
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill("Sigrid Andreassen")
    await page.get_by_role("button", name="Not registered? Add a guest").click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Sigrid Andreassen")


async def test_a_stopped_phone_that_is_paired_anew(
    served: Program, visitor: Arrive, event: Event
) -> None:
    """Started again without reception, stopped meanwhile, then trusted again: nothing is lost, and
    all of it works.
    """
    ilze = await registered(event, "Ilze Bērziņa")
    await registered(event, "Ona Petraitienė")
    alice = await desk(served, visitor, event)
    bob = await visitor(base_url=served.url, permissions=[], **PHONE)
    bob.expect("410")
    await pair(alice, bob)
    page = bob.page
    await expect(page.locator("#sync")).to_have_attribute("data-state", "on", timeout=15_000)
    await kept(page)
    await offline(bob)
    await page.reload()
    await chosen(page, code(ilze))
    await answered(page, "green", "Welcome", "Ilze Bērziņa")
    await next_one(page)
    await page.reload()
    await expect(page.locator("#unsent")).to_have_text("To send: 1")
    await expect(page.locator("#recent")).to_contain_text("Ilze Bērziņa")
    await Device.all().update(revoked_at=now())
    await bob.context.set_offline(False)
    await expect(
        page.get_by_role("heading", name="The organiser has stopped this phone")
    ).to_be_visible(timeout=15_000)
    await expect(page.get_by_text("All scans are sent.")).to_be_visible(timeout=15_000)
    assert [(s.counts, s.marks) for s in await Scan.all()] == [(False, "revoked")]
    await alice.goto(f"/desk/e/{event.slug}/door")
    await pair(alice, bob)
    await expect(page.locator("#sync")).to_have_attribute("data-state", "on", timeout=15_000)
    await expect(page.locator("#phase")).to_be_hidden()
    await chosen(page, "petrait")
    await answered(page, "green", "Welcome", "Ona Petraitienė")
    await next_one(page)
    await offline(bob)
    await chosen(page, code(ilze))
    await answered(page, "green", "Welcome", "Ilze Bērziņa")
