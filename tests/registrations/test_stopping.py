"""Fewer mails: by one click in a mail program, on a page, with undo; what one needs to attend still comes."""

import re

import httpx
import pytest

from accounts.access import Actor
from core.settings import Settings
from events.events import Event
from notifications.delivery import Postman
from notifications.outbox import Message
from registrations import notices, stopping
from registrations.persons import Person
from tests import factories
from tests.smtp import SmtpServer
from viesis import mails

ALICE = Actor("alice@example.org")


@pytest.fixture
async def event(database: Settings, smtp: SmtpServer) -> Event:
    assert mails.kinds()
    database.smtp_url, database.mail_from = smtp.url, "Viesis <viesis@example.org>"
    event = await factories.event(await factories.project())
    await factories.register(event, name="Bob")
    await Message.all().delete()
    return event


async def test_one_click_stops_what_one_can_do_without(
    event: Event, client: httpx.AsyncClient, smtp: SmtpServer
) -> None:
    await notices.send_agenda(event, ALICE)
    await notices.send_reminder(event, ALICE)
    await Postman().round()
    by = {str(r.message["Subject"]).split(":")[0]: r for r in smtp.received}
    assert by["Agenda"].message["List-Unsubscribe"] is None
    reminder = by["Soon"].message
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (address,) = re.findall(r"^<(http://127\.0\.0\.1:8000/u/\S+)>$", str(reminder["List-Unsubscribe"]))
    assert (address in by["Soon"].part("text/plain"), address in by["Soon"].part("text/html")) == (True, True)
    shown = await client.get(address)
    assert (shown.status_code, "Stop these mails" in shown.text) == (200, True)
    assert (await Person.get()).mails_stopped_at is None
    from_elsewhere = {"origin": "https://mail.example.com", "sec-fetch-site": "cross-site"}
    done = await client.post(address, data={"List-Unsubscribe": "One-Click"}, headers=from_elsewhere)
    assert (done.status_code, (await Person.get()).mails_stopped_at is not None) == (200, True)
    await Message.filter(kind__in=("reminder", "agenda")).delete()
    assert [await notices.send_reminder(event, ALICE), await notices.send_agenda(event, ALICE)] == [0, 1]


async def test_it_can_be_taken_back(event: Event, client: httpx.AsyncClient) -> None:
    person = await Person.get()
    address = f"/u/{stopping.code(person.id)}"
    assert (await client.post(address, data={"stop": "yes"})).status_code == 303
    assert "no longer go to" in (await client.get(address)).text
    await client.post(address, data={"again": "yes"})
    assert (await Person.get()).mails_stopped_at is None
    assert await notices.send_reminder(event, ALICE) == 1


async def test_what_waits_is_withdrawn(event: Event, smtp: SmtpServer) -> None:
    await notices.send_reminder(event, ALICE)
    await stopping.stop(await Person.get())
    await Postman().round()
    assert ((await Message.get()).state, smtp.received) == ("withdrawn", [])


@pytest.mark.parametrize("wrong", ["1", "x.vsu_1", "1.vsu_0", f"{'9' * 30}.vsu_1", "ā.ā"])
async def test_a_wrong_address_is_none(event: Event, client: httpx.AsyncClient, wrong: str) -> None:
    assert (await client.get(f"/u/{wrong}")).status_code == 404
    assert (await client.post(f"/u/{wrong}")).status_code == 404
