"""Fewer mails: by one click in a mail program, on a page, with undo; what one needs to attend still
comes.
"""

import re

import httpx
import pytest

from accounts.sessions.access import Actor
from core.settings import Settings
from events.event.event import Event
from notifications.delivery.postman import Postman
from notifications.outbox.message import Message
from registrations.mail import notices, unsubscribe
from registrations.mail.announcements import Announcement
from registrations.people.opt_outs import Unwanted
from registrations.registration.persons import Person
from tests.support import factories
from tests.support.smtp import SmtpServer

ALICE = Actor("alice@example.org")


@pytest.fixture
async def event(database: Settings, smtp: SmtpServer) -> Event:
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
    (address,) = re.findall(
        r"^<(http://127\.0\.0\.1:8000/u/\S+)>$", str(reminder["List-Unsubscribe"])
    )
    assert (address in by["Soon"].part("text/plain"), address in by["Soon"].part("text/html")) == (
        True,
        True,
    )
    shown = await client.get(address)
    assert (shown.status_code, "Stop these e-mails" in shown.text) == (200, True)
    assert (await Person.get()).mails_stopped_at is None
    from_elsewhere = {"origin": "https://mail.example.com", "sec-fetch-site": "cross-site"}
    done = await client.post(
        address, data={"List-Unsubscribe": "One-Click"}, headers=from_elsewhere
    )
    assert (done.status_code, (await Person.get()).mails_stopped_at is not None) == (200, True)
    await Message.filter(kind__in=("reminder", "agenda")).delete()
    assert [await notices.send_reminder(event, ALICE), await notices.send_agenda(event, ALICE)] == [
        0,
        1,
    ]


async def test_it_can_be_taken_back(event: Event, client: httpx.AsyncClient) -> None:
    person = await Person.get()
    address = f"/u/{unsubscribe.code(person.id)}"
    assert (await client.post(address, data={"stop": "yes"})).status_code == 303
    assert "no longer go to" in (await client.get(address)).text
    await client.post(address, data={"again": "yes"})
    assert (await Person.get()).mails_stopped_at is None
    assert await notices.send_reminder(event, ALICE) == 1


async def test_what_waits_is_withdrawn(event: Event, smtp: SmtpServer) -> None:
    await notices.send_reminder(event, ALICE)
    await unsubscribe.stop(await Person.get())
    await Postman().round()
    assert ((await Message.get()).state, smtp.received) == ("withdrawn", [])


async def test_who_was_only_invited_stops_invitations_by_one_click(
    event: Event, client: httpx.AsyncClient, smtp: SmtpServer
) -> None:
    assert (
        await notices.invite(
            event, ALICE, [("Žanete@Example.org", ""), ("dana@example.org", "Dana")]
        )
        == 2
    )
    await Postman().round()
    (mail,) = [r for r in smtp.received if "anete" in r.recipients[0]]
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail.message["List-Unsubscribe"]).strip("<>")
    assert (
        "anete" in address,
        address in mail.part("text/plain"),
        address in mail.part("text/html"),
    ) == ((False, True, True))
    assert "Do you no longer want invitations" in (await client.get(address)).text
    assert await Unwanted.all().count() == 0
    from_elsewhere = {"origin": "https://mail.example.com", "sec-fetch-site": "cross-site"}
    for _twice in range(2):
        done = await client.post(
            address, data={"List-Unsubscribe": "One-Click"}, headers=from_elsewhere
        )
        assert (done.status_code, "No more invitations" in done.text) == (200, True)
    (kept,) = await Unwanted.all()
    assert "anete" not in f"{kept.mark}"
    again = await factories.event(event.project)
    people = [("žanete@example.org", ""), ("dana@example.org", "")]
    assert await notices.invite(again, ALICE, people) == 1
    assert [m.to_email for m in await Message.filter(subject_of=again.id)] == ["dana@example.org"]
    await client.post(address, data={"again": "yes"})
    assert await notices.invite(again, ALICE, people) == 1


async def test_an_invitation_that_waits_is_withdrawn_and_another_project_still_invites(
    event: Event, smtp: SmtpServer
) -> None:
    other = await factories.event(await factories.project())
    for one in (event, other):
        assert await notices.invite(one, ALICE, [("dana@example.org", "")]) == 1
    whose = await unsubscribe.found(
        unsubscribe.invited_url(event.project_id, "Dana@example.org").rpartition("/")[2]
    )
    assert whose
    await whose.stop()
    await Postman().round()
    states = dict(await Message.all().values_list("subject_of", "state"))
    assert (states, len(smtp.received)) == ({event.id: "withdrawn", other.id: "sent"}, 1)


async def test_who_stopped_mails_as_a_participant_is_not_invited_either(event: Event) -> None:
    await unsubscribe.stop(await Person.get())
    again = await factories.event(event.project)
    assert await notices.invite(again, ALICE, [((await Person.get()).email.upper(), "")]) == 0


async def test_a_test_to_oneself_leads_to_nobodys_page(event: Event, smtp: SmtpServer) -> None:
    draft = await Announcement.keep(event, "alice@example.org", "Bus", "At 9.", ["confirmed"])
    await notices.try_out(
        event, Actor("alice@example.org", await factories.user("alice@example.org")), draft
    )
    await Postman().round()
    (mail,) = smtp.received
    assert (mail.message["List-Unsubscribe"], "/u/" in mail.part("text/plain")) == (None, False)


@pytest.mark.parametrize(
    "wrong", ["1", "x.vsu_1", "1.vsu_0", f"1-{'0' * 32}.vsu_0", f"{'9' * 30}.vsu_1", "ā.ā"]
)
async def test_a_wrong_address_is_none(event: Event, client: httpx.AsyncClient, wrong: str) -> None:
    assert (await client.get(f"/u/{wrong}")).status_code == 404
    assert (await client.post(f"/u/{wrong}")).status_code == 404
