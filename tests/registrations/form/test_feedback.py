"""The organiser's own feedback form: its link on the event, and in the thanks after it when there
is one.
"""

from datetime import timedelta

import httpx
import pytest

from accounts.sessions.access import Actor
from core.clock import now
from core.errors import DomainError
from core.settings import Settings
from events.event.event import Event
from notifications.outbox.letters import render
from notifications.outbox.message import Message
from registrations.mail import notices
from registrations.mail.wordings import Wording
from tests.support import factories

ALICE = Actor("alice@example.org")
FORM = "https://forms.example.org/care?e=1&l=lv"


@pytest.fixture
async def event(database: Settings) -> Event:
    event = await factories.event(await factories.project())
    await factories.register(event, name="Bob")
    await Message.all().delete()
    await Event.filter(id=event.id).update(
        starts_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1)
    )
    return await Event.get(id=event.id).select_related("project")


async def thanks(event: Event) -> tuple[str, str]:
    await notices.thank(event, ALICE)
    written = await render(await Message.get())
    assert written
    return written.text, written.html


async def test_thanks_lead_to_the_form_when_there_is_one(event: Event) -> None:
    await event.change(ALICE, feedback_url=FORM)
    text, html = await thanks(event)
    shown = FORM.replace("&", "&amp;") in html, "Give feedback" in html
    assert (FORM in text, *shown) == (True, True, True)


async def test_thanks_without_a_form_speak_of_none(event: Event) -> None:
    text, html = await thanks(event)
    assert ("How was it?" in text, "Give feedback" in html) == (False, False)


async def test_ones_own_words_may_hold_the_address(event: Event) -> None:
    await event.change(ALICE, feedback_url=FORM)
    await Wording.keep(event, "thanks", "en", "", "Tell us: {feedback}", "alice@example.org")
    text, _html = await thanks(event)
    assert f"Tell us: {FORM}" in text


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "forms.example.org", "https://a b"])
async def test_what_is_no_address_is_refused(event: Event, wrong: str) -> None:
    with pytest.raises(DomainError) as refused:
        await event.change(ALICE, feedback_url=wrong)
    assert list(refused.value.fields) == ["feedback_url"]


async def test_an_organiser_sets_it_on_the_page(event: Event, client: httpx.AsyncClient) -> None:
    await factories.sign_in(client, await factories.organiser(event.project))
    page = (await client.get(f"/desk/e/{event.slug}/edit")).text
    assert 'name="feedback_url"' in page
