"""Mail through a real postfix into mailboxes read over dovecot's IMAP; what they refuse or send
back reaches us.
"""

import asyncio
import smtplib
import time
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import dkim
import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from icalendar import Calendar
from tortoise.backends.base.executor import EXECUTOR_CACHE

from core import db, settings
from core.settings import Settings
from events.event.event import Event
from notifications.outbox import dkim_signature
from notifications.outbox.bounces import Bounce
from notifications.outbox.message import Attempt, Message
from registrations.form.entry import Entry
from registrations.placing.register import place as registered
from registrations.registration import tickets
from registrations.registration.registration import Registration
from tests.faults.mail_house import LARGEST, House, mail_house, missing
from tests.notifications.replying import answer
from tests.support import factories
from tests.support.postgres import free_port
from tests.support.running import PRIVATE, SECRET, Program, program
from viesis.models import MODULES

Finding = list[str]

TITLE = "Aprūpe mājās – Žagarē"
BOB = "bob@example.org"
GREY = "grey@example.org"
SENT, QUEUED, FAILED, BOUNCED = "sent", "queued", "failed", "bounced"
EXPECTED = {
    BOB: (SENT, "", "250 2.0.0 Ok"),
    GREY: (SENT, "", "250 2.0.0 Ok"),
    "nobody@example.org": (FAILED, "refused_address", "550 5.1.1"),
    "full@example.org": (QUEUED, "full_mailbox", "452 4.2.2"),
    "charlie@example.org": (FAILED, "rejected_content", "552 5.3.4"),
    "nobody@late.example": (BOUNCED, "refused_address", "550 5.1.1"),
    "full@late.example": (BOUNCED, "full_mailbox", "552 5.2.2"),
}
"""To whom → the mail's state in the end, its kind of failure, and what the servers say. Charlie's
is too large.
"""


async def at_home(url: str, place: Path, _workers: int) -> Finding:
    """Seven mails through postfix and dovecot: read, put off, refused at the door, and sent back
    from within.
    """
    if lacking := missing():
        print(f"    LEFT OUT: {lacking}")
        return []
    returns = free_port()
    with mail_house(returns) as house:
        given = _settings(url, place, house, returns)
        mail = {"smtp_url": given.smtp_url, "mail_from": given.mail_from, "mail_in": given.mail_in}
        with program(url, place, log=None, dkim_key=given.dkim_key, **mail) as served:
            settings.use(given)
            EXECUTOR_CACHE.clear()
            await db.connect(given, MODULES)
            try:
                given.base_url = served.url
                return await _story(house, served)
            finally:
                await db.disconnect()


def _settings(url: str, place: Path, house: House, returns: int) -> Settings:
    key, form = place / "dkim.pem", serialization.PrivateFormat.PKCS8
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key.write_bytes(
        made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )
    return Settings(
        _env_file=None,
        database_url=url,
        secret_key=SECRET,
        private_keys=PRIVATE,
        data_dir=place,
        smtp_url=f"smtp://127.0.0.1:{house.smtp}",
        mail_from="Viesis <viesis@viesis.test>",
        mail_in=f"lmtp://127.0.0.1:{returns}",
        dkim_key=str(key),
    )


