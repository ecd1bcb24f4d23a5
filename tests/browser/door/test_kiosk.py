"""Hands-free, and what a volunteer sees when the camera may not be used."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from events.event.event import Event
from tests.browser import Visitor, axe, film
from tests.browser.support.at_door import PHONE, answered, at_door, run_out
from tests.browser.support.camera import SIZE
from tests.browser.support.visitor import Arrive
from tests.checkin.people import code, registered
from tests.support.running import Program

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

REFUSED = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); }"
ASKED = """
window.asked = [];
const devices = navigator.mediaDevices;
const real = devices.getUserMedia.bind(devices);
devices.getUserMedia = (given) => { asked.push(given.video.facingMode?.ideal ?? "chosen"); return real(given); };
navigator.wakeLock.request = async (kind) => {
  window.awake = kind;
  return { released: false, release: async () => {} };
};"""


async def typed(page: Page, ticket: str) -> None:
    """A scanner that types."""
    await page.keyboard.type(ticket)
    await page.keyboard.press("Enter")


async def kiosk(bob: Visitor) -> None:
    """Let people show their own tickets."""
    await bob.page.get_by_role("button", name="Settings").click()
    await bob.page.get_by_role("button", name="Let people show their own tickets").click()
    await expect(
        bob.page.get_by_role("button", name="Hold for two seconds to unlock")
    ).to_be_visible()


async def test_people_show_their_own_tickets(
    served: Program, filming: Arrive, event: Event, tmp_path: Path
) -> None:
    ilze = await registered(event, "Ilze Bērziņa", door_note="Needs an interpreter")
    waiting = await registered(event, "Charlie", status="waiting")
    path = film(tmp_path / "nobody.mjpeg", [Image.new("RGB", SIZE, (90, 100, 110))])

    async def arrive(**options: object) -> Visitor:
        bob = await filming(film=path, **{k: v for k, v in options.items() if k != "permissions"})
        await bob.context.add_init_script(ASKED)
        return bob

    bob = await at_door(served, arrive, event)
    page = bob.page
    await expect(page.locator("#camera")).to_have_attribute("data-state", "on", timeout=20_000)
    await kiosk(bob)
    await expect(page.locator("#camera")).to_have_attribute("data-state", "on", timeout=20_000)
    assert await page.evaluate("asked") == ["environment", "user"]
    assert await page.evaluate("awake") == "screen"
    for name in ("Find a name or type a code", "Settings"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)
    await expect(page.get_by_text("Last scans")).to_be_hidden()
    await axe(page)
    await typed(page, code(ilze))
    await answered(page, "green", "Welcome", "Ilze Bērziņa")
    await expect(page.get_by_text("Needs an interpreter")).to_be_hidden()
    await axe(page)
    await typed(page, code(waiting))
    await answered(page, "red", "On the waiting list", "Please go to the people at the desk.")
    await axe(page)
    await expect(page.locator("#result")).to_be_hidden(timeout=10_000)
    await page.reload()
    lock = page.get_by_role("button", name="Hold for two seconds to unlock")
    await lock.click(delay=100)
    await run_out(page, 2000)
    await expect(lock).to_be_visible()
    await lock.focus()
    await page.keyboard.down("Enter")
    await expect(page.get_by_role("button", name="Find a name or type a code")).to_be_visible(
        timeout=5000
    )
    await page.keyboard.up("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_camera_is_blocked(
    served: Program, visitor: Arrive, event: Event, scheme: str
) -> None:
    async def arrive(**options: object) -> Visitor:
        bob = await visitor(**options)
        await bob.context.add_init_script(REFUSED)
        return bob

    bob = await at_door(
        served, arrive, event, scheme=scheme, viewport={"width": 320, "height": 568}
    )
    page = bob.page
    await page.get_by_role("button", name="Start the camera").click()
    await expect(page.get_by_text("The camera is blocked.")).to_be_visible()
    await expect(page.locator("#start-drawing")).to_be_visible()
    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") == 320


CAMERAS = """
window.asked = [];
window.lit = [];
const canvas = document.createElement("canvas");
const brush = canvas.getContext("2d");
setInterval(() => brush.fillRect(0, 0, 9, 9), 50);
const made = ([deviceId, label]) => ({ kind: "videoinput", deviceId, label });
const both = [["front", "camera2 1, facing front"], ["back", "camera2 0, facing back"]].map(made);
navigator.mediaDevices.enumerateDevices = async () => both;
navigator.permissions.query = async () => ({ state: asked.length || sessionStorage.granted ? "granted" : "prompt" });
navigator.mediaDevices.getUserMedia = async ({ video }) => {
  asked.push(video.deviceId?.exact ?? video.facingMode.ideal);
  sessionStorage.granted = "yes";
  const stream = canvas.captureStream(20);
  window.track = stream.getVideoTracks()[0];
  track.getCapabilities = () => ({ torch: true });
  track.getSettings = () => ({ deviceId: video.deviceId?.exact ?? "back" });
  track.applyConstraints = async ({ advanced }) => { lit.push(advanced[0].torch); };
  return stream;
};"""


async def test_the_light_the_choice_of_camera_and_sleep(
    served: Program, visitor: Arrive, event: Event
) -> None:
    async def arrive(**options: object) -> Visitor:
        bob = await visitor(**options)
        await bob.context.add_init_script(CAMERAS)
        return bob

    page = (await at_door(served, arrive, event, **PHONE)).page
    on = expect(page.locator("#camera[data-state=on]"))
    await page.get_by_role("button", name="Start the camera").click()
    light = page.get_by_role("button", name="Light")
    for lit in ("true", "false"):
        await light.click()
        await expect(light).to_have_attribute("aria-pressed", lit)
    assert await page.evaluate("[asked, lit]") == [["environment"], [True, False]]
    await page.evaluate("() => { track.stop(); track.dispatchEvent(new Event('ended')); }")
    await page.wait_for_function("asked.length === 2")
    await on.to_be_visible()
    await page.get_by_role("button", name="Settings").click()
    await expect(page.get_by_role("combobox", name="Camera")).to_have_value("back")
    await page.get_by_role("combobox", name="Camera").select_option("front")
    await page.wait_for_function("asked.length === 3")
    await page.reload()
    await on.to_be_visible()
    assert await page.evaluate("asked") == ["front"], "remembered"


async def test_an_address_without_https(served: Program, visitor: Arrive, event: Event) -> None:
    bob = await at_door(served, visitor, event)
    await bob.context.add_init_script(
        "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
    )
    page = bob.page
    await page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.unregister())"
    )
    await page.goto(f"/c/e/{event.slug}/?lang=en")
    await expect(page.get_by_text("works here only while there is reception")).to_be_visible(
        timeout=15_000
    )
    await page.get_by_role("button", name="Start the camera").click()
    await expect(
        page.get_by_text("The camera works only at an address that begins with https.")
    ).to_be_visible()
    await axe(page)


async def test_the_same_code_within_seconds_is_one_scan(
    served: Program, visitor: Arrive, event: Event
) -> None:
    ilze, janis = [await registered(event, name) for name in ("Ilze Bērziņa", "Jānis Ozols")]
    bob = await at_door(served, visitor, event, **PHONE)
    page = bob.page
    for _time in range(3):
        await typed(page, code(ilze).lower())
    await answered(page, "green", "Welcome", "Ilze Bērziņa")
    # codes are judged in the order in which they were typed
    await typed(page, code(janis))
    await answered(page, "green", "Welcome", "Jānis Ozols")
    await expect(page.locator("#recent .who")).to_have_text(["Jānis Ozols", "Ilze Bērziņa"])
