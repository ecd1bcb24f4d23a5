"""What a volunteer can do on the phone: groups, guests, undo, sessions that change, and how the
door ends.
"""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from checkin.phone.devices import Device
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from events.projects.organisations import Organisation
from registrations.registration.registration import Registration
from tests.browser import axe
from tests.browser.support.at_door import (
    answered,
    at_door,
    chosen,
    conference,
    kept,
    next_one,
    offline,
)
from tests.browser.support.visitor import Arrive
from tests.checkin.people import code, registered, session
from tests.support.running import Program

# What a page looks like does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SCHEMES
async def test_a_whole_delegation_without_reception(
    served: Program, visitor: Arrive, event: Event, scheme: str
) -> None:
    town = await Organisation.known(event.project_id, "Rokiškio rajono savivaldybė", "LT")
    people = [await registered(event, f"Delegate {n}", organisation_id=town.id) for n in range(4)]
    await registered(event, "Delegate who cancelled", organisation_id=town.id, status="cancelled")
    bob = await at_door(served, visitor, event, scheme=scheme)
    page = bob.page
    await chosen(page, code(people[0]))
    await answered(page, "green", "Delegate 0")
    await next_one(page)
    await offline(bob)
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("radio", name="Groups").check()
    await page.get_by_role("searchbox").fill("rok")
    await expect(page.get_by_text("3 of 4 missing")).to_be_visible()
    await axe(page)
    await page.locator("#found button").first.click()
    group = page.get_by_role("dialog", name="Rokiškio rajono savivaldybė")
    await expect(group.get_by_role("checkbox", checked=True)).to_have_count(3)
    await expect(group.get_by_role("checkbox", name="Delegate 0")).to_be_disabled()
    await axe(page)
    await group.get_by_role("checkbox", name="Delegate 3").uncheck()
    await group.get_by_role("button", name="Let in: 2").click()
    await answered(page, "green", "In: 2", "Rokiškio rajono savivaldybė")
    await axe(page)
    await next_one(page)
    await expect(page.locator("#inside")).to_have_text("3")
    await bob.context.set_offline(False)
    await expect(page.locator("#unsent")).to_have_text("To send: 0", timeout=15_000)
    assert await Scan.filter(result="valid", counts=True).count() == 3


async def test_a_ticket_that_is_not_on_the_list_yet(
    served: Program, visitor: Arrive, event: Event
) -> None:
    bob = await at_door(served, visitor, event)
    page = bob.page
    await kept(page)
    await offline(bob)
    late = await registered(event, "Registered a minute ago")
    await chosen(page, code(late))
    await answered(page, "green", "Welcome", "Not on this phone’s list")
    await axe(page)
    await next_one(page)
    await page.reload()
    await expect(page.locator("#unsent")).to_have_text("To send: 1", timeout=15_000)
    await page.get_by_role("button", name="Undo: Welcome").click()
    await expect(page.locator("#recent .undone")).to_have_count(1)
    await bob.context.set_offline(False)
    await expect(page.locator("#unsent")).to_have_text("To send: 0", timeout=15_000)
    assert [s.withdrawn_at is not None for s in await Scan.all()] == [True]


async def test_undo_is_for_a_quarter_of_an_hour(
    served: Program, visitor: Arrive, event: Event
) -> None:
    one = await registered(event, "Jānis Bērziņš")
    bob = await at_door(served, visitor, event)
    page = bob.page
    await chosen(page, code(one))
    await answered(page, "green", "Jānis Bērziņš")
    await next_one(page)
    await expect(page.get_by_role("button", name="Undo: Jānis Bērziņš")).to_be_visible()
    await page.evaluate("() => { const real = Date.now; Date.now = () => real() + 16 * 60_000; }")
    await offline(bob)
    await page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.get_by_text("the organiser’s desk can undo it")).to_be_visible(timeout=40_000)
    await expect(page.get_by_role("button", name="Undo: Jānis Bērziņš")).to_have_count(0)


async def test_guests_as_the_event_allows(served: Program, visitor: Arrive, event: Event) -> None:
    await Event.filter(id=event.id).update(walk_ins="no")
    bob = await at_door(served, visitor, event)
    page = bob.page
    await page.get_by_role("button", name="Find a name or type a code").click()
    await expect(page.get_by_text("This event takes nobody who is not registered.")).to_be_visible()
    await axe(page)
    await Event.filter(id=event.id).update(walk_ins="ask", changed_at=now())
    await page.reload()
    await page.get_by_role("button", name="Find a name or type a code").click()
    await page.get_by_role("searchbox").fill("Charlie Guest")
    await page.get_by_role("button", name="Not registered? Add a guest").click()
    await page.get_by_label("E-mail").fill("charlie@example.org")
    await page.get_by_role("button", name="Register and let in").click()
    await expect(page.get_by_text("Please ask an organiser, and say who agreed.")).to_be_visible()
    await page.get_by_label("Which organiser agreed?").fill("Alice")
    await offline(bob)
    await page.get_by_role("button", name="Register and let in").click()
    await answered(
        page, "green", "Welcome", "Charlie Guest", "Will be registered when there is reception."
    )
    await axe(page)
    await bob.context.set_offline(False)
    await expect(page.locator("#unsent")).to_have_text("To send: 0", timeout=20_000)
    assert await Registration.filter(event_id=event.id, status="confirmed").count() == 1


