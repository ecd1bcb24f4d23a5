"""What organisers see of mails: the outbox, one mail, the messages of an event, and writing one."""

from datetime import timedelta

import httpx
import pytest

from accounts.users.users import User
from core.clock import now
from core.settings import Settings
from events.event.event import Event
from notifications.delivery.postman import Postman
from notifications.outbox.message import Message
from registrations.form.entry import Entry
from registrations.mail.announcements import Announcement
from registrations.placing.register import place
from registrations.registration.registration import Registration
from tests.events.queries import counted
from tests.support import factories
from tests.support.smtp import SmtpServer


@pytest.fixture
async def event(database: Settings) -> Event:
    return await factories.event(await factories.project())


async def registered(
    event: Event, name: str = "Jānis Bērziņš", language: str = "lv"
) -> Registration:
    entry = Entry(
        name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.org".replace("ā", "a")
    )
    found, _created = await place(event, entry, source="web", language=language)
    return found


async def test_the_outbox_lists_previews_and_hides_secrets(
    client: httpx.AsyncClient, event: Event, alice: User
) -> None:
    registration = await registered(event)
    (message,) = await Message.all()
    page = await client.get(f"/desk/p/{event.project.slug}/outbox")
    assert (
        page.status_code,
        "janis@example.org" in page.text,
        "No mail server is set" in page.text,
    ) == (
        200,
        True,
        True,
    )
    one = await client.get(f"/desk/outbox/{message.id}")
    looks = await client.get(f"/desk/outbox/{message.id}/looks")
    assert (one.status_code, looks.status_code) == (200, 200)
    assert looks.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    for answer in (page, one, looks):
        assert registration.secret not in answer.text
    assert "•••••" in one.text
    assert "data:image/png;base64," in looks.text


@pytest.mark.parametrize(
    "show", ["all", "waiting", "failed", "held", "sent", "withdrawn", "nonsense"]
)
async def test_the_list_narrows(
    client: httpx.AsyncClient, event: Event, alice: User, show: str
) -> None:
    await registered(event)
    page = await client.get(
        f"/desk/p/{event.project.slug}/outbox?show={show}&q=JANIS&event={event.slug}"
    )
    shown = show in {"all", "waiting", "nonsense"}
    assert (page.status_code, "janis@example.org" in page.text) == (200, shown)


async def test_a_mail_is_held_released_and_tried_again(
    client: httpx.AsyncClient, event: Event, alice: User, smtp: SmtpServer, database: Settings
) -> None:
    database.smtp_url = smtp.url
    smtp.answer("550 5.1.1 Nobody of this name", times=1)
    await registered(event)
    (message,) = await Message.all()
    csrf = factories.csrf(client)
    states = []
    for what in ("hold", "release"):
        done = await client.post(f"/desk/outbox/{message.id}/{what}", data={"csrf": csrf})
        await message.refresh_from_db()
        states.append((done.status_code, message.state))
    await Postman().round()
    assert states == [(303, "held"), (303, "queued")]
    page = await client.get(f"/desk/p/{event.project.slug}/outbox?show=failed")
    assert "550 5.1.1 Nobody of this name" in page.text
    await client.post(f"/desk/outbox/{message.id}/retry", data={"csrf": csrf})
    await Postman().round()
    await message.refresh_from_db()
    assert (message.state, len(smtp.received)) == ("sent", 1)
    late = await client.post(f"/desk/outbox/{message.id}/hold", data={"csrf": csrf})
    assert late.status_code == 409


async def test_a_stranger_finds_nothing(client: httpx.AsyncClient, event: Event) -> None:
    await registered(event)
    (message,) = await Message.all()
    charlie = await factories.organiser(await factories.project(), "charlie@example.org", "manager")
    await factories.sign_in(client, charlie)
    addresses = [
        f"/desk/p/{event.project.slug}/outbox",
        f"/desk/outbox/{message.id}",
        f"/desk/outbox/{message.id}/looks",
        f"/desk/e/{event.slug}/messages",
        f"/desk/e/{event.slug}/messages/write",
    ]
    assert [(await client.get(a)).status_code for a in addresses] == [404] * 5
    assert (await client.get("/desk/outbox")).status_code == 403
    own = await client.get(f"/desk/p/{(await factories.project()).slug}/outbox")
    assert own.status_code == 404


