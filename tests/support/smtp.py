"""A real SMTP server for tests, which keeps what it gets and can misbehave when told to."""

import asyncio
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.postgres import free_port

Stage = Literal["MAIL", "RCPT", "DATA"]
Tls = Literal["none", "offered", "required", "implicit"]


@dataclass(frozen=True)
class Received:
    """A mail that the server acknowledged, or kept and did not acknowledge (`drop_after_dot`)."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    login: str
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return message_from_bytes(self.data, policy=policy.default)

    def part(self, kind: str) -> str:
        """The text of the first part of this media type, such as `text/plain` or
        `text/calendar`.
        """
        return str(
            next(p.get_content() for p in self.message.walk() if p.get_content_type() == kind)
        )


@dataclass
class Misbehaviour:
    """What to do with the next `times` mails (None: with every one), or only with those to
    `recipient`.
    """

    stage: Stage
    answer: str = ""
    stall: float = 0
    drop: bool = False
    times: int | None = None
    recipient: str = ""

    def applies(self, stage: Stage, recipients: list[str]) -> bool:
        """Whether it is this one's turn; uses up one time."""
        if (
            stage != self.stage
            or self.times == 0
            or (self.recipient and self.recipient not in recipients)
        ):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class SmtpServer:
    """What came in, and what to do wrong. Runs in a thread of its own."""

    port: int
    tls: Tls
    user: str
    password: str
    certificate: Path
    """The certificate of our own making: SSL_CERT_FILE for a client that should trust it."""
    received: list[Received] = field(default_factory=list)
    misbehaviours: list[Misbehaviour] = field(default_factory=list)
    connections: int = 0
    attempts: int = 0
    """How many times a sender named itself (MAIL FROM)."""

    @property
    def url(self) -> str:
        """The address, for VIESIS_SMTP_URL."""
        who = f"{self.user}:{self.password}@" if self.user else ""
        scheme = "smtps" if self.tls == "implicit" else "smtp"
        return f"{scheme}://{who}127.0.0.1:{self.port}"

    def answer(
        self, reply: str, *, at: Stage = "RCPT", times: int | None = None, recipient: str = ""
    ) -> None:
        """Reply with `451 4.3.0 Later` or `550 5.1.1 Unknown` instead of accepting."""
        self.misbehaviours.append(Misbehaviour(at, answer=reply, times=times, recipient=recipient))

    def stall(self, seconds: float, *, at: Stage = "DATA", times: int | None = None) -> None:
        """Keep silent for so long, then accept."""
        self.misbehaviours.append(Misbehaviour(at, stall=seconds, times=times))

    def drop(self, *, at: Stage = "DATA", times: int | None = 1) -> None:
        """Hang up instead of answering; at DATA the mail is kept: the sender cannot know."""
        self.misbehaviours.append(Misbehaviour(at, drop=True, times=times))

    def behave(self) -> None:
        """Forget what was told."""
        self.misbehaviours.clear()

    def to(self, address: str) -> list[Received]:
        """What came for this address, in order."""
        return [mail for mail in self.received if address in mail.recipients]

    def wait(self, count: int, seconds: float = 20) -> list[Received]:
        """Wait until so many mails are here. Raises TimeoutError; do not call in a running loop
        (`arrived`).
        """
        until = time.monotonic() + seconds
        while len(self.received) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.received)} of {count} mails after {seconds} s")
            time.sleep(0.02)
        return self.received

    async def arrived(self, count: int, seconds: float = 20) -> list[Received]:
        """Likewise, while the loop runs on."""
        return await asyncio.to_thread(self.wait, count, seconds)


class Handler:
    """Between aiosmtpd and the server of the tests."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    async def _wrong(self, stage: Stage, smtp: SMTP, recipients: list[str]) -> str:
        for wrong in self.server.misbehaviours:
            if wrong.applies(stage, recipients):
                await asyncio.sleep(wrong.stall)
                if wrong.drop:
                    assert isinstance(smtp.transport, asyncio.Transport)
                    smtp.transport.abort()
                    # The connection is gone: this answer goes nowhere.
                    return "421 Gone"
                return wrong.answer
        return ""

    async def handle_MAIL(  # noqa: N802  # aiosmtpd looks for this name
        self, smtp: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A sender named itself."""
        self.server.attempts += 1
        if wrong := await self._wrong("MAIL", smtp, []):
            return wrong
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd looks for this name
        self, smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """A recipient."""
        if wrong := await self._wrong("RCPT", smtp, [address]):
            return wrong
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd looks for this name
        self, smtp: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """The mail itself, after its final dot."""
        assert isinstance(envelope.content, bytes)
        recipients = tuple(str(address) for address in envelope.rcpt_tos)
        login = (
            cast("LoginPassword", session.auth_data).login.decode() if session.authenticated else ""
        )
        encrypted = session.ssl is not None or self.server.tls == "implicit"
        mail = Received(str(envelope.mail_from), recipients, envelope.content, login, encrypted)
        wrong = await self._wrong("DATA", smtp, list(recipients))
        if not wrong or wrong == "421 Gone":
            self.server.received.append(mail)
        return wrong or "250 OK"


class Listener(Controller):
    """aiosmtpd's thread, with our counting, certificate and login."""

    def __init__(self, server: SmtpServer, context: ssl.SSLContext) -> None:
        self.ours = server
        self.context = context
        implicit = context if server.tls == "implicit" else None
        super().__init__(
            Handler(server), hostname="127.0.0.1", port=server.port, ssl_context=implicit
        )

    def factory(self) -> SMTP:
        """One connection."""
        self.ours.connections += 1
        starttls = self.ours.tls in {"offered", "required"}
        return SMTP(
            self.handler,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            timeout=120,
            tls_context=self.context if starttls else None,
            require_starttls=self.ours.tls == "required",
            auth_required=bool(self.ours.user),
            auth_require_tls=starttls,
            authenticator=self._login,
        )

    def _login(
        self,
        _smtp: SMTP,
        _session: Session,
        _envelope: Envelope,
        _mechanism: str,
        data: LoginPassword,
    ) -> AuthResult:
        right = (data.login, data.password) == (
            self.ours.user.encode(),
            self.ours.password.encode(),
        )
        return AuthResult(success=right, handled=right, auth_data=data)


def certified(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that is its own authority, valid for a day around now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    names = [
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.DNSName("localhost"),
        x509.DNSName("mail.test"),
    ]
    now = datetime.fromtimestamp(time.time(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return certificate, context


@contextmanager
def smtp_server(tls: Tls = "none", user: str = "", password: str = "") -> Iterator[SmtpServer]:
    """A server of one's own on a free port; with `user`, sending wants a login."""
    with TemporaryDirectory() as folder:
        certificate, context = certified(Path(folder))
        server = SmtpServer(free_port(), tls, user, password, certificate)
        listener = Listener(server, context)
        listener.start()
        # The controller has tried the port.
        server.connections = 0
        try:
            yield server
        finally:
            listener.stop()
