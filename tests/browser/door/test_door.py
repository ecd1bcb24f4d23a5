"""The door as it is: a phone whose camera sees tickets, and the organiser's screen, on a running
server.
"""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from checkin.phone.devices import Device
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from tests.browser import axe, film, qr_picture
from tests.browser.support.at_door import PHONE, answered, chosen, desk, next_one, offline, pair
from tests.browser.support.bob import paired
from tests.browser.support.camera import DECODER, SIZE, decoded
from tests.browser.support.visitor import Arrive
from tests.checkin.people import code, registered
from tests.support.running import Program

NOTHING = Image.new("RGB", SIZE, (90, 100, 110))
# What a page looks like does not depend on the database.
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_tickets_before_the_camera(
    served: Program, filming: Arrive, visitor: Arrive, event: Event, tmp_path: Path
) -> None:
    ase = await registered(event, "Åse Nordvik")
    forged = code(ase)[:-4] + ("ZZZZ" if code(ase)[-4:] != "ZZZZ" else "YYYY")
    genuine, false = qr_picture(code(ase)), qr_picture(forged)
    pictures: list[tuple[Any, int]] = [
        (NOTHING, 60),
        (genuine, 45),
        (NOTHING, 160),
        (genuine, 45),
        (NOTHING, 30),
        (false, 45),
        (NOTHING, 120),
    ]
    path = film(
        tmp_path / "door.mjpeg",
        [picture for picture, n in pictures for _frame in range(n)],
        frames=1,
    )
    bob = await filming(film=path, base_url=served.url, **PHONE)
    await bob.context.add_init_script(DECODER)
    alice = await desk(served, visitor, event)
    await pair(alice, bob)
    await alice.get_by_role("link", name="Back to the door").click()
    await expect(alice.locator("#figure-came")).to_contain_text("0")
    if await bob.page.get_by_role("button", name="Start the camera").is_visible():
        await bob.page.get_by_role("button", name="Start the camera").click()
    await answered(bob.page, "green", "Welcome", "Åse Nordvik")
    await answered(bob.page, "yellow", "Already in", "Came in at", "Gate 2, Bob", "Åse Nordvik")
    await answered(bob.page, "red", "Not a ticket")
    await decoded(bob.page, "pictures", 30)
    await answered(bob.page, "red", "Not a ticket")
    await expect(alice.locator("#figure-came .number")).to_have_text("1", timeout=10_000)
    await expect(alice.get_by_role("heading", name="To review")).to_be_visible()
    await bob.page.get_by_role("button", name="Next").click()
    await expect(bob.page.locator("#result")).to_be_hidden()
    scans = await Scan.all().order_by("received_at")
    assert [s.result for s in scans][:3] == ["valid", "already_in", "unknown"]


@ONE_ENGINE
async def test_a_phone_that_stood_still_asks_nothing_twice(
    served: Program, filming: Arrive, event: Event, tmp_path: Path
) -> None:
    path = film(
        tmp_path / "door.mjpeg", [NOTHING] * 15 + [qr_picture("NO TICKET OF OURS")] * 900, frames=1
    )
    bob = await filming(film=path, base_url=served.url, **PHONE)
    await bob.context.add_init_script(DECODER)
    await paired(bob.context, event, served.url)
    await bob.page.goto(f"/c/e/{event.slug}/")
    await answered(bob.page, "red", "Not a ticket")
    await bob.page.evaluate("""() => {
        const until = performance.now() + 4500;
        while (performance.now() < until);
        document.getElementById("result-next").click();
    }""")
    await decoded(bob.page, "codes", 20)
    await expect(bob.page.locator("#result")).to_be_hidden()
    assert await Scan.all().count() == 1


@ONE_ENGINE
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_names_undo_and_the_organisers_screen(
    served: Program, visitor: Arrive, event: Event, scheme: str
) -> None:
    await registered(event, "Žanete Šķēle", door_note="Needs an interpreter")
    await registered(event, "Pēteris Liepiņš", status="waiting")
    bob = await visitor(base_url=served.url, scheme=scheme, permissions=[], **PHONE)
    alice = await desk(served, visitor, event)
    await pair(alice, bob)
    await alice.get_by_role("link", name="Back to the door").click()
    page = bob.page
    await axe(page)
    for query, tone, words in (
        ("za sk", "green", "Welcome"),
        ("peter", "red", "On the waiting list"),
    ):
        await chosen(page, query)
        await answered(page, tone, words)
        await axe(page)
        await page.get_by_role("button", name="Next").click()
    await expect(alice.locator("#figure-inside .number")).to_have_text("1", timeout=10_000)
    await page.get_by_role("button", name="Undo: Žanete Šķēle").click()
    await expect(page.locator("#inside")).to_have_text("0", timeout=10_000)
    await expect(alice.locator("#figure-inside .number")).to_have_text("0", timeout=10_000)
    await axe(alice)