async def test_mails_of_no_project_are_the_administrators(
    client: httpx.AsyncClient, event: Event, alice: User
) -> None:
    message = await Message.queue(
        "event_invitation", "x@example.org", language="en", about={"event": event.id}
    )
    assert message
    assert (await client.get(f"/desk/outbox/{message.id}")).status_code == 404
    await factories.sign_in(client, await factories.user("root@example.org", admin=True))
    assert (await client.get(f"/desk/outbox/{message.id}")).status_code == 200
    assert "x@example.org" in (await client.get("/desk/outbox")).text


async def test_after_a_restore_everything_waits_until_released(
    client: httpx.AsyncClient, event: Event, alice: User
) -> None:
    await registered(event)
    await Message.hold_all()
    address = f"/desk/p/{event.project.slug}/outbox"
    assert "Release it" in (await client.get(address)).text
    await client.post(f"{address}/release", data={"csrf": factories.csrf(client)})
    assert await Message.filter(state="queued").count() == 1


async def test_a_message_is_written_seen_and_sent_once(
    client: httpx.AsyncClient, event: Event, alice: User, smtp: SmtpServer, database: Settings
) -> None:
    database.smtp_url = smtp.url
    registration = await registered(event)
    await registered(event, "Kari Hansen", "nb")
    await Message.all().delete()
    address = f"/desk/e/{event.slug}/messages/write"
    form = {
        "csrf": factories.csrf(client),
        "statuses": "confirmed",
        "subject": "Bus for {name}",
        "text": "The bus leaves at 9 from {where}.\n{link}\n<b>{{7*7}}</b>",
    }
    seen = await client.post(address, data={**form, "to": "kari"})
    assert (seen.status_code, "Bus for Kari Hansen" in seen.text) == (200, True)
    assert "Send it to 2 people" in seen.text
    assert (await client.get(address)).text.count("Bus for {name}") == 1
    sent = await client.post(address, data={**form, "do": "send"})
    assert sent.headers["location"] == f"/desk/e/{event.slug}/messages"
    await Postman().round()
    (mail,) = smtp.to("janis@example.org")
    assert mail.message["Subject"] == "Bus for Jānis Bērziņš"
    assert (
        f"The bus leaves at 9 from Town hall.\r\n{registration.manage_url}\r\n<b>{{{{7*7}}}}</b>"
        in mail.part("text/plain").replace("\r\n", "\n").replace("\n", "\r\n")
    )
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in mail.part("text/html")
    assert len(smtp.received) == 2
    page = await client.get(f"/desk/e/{event.slug}/messages")
    assert ("Bus for {name}" in page.text, await Announcement.filter(people=2).count()) == (True, 1)


@pytest.mark.parametrize("field", ["subject", "text"])
async def test_an_unknown_placeholder_is_an_error_beside_its_field(
    client: httpx.AsyncClient, event: Event, alice: User, field: str
) -> None:
    form = {
        "csrf": factories.csrf(client),
        "statuses": "confirmed",
        "subject": "A",
        "text": "B",
        field: "Hi {nmae}",
    }
    answer = await client.post(f"/desk/e/{event.slug}/messages/write", data=form)
    assert (answer.status_code, "{nmae}" in answer.text, "Hi {nmae}" in answer.text) == (
        422,
        True,
        True,
    )
    assert await Announcement.all().count() == 0


async def test_the_reminder_is_shown_then_sent(
    client: httpx.AsyncClient, event: Event, alice: User
) -> None:
    await registered(event)
    address = f"/desk/e/{event.slug}/messages/reminder"
    assert "Remind 1 person" in (await client.get(address)).text
    await client.post(address, data={"csrf": factories.csrf(client)})
    await client.post(address, data={"csrf": factories.csrf(client)})
    assert await Message.filter(kind="reminder").count() == 1


async def test_nobody_is_written_to_about_what_is_over(
    client: httpx.AsyncClient, event: Event, alice: User
) -> None:
    await registered(event)
    await Event.filter(id=event.id).update(
        starts_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1)
    )
    answer = await client.post(
        f"/desk/e/{event.slug}/messages/reminder", data={"csrf": factories.csrf(client)}
    )
    assert (answer.status_code, await Message.filter(kind="reminder").count()) == (409, 0)


@pytest.mark.parametrize(
    "page",
    ["/desk/p/{project}/outbox", "/desk/e/{event}/messages", "/desk/e/{event}/messages/write"],
)
async def test_three_rows_cost_as_many_queries_as_one(
    client: httpx.AsyncClient, event: Event, alice: User, page: str
) -> None:
    address = page.format(project=event.project.slug, event=event.slug)
    asked = []
    for names in (["Anna"], ["Bob", "Kari"]):
        for name in names:
            await registered(event, name, "en")
        with counted() as found:
            assert (await client.get(address)).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1]
