"""Delivery by SMTP: connections that stay open for many mails, and what a server's answer means."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from notifications.delivery.failures import Failure, Stage, kind

TIMEOUT = 30.0
"""Seconds that one command may take. A mail is given `LONGEST` in all, less than its lease."""
LONGEST = 40.0

Result = Literal["sent", "later", "refused", "unknown"]
Tls = Literal["auto", "always", "never", "implicit"]


@dataclass(frozen=True)
class Server:
    """Where to deliver to, from VIESIS_SMTP_URL."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: Tls = "auto"

    @classmethod
    def parse(cls, url: str) -> "Server":
        """From `smtp://user:pass@host:port?starttls=auto|always|never` or `smtps://…`, checked by
        core.settings.
        """
        parts = urlsplit(url)
        implicit = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["auto"])[0]
        return cls(
            parts.hostname or "localhost",
            parts.port or (465 if implicit else 587 if parts.username else 25),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            "implicit" if implicit else cast("Tls", starttls),
        )

    async def connect(self) -> aiosmtplib.SMTP:
        """Open a connection, secured and logged in. Raises SMTPException, OSError."""
        context = ssl.create_default_context()
        if self.tls == "auto":
            # opportunistic: an unproven certificate still beats plain text (RFC 7435); `always`
            # wants it proven
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=TIMEOUT,
            use_tls=self.tls == "implicit",
            start_tls={"always": True, "never": False, "implicit": False}.get(self.tls),
            username=self.user or None,
            password=self.password if self.user else None,
            tls_context=context,
        )
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            # behind TLS a server tells anew what it can: known before the first mail, not after it
            try:
                await client.ehlo()
            except aiosmtplib.SMTPHeloError:
                await client.helo()
        return client


@dataclass(frozen=True)
class Outcome:
    """What became of a mail. `server_wide`: the server could not be used at all, whatever the
    mail.
    """

    result: Result
    answer: str
    server_wide: bool = False
    failure: Failure = "server_down"
    """Meaningless once it is sent."""


class Connection:
    """One connection, opened when first needed, kept for the next mail, opened anew when the server
    hung up.
    """

    def __init__(self, where: Server) -> None:
        self.where = where
        self._client: aiosmtplib.SMTP | None = None

    async def deliver(self, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand one mail to the server. Never raises for what a server or a network does."""
        try:
            async with asyncio.timeout(LONGEST):
                return await self._deliver(sender, recipient, data)
        except TimeoutError:
            self.drop()
            return Outcome(
                "unknown", f"no answer within {LONGEST:.0f} s", failure="unknown_outcome"
            )

    async def _deliver(self, sender: str, recipient: str, data: bytes) -> Outcome:
        kept = self._client is not None and self._client.is_connected
        try:
            client = await self._connected()
        except aiosmtplib.SMTPResponseException as error:
            self.drop()
            return Outcome("later", _said(error.code, error.message), server_wide=True)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self.drop()
            return Outcome("later", f"{self.where.host}: {error}", server_wide=True)
        try:
            await _envelope(client, sender, recipient, len(data))
        except aiosmtplib.SMTPResponseException as error:
            return await self._answered(
                error, "sender" if isinstance(error, aiosmtplib.SMTPSenderRefused) else "recipient"
            )
        except (aiosmtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            self.drop()
            if not (kept and isinstance(error, aiosmtplib.SMTPServerDisconnected)):
                hopeless = isinstance(error, aiosmtplib.SMTPNotSupported | UnicodeError)
                failure: Failure = "refused_address" if hopeless else "server_down"
                return Outcome(
                    "refused" if hopeless else "later",
                    f"{self.where.host}: {error}",
                    failure=failure,
                )
        else:
            return await self._content(client, data)
        # the server closed a connection that had been idle: nothing of this mail was said yet
        return await self._deliver(sender, recipient, data)

    async def _content(self, client: aiosmtplib.SMTP, data: bytes) -> Outcome:
        try:
            response = await client.data(data)
        except aiosmtplib.SMTPResponseException as error:
            return await self._answered(error, "content")
        except (aiosmtplib.SMTPException, OSError) as error:
            # perhaps after the final dot: whether the mail was taken, nobody knows; it goes again
            # with its Message-ID
            self.drop()
            return Outcome("unknown", f"{self.where.host}: {error}", failure="unknown_outcome")
        return Outcome("sent", _said(response.code, response.message))

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self._client = await self.where.connect()
        return self._client

    async def _answered(self, error: aiosmtplib.SMTPResponseException, stage: Stage) -> Outcome:
        """A 4xx or 5xx: forget the envelope, keep the connection if it lives."""
        if error.code == 421:
            self.drop()
        elif self._client is not None:
            try:
                await self._client.rset()
            except (aiosmtplib.SMTPException, OSError):
                self.drop()
        said = _said(error.code, error.message)
        failure = kind(stage, error.code, said)
        refused = failure in {"refused_address", "rejected_content"}
        return Outcome("refused" if refused else "later", said, failure=failure)

    def drop(self) -> None:
        """Close without a word."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def quit(self) -> None:
        """Say goodbye."""
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.quit()
            except (aiosmtplib.SMTPException, OSError):
                self.drop()
        self._client = None


async def _envelope(client: aiosmtplib.SMTP, sender: str, recipient: str, size: int) -> None:
    """From whom, to whom, and how large (RFC 1870): what is too large, or for a full mailbox, is
    refused unsent.
    """
    announced = [f"SIZE={size}"] if client.supports_extension("size") else []
    local, _at, domain = recipient.rpartition("@")
    address = f"{local}@{domain.encode('idna').decode() if not domain.isascii() else domain}"
    if local.isascii():
        await client.mail(sender, options=announced)
        await client.rcpt(address)
        return
    if not client.supports_extension("smtputf8"):
        raise aiosmtplib.SMTPNotSupported(f"the mail server takes no address such as {recipient}")
    await client.mail(sender, options=[*announced, "SMTPUTF8"], encoding="utf-8")
    await client.rcpt(address, encoding="utf-8")


def _said(code: int, message: str) -> str:
    return f"{code} {' '.join(message.split())}"[:2000]
