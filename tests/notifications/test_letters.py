"""Every mail of the program: three parts, in four languages, with nothing in it that a name could
break.
"""

import io
import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from pypdf import PdfReader

from accounts.sessions.access import Actor
from checkin.attendance.settlement import settle
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import record
from core import tokens
from core.clock import now
from core.i18n import LANGUAGES
from core.settings import Settings
from events.event.event import Event
from events.event.history import Change
from events.programme.sessions import Session
from events.projects import logos
from events.projects.organisations import Organisation
from events.projects.projects import Project
from notifications.outbox import letters, mime
from notifications.outbox.letters import kinds
from notifications.outbox.message import Message
from registrations.mail.announcements import Announcement
from registrations.mail.letters import compose
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from registrations.registration.secrets import secret
from tests.support import factories

KINDS = sorted(compose)
STATUS = {
    "offer": "offered",
    "waiting": "waiting",
    "pending": "pending",
    "declined": "declined",
    "cancelled_registration": "cancelled",
}
NASTY = 'Jānis "Bob" <b>\r\nBcc: eve@example.org\r\n\r\n{{7*7}} %(name)s %s </script>'


async def registered(
    event: Event, status: str, name: str = "Jānis Bērziņš", **more: Any
) -> Registration:
    number = 2**40 + len(await Registration.all())
    person = await Person.create(
        project_id=event.project_id,
        name=name,
        name_folded=name.casefold(),
        email="janis@example.org",
        email_folded="janis@example.org",
        created_at=now(),
    )
    return await Registration.create(
        project_id=event.project_id,
        event_id=event.id,
        person_id=person.id,
        status=status,
        language="lv",
        ticket_identity=number,
        hash=tokens.hashed(secret(number)),
        created_at=now(),
        changed_at=now(),
        **more,
    )


async def house(**over: object) -> Event:
    project = await factories.project(contact_email="anna@example.org", accent="#7a1f5c")
    event = await factories.event(project, **over)
    for hours in (0, 2):
        begins = event.starts_at + timedelta(hours=hours)
        await Session.create(
            event_id=event.id,
            kind="talk",
            title={"en": f"Talk <{hours}>", "lv": f"Runa <{hours}>"},
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
            place="Hall 1",
            speakers=["Ola Nordmann"],
            created_at=now(),
            changed_at=now(),
        )
    return event


async def message_of(
    kind: str, event: Event, language: str, name: str = "Jānis Bērziņš"
) -> Message:
    more: dict[str, object] = (
        {"offer_ends_at": now() + timedelta(days=1)} if kind == "offer" else {}
    )
    to = await registered(event, STATUS.get(kind, "confirmed"), name, **more)
    about: dict[str, object] = {"registration": to.id, "code": "482193", "reason": name}
    if kind == "changed":
        await event.change(Actor("alice@example.org"), place="Elsewhere", notify=False)
        about["changes"] = [(await Change.all().order_by("-id"))[0].id]
    if kind == "message":
        written: dict[str, Any] = {
            "subject": "Bus for {name}",
            "text": "At 9.\n{link}",
            "statuses": ["confirmed"],
            "author": "a",
        }
        about["announcement"] = (
            await Announcement.create(event_id=event.id, created_at=now(), **written)
        ).id
    if kind == "cancelled":
        await event.cancel(Actor("alice@example.org"), "The hall has no heating.", notify=False)
    queued = await Message.queue(kind, "janis@example.org", name, language=language, about=about)
    assert queued
    return queued


