"""The SMTP server of the tests does what it is told, seen by Python's own client."""

import smtplib
import ssl

import pytest

from tests.support.smtp import SmtpServer, Tls, smtp_server

MAIL = "From: a@test\r\nTo: bob@test\r\nSubject: Hello\r\n\r\nLine\r\n"


def send(server: SmtpServer, to: str = "bob@test") -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        client.sendmail("a@test", [to], MAIL)


def test_it_keeps_what_it_accepts(smtp: SmtpServer) -> None:
    send(smtp)
    (mail,) = smtp.wait(1)
    assert (mail.sender, mail.recipients, mail.message["Subject"], mail.part("text/plain")) == (
        "a@test",
        ("bob@test",),
        "Hello",
        "Line\r\n",
    )


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA"])
def test_it_answers_as_told_and_so_many_times(smtp: SmtpServer, at: str) -> None:
    smtp.answer("451 4.3.0 Later", at=at, times=1)  # type: ignore[arg-type]  # parametrize knows only str
    with pytest.raises(smtplib.SMTPException, match=r"451|Later"):
        send(smtp)
    assert smtp.received == []
    send(smtp)
    assert len(smtp.received) == 1


def test_it_refuses_one_recipient_only(smtp: SmtpServer) -> None:
    smtp.answer("550 5.1.1 Unknown", recipient="eve@test")
    send(smtp)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtp, "eve@test")
    assert (len(smtp.to("bob@test")), len(smtp.to("eve@test"))) == (1, 0)


def test_it_hangs_up_after_the_final_dot_and_keeps_the_mail(smtp: SmtpServer) -> None:
    smtp.drop()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(smtp)
    send(smtp)
    assert (len(smtp.wait(2)), smtp.connections) == (2, 2)


def test_it_stalls(smtp: SmtpServer) -> None:
    smtp.stall(3, times=1)
    client = smtplib.SMTP("127.0.0.1", smtp.port, timeout=0.3)
    with client, pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        client.sendmail("a@test", ["bob@test"], MAIL)


@pytest.mark.parametrize("tls", ["offered", "required"])
def test_it_wants_starttls_and_a_login(tls: Tls) -> None:
    with smtp_server(tls=tls, user="alice", password="secret") as server:
        with pytest.raises(smtplib.SMTPException):
            send(server)
        context = ssl.create_default_context(cafile=server.certificate)
        with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
            client.starttls(context=context)
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("alice", "wrong")
            client.login("alice", "secret")
            client.sendmail("a@test", ["bob@test"], MAIL)
        (mail,) = server.wait(1)
        assert (mail.login, mail.encrypted) == ("alice", True)


def test_it_speaks_tls_from_the_start() -> None:
    with smtp_server(tls="implicit") as server:
        context = ssl.create_default_context(cafile=server.certificate)
        with smtplib.SMTP_SSL("127.0.0.1", server.port, context=context, timeout=5) as client:
            client.sendmail("a@test", ["bob@test"], MAIL)
        assert server.wait(1)[0].encrypted
