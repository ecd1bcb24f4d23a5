"""The organiser's side of the door in a real browser: it updates by itself and takes nothing away
from a reader.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from accounts.sessions.access import Actor
from accounts.sessions.sessions import WebSession
from checkin.attendance.gates import entrances
from checkin.phone.devices import Device
from checkin.review.papers import Paper
from checkin.scanning.presence import rebuild_event
from checkin.scanning.scans import Scan, record
from core import tokens
from core.clock import now
from core.settings import Settings
from events.event.event import Event
from tests.browser import axe
from tests.browser.support.at_door import conference
from tests.browser.support.nu import Nu
from tests.browser.support.visitor import Arrive, Scheme
from tests.browser.support.visitor import Device as Size
from tests.checkin.people import morning, registered, scan
from tests.support import factories
from tests.support.running import Program, program

NAMES = (
    "Ina Bērziņa",
    "Kari Nordmann",
    "Žanete Šķēle",
    "Lars Hansen",
    "Ņina Āboliņa",
    "Åse Nordvik",
    "Per Ødegård",
)
# What a page looks like does not depend on the database.
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]


@pytest.fixture
def served(database: Settings) -> Iterator[Program]:
    """The program, on the test's database and folder of files."""
    database.data_dir.mkdir(exist_ok=True)
    with program(database.database_url, database.data_dir, "--no-worker") as running:
        yield running


@pytest.fixture
async def event(database: Settings) -> Event:
    """A conference that began an hour ago, somewhere where that is at nine in the morning: no
    midnight in between.
    """
    assert database
    return await conference(timezone=morning(10))


async def busy(event: Event) -> None:
    """People came through two gates, and there is something to look at."""
    given: dict[str, Any] = {
        "pairing_ends_at": now(),
        "created_at": now(),
        "expires_at": event.ends_at,
        "paired_at": now(),
    }
    ids = []
    late: dict[str, Any] = {"unsent": 3, "clock_offset_ms": 420_000}
    for name, more in (("Gate 1, Ann", late), ("Gate 2, Bob", {})):
        ids.append(
            (await Device.create(event_id=event.id, name=name, seen_at=now(), **given, **more)).id
        )
    people = [await registered(event, name) for name in NAMES]
    gone = await registered(event, "Charlie Strand", status="cancelled")
    for n, person in enumerate(people[:4]):
        at = event.starts_at + timedelta(minutes=(0, 0, 1, 5)[n])
        entry = scan(person, at, admitted=True)
        await record(event, [entry], actor_name="x", device=ids[n % 2], organiser=False)
    again = scan(people[0], event.starts_at + timedelta(minutes=20), admitted=True)
    against = scan(gone, event.starts_at + timedelta(minutes=9), admitted=True, marks="unlisted")
    stopped = scan(people[4], event.starts_at + timedelta(minutes=2), admitted=True)
    await record(event, [again, against, stopped], actor_name="x", device=ids[1], organiser=False)
    await Scan.filter(id=stopped.id).update(marks="revoked", counts=False)
    await rebuild_event(event.id)


async def alice(served: Program, visitor: Arrive, event: Event, **options: object) -> Page:
    """Alice at her desk."""
    window = await visitor(base_url=served.url, **{"device": "desktop", **options})
    secret = tokens.random(tokens.SESSION)
    who = await factories.organiser(event.project)
    await WebSession.create(
        user_id=who.id, hash=tokens.hashed(secret), created_at=now(), seen_at=now()
    )
    await window.context.add_cookies(
        [{"name": "viesis-session", "value": secret, "url": served.url}]
    )
    return window.page


