"""Organisers' messages: to whom, a test to oneself; and the words of the mails that go out by
themselves.
"""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from accounts.users.users import User
from core.clock import now
from core.settings import Settings
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.organisations import Organisation
from notifications.delivery.postman import Postman
from notifications.outbox.message import Message
from registrations.mail.announcements import Announcement
from registrations.mail.audience import audience
from registrations.mail.wordings import Wording
from registrations.registration.choices import Choice
from registrations.registration.registration import Registration
from tests.checkin.people import session as session_of
from tests.support import factories
from tests.support.smtp import SmtpServer


@pytest.fixture
async def event(database: Settings, smtp: SmtpServer) -> Event:
    database.smtp_url, database.mail_from = smtp.url, "Viesis <viesis@example.org>"
    return await factories.event(await factories.project())


async def guests(event: Event) -> dict[str, Registration]:
    """Three people who differ in everything."""
    found = {name: await factories.register(event, name=name) for name in ("Ann", "Bob", "Eve")}
    dome = await Organisation.create(
        project_id=event.project_id, name={"en": "Dome"}, folded="dome", country="LV"
    )
    session = await session_of(event, event.starts_at, event.ends_at, kind="workshop", capacity=5)
    await Registration.filter(id=found["Ann"].id).update(
        role="speaker", country="LV", organisation_id=dome.id
    )
    await Registration.filter(id=found["Bob"].id).update(
        role="attendee", country="NO", status="pending"
    )
    await Registration.filter(id=found["Eve"].id).update(role="attendee", country="LV")
    await Choice.create(registration_id=found["Eve"].id, session_id=session.id)
    await Message.all().delete()
    return found


async def test_to_whom(event: Event) -> None:
    people = await guests(event)
    session, dome = await Session.get(capacity=5), await Organisation.get(folded="dome")
    whole = await session_of(event, event.starts_at, event.ends_at)
    both = ["confirmed", "pending"]
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({"statuses": both}, ["Ann", "Bob", "Eve"]),
        ({"statuses": ["confirmed"]}, ["Ann", "Eve"]),
        ({"statuses": both, "role": "attendee"}, ["Bob", "Eve"]),
        ({"statuses": both, "country": "LV"}, ["Ann", "Eve"]),
        ({"statuses": both, "organisation_id": dome.id}, ["Ann"]),
        ({"statuses": both, "session_id": session.id}, ["Eve"]),
        ({"statuses": both, "session_id": whole.id}, ["Ann", "Bob", "Eve"]),
        ({"statuses": both, "attended": True}, []),
        ({"statuses": both, "attended": False, "country": "NO"}, ["Bob"]),
        ({"statuses": ["no such"]}, []),
    ]
    names = {r.id: name for name, r in people.items()}
    for whom, expected in asked:
        draft = Announcement(
            event_id=event.id, subject="", text="", author="a", created_at=now(), **whom
        )
        assert ([names[i] for i in await audience(event, draft)], whom) == (expected, whom)


async def test_a_message_to_some_and_a_test_to_oneself(
    client: httpx.AsyncClient, event: Event, alice: User, smtp: SmtpServer
) -> None:
    await guests(event)
    address = f"/desk/e/{event.slug}/messages/write"
    form = {
        "csrf": factories.csrf(client),
        "statuses": ["confirmed", "pending"],
        "country": "LV",
        "subject": "Bus for {name}",
        "text": "The **bus** leaves.",
    }
    seen = await client.post(address, data=form)
    assert ("Send it to 2 people" in seen.text, seen.status_code) == (True, 200)
    again = await client.get(address)
    assert '<option value="LV" selected>' in again.text
    assert (await client.post(address, data={**form, "do": "test"})).status_code == 303
    await Postman().round()
    (trial,) = smtp.to("alice@example.org")
    assert str(trial.message["Subject"]) == f"Test: Bus for {alice.shown}"
    assert "<strong" in trial.part("text/html")
    assert await Announcement.filter(sent_at=None).count() == 1
    await client.post(address, data={**form, "do": "send"})
    assert await Message.filter(kind="message", bulk=True).count() == 2


@pytest.mark.parametrize("field", ["role", "country", "organisation", "session", "attended"])
async def test_only_what_there_is_can_be_chosen(
    client: httpx.AsyncClient, event: Event, alice: User, field: str
) -> None:
    form = {
        "csrf": factories.csrf(client),
        "statuses": "confirmed",
        "subject": "A",
        "text": "B",
        field: "1 OR 1=1",
    }
    answer = await client.post(f"/desk/e/{event.slug}/messages/write", data=form)
    assert (answer.status_code, "Please choose one of the list." in answer.text) == (422, True)


async def test_the_words_of_a_mail(
    client: httpx.AsyncClient, event: Event, alice: User, smtp: SmtpServer
) -> None:
    base = f"/desk/e/{event.slug}/messages/words"
    assert (await client.get(base)).status_code == 200
    here = f"{base}?kind=confirmation&spoken=en"
    form = {
        "csrf": factories.csrf(client),
        "subject": "Welcome, {name}",
        "text": "See you at **{where}**. <b>{{7*7}}</b>",
    }
    seen = await client.post(here, data={**form, "do": "look"})
    assert ("Welcome, Anna Example" in seen.text, await Wording.all().count()) == (True, 0)
    assert (await client.post(here, data={**form, "do": "keep"})).status_code == 303
    assert "Welcome, {name}" in (await client.get(here)).text
    await factories.register(event, name="Bob *x*")
    await Message.all().update(language="en")
    await Postman().round()
    (mail,) = smtp.received
    text, shown = mail.part("text/plain"), mail.part("text/html")
    assert str(mail.message["Subject"]) == "Welcome, Bob *x*"
    assert ("You have a seat" in text + shown, "See you at Town hall." in text) == (False, True)
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in shown
    await client.post(here, data={"csrf": form["csrf"], "subject": "", "text": "", "do": "keep"})
    assert await Wording.all().count() == 0


@pytest.mark.parametrize("field", ["subject", "text"])
@pytest.mark.parametrize("do", ["look", "keep"])
async def test_an_unknown_placeholder_is_said_beside_its_field(
    client: httpx.AsyncClient, event: Event, alice: User, field: str, do: str
) -> None:
    here = f"/desk/e/{event.slug}/messages/words?kind=reminder&spoken=lv"
    answer = await client.post(
        here, data={"csrf": factories.csrf(client), field: "Hi {nmae}", "do": do}
    )
    assert (answer.status_code, f'id="field-{field}-error"' in answer.text) == (422, True)
    assert await Wording.all().count() == 0


@pytest.mark.parametrize(
    "wrong", ["kind=sign_in&spoken=en", "kind=confirmation&spoken=xx", "kind=confirmation"]
)
async def test_only_known_mails_and_languages(
    client: httpx.AsyncClient, event: Event, alice: User, wrong: str
) -> None:
    here = f"/desk/e/{event.slug}/messages/words?{wrong}"
    got = await client.get(here)
    sent = await client.post(
        here, data={"csrf": factories.csrf(client), "subject": "x", "do": "keep"}
    )
    assert (got.status_code, sent.status_code) == (404, 404)


async def test_after_the_event_to_those_who_were_there(
    client: httpx.AsyncClient, event: Event, alice: User
) -> None:
    await guests(event)
    await Event.filter(id=event.id).update(
        starts_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1)
    )
    page = await client.get(f"/desk/e/{event.slug}/messages")
    assert f"/desk/e/{event.slug}/messages/write" in page.text
