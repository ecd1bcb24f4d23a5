"""A door of forty people: two phones with cameras, a cellar without reception, and the organiser's
screen afterwards.

What happens while both phones are cut off: one of them is loaded again, one ticket is shown at
both, one was cancelled meanwhile, a delegate was replaced, a guest has no registration, a code is
forged, a ticket is another event's, one leaves, one entry is undone. Then they come back, and every
figure is exact.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.async_api import Page, expect

from checkin.scanning.scans import Scan
from core.clock import now
from core.settings import Settings
from events.event.event import Event
from registrations.registration.registration import Registration
from tests.browser import Visitor, film, qr_picture
from tests.browser.support.at_door import PHONE, desk
from tests.browser.support.camera import SIZE
from tests.browser.support.daytime import zone
from tests.browser.support.visitor import Arrive
from tests.checkin.people import code, registered
from tests.support import factories
from tests.support.running import Program

NOTHING = Image.new("RGB", SIZE, (90, 100, 110))

# As fast as a scanner is, on a busy machine too.
SCANNER = """code => [...code, "Enter"].forEach(key =>
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""


@dataclass
class Story:
    """The event with its forty, a ticket of another event, and the organiser's token."""

    event: Event
    forty: list[Registration]
    elsewhere: Registration
    api: httpx.Client

    def ticket(self, number: int) -> str:
        """The ticket of one of the forty, 1 to 40."""
        return code(self.forty[number - 1])

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What the organiser does by the API."""
        answer = self.api.post(path, json=body)
        assert answer.status_code in {200, 201, 204}, answer.text
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        """What the organiser reads by the API."""
        return self.api.get(path).raise_for_status().json()


@pytest.fixture
async def story(database: Settings, served: Program) -> AsyncIterator[Story]:
    """A conference that began an hour ago and waits for forty, a second one of the same project, an
    indicator.
    """
    project = await factories.project(timezone=zone())
    start = now().replace(second=0, microsecond=0) - timedelta(hours=1)
    when: dict[str, Any] = {
        "starts_at": start,
        "ends_at": start + timedelta(hours=4),
        "walk_ins": "yes",
    }
    event = await factories.event(project, title={"en": "Care at home"}, capacity=60, **when)
    other = await factories.event(project, title={"en": "Water and land"}, **when)
    forty = [await registered(event, f"Delegate {number:02}") for number in range(1, 41)]
    alice = await factories.organiser(project, role_name="manager")
    headers = await factories.bearer(alice)
    with httpx.Client(base_url=f"{served.url}/api/v1", headers=headers, timeout=30) as api:
        found = Story(event, forty, await registered(other, "Elsewhere"), api)
        found.post(f"/projects/{project.slug}/indicators", {"rule": "PEOPLE", "target": 40})
        yield found


def show(path: Path, *tickets: str) -> Path:
    """What the camera sees from its next start: these tickets, one after the other, and then
    nothing for minutes.
    """
    frames = [NOTHING] * 30
    for ticket in tickets:
        frames += [qr_picture(ticket)] * 15 + [NOTHING] * 60
    # A camera that runs goes on with the file that it opened.
    return film(path.with_suffix(".new"), [*frames, *[NOTHING] * 6000], frames=1).replace(path)


class Phone:
    """A phone at the door, and what it shows."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.result = self.page.locator("#result")

    async def pair(self, alice: Page, name: str) -> None:
        """Follow the link that the desk shows: the camera begins by itself."""
        await alice.get_by_role("button", name="Pair a phone").click()
        await self.page.goto(
            await alice.get_by_label("Or send this link to the phone").input_value()
        )
        await self.page.get_by_label("A name for this phone").fill(name)
        await self.page.get_by_role("button", name="Use this phone at the door").click()
        await expect(self.page.get_by_text(name)).to_be_visible()

    async def cut(self, *, off: bool) -> None:
        """Lose, or find, the network; all that opens without it is there."""
        await self.page.wait_for_function(
            "() => navigator.serviceWorker.ready.then(there => Boolean(there.active))"
        )
        await self.visitor.context.set_offline(off)

    async def says(self, tone: str, *words: str) -> None:
        """The whole screen says so."""
        for word in words:
            await expect(self.page.locator(f"#result[data-tone={tone}]")).to_contain_text(
                word, timeout=30_000
            )

    async def seen(self) -> None:
        """Put the answer away."""
        if await self.result.is_visible():
            await self.page.get_by_role("button", name="Next").click()
        await expect(self.result).to_be_hidden()

    async def scan(self, ticket: str, tone: str, *words: str) -> None:
        """A hand-held scanner types the ticket."""
        await self.page.evaluate(SCANNER, ticket)
        await self.says(tone, *words)
        await self.seen()

    async def welcome(self, story: Story, *numbers: int) -> None:
        """These of the forty come, one after the other."""
        for number in numbers:
            await self.scan(story.ticket(number), "green", "Welcome", f"Delegate {number:02}")

    async def sent(self) -> None:
        """Nothing waits any more."""
        await self.cut(off=False)
        await expect(self.page.locator("#unsent")).to_have_text("To send: 0", timeout=30_000)


async def with_reception(story: Story, alice: Page, one: Phone, two: Phone) -> None:
    """Five come: three tickets before the first camera, one before the second, one by a scanner."""
    for phone, name, numbers in ((one, "Gate 1", (1, 2, 3)), (two, "Gate 2", (4,))):
        await phone.pair(alice, name)
        for number in numbers:
            await phone.says("green", "Welcome", f"Delegate {number:02}")
        await phone.seen()
        await alice.get_by_role("link", name="Back to the door").click()
    await two.welcome(story, 5)
    await expect(alice.locator("#figure-came .number")).to_have_text("5", timeout=15_000)


async def first_phone(story: Story, phone: Phone, path: Path) -> None:
    """Without reception: seven by a scanner, one of them cancelled; loaded again; two and a forged
    code by camera.
    """
    await phone.welcome(story, 6, 7, 8, 9, 10, 12, 13)
    await phone.scan(code(story.elsewhere), "red", "Water and land")
    await phone.page.get_by_role("radio", name="Out").check()
    await phone.scan(story.ticket(6), "green", "Goodbye")
    await phone.page.get_by_role("radio", name="In", exact=True).check()
    genuine = story.ticket(40)
    # Last of all: how long a busy machine's camera sees it, nobody knows.
    show(
        path,
        story.ticket(14),
        story.ticket(15),
        genuine[:-4] + ("ZZZZ" if genuine[-4:] != "ZZZZ" else "YYYY"),
    )
    await phone.page.reload()
    for number in (14, 15):
        await phone.says("green", "Welcome", f"Delegate {number:02}")
    await phone.says("red", "Not a ticket")
    await phone.seen()
    await expect(phone.page.locator("#unsent")).to_have_text("To send: 12")


async def second_phone(story: Story, phone: Phone, substitute: str) -> None:
    """Without reception: a ticket that was shown at the other phone, five more, one undone, a
    substitute, a guest.
    """
    await phone.welcome(story, 14, 16, 17, 18, 19, 20, 21)
    await phone.page.get_by_role("button", name="Undo: Delegate 21").click()
    await phone.scan(substitute, "green", "Welcome")
    await phone.page.get_by_role("button", name="Find a name or type a code").click()
    await phone.page.get_by_role("searchbox").fill("Walter")
    await phone.page.get_by_role("button", name="Not registered? Add a guest").click()
    await phone.page.get_by_label("E-mail").fill("walter@example.org")
    await phone.page.get_by_role("button", name="Register and let in").click()
    await phone.says("green", "Welcome", "Walter")
    await phone.seen()


@pytest.mark.timeout(400)
async def test_a_door_of_forty(
    served: Program, story: Story, filming: Arrive, visitor: Arrive, tmp_path: Path
) -> None:
    films = [tmp_path / "one.mjpeg", tmp_path / "two.mjpeg"]
    show(films[0], *map(story.ticket, (1, 2, 3)))
    show(films[1], story.ticket(4))
    one, two = [Phone(await filming(film=film, base_url=served.url, **PHONE)) for film in films]
    alice = await desk(served, visitor, story.event)
    await with_reception(story, alice, one, two)

    for phone in (one, two):
        await phone.cut(off=True)
    story.post(f"/registrations/{story.forty[10 - 1].id}/cancellation", {"reason": "Ill"})
    instead = {"name": "Ilze Jauna", "email": "ilze@example.org"}
    substitute = story.post(f"/registrations/{story.forty[11 - 1].id}/substitution", instead)[
        "ticket"
    ]
    await first_phone(story, one, films[0])
    await second_phone(story, two, substitute)
    await two.sent()
    await one.sent()

    await exact(alice, story)


async def exact(alice: Page, story: Story) -> None:
    """Every figure: 5 with reception, 9 and 7 without; one of them left."""
    for name, number in (("came", 21), ("inside", 20), ("missing", 20)):
        await expect(alice.locator(f"#figure-{name} .number")).to_have_text(
            str(number), timeout=15_000
        )
    await expect(alice.locator("#figure-came")).to_contain_text("of 40 expected")
    gates = alice.locator("#door-gates tbody tr")
    assert [(await row.locator("th, td").all_inner_texts())[:4] for row in await gates.all()] == [
        ["Gate 1", "12", "1", "2"],
        ["Gate 2", "10", "0", "0"],
    ], "Delegate 14 went in at both"
    odd = await alice.locator("#door-review li .title").all_inner_texts()
    assert sorted(odd) == ["Delegate 10", "Delegate 14", "Ilze Jauna", "Unknown code"]
    attended = story.get(f"/events/{story.event.slug}/attendance")
    figures = {
        name: attended[name]
        for name in ("registered", "confirmed", "waiting", "attended", "inside")
    }
    assert figures == {
        "registered": 42,
        "confirmed": 40,
        "waiting": 0,
        "attended": 21,
        "inside": 20,
    }
    assert story.get(f"/projects/{story.event.project.slug}/indicators")[0]["net"] == 21
    scans = await Scan.filter(event_id=story.event.id)
    assert len(scans) == 26
    assert len({scan.id for scan in scans}) == 26
    assert len([scan for scan in scans if scan.withdrawn_at]) == 1