async def test_which_event_and_which_sessions(
    served: Program, visitor: Arrive, event: Event
) -> None:
    other = await conference(project_id=event.project_id, title={"en": "Heat pump day"})
    foreign = await registered(other, "Charlie")
    start = event.starts_at
    chose = await session(event, start, event.ends_at, title={"en": "Workshop A"}, capacity=5)
    full = await session(event, start, event.ends_at, title={"en": "Workshop B"}, capacity=5)
    one = await registered(event, "Ilze", chosen=(chose,))
    bob = await at_door(served, visitor, event)
    page = bob.page
    await chosen(page, code(foreign))
    await answered(page, "red", "Another event", "Heat pump day")
    await next_one(page)
    await page.get_by_label("Which door").select_option(value=str(full.id))
    await page.reload()
    await expect(page.get_by_label("Which door")).to_have_value(str(full.id))
    await chosen(page, code(one))
    await answered(page, "red", "Another session", "Workshop A")
    await next_one(page)
    late = await session(
        event, start + timedelta(hours=1), event.ends_at, title={"en": "Added while it runs"}
    )
    await Event.filter(id=event.id).update(changed_at=now())
    await expect(page.locator(f"#door option[value='{late.id}']")).to_have_count(1, timeout=20_000)


NAME = "Anna-Kristīne Vandersteenhoven-Šķērsvirziena Ķeizarsmežniece"
HANDS = """() => {
  const { top } = document.querySelector("#result .hands").getBoundingClientRect();
  const words = ["name", "fact", "note"].map((name) => document.getElementById(`result-${name}`));
  return words.filter((one) => one.getBoundingClientRect().bottom > top).map(({ id }) => id);
}"""


async def test_a_long_name_hides_neither_when_they_came_nor_what_they_need(
    served: Program, visitor: Arrive, event: Event
) -> None:
    agency = await Organisation.known(
        event.project_id, "Vidzemes plānošanas reģiona sociālo pakalpojumu aģentūra", "LV"
    )
    one = await registered(
        event, NAME, organisation_id=agency.id, role="speaker", door_note="Needs an interpreter"
    )
    bob = await at_door(served, visitor, event, viewport={"width": 740, "height": 360})
    page = bob.page
    await chosen(page, code(one))
    await answered(page, "green", "Welcome", NAME)
    hidden: list[str] = []
    for size in ((740, 360), (320, 568), (390, 844)):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.reload()
        await chosen(page, NAME)
        await answered(page, "yellow", "Already in", "Came in at", "Needs an interpreter")
        hidden += await page.evaluate(HANDS)
        await next_one(page)
    assert hidden == []


OFFERED = """() => {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  offer.prompt = async () => {};
  window.dispatchEvent(offer);
}"""


async def test_on_the_home_screen_and_in_another_language(
    served: Program, visitor: Arrive, event: Event
) -> None:
    bob = await at_door(served, visitor, event, viewport={"width": 740, "height": 360})
    page = bob.page
    await page.evaluate(OFFERED)
    await expect(page.get_by_text("Put the door on this phone’s home screen")).to_be_visible()
    await axe(page)
    await page.get_by_role("button", name="Not now").click()
    await kept(page)
    await offline(bob)
    await page.get_by_role("button", name="Settings").click()
    await axe(page)
    await page.get_by_role("link", name="Latviešu").click()
    await expect(page.locator("#sync-words")).to_contain_text("Nav savienojuma", timeout=15_000)
    await page.evaluate(OFFERED)
    await expect(page.locator("#install")).to_be_hidden()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "lv")


FORGET = """async () => {
  localStorage.clear();
  const gone = ({ name }) => new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; });
  await Promise.all((await indexedDB.databases()).map(gone));
}"""
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


async def test_on_an_iphones_home_screen_it_is_paired_by_one_touch(
    served: Program, visitor: Arrive, event: Event
) -> None:
    bob = await at_door(served, visitor, event, user_agent=SAFARI)
    bob.expect("410")
    page = bob.page
    await kept(page)
    start = await page.evaluate(
        "async () => (await (await fetch('app.webmanifest')).json()).start_url"
    )
    await page.goto("/health")
    await page.evaluate(FORGET)
    await bob.context.clear_cookies()
    await page.goto(start)
    await expect(page.get_by_label("A name for this phone")).to_have_value(
        "Gate 2, Bob", timeout=15_000
    )
    await page.get_by_role("button", name="Use this phone at the door").click()
    await expect(page.locator("#sync")).to_have_attribute("data-state", "on", timeout=15_000)
    await kept(page)
    await bob.context.set_offline(True)
    await page.goto(start)
    await expect(page.locator("#sync-words")).to_contain_text("No connection", timeout=15_000)
    await expect(page.get_by_text("Gate 2, Bob")).to_be_visible()


@SCHEMES
@pytest.mark.parametrize("revoked", [True, False])
async def test_how_the_door_ends(
    served: Program, visitor: Arrive, event: Event, scheme: str, revoked: bool
) -> None:
    one = await registered(event, "Jānis Bērziņš")
    bob = await at_door(served, visitor, event, scheme=scheme)
    bob.expect("410")
    page = bob.page
    await offline(bob)
    await chosen(page, code(one))
    await answered(page, "green", "Welcome")
    await next_one(page)
    await Device.all().update(**({"revoked_at": now()} if revoked else {"expires_at": now()}))
    await bob.context.set_offline(False)
    title = "The organiser has stopped this phone" if revoked else "The event is over"
    await expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=15_000)
    await expect(page.get_by_text("All scans are sent.")).to_be_visible(timeout=15_000)
    await axe(page)
    await page.reload()
    await expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=15_000)
    assert await Scan.all().count() == 1
