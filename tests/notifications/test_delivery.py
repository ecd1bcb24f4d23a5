"""Mails reach a real server, or wait, or say why not; none is lost, none goes twice without a
fault.
"""

import asyncio
import gc
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.settings import Settings
from notifications.delivery.failures import pause
from notifications.delivery.postman import LEASE, Postman
from notifications.delivery.smtp import Server
from notifications.outbox.message import Attempt, Message, Recipient
from tests.support import factories
from tests.support.smtp import SmtpServer, smtp_server


async def queued(email: str = "bob@example.org", **more: object) -> Message:
    event = await factories.event(await factories.project())
    about = {"event": event.id, **more}
    message = await Message.queue(
        "event_invitation", email, "Bob", language="en", about=about, scope=event.project_id
    )
    assert message
    return message


async def test_a_mail_goes_out_and_the_answer_is_kept(mail: SmtpServer) -> None:
    message = await queued()
    assert await Postman().round() == 1
    (received,) = mail.received
    await message.refresh_from_db()
    assert (received.sender, received.recipients) == ("viesis@example.org", ("bob@example.org",))
    assert received.message["Message-ID"] == message.message_id
    assert (message.state, message.attempts, message.answer) == ("sent", 1, "250 OK")
    assert message.subject == received.message["Subject"]
    assert message.sent_at is not None
    assert await Postman().round() == 0


async def test_one_reason_mails_once(mail: SmtpServer) -> None:
    event = await factories.event(await factories.project())
    give: dict[str, Any] = {"language": "en", "about": {"event": event.id}, "dedup": "invited:1"}
    first = await Message.queue("event_invitation", "bob@example.org", **give)
    second = await Message.queue("event_invitation", "bob@example.org", **give)
    assert (first is None, second is None) == (False, True)
    many = [
        Recipient("a@example.org", "A", "en", {"event": event.id}, f"invited:{n}")
        for n in (1, 2, 2, 3)
    ]
    assert await Message.queue_all("event_invitation", many) == 2
    assert await Postman().round() == 3


async def test_451_is_tried_again_after_60_to_90_seconds_and_then_goes(mail: SmtpServer) -> None:
    mail.answer("451 4.3.0 Later", times=1)
    message = await queued()
    before = clock.now()
    await Postman().round()
    await message.refresh_from_db()
    assert (message.state, message.answer) == ("queued", "451 4.3.0 Later")
    assert timedelta(seconds=60) <= message.due_at - before <= timedelta(seconds=92)
    assert await Postman().round() == 0
    with clock.travelled(timedelta(seconds=95)):
        await Postman().round()
    await message.refresh_from_db()
    assert (message.state, message.attempts, len(mail.received)) == ("sent", 2, 1)
    assert [(a.outcome, a.answer) for a in await Attempt.all()] == [
        ("server_down", "451 4.3.0 Later")
    ]


async def test_550_fails_shows_the_answer_and_can_be_tried_again(mail: SmtpServer) -> None:
    mail.answer("550 5.1.1 No such user", times=1)
    message = await queued()
    await Postman().round()
    await message.refresh_from_db()
    assert (message.state, message.answer) == ("failed", "550 5.1.1 No such user")
    assert await message.retry()
    await Postman().round()
    await message.refresh_from_db()
    assert message.state == "sent"


async def test_a_connection_dropped_after_the_dot_is_tried_again_with_the_same_message_id(
    mail: SmtpServer,
) -> None:
    mail.drop(at="DATA", times=1)
    message = await queued()
    await Postman().round()
    await message.refresh_from_db()
    assert message.state == "queued"
    with clock.travelled(timedelta(seconds=95)):
        await Postman().round()
    await message.refresh_from_db()
    assert message.state == "sent"
    assert [r.message["Message-ID"] for r in mail.received] == [message.message_id] * 2
    assert [a.outcome for a in await Attempt.all()] == ["unknown_outcome"]


async def test_a_server_that_is_away_costs_no_mail(database: Settings) -> None:
    database.smtp_url = "smtp://127.0.0.1:1"
    for n in range(3):
        await queued(f"b{n}@example.org")
    assert await Postman().round() == 0
    assert await Message.filter(state="queued", attempts=1).count() == 3


async def test_mail_of_a_dead_worker_is_taken_up_within_120_seconds(mail: SmtpServer) -> None:
    message = await queued()
    (taken,) = await Postman("dead").take(10)
    assert taken.id == message.id
    assert await Postman().round() == 0
    with clock.travelled(LEASE + timedelta(seconds=1)):
        assert await Postman().round() == 1
    await message.refresh_from_db()
    assert (message.state, timedelta(seconds=118) > LEASE) == ("sent", True)


