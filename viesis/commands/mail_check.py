"""`viesis check --mail YOU@EXAMPLE`: one mail, and what the world is told about the sender's
domain, each explained.

SPF is RFC 7208, DKIM RFC 6376, DMARC RFC 7489; all are texts in the domain's DNS.
"""

import re
from collections.abc import Awaitable
from email.utils import parseaddr
from html import escape

import click
import dns.asyncresolver
import dns.exception
import dns.resolver

from core import settings
from notifications.delivery.smtp import Connection, Outcome, Server
from notifications.outbox import dkim_signature, mime
from notifications.outbox.message import new_message_id

Finding = tuple[bool, str]

WAIT = 4.0
"""Seconds for one question to the name servers."""


class UnaskedError(Exception):
    """The name servers did not answer: nothing can be said about the domain from here."""


async def run(to: str) -> int:
    """Send one mail to this address and explain what was found; answers 0 when all is well, 1
    else.
    """
    given = settings.get()
    domain = parseaddr(given.mail_from)[1].rpartition("@")[2].casefold()
    fine = True
    for name, (ok, said) in [
        ("mail", await _sent(to)),
        ("SPF", await _asked(spf(domain))),
        ("DKIM", await _asked(dkim(domain))),
        ("DMARC", await _asked(dmarc(domain))),
    ]:
        click.echo(f"{name:<10} {'ok' if ok else 'TO DO'}: {said}")
        fine = fine and ok
    return 0 if fine else 1


async def _sent(to: str) -> Finding:
    given = settings.get()
    if not given.smtp_url:
        return False, "no VIESIS_SMTP_URL: there is no server to send by"
    name, sender = parseaddr(given.mail_from)
    head = [
        ("Date", mime.date()),
        ("From", mime.address(name, sender)),
        ("To", mime.address("", to)),
        ("Subject", "A test of Viesis"),
        ("Message-ID", new_message_id()),
        ("Auto-Submitted", "auto-generated"),
    ]
    text = f"This mail was sent by viesis check, from {given.base_url}.\nIf you read it, mail arrives.\n"
    html = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    data = dkim_signature.signed(mime.mail(head, text, html, []), sender.rpartition("@")[2])
    link = Connection(Server.parse(given.smtp_url))
    outcome: Outcome = await link.deliver(sender, to, data)
    await link.quit()
    if outcome.result == "sent":
        signed = "signed" if given.dkim_key else "not signed"
        return (
            True,
            f"the server took it ({outcome.answer}), {signed}. Look whether it is in the inbox of {to}",
        )
    return False, f"{outcome.failure.replace('_', ' ')}: {outcome.answer}"


async def _asked(question: Awaitable[Finding]) -> Finding:
    try:
        return await question
    except UnaskedError as error:
        return (
            False,
            f"the name servers could not be asked ({error}): run this where there is a network",
        )


async def spf(domain: str) -> Finding:
    """Whether the domain says which servers may send for it."""
    found = [t for t in await texts(domain) if t.casefold().startswith("v=spf1")]
    if not found:
        add = "Add a TXT record: v=spf1 mx a:YOUR-SERVER -all"
        return False, f"{domain} says nothing about who may send for it. {add}"
    if len(found) > 1:
        return (
            False,
            f"{domain} has {len(found)} SPF records, which counts as none: join them into one",
        )
    if re.search(r"\+all\b|(?<![-~?])\ball\b", found[0]):
        return False, f"{found[0]} lets anyone send for {domain}: end it with -all"
    return True, f"{found[0]} (the server that sends must be in it)"


async def dkim(domain: str) -> Finding:
    """Whether mail is signed, and the domain shows the key that it is signed with."""
    given = settings.get()
    where = f"{given.dkim_selector}._domainkey.{domain}"
    if not given.dkim_key:
        return False, "mail is not signed here: set VIESIS_DKIM_KEY, unless your mail server signs"
    wanted = f"v=DKIM1; k=rsa; p={dkim_signature.public_key()}"
    found = "".join(await texts(where)).replace(" ", "")
    if not found:
        return False, f"there is no key at {where}. Add a TXT record: {wanted}"
    shown = re.search(r"p=([A-Za-z0-9+/=]*)", found)
    if not shown or shown[1] != dkim_signature.public_key():
        return False, f"the key at {where} is another one. It should be: {wanted}"
    return True, f"the key at {where} is the one that signs"


async def dmarc(domain: str) -> Finding:
    """Whether the domain says what to do with mail that is not its own."""
    found = [t for t in await texts(f"_dmarc.{domain}") if t.casefold().startswith("v=dmarc1")]
    if not found:
        add = f"Add a TXT record: v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
        return False, f"there is none at _dmarc.{domain}. {add}"
    if not re.search(r"\bp=(none|quarantine|reject)\b", found[0]):
        return False, f"{found[0]} has no p=none, p=quarantine or p=reject"
    return True, found[0]


async def texts(name: str) -> list[str]:
    """The TXT records of a name, in no order; empty when it has none. Raises UnaskedError without
    an answer.
    """
    try:
        resolver = dns.asyncresolver.Resolver()
        resolver.lifetime = WAIT
        answer = await resolver.resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise UnaskedError(str(error).splitlines()[0][:120] or type(error).__name__) from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