async def mail(message: Message) -> EmailMessage:
    rendered = await letters.render(message)
    assert rendered
    return message_from_bytes(rendered.mime(message), policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    return str(next(p.get_content() for p in mail.walk() if p.get_content_type() == kind))


@pytest.mark.parametrize("kind", KINDS)
async def test_every_mail_has_its_parts_in_every_language(database: Settings, kind: str) -> None:
    assert set(KINDS) <= set(kinds())
    event = await house()
    message = await message_of(kind, event, "en")
    found = []
    for language in LANGUAGES:
        message.language = language
        made = await mail(message)
        text, html = part(made, "text/plain"), part(made, "text/html")
        found.append(
            (
                bool(made["Subject"]),
                f'<html lang="{language}"' in html,
                "Norvēģijas grantu" in text + html or language != "lv",
                "{{" in text + html,
                "<style>" in html,
            )
        )
        assert made["Message-ID"] == message.message_id
        assert (made["Auto-Submitted"], made["Reply-To"].addresses[0].addr_spec) == (
            "auto-generated",
            "anna@example.org",
        )
        assert made["List-Id"] == f"<{event.slug}.events.localhost>"
        assert not re.search(r"""(src|url\()=?["']?https?:""", html)
    assert found == [(True, True, True, False, True)] * 4


@pytest.mark.parametrize("kind", KINDS)
async def test_a_name_is_text_and_nothing_else(database: Settings, kind: str) -> None:
    event = await house(title={"en": NASTY, "lv": NASTY}, place=NASTY)
    made = await mail(await message_of(kind, event, "en", NASTY))
    assert (
        next(str(a) for a in made["To"].addresses).endswith("<janis@example.org>"),
        made["Bcc"],
    ) == (True, None)
    assert "\n" not in made["Subject"]
    html = part(made, "text/html")
    assert (
        "<b>" in html,
        "</script>" in html,
        "49" in re.sub(r"#\w+|\d{3,}", "", made["Subject"]),
    ) == (False,) * 3


async def test_the_confirmation_carries_ticket_link_and_calendar(database: Settings) -> None:
    event = await house()
    message = await message_of("confirmation", event, "lv")
    made = await mail(message)
    to = await Registration.get(id=message.about["registration"])
    files = {p.get_filename(): p for p in made.walk() if p.get_filename()}
    assert set(files) == {"ticket.png", f"ticket-{to.ticket}.png", f"{event.slug}.ics"}
    assert files["ticket.png"]["Content-ID"] == "<ticket>"
    assert files[f"ticket-{to.ticket}.png"].get_content()[:8] == b"\x89PNG\r\n\x1a\n"
    assert "BEGIN:VCALENDAR" in part(made, "text/calendar")
    text, html = part(made, "text/plain"), part(made, "text/html")
    assert (
        to.manage_url in text,
        to.manage_url in html,
        to.ticket in text,
        'src="cid:ticket"' in html,
    ) == (True,) * 4
    kinds = [p.get_content_type() for p in made.walk()]
    assert kinds[:5] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
    ]


async def test_the_agenda_is_the_whole_programme_of_this_person(database: Settings) -> None:
    event = await house()
    made = await mail(await message_of("agenda", event, "en"))
    text = part(made, "text/plain")
    assert text.index("Talk <0>") < text.index("Talk <2>")
    assert "Ola Nordmann" in text
    assert part(made, "text/calendar").count("BEGIN:VEVENT") >= 2
    (sheet,) = [p for p in made.walk() if p.get_content_type() == "application/pdf"]
    assert sheet.get_filename() == f"{event.slug}.pdf"
    pages = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(sheet.get_content())).pages
    )
    assert ("Talk <0>" in pages, "Ola Nordmann" in pages, "Norway Grants" in pages) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("there", [True, False])
async def test_thanks_carry_the_certificate_of_whoever_was_there(
    database: Settings, there: bool
) -> None:
    event = await house()
    message = await message_of("thanks", event, "en")
    await Event.filter(id=event.id).update(
        starts_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1), changed_at=now()
    )
    to = await Registration.get(id=message.about["registration"]).prefetch_related(
        "event__project", "person"
    )
    if there:
        entry = ScanEntry(str(uuid4()), registration=to.id, method="manual")
        await record(to.event, [entry], actor_name="alice", organiser=True)
        await settle(event.project_id)
    made = await mail(message)
    assert [p.get_filename() for p in made.walk() if p.get_filename()] == [
        f"certificate-{event.slug}.pdf"
    ] * there