async def _story(house: House, served: Program) -> Finding:
    project = await factories.project(contact_email="anna@example.org")
    event = await factories.event(
        project, title={"lv": TITLE, "en": "Care"}, capacity=None, calendar_invites=True
    )
    for email in EXPECTED:
        if not email.startswith("charlie"):
            entry = Entry(name="Jānis Bērziņš", email=email)
            await registered(event, entry, source="web", language="lv")
    about = {"event": event.id, "text": "A long letter. " * (LARGEST // 10)}
    await Message.queue(
        "event_invitation", "charlie@example.org", language="en", about=about, subject_of=event.id
    )
    found = await _ended(120)
    raw = (await asyncio.to_thread(house.mails, BOB, 1))[0]
    await asyncio.to_thread(house.mails, GREY, 1)
    found += (
        await _read(raw)
        + await _answered(house, raw)
        + await _came_again()
        + await _shown(event, served)
    )
    return [*found, *(house.said().splitlines() if found else [])]


async def _ended(seconds: float) -> Finding:
    """Wait until every mail has come to its end; answers which have come to another."""
    ends, wrong = time.monotonic() + seconds, Finding()
    while time.monotonic() < ends:
        wrong = []
        for message in await Message.all():
            state, failure, said = EXPECTED[message.to_email]
            if (message.state, message.failure) != (state, failure) or said not in message.answer:
                wrong.append(
                    f"{message.to_email}: {message.state} {message.failure} {message.answer}"
                )
        if not wrong:
            break
        await asyncio.sleep(0.5)
    for message in await Message.all():
        print(
            f"    {message.to_email}: {message.state} {message.failure or '-'}: {message.answer[:110]}"
        )
    return wrong


async def _read(raw: bytes) -> Finding:
    """What came over IMAP is the mail that was written: parts, ticket, calendar, signature,
    headers.
    """
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    to = await Registration.get(person__email=BOB).prefetch_related("event", "person")
    message = await Message.get(to_email=BOB)
    parts = {
        p.get_content_type(): p for p in mail.walk() if p.get_content_disposition() != "attachment"
    }
    pictures = [
        p
        for p in mail.walk()
        if p.get_content_type() == "image/png" and p.get_content_disposition()
    ]
    entries = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    record = f"v=DKIM1; k=rsa; p={dkim_signature.public_key()}".encode()
    html = parts["text/html"].get_content()
    checks = {
        "the subject": str(mail["Subject"]) == message.subject and TITLE in message.subject,
        "the Message-ID": str(mail["Message-ID"]) == message.message_id,
        "the envelope sender": str(mail["Return-Path"]).startswith("<viesis+bounce-"),
        "Reply-To": "anna@example.org" in str(mail["Reply-To"]),
        "Auto-Submitted": str(mail["Auto-Submitted"]) == "auto-generated",
        "List-Id": f"<{to.event.slug}.events.viesis.test>" == str(mail["List-Id"]),
        "the way, encrypted": "with ESMTPS"
        in "".join(str(r) for r in mail.get_all("Received", [])),
        "the text": to.manage_url in parts["text/plain"].get_content(),
        "the ticket in the HTML": f"cid:{pictures[0]['Content-ID'].strip('<>')}" in html,
        "the ticket, inline and attached": [p.get_content() for p in pictures]
        == [tickets.png(to.ticket)] * 2,
        "the calendar": [len(Calendar.from_ical(p.get_content()).events) >= 1 for p in entries[-1:]]
        == [True],
        "the signature": dkim.verify(raw, dnsfunc=lambda _name, **_more: record),
        "the signature of another text": not dkim.verify(
            raw + b"more\r\n", dnsfunc=lambda _name, **_more: record
        ),
    }
    return [f"{BOB}, over IMAP: {what} is not right" for what, right in checks.items() if not right]


async def _answered(house: House, raw: bytes) -> Finding:
    """Bob's calendar says Yes to the invitation: the answer comes back through postfix and stands
    beside him.
    """
    mail = message_from_bytes(raw, policy=policy.default)
    calendar = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    invitation = Calendar.from_ical(str(calendar.get_content())).events[0]
    to = await Registration.get(person__email=BOB).prefetch_related("event", "person")
    text = answer(to, "ACCEPTED", uid=invitation["UID"], sequence=invitation["SEQUENCE"])
    back = str(invitation["ORGANIZER"]).removeprefix("mailto:")

    def deliver() -> None:
        with smtplib.SMTP("127.0.0.1", house.smtp) as client:
            client.sendmail(BOB, [back], text.replace("\n", "\r\n").encode())

    await asyncio.to_thread(deliver)
    for _wait in range(60):
        await to.refresh_from_db()
        if to.reply:
            break
        await asyncio.sleep(0.25)
    print(
        f"    answered in the calendar: {to.reply or 'nothing came'}, by way of {back.split('-')[0]}-…"
    )
    return (
        []
        if to.reply == "accepted"
        else [f"{BOB} said Yes in the calendar, and {to.reply!r} is kept"]
    )


async def _came_again() -> Finding:
    """The greylisted mail came again after 60 to 90 seconds, and once."""
    message = await Message.get(to_email=GREY)
    tries = await Attempt.filter(message_id=message.id)
    waited = message.sent_at - tries[0].at if message.sent_at and tries else timedelta(0)
    print(
        f"    greylisted: {tries[0].answer if tries else 'no try'}; came again after {waited.total_seconds():.0f} s"
    )
    right = len(tries) == 1 and timedelta(seconds=60) <= waited <= timedelta(seconds=95)
    return [] if right else [f"{GREY}: {len(tries)} tries, again after {waited}"]


async def _shown(event: Event, served: Program) -> Finding:
    """Each address that does not take mail is shown beside its person, with what the server
    said.
    """
    found = Finding()
    async with httpx.AsyncClient(base_url=served.url) as alice:
        await factories.sign_in(alice, await factories.organiser(event.project))
        for to in await Registration.filter(event_id=event.id).prefetch_related("person"):
            page = (await alice.get(f"/desk/e/{event.slug}/people/{to.id}")).text
            bounce = await Bounce.get_or_none(scope=event.project_id, email=to.person.email)
            state, failure, said = EXPECTED[to.person.email]
            wanted = failure in {"refused_address", "full_mailbox"}
            if wanted != (bounce is not None) or (wanted and said not in page):
                found.append(
                    f"{to.person.email} ({state}): {bounce and bounce.answer} is not shown on the page"
                )
    return found
