"""`viesis check --mail`: one mail, and what the domain's DNS says, explained; asked of a name
server of our own.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core import settings
from core.settings import Settings
from notifications.outbox import dkim_signature
from tests.support.smtp import SmtpServer
from viesis.commands import mail_check


class NameServer(asyncio.DatagramProtocol):
    """Answers TXT questions from `records`; NXDOMAIN else."""

    def __init__(self, records: dict[str, list[str]]) -> None:
        self.records = records

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The port is open."""
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One question."""
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        name = asked.question[0].name
        found = self.records.get(name.to_text(omit_final_dot=True))
        if found is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            quoted = [" ".join(f'"{t[n : n + 200]}"' for n in range(0, len(t), 200)) for t in found]
            answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", quoted))
        self.transport.sendto(answer.to_wire(), addr)


@pytest.fixture
async def dns_records(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, list[str]]]:
    """What the name server says; the machine's own is not asked."""
    records: dict[str, list[str]] = {}
    transport, _server = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: NameServer(records), local_addr=("127.0.0.1", 0)
    )
    port = transport.get_extra_info("sockname")[1]
    made = dns.asyncresolver.Resolver

    def ours() -> dns.asyncresolver.Resolver:
        resolver = made(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], port
        return resolver

    monkeypatch.setattr(dns.asyncresolver, "Resolver", ours)
    yield records
    transport.close()


@pytest.fixture
def given(tmp_path: Path, smtp: SmtpServer) -> Settings:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "dkim.pem").write_bytes(key.private_bytes(*form))
    made = Settings(
        _env_file=None,
        secret_key="x" * 32,
        smtp_url=smtp.url,
        mail_from="Viesis <viesis@example.org>",
        dkim_key=str(tmp_path / "dkim.pem"),
    )
    settings.use(made)
    return made


async def test_all_is_well(
    given: Settings,
    dns_records: dict[str, list[str]],
    smtp: SmtpServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dns_records |= {
        "example.org": ["other=1", "v=spf1 mx -all"],
        "viesis._domainkey.example.org": [f"v=DKIM1; k=rsa; p={dkim_signature.public_key()}"],
        "_dmarc.example.org": ["v=DMARC1; p=quarantine"],
    }
    assert await mail_check.run("you@example.org") == 0
    (mail,) = smtp.received
    assert (mail.recipients, "DKIM-Signature" in mail.message) == (("you@example.org",), True)
    assert capsys.readouterr().out.count(" ok: ") == 4


@pytest.mark.parametrize(
    ("records", "to_do"),
    [
        ({}, "SPF DKIM DMARC"),
        ({"example.org": ["v=spf1 mx -all", "v=spf1 a -all"]}, "SPF DKIM DMARC"),
        ({"example.org": ["v=spf1 +all"]}, "SPF DKIM DMARC"),
        ({"example.org": ["v=spf1 ~all"], "_dmarc.example.org": ["v=DMARC1; p=none"]}, "DKIM"),
        ({"example.org": ["v=spf1 ~all"], "_dmarc.example.org": ["v=DMARC1"]}, "DKIM DMARC"),
        (
            {"example.org": ["v=spf1 -all"], "viesis._domainkey.example.org": ["v=DKIM1; p=AAAA"]},
            "DKIM DMARC",
        ),
    ],
)
async def test_what_is_missing_is_said(
    given: Settings,
    dns_records: dict[str, list[str]],
    capsys: pytest.CaptureFixture[str],
    records: dict[str, list[str]],
    to_do: str,
) -> None:
    dns_records |= records
    assert await mail_check.run("you@example.org") == 1
    said = capsys.readouterr().out.splitlines()
    assert " ".join(line.split()[0] for line in said if "TO DO" in line) == to_do


async def test_a_refusal_and_no_network_are_one_clear_line_each(
    given: Settings,
    smtp: SmtpServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing() -> dns.asyncresolver.Resolver:
        raise OSError("no name servers")

    monkeypatch.setattr(dns.asyncresolver, "Resolver", nothing)
    smtp.answer("550 5.1.1 Nobody")
    assert await mail_check.run("you@example.org") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "mail       TO DO: refused address: 550 5.1.1 Nobody"
    assert ["could not be asked" in line for line in said[1:]] == [True] * 3
