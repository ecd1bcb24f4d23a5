"""The pages of mail in a real browser: writing, one's own words, a mail that came back, fewer
mails.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from core.settings import Settings
from notifications.outbox.bounces import Bounce
from notifications.outbox.message import Message
from registrations.mail import unsubscribe
from tests.browser import axe
from tests.browser.support.nu import Nu
from tests.browser.support.visitor import Arrive
from tests.support import factories
from tests.support.running import Program, program


@pytest.fixture
def served(database: Settings) -> Iterator[Program]:
    with (
        tempfile.TemporaryDirectory(prefix="viesis-") as folder,
        program(database.database_url, Path(folder)) as one,
    ):
        yield one


@pytest.mark.timeout(300)
async def test_every_page_of_mail(served: Program, visitor: Arrive, nu: Nu) -> None:
    event = await factories.event(await factories.project())
    bob = await factories.register(event, name="Bob")
    await bob.fetch_related("person")
    await Bounce.seen(
        event.project_id, bob.person.email, "refused_address", "550 5.1.1 User unknown"
    )
    mail = await Message.all().first()
    assert mail
    await Message.all().update(
        state="bounced", failure="refused_address", answer="550 5.1.1 User unknown"
    )
    page = (await visitor(base_url=served.url)).page
    await page.goto(served.last_line("user", "add", "alice@example.org", "--admin"))
    await page.get_by_role("button", name="Sign in").click()
    desk = f"/desk/e/{event.slug}"
    addresses = [
        f"{desk}/messages",
        f"{desk}/messages/write",
        f"{desk}/messages/words",
        f"{desk}/messages/words?kind=reminder&spoken=lv",
        f"{desk}/people",
        f"{desk}/people/{bob.id}",
        f"/desk/outbox/{mail.id}",
        f"/desk/p/{event.project.slug}/outbox?show=bounced",
        f"/u/{unsubscribe.code(bob.person.id)}",
    ]
    for address in addresses:
        await page.goto(address)
        await axe(page)
        assert (await nu.complaints(await page.content()), address) == ([], address)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    await page.goto(f"{desk}/messages/words?kind=reminder&spoken=en")
    await page.get_by_label("Subject").fill("See you, {name}")
    await page.get_by_role("button", name="Show how it reads").click()
    await expect(page.get_by_role("heading", name="See you, Anna Example")).to_be_visible()
    await axe(page)