@ONE_ENGINE
async def test_a_code_is_shown_once(served: Program, visitor: Arrive, event: Event) -> None:
    alice = await desk(served, visitor, event)
    await alice.get_by_role("button", name="Pair a phone").click()
    await expect(alice.get_by_label("Or send this link to the phone")).to_be_visible()
    await alice.reload()
    await expect(alice.get_by_text("The code is no longer on this page")).to_be_visible()
    await axe(alice)
    await alice.get_by_role("button", name="Make a new code").click()
    await expect(alice.get_by_label("Or send this link to the phone")).to_be_visible()
    assert await Device.all().count() == 2


@ONE_ENGINE
async def test_codes_are_typed_by_hand_or_by_a_scanner_at_a_session(
    served: Program, visitor: Arrive, event: Event
) -> None:
    zanete = await registered(event, "Žanete Šķēle", door_note="Needs an interpreter")
    bob = await visitor(base_url=served.url, permissions=[], **PHONE)
    await pair(await desk(served, visitor, event), bob)
    page = bob.page
    await page.get_by_label("Which door").select_option(
        label=await page.locator("#door option").nth(1).inner_text()
    )
    await page.keyboard.press("Escape")
    await page.locator("#recent-title").click()
    await page.keyboard.type(code(zanete).lower())
    await page.keyboard.press("Enter")
    await answered(page, "green", "Žanete Šķēle", "Needs an interpreter")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("radio", name="Out").check()
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill(code(zanete))
    await page.get_by_text("Check this code").click()
    await answered(page, "green", "Goodbye")
    await page.get_by_role("button", name="Next").click()


@ONE_ENGINE
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_guest_without_registration(
    served: Program, visitor: Arrive, event: Event, scheme: str
) -> None:
    bob = await visitor(base_url=served.url, scheme=scheme, permissions=[], **PHONE)
    await pair(await desk(served, visitor, event), bob)
    page = bob.page
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill("Charlie")
    await page.get_by_role("button", name="Not registered? Add a guest").click()
    await page.get_by_role("button", name="Register and let in").click()
    await expect(page.get_by_text("Please fill this in.")).to_be_visible()
    await axe(page)
    await page.get_by_label("E-mail").fill("charlie@example.org")
    await page.get_by_role("button", name="Register and let in").click()
    await answered(page, "green", "Welcome", "Charlie")


async def test_a_phone_that_loses_reception_or_is_stopped(
    served: Program, visitor: Arrive, event: Event
) -> None:
    one = await registered(event, "Jānis Bērziņš")
    two = await registered(event, "Charlie", status="waiting")
    bob = await visitor(base_url=served.url, permissions=[], **PHONE)
    bob.expect("410")
    await pair(await desk(served, visitor, event), bob)
    page = bob.page
    await offline(bob)
    await chosen(page, code(one))
    await answered(page, "green", "Welcome", "Jānis Bērziņš")
    await next_one(page)
    await chosen(page, code(two))
    await answered(page, "red", "On the waiting list", "Charlie")
    await next_one(page)
    await expect(page.locator("#unsent")).to_have_text("To send: 2")
    assert await Scan.all().count() == 0
    await axe(page)
    await bob.context.set_offline(False)
    await expect(page.locator("#sync-words")).to_contain_text("In step, ", timeout=15_000)
    await expect(page.locator("#unsent")).to_have_text("To send: 0", timeout=15_000)
    assert [s.result for s in await Scan.all().order_by("scanned_at")] == ["valid", "waiting"]
    await Device.all().update(revoked_at=now())
    await expect(
        page.get_by_role("heading", name="The organiser has stopped this phone")
    ).to_be_visible(timeout=15_000)
    await expect(page.get_by_text("All scans are sent.")).to_be_visible()
    await axe(page)