async def looked_at(page: Page, nu: Nu, name: str) -> None:
    """The page is accessible, valid, and does not scroll sideways."""
    if folder := os.environ.get("VIESIS_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    await axe(page)
    assert await nu.complaints(await page.content()) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
async def test_every_page(
    served: Program, visitor: Arrive, event: Event, nu: Nu, device: Size, scheme: Scheme
) -> None:
    await busy(event)
    (door, *_others) = entrances(event, [])
    signed = await registered(event, "Signe Paper")
    paper, _n = await Paper.enter(
        event, door, [signed.id], Actor("alice"), key=str(uuid4()), note="Morning"
    )
    odd = await Scan.filter(marks="unlisted").first()
    assert odd
    page = await alice(served, visitor, event, device=device, scheme=scheme)
    paths = (
        "",
        "/conflicts",
        "/scans",
        f"/scans/{odd.id}",
        "/missing",
        "/everyone-out",
        "/list",
        "/papers",
    )
    for path in (*paths, "/papers/new", f"/papers/{paper.id}"):
        await page.goto(f"/desk/e/{event.slug}/door{path}")
        await looked_at(
            page, nu, f"{device}-{scheme}{path.replace('/', '-').replace(str(odd.id), 'one')}"
        )
    await page.goto(f"/desk/e/{event.slug}/edit")
    await axe(page)


async def test_it_updates_by_itself_and_takes_nothing_away(
    served: Program, visitor: Arrive, event: Event
) -> None:
    await busy(event)
    page = await alice(served, visitor, event)
    await page.goto(f"/desk/e/{event.slug}/door")
    await expect(page.locator("#figure-came .number")).to_have_text("5")
    await page.locator("#arrivals-numbers summary").click()
    await page.locator("#search-missing").press_sequentially("od")
    await expect(page.locator("#missing-rows .title")).to_have_text(["Per Ødegård"])
    late = await registered(event, "Late Comer")
    await record(event, [scan(late)], actor_name="bob", organiser=False)
    await expect(page.locator("#figure-came .number")).to_have_text("6", timeout=10_000)
    assert await page.locator("#arrivals-numbers").get_attribute("open") is not None
    await expect(page.locator("#search-missing")).to_be_focused()
    await expect(page.locator("#search-missing")).to_have_value("od")
    # what has focus inside the part that updates keeps it
    button = page.locator("#door-review button").first
    await button.focus()
    await record(event, [scan(await registered(event, "Later"))], actor_name="bob", organiser=False)
    await expect(page.locator("#figure-came .number")).to_have_text("7", timeout=10_000)
    await expect(button).to_be_focused()


async def test_what_to_look_at_is_counted_seen_and_undone(
    served: Program, visitor: Arrive, event: Event
) -> None:
    await busy(event)
    page = await alice(served, visitor, event)
    await page.goto(f"/desk/e/{event.slug}/door")
    review = page.locator("#door-review")
    await expect(review.locator("li[id]")).to_have_count(3)
    await review.get_by_role("button", name="Count it Ņina Āboliņa").click()
    await expect(page.locator("#flash")).to_contain_text("It counts now.")
    await expect(review.locator("li[id]")).to_have_count(2)
    await review.get_by_role("button", name="Seen Charlie Strand").click()
    await expect(review.locator("li[id]")).to_have_count(1)
    await review.get_by_role("link", name="Undo… Ina Bērziņa").click()
    await page.get_by_label("Why?").fill("Somebody else had her ticket")
    await page.get_by_role("button", name="Undo this scan").click()
    await expect(page.locator("main")).to_contain_text("Somebody else had her ticket")
    await page.get_by_role("link", name="Door").first.click()
    await expect(page.locator("#door-review")).to_have_count(0)


async def test_a_signed_sheet(
    served: Program, visitor: Arrive, event: Event, tmp_path: Path
) -> None:
    for name in NAMES:
        await registered(event, name)
    Image.new("RGB", (60, 80), "white").save(tmp_path / "sheet.png")
    page = await alice(served, visitor, event)
    await page.goto(f"/desk/e/{event.slug}/door/papers")
    await page.get_by_role("link", name="Enter a signed sheet").first.click()
    find = page.locator("[data-tick-find]")
    await find.fill("ask")
    await expect(page.locator(".ticking .choice:visible")).to_have_count(0)
    await find.fill("nord")
    await expect(page.locator(".ticking .choice:visible")).to_have_count(2)
    await page.get_by_role("button", name="Tick all shown").click()
    await find.fill("zanete")
    await find.press("Enter")
    await expect(page.locator("[data-tick-count]")).to_have_text("3 of 7 ticked")
    await page.get_by_label("Scan or photo of the sheet").set_input_files(tmp_path / "sheet.png")
    await page.get_by_role("button", name="Enter them").click()
    await expect(page.locator("#flash")).to_contain_text("3 people were entered from the sheet.")
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Save the scan").click()
    assert (await saved.value).suggested_filename.startswith("sheet-")
    assert await Scan.filter(method="paper", counts=True).count() == 3


async def test_everyone_out(served: Program, visitor: Arrive, event: Event) -> None:
    await busy(event)
    page = await alice(served, visitor, event, device="phone")
    await page.goto(f"/desk/e/{event.slug}/door")
    await page.locator("#door-more summary").click()
    await page.get_by_role("link", name="Everyone out").click()
    await page.get_by_role("button", name="Record that 5 people have left").click()
    await expect(page.locator("#flash")).to_contain_text("5 people have left")
    await page.get_by_role("button", name="Take back").click()
    await expect(page.locator("#flash")).to_contain_text("Taken back: 5 exits count no longer.")