async def test_attachments_stay_light(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    event = await house()
    message = await message_of("confirmation", event, "en")
    rendered = await letters.render(message)
    assert rendered
    picture, *_others = (len(a.data) for a in rendered.attachments if a.media_type == "image/png")
    monkeypatch.setattr(letters, "LARGEST", 2 * picture)
    names = [p.get_filename() for p in (await mail(message)).walk() if p.get_filename()]
    assert [str(name).rpartition(".")[2] for name in names] == ["png", "png"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("confirmation", "cancelled"),
        ("offer", "confirmed"),
        ("waiting", "confirmed"),
        ("agenda", "waiting"),
    ],
)
async def test_what_is_no_longer_so_is_not_said(database: Settings, kind: str, status: str) -> None:
    event = await house()
    message = await message_of(kind, event, "en")
    await Registration.all().update(status=status)
    assert await letters.render(message) is None
    assert await letters.render(message, preview=True) is not None
    await Registration.all().delete()
    assert await letters.render(message, preview=True) is None


async def test_the_funders_emblem_comes_along(database: Settings) -> None:
    event = await house()
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#7a1f5c").save(picture, "PNG")
    await Project.filter(id=event.project_id).update(logo=logos.keep(picture.getvalue()))
    made = await mail(await message_of("waiting", event, "en"))
    (emblem,) = [p for p in made.walk() if p["Content-ID"] == "<logo>"]
    assert (emblem.get_content_type(), 'src="cid:logo"' in part(made, "text/html")) == (
        "image/png",
        True,
    )


async def test_both_hear_of_a_substitution(database: Settings) -> None:
    event = await house()
    old = await registered(event, "replaced", "Alice Old")
    new = await registered(event, "confirmed", "Bob New", replaces_id=old.id)
    texts = []
    for to in (old, new):
        about = {"registration": to.id}
        message = await Message.queue(
            "substitution", "x@example.org", "X", language="en", about=about
        )
        assert message
        texts.append(part(await mail(message), "text/plain"))
    assert ("Bob New comes in your place" in texts[0], old.ticket in texts[0]) == (True, False)
    assert ("Alice Old cannot come" in texts[1], new.ticket in texts[1]) == (True, True)


async def test_secrets_are_blanked(database: Settings) -> None:
    event = await house()
    rendered = await letters.render(await message_of("private_code", event, "en"))
    assert rendered
    hidden = rendered.blanked()
    assert (
        "482193" in rendered.subject,
        "482193" in hidden.subject + hidden.text + hidden.html,
    ) == (True, False)
    rendered = await letters.render(await message_of("confirmation", event, "en", "Anna"))
    assert rendered
    assert (
        "vsr_" in rendered.text,
        "vsr_" in rendered.blanked().text + rendered.blanked().html,
    ) == (True, False)


async def test_an_organisation_and_a_statement_in_the_readers_language(database: Settings) -> None:
    event = await house()
    names = {"en": "Riga City Council", "lv": "Rīgas dome"}
    organisation = await Organisation.create(
        project_id=event.project_id, name=names, folded="rigas dome", country="LV"
    )
    message = await message_of("confirmation", event, "lv")
    await Registration.all().update(organisation_id=organisation.id)
    text = part(await mail(message), "text/plain")
    assert ("Rīgas dome" in text, "Riga City Council" in text) == (True, False)


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "ā" * 300,
        "x" * 900,
        "=?utf-8?q?fake?=",
        "a\r\nBcc: b@c.d",
        "日本語 and more " * 20,
        "a\u2028b",
    ],
)
def test_a_header_is_one_header(value: str) -> None:
    raw = f"Subject: {mime.words(value)}\r\nX: y\r\n\r\n".encode("ascii")
    parsed = message_from_bytes(raw, policy=policy.default)
    assert (parsed.keys(), parsed["Subject"]) == (
        ["Subject", "X"],
        " ".join(value.replace("\u2028", " ").split()),
    )
    assert max(len(line) for line in raw.splitlines()) <= 998


@pytest.mark.parametrize(
    ("name", "email"),
    list(
        product(
            ["Bob", "Jānis, Ozols", 'a "b" \\ c', "<x@y.z>", ""], ["bob@example.org", "bob@rīga.lv"]
        )
    ),
)
def test_an_address_is_one_address(name: str, email: str) -> None:
    parsed = message_from_bytes(
        f"To: {mime.address(name, email)}\r\n\r\n".encode("ascii"), policy=policy.default
    )
    (found,) = parsed["To"].addresses
    assert found.addr_spec == email.replace("rīga", "xn--rga-uta")
    assert len(parsed.keys()) == 1
