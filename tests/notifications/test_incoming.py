"""Mail that comes back: taken in over SMTP and LMTP, read as RFC 3464 says, shown beside the
person.
"""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx
import pytest

from core.settings import Settings
from notifications.delivery.postman import Postman
from notifications.incoming import delivery_reports, server
from notifications.outbox import return_addresses
from notifications.outbox.bounces import Bounce
from notifications.outbox.message import Attempt, Message
from tests.notifications.test_delivery import queued
from tests.support import factories
from tests.support.postgres import free_port
from tests.support.running import listening
from tests.support.smtp import SmtpServer

REPORT = """From: MAILER-DAEMON@mail.example.org
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0200

Final-Recipient: rfc822; bob@example.org
Original-Recipient: rfc822;bob@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; {said}

--b
Content-Type: message/rfc822

From: Viesis <viesis@example.org>
Subject: Invitation

--b--
"""


@pytest.fixture(params=["smtp", "lmtp"])
async def door(
    request: pytest.FixtureRequest, mail: SmtpServer, database: Settings
) -> AsyncIterator[str]:
    """The worker's listener, open."""
    port = free_port()
    database.mail_in = f"{request.param}://127.0.0.1:{port}"
    stop = asyncio.Event()
    working = asyncio.create_task(server.work(stop))
    await listening(port)
    yield database.mail_in
    stop.set()
    await working


async def hand_in(door: str, to: str, text: str) -> int:
    """Deliver as another server does; answers the code."""
    kind, _, rest = door.partition("://")
    host, _, port = rest.partition(":")

    def deliver() -> int:
        with (smtplib.LMTP if kind == "lmtp" else smtplib.SMTP)(host, int(port)) as client:
            try:
                client.sendmail("", [to], text.replace("\n", "\r\n").encode())
            except smtplib.SMTPRecipientsRefused as error:
                return int(error.recipients[to][0])
            except smtplib.SMTPDataError as error:
                return int(error.smtp_code)
            return 250

    return await asyncio.to_thread(deliver)


def report(
    to: str, action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 User unknown"
) -> str:
    return REPORT.format(to=to, action=action, status=status, said=said)


async def sent() -> tuple[Message, str]:
    """A mail that the server took, and the address it would come back to."""
    message = await queued()
    await Postman().round()
    await message.refresh_from_db()
    return message, return_addresses.address("bounce", message.id)


async def test_a_mail_that_came_back(door: str, mail: SmtpServer) -> None:
    message, back = await sent()
    assert mail.received[0].sender == back
    assert await hand_in(door, back, report(back)) == 250
    await message.refresh_from_db()
    assert (message.state, message.failure, message.answer) == (
        "bounced",
        "refused_address",
        "550 5.1.1 User unknown",
    )
    assert [(a.outcome, a.answer) for a in await Attempt.all()] == [
        ("bounced", "550 5.1.1 User unknown")
    ]
    (bounce,) = await Bounce.all()
    assert (bounce.scope, bounce.email, bounce.times) == (message.scope, "bob@example.org", 1)
    await hand_in(door, back, report(back))
    assert (await Bounce.get()).times == 2
    assert await message.retry()
    assert await Bounce.all().count() == 0


@pytest.mark.parametrize(
    ("action", "status", "said", "state", "failure", "tried"),
    [
        ("failed", "5.2.2", "552 5.2.2 Over quota", "bounced", "full_mailbox", "bounced"),
        ("failed", "4.4.7", "delivery time expired", "bounced", "refused_address", "bounced"),
        ("failed", "5.7.1", "554 5.7.1 Spam", "bounced", "rejected_content", "bounced"),
        ("delayed", "4.4.1", "no answer", "sent", "", "server_down"),
        ("delivered", "2.0.0", "250 OK", "sent", "", None),
    ],
)
async def test_what_a_report_says(
    door: str, action: str, status: str, said: str, state: str, failure: str, tried: str | None
) -> None:
    message, back = await sent()
    await hand_in(door, back, report(back, action, status, said))
    await message.refresh_from_db()
    assert (message.state, message.failure) == (state, failure)
    assert [a.outcome for a in await Attempt.all()] == ([tried] if tried else [])


async def test_only_our_own_addresses_are_taken(door: str, database: Settings) -> None:
    _message, back = await sent()
    forged = back.replace("bounce-", "bounce-9")
    other = return_addresses.address("nosuch", 1)
    codes = [
        await hand_in(door, to, "Subject: x\n\nHello\n")
        for to in (forged, "bob@example.org", other, back)
    ]
    assert codes == [550, 550, 550, 250]
    assert await Bounce.all().count() == 0
    assert return_addresses.read(back.upper()) == return_addresses.read(back)


async def test_what_could_not_be_read_is_asked_for_again(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    async def broken(identity: int, mail: EmailMessage) -> None:
        read.append((identity, mail["Subject"]))
        raise OSError("the database is away")

    monkeypatch.setitem(server._handlers, "reply", broken)
    assert (
        await hand_in(door, return_addresses.address("reply", 7), "Subject: Yes\n\nHello\n") == 451
    )
    assert read == [(7, "Yes")]


async def test_without_a_listener_mail_comes_back_to_the_sender(mail: SmtpServer) -> None:
    await queued()
    await Postman().round()
    assert (mail.received[0].sender, return_addresses.address("bounce", 1)) == (
        "viesis@example.org",
        "",
    )


@pytest.mark.parametrize(
    "text", ["", "Subject: x", "Content-Type: message/delivery-status\n\nAction", "\0\xff"]
)
async def test_odd_mail_is_no_report(text: str) -> None:
    odd = message_from_bytes(text.encode("latin-1"), policy=policy.default)
    assert delivery_reports.reports(odd) == []


async def test_the_organiser_sees_it_beside_the_person(
    client: httpx.AsyncClient, database: Settings
) -> None:
    event = await factories.event(await factories.project())
    await factories.sign_in(client, await factories.organiser(event.project, "alice@example.org"))
    to = await factories.register(event, name="Bob")
    await to.fetch_related("person")
    await Bounce.seen(
        event.project_id, to.person.email, "refused_address", "550 5.1.1 User unknown"
    )
    base = f"/desk/e/{event.slug}/people"
    assert "E-mail does not arrive" in (await client.get(base)).text
    page = (await client.get(f"{base}/{to.id}")).text
    assert ("does not arrive" in page, "User unknown" in page, "Look for a slip" in page) == (
        True,
        True,
        True,
    )
    message = await Message.all().first()
    assert message
    await Message.all().update(
        state="bounced", failure="refused_address", answer="550 5.1.1 User unknown"
    )
    outbox = f"/desk/p/{event.project.slug}/outbox"
    for show in ("failed", "bounced"):
        assert to.person.email in (await client.get(f"{outbox}?show={show}")).text
    one = (await client.get(f"/desk/outbox/{message.id}")).text
    assert ("Look for a slip" in one, "Came back" in one) == (True, True)
    await client.post(f"/desk/outbox/{message.id}/retry", data={"csrf": factories.csrf(client)})
    await message.refresh_from_db()
    assert (message.state, await Bounce.all().count()) == ("queued", 0)
