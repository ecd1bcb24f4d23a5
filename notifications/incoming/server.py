"""Mail that comes back, taken in by the worker over SMTP or LMTP, for addresses of our own only.

One registry by purpose (see notifications.outbox.return_addresses): `@mailbox("bounce")` reads what
comes to `…+bounce-4711-…@…`. A package adds its own; nothing else changes. An answer is given when
the handler is done: 250 read, 451 when it failed (the other server tries again), 550 for an address
that is none of ours, or when the handler refuses it in words, 554 for what is no mail at all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast
from urllib.parse import urlsplit

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from core import settings
from notifications.outbox import return_addresses

log = logging.getLogger("viesis.mail")

LARGEST = 10 * 2**20
"""Bytes of one mail; what is larger is refused."""
IDLE = 60
"""Seconds after which a silent connection is closed."""

Handler = Callable[[int, EmailMessage], Awaitable[None]]
"""Gets the object that the address stands for (a message, a registration), and the mail."""


class Refused(Exception):  # noqa: N818 - it says what the other server is answered
    """A handler will not have this mail; the words go back to whoever wrote it, by way of their own
    server.
    """


_handlers: dict[str, Handler] = {}


def mailbox(purpose: str) -> Callable[[Handler], Handler]:
    """Register who reads the mail to addresses of this purpose (a-z)."""

    def register(handler: Handler) -> Handler:
        _handlers[purpose] = handler
        return handler

    return register


class Intake:
    """aiosmtpd's view of us."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """A recipient: one of our addresses, or refused."""
        found = return_addresses.read(address)
        if not found or found[0] not in _handlers:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The mail: read by whoever its addresses belong to."""
        try:
            mail = message_from_bytes(cast("bytes", envelope.content or b""), policy=policy.default)
        except (ValueError, LookupError, AttributeError, RecursionError):
            # the same bytes would fail again
            return "554 5.6.0 This is not a mail that can be read"
        try:
            for address in envelope.rcpt_tos:
                found = return_addresses.read(address)
                if found:
                    await _handlers[found[0]](found[1], mail)
        except Refused as refused:
            return f"550 5.7.1 {refused}"
        except Exception:
            log.exception("a mail that came in could not be read")
            return "451 4.3.0 Could not be read now, please try again"
        return "250 2.0.0 OK"


async def listen() -> asyncio.Server | None:
    """Open the port that VIESIS_MAIL_IN names; None when it names none. Raises OSError when the
    port is taken.
    """
    where = settings.get().mail_in
    if not where:
        return None
    parts = urlsplit(where)
    kind = LMTP if parts.scheme == "lmtp" else SMTP

    def connection() -> SMTP:
        return kind(
            Intake(),
            hostname="viesis",
            ident="Viesis",
            data_size_limit=LARGEST,
            timeout=IDLE,
            enable_SMTPUTF8=True,
            decode_data=False,
            loop=loop,
        )

    loop = asyncio.get_running_loop()
    return await loop.create_server(connection, parts.hostname, parts.port or 25)


async def work(stop: asyncio.Event) -> None:
    """Take in mail until told to stop. Of several workers on one machine the first one has the
    port.
    """
    try:
        server = await listen()
    except OSError as error:
        log.warning("mail is not taken in here: %s", error)
        return
    if server:
        async with server:
            await stop.wait()