async def test_a_worker_that_lost_its_lease_neither_sends_nor_settles(mail: SmtpServer) -> None:
    message = await queued()
    slow = Postman("slow")
    (taken,) = await slow.take(1)
    with clock.travelled(LEASE + timedelta(seconds=1)):
        await Postman().round()
        await slow._give_back(taken)
    await message.refresh_from_db()
    assert (message.state, len(mail.received)) == ("sent", 1)


async def test_several_workers_send_each_mail_once(mail: SmtpServer) -> None:
    event = await factories.event(await factories.project())
    people = [
        Recipient(f"p{n}@example.org", "", "en", {"event": event.id}, f"x:{n}") for n in range(120)
    ]
    assert await Message.queue_all("event_invitation", people) == 120
    workers = [Postman(f"worker {n}") for n in range(3)]

    async def drain(worker: Postman) -> None:
        while await worker.round():
            pass

    await asyncio.gather(*(drain(w) for w in workers))
    assert sorted(r.recipients[0] for r in mail.received) == sorted(p.to_email for p in people)
    assert mail.connections <= 12
    for worker in workers:
        await worker.close()


async def test_a_single_mail_goes_before_many(mail: SmtpServer) -> None:
    event = await factories.event(await factories.project())
    people = [Recipient(f"p{n}@example.org", "", "en", {"event": event.id}) for n in range(5)]
    await Message.queue_all("event_invitation", people)
    single = await queued()
    (first,) = await Postman().take(1)
    assert first.id == single.id


async def test_what_is_no_longer_due_is_withdrawn(mail: SmtpServer) -> None:
    event = await factories.event(await factories.project(), status="cancelled")
    message = await Message.queue(
        "event_invitation", "bob@example.org", language="en", about={"event": event.id}
    )
    assert message
    await Postman().round()
    await message.refresh_from_db()
    assert (message.state, mail.received) == ("withdrawn", [])


async def test_held_mail_waits_until_released(mail: SmtpServer) -> None:
    message = await queued()
    assert await Message.hold_all() == 1
    assert await Postman().round() == 0
    await message.refresh_from_db()
    assert await message.release()
    assert await Postman().round() == 1


async def test_without_a_server_mails_are_kept(database: Settings) -> None:
    database.smtp_url = ""
    message = await queued()
    assert await Postman().round() == 0
    await message.refresh_from_db()
    assert message.state == "queued"


async def test_one_bad_mail_does_not_stop_the_others(mail: SmtpServer) -> None:
    broken = await Message.queue("no_such_kind", "bob@example.org", language="en", about={})
    assert broken
    await queued()
    await Postman().round()
    await broken.refresh_from_db()
    assert (broken.state, broken.attempts, len(mail.received)) == ("queued", 1, 1)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(
    ("tls", "query"), [("required", ""), ("offered", ""), ("none", "?starttls=never")]
)
async def test_it_secures_and_logs_in(database: Settings, tls: Any, query: str) -> None:
    with smtp_server(tls, "anna", "p@ss/word") as server:
        database.smtp_url = f"smtp://anna:p%40ss%2Fword@127.0.0.1:{server.port}{query}"
        await queued()
        postman = Postman()
        await postman.round()
        await postman.close()
        (received,) = server.received
        assert (received.login, received.encrypted) == ("anna", tls != "none")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_always_wants_a_certificate_that_proves_itself(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server("required", "anna", "secret") as server:
        database.smtp_url = f"{server.url.replace('127.0.0.1', 'localhost')}?starttls=always"
        message = await queued()
        await Postman().round()
        await message.refresh_from_db()
        assert (message.state, "certificate" in message.answer.lower()) == ("queued", True)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        with clock.travelled(timedelta(seconds=95)):
            await Postman().round()
        assert len(server.received) == 1
    # the test's server forgets to close what failed to become TLS: let it be found here
    gc.collect()


def test_pauses_grow_to_a_day() -> None:
    spans = [[pause(n).total_seconds() for _ in range(50)] for n in (1, 2, 3, 30)]
    assert all(60 <= s <= 90 for s in spans[0])
    assert all(180 <= s <= 270 for s in spans[1])
    assert all(540 <= s <= 810 for s in spans[2])
    assert all(57600 <= s <= 86400 for s in spans[3])


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.test", Server("mail.test", 25)),
        (
            "smtp://a%40b:c%3A@mail.test:26?starttls=always",
            Server("mail.test", 26, "a@b", "c:", "always"),
        ),
        ("smtps://a:b@mail.test", Server("mail.test", 465, "a", "b", "implicit")),
        ("smtp://a:b@mail.test?starttls=never", Server("mail.test", 587, "a", "b", "never")),
    ],
)
def test_the_setting_says_where_to(url: str, server: Server) -> None:
    assert Server.parse(url) == server
