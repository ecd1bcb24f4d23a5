"""Five kinds of failure, each with its plan; limits a minute; signatures."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from core import clock
from core.settings import Settings, SettingsError
from events.event.event import Event
from notifications.delivery.failures import ADVICE, FAILURES, kind, over, pause
from notifications.delivery.postman import Postman
from notifications.outbox import dkim_signature
from notifications.outbox.bounces import Bounce
from notifications.outbox.message import Attempt, Message, Recipient
from tests.notifications.test_delivery import queued
from tests.support import factories
from tests.support.smtp import SmtpServer, Stage, Tls, smtp_server


@pytest.mark.parametrize(
    ("stage", "said", "failure"),
    [
        ("recipient", "550 5.1.1 No such user", "refused_address"),
        ("recipient", "550 No such user", "refused_address"),
        ("recipient", "553 5.1.3 Bad address syntax", "refused_address"),
        ("content", "550 5.1.1 No such user", "refused_address"),
        ("recipient", "452 4.2.2 Over quota", "full_mailbox"),
        ("recipient", "552 5.2.2 Mailbox full", "full_mailbox"),
        ("content", "552 5.2.2 Over quota", "full_mailbox"),
        ("recipient", "550 The mailbox is full", "full_mailbox"),
        ("recipient", "451 4.3.0 Later", "server_down"),
        ("sender", "421 4.3.2 Going down", "server_down"),
        ("recipient", "452 4.3.1 Insufficient system storage", "server_down"),
        ("content", "554 5.7.1 Spam", "rejected_content"),
        ("content", "550 No", "rejected_content"),
        ("content", "552 5.3.4 Too large", "rejected_content"),
        ("recipient", "554 5.7.1 Relay access denied", "rejected_content"),
        ("sender", "553 5.7.1 Not your address", "rejected_content"),
    ],
)
def test_what_an_answer_means(stage: Any, said: str, failure: str) -> None:
    assert kind(stage, int(said[:3]), said) == failure


def test_each_kind_has_words_advice_and_a_plan() -> None:
    assert set(FAILURES) == {*ADVICE, "bounced"}
    assert {f: [over(f, n, server_wide=False) for n in (1, 5, 8, 12, 500)] for f in ADVICE} == {
        "refused_address": [True] * 5,
        "rejected_content": [True] * 5,
        "full_mailbox": [False, False, True, True, True],
        "server_down": [False, False, False, True, True],
        "unknown_outcome": [False] * 5,
        "fault": [False, True, True, True, True],
    }
    assert not over("server_down", 500, server_wide=True)
    assert timedelta(hours=1) <= pause(1, "full_mailbox") <= timedelta(minutes=90)


@pytest.mark.parametrize(
    ("answer", "at", "state", "failure"),
    [
        ("550 5.1.1 Nobody", "RCPT", "failed", "refused_address"),
        ("552 5.2.2 Full", "RCPT", "queued", "full_mailbox"),
        ("451 4.3.0 Later", "DATA", "queued", "server_down"),
        ("554 5.7.1 Spam", "DATA", "failed", "rejected_content"),
    ],
)
async def test_each_is_kept_and_a_bad_address_is_marked(
    mail: SmtpServer, answer: str, at: Stage, state: str, failure: str
) -> None:
    mail.answer(answer, at=at, times=1)
    message = await queued("Bob@Example.org")
    await Postman().round()
    await message.refresh_from_db()
    assert (message.state, message.failure) == (state, failure)
    assert [(a.outcome, a.answer) for a in await Attempt.all()] == [(failure, answer)]
    bad = failure in {"refused_address", "full_mailbox"}
    assert list(await Bounce.of(message.scope, ["bob@example.org"])) == ["bob@example.org"] * bad
    assert await message.retry()
    assert await Bounce.all().count() == 0
    await Postman().round()
    await message.refresh_from_db()
    assert (message.state, message.failure) == ("sent", "")


async def test_a_lost_answer_is_asked_for_with_growing_pauses_until_there_is_one(
    mail: SmtpServer,
) -> None:
    mail.drop(at="DATA", times=15)
    message = await queued()
    await Event.all().update(ends_at=clock.now() + timedelta(days=60))
    waits = []
    gone = timedelta(0)
    for _try in range(16):
        with clock.travelled(gone):
            await Postman().round()
            await message.refresh_from_db()
            waits.append((message.due_at - clock.now()).total_seconds())
        gone += timedelta(days=1, seconds=1)
    assert (message.state, message.attempts) == ("sent", 16)
    assert {r.message["Message-ID"] for r in mail.received} == {message.message_id}
    assert waits[0] < 95 < waits[1] < waits[2] < waits[3]
    assert all(57590 <= w <= 86400 for w in waits[8:15])


async def many(*emails: str) -> None:
    event = await factories.event(await factories.project())
    await Message.queue_all(
        "event_invitation", [Recipient(e, "", "en", {"event": event.id}) for e in emails]
    )


async def test_no_more_a_minute_than_a_domain_takes(mail: SmtpServer, database: Settings) -> None:
    database.mail_per_domain_minute = 3
    await many(
        *(f"p{n}@slow.example" for n in range(5)), *(f"p{n}@other.example" for n in range(3))
    )
    seen = []
    for gone in (0, 30, 62, 124):
        with clock.travelled(timedelta(seconds=gone)):
            for _worker in range(2):
                await Postman().round()
        seen.append(
            sorted(r.recipients[0].rpartition("@")[2] for r in mail.received).count("slow.example")
        )
    assert (seen, len(mail.received)) == ([3, 3, 5, 5], 8)
    assert await Attempt.all().count() == 0


async def test_no_more_a_minute_than_the_server_takes(mail: SmtpServer, database: Settings) -> None:
    database.mail_per_minute = 4
    await many(*(f"p{n}@example.org" for n in range(6)))
    postman, seen = Postman(), []
    for gone in (0, 1, 62):
        with clock.travelled(timedelta(seconds=gone)):
            await postman.round()
        seen.append(len(mail.received))
    assert seen == [4, 4, 6]


@pytest.mark.parametrize(
    ("tls", "query"), [("offered", ""), ("none", ""), ("none", "?starttls=never")]
)
async def test_the_first_mail_of_a_connection_knows_what_the_server_can(
    database: Settings, tls: Tls, query: str
) -> None:
    """A name with letters of its own before the @ needs SMTPUTF8, which a server tells anew behind
    STARTTLS.
    """
    with smtp_server(tls) as server:
        database.smtp_url, database.mail_from = server.url + query, "Viesis <viesis@example.org>"
        await many("jānis@example.org")
        postman = Postman()
        await postman.round()
        await postman.close()
        assert [r.recipients for r in server.received] == [("jānis@example.org",)]
    assert (await Message.get()).state == "sent"


async def test_a_mail_is_signed_with_the_domains_key(
    mail: SmtpServer, database: Settings, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "dkim.pem").write_bytes(key.private_bytes(*form))
    database.dkim_key = str(tmp_path / "dkim.pem")
    await queued()
    await Postman().round()
    (received,) = mail.received
    record = f"v=DKIM1; k=rsa; p={dkim_signature.public_key()}".encode()
    asked = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append((name, timeout))
        return record

    assert dkim.verify(received.data, dnsfunc=dns)
    assert asked[0][0] == b"viesis._domainkey.example.org."
    assert not dkim.verify(received.data.replace(b"Subject: ", b"Subject: Not "), dnsfunc=dns)


@pytest.mark.parametrize("bad", ["no", "elliptic"])
def test_a_key_that_is_none_is_named(tmp_path: Path, bad: str) -> None:
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made = (
        ec.generate_private_key(ec.SECP256R1()).private_bytes(*form)
        if bad == "elliptic"
        else b"no key"
    )
    (tmp_path / "key.pem").write_bytes(made)
    with pytest.raises(SettingsError, match="VIESIS_DKIM_KEY"):
        dkim_signature._key(str(tmp_path / "key.pem"))


def test_settings_of_mail_are_checked(tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [
        {"mail_in": "http://x:1"},
        {"mail_in": "smtp://x"},
        {"dkim_key": str(tmp_path / "none")},
    ]
    for given in wrong:
        with pytest.raises(ValueError, match=next(iter(given))):
            Settings(_env_file=None, **given)
