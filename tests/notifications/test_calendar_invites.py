"""Invitations for calendars: each mail read as Gmail, Outlook, Apple and Thunderbird read it (RFC
5546, RFC 6047).
"""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as at_most
from hypothesis import strategies as st
from icalendar import Calendar

from accounts.sessions.access import Actor
from core.clock import now
from core.settings import Settings
from core.text import clean
from events.feeds.ics import uid
from events.programme.sessions import Session
from notifications.outbox import letters, return_addresses
from notifications.outbox.message import Message
from registrations.calendar.invites import invitation as written
from registrations.form.entry import Entry
from registrations.mail.calendar_rollout import send_invitations, without_invitation
from registrations.people.attendee_list import correct
from registrations.people.erasure import erase, forget_addresses
from registrations.placing.substitution import substitute
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.notifications.inviting import (
    again,
    calendars,
    checked,
    conference,
    guest,
    invitation,
    last,
    said,
    sent,
    shape,
)
from tests.support import factories
from tests.support.smtp import SmtpServer

ALICE = Actor("alice@example.org")


async def test_a_confirmation_is_an_invitation(mail: SmtpServer, database: Settings) -> None:
    database.mail_in = "lmtp://127.0.0.1:1"
    event = await conference(
        ends_at=now() + timedelta(days=13), online_url="https://meet.example.org/1"
    )
    bob = await guest(event)
    method, found = invitation(last(mail))
    assert (
        shape(last(mail).message, method)
        == "mixed(alternative(plain, related(html, png), calendar), png, ics)"
    )
    assert (method, str(found["UID"]), int(found["SEQUENCE"])) == (
        "REQUEST",
        uid("event", event.id, event.created_at),
        0,
    )
    organizer, attendee = found["ORGANIZER"], found["ATTENDEE"]
    answers = return_addresses.address("reply", bob.id)
    assert (str(organizer), organizer.params["CN"]) == (f"mailto:{answers}", event.project.name)
    assert (str(attendee), attendee.params["CN"]) == ("mailto:bob@example.org", "Bob")
    names = ("PARTSTAT", "RSVP", "ROLE", "CUTYPE")
    assert [said(found, name) for name in names] == [
        "NEEDS-ACTION",
        "TRUE",
        "REQ-PARTICIPANT",
        "INDIVIDUAL",
    ]
    assert (found["DTSTART"].dt, found["DTSTART"].params["TZID"]) == (
        event.starts_at,
        "Europe/Riga",
    )
    texts = tuple(str(found[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION"))
    assert texts == (event.title["en"], event.place, event.online_url)
    assert (bob.invited_sequence, bob.invited_by) == (0, answers)
    assert (str(found["URL"]), "TRANSP" in found) == (event.url, False)


async def test_without_the_setting_there_is_a_file_to_open_and_no_invitation(
    mail: SmtpServer,
) -> None:
    event = await conference(calendar_invites=False)
    bob = await guest(event)
    ((where, body),) = calendars(last(mail))
    assert (where, b"METHOD" in body, bob.invited_sequence) == ("attachment", False, None)
    await bob.cancel()
    await sent()
    assert calendars(last(mail)) == []


async def test_without_a_listener_answers_go_to_whoever_reads_the_mail(
    mail: SmtpServer, database: Settings
) -> None:
    event = await conference()
    bob = await guest(event)
    _method, found = invitation(last(mail))
    assert (str(found["ORGANIZER"]), said(found, "RSVP")) == ("mailto:anna@example.org", "FALSE")
    # whatever the settings become, the invitation's sender stays
    database.mail_in = "lmtp://127.0.0.1:1"
    event.project.contact_email = "other@example.org"
    await event.project.save()
    await event.change(ALICE, place="Elsewhere")
    await sent()
    _method, found = invitation(last(mail))
    assert (str(found["ORGANIZER"]), (await again(bob)).invited_by) == (
        "mailto:anna@example.org",
        "anna@example.org",
    )


async def test_a_moved_event_moves_in_the_calendar(mail: SmtpServer) -> None:
    event = await conference()
    bob = await guest(event)
    _method, first = invitation(last(mail))
    await Registration.filter(id=bob.id).update(reply="accepted", replied_at=now())
    await event.change(ALICE, place="Elsewhere")
    await sent()
    _method, placed = invitation(last(mail))
    assert (str(placed["LOCATION"]), said(placed, "PARTSTAT")) == ("Elsewhere", "ACCEPTED")
    await event.change(
        ALICE,
        starts_at=event.starts_at + timedelta(days=1),
        ends_at=event.ends_at + timedelta(days=1),
    )
    await sent()
    method, second = invitation(last(mail))
    assert (method, second["UID"], second["ORGANIZER"]) == (
        "REQUEST",
        first["UID"],
        first["ORGANIZER"],
    )
    assert second["DTSTART"].dt - first["DTSTART"].dt == timedelta(days=1)
    assert int(first["SEQUENCE"]) < int(placed["SEQUENCE"]) < int(second["SEQUENCE"])
    assert second["DTSTAMP"].dt >= first["DTSTAMP"].dt
    # who said yes to another day has not answered yet
    assert (said(second, "PARTSTAT"), (await again(bob)).reply) == ("NEEDS-ACTION", "")
    assert (await again(bob)).invited_sequence == int(second["SEQUENCE"])


async def test_another_zone_keeps_what_the_clocks_show(mail: SmtpServer) -> None:
    event = await conference()
    await guest(event)
    _method, first = invitation(last(mail))
    await event.change(ALICE, timezone="Europe/Oslo")
    await sent()
    _method, second = invitation(last(mail))
    assert second["DTSTART"].params["TZID"] == "Europe/Oslo"
    assert second["DTSTART"].dt.astimezone(ZoneInfo("UTC")) == event.starts_at
    assert (second["UID"], int(second["SEQUENCE"]) > int(first["SEQUENCE"])) == (first["UID"], True)


async def test_a_quiet_change_reaches_calendars_with_the_next_mail(mail: SmtpServer) -> None:
    event = await conference()
    await guest(event)
    await event.change(ALICE, place="Elsewhere", notify=False)
    await sent()
    assert len(mail.received) == 1
    await event.change(ALICE, title={"en": "Renamed"})
    await sent()
    _method, found = invitation(last(mail))
    assert (str(found["SUMMARY"]), str(found["LOCATION"])) == ("Renamed", "Elsewhere")


async def test_what_ends_leaves_the_calendar(mail: SmtpServer) -> None:
    event = await conference()
    bob, kari = await guest(event), await guest(event, "Kari", "kari@example.org")
    await bob.cancel("ill")
    await sent()
    method, found = invitation(last(mail))
    assert (method, str(found["STATUS"]), said(found, "PARTSTAT")) == ("CANCEL", "CANCELLED", "")
    assert int(found["SEQUENCE"]) > (bob.invited_sequence or 0)
    assert shape(last(mail).message, method) == "mixed(alternative(plain, html, calendar), ics)"
    await event.cancel(ALICE, "No heating.")
    await sent()
    method, found = invitation(last(mail, "kari@example.org"))
    assert (method, int(found["SEQUENCE"]) > (kari.invited_sequence or 0)) == ("CANCEL", True)
    assert len(mail.to("bob@example.org")) == 2


async def test_who_comes_again_is_invited_with_a_higher_number_by_the_same_sender(
    mail: SmtpServer, database: Settings
) -> None:
    database.mail_in = "lmtp://127.0.0.1:1"
    event = await conference()
    bob = await guest(event)
    await bob.cancel()
    await sent()
    gone = invitation(last(mail))[1]
    second = await guest(event)
    method, back = invitation(last(mail))
    assert (method, second.id != bob.id, back["ORGANIZER"]) == ("REQUEST", True, gone["ORGANIZER"])
    assert int(back["SEQUENCE"]) > int(gone["SEQUENCE"])


async def test_a_substitute_is_invited_and_the_replaced_one_is_not_any_more(
    mail: SmtpServer,
) -> None:
    event = await conference()
    bob = await guest(event)
    await substitute(bob, Entry("Kari", "kari@example.org"))
    await sent()
    assert invitation(last(mail, "kari@example.org"))[0] == "REQUEST"
    method, found = invitation(last(mail))
    assert (method, int(found["SEQUENCE"]) > (bob.invited_sequence or 0)) == ("CANCEL", True)


async def test_an_office_with_one_mailbox_keeps_its_entry_until_the_last_one_goes(
    mail: SmtpServer,
) -> None:
    event = await conference()
    bob, kari = await guest(event), await guest(event, "Kari", "bob@example.org")
    numbers = [int(invitation(m)[1]["SEQUENCE"]) for m in mail.received]
    await bob.cancel()
    await sent()
    assert calendars(last(mail)) == []
    await kari.cancel()
    await sent()
    method, found = invitation(last(mail))
    assert (method, numbers[0] < numbers[1] < int(found["SEQUENCE"])) == ("CANCEL", True)


async def test_who_is_erased_gets_a_last_mail_and_the_address_goes(mail: SmtpServer) -> None:
    event = await conference()
    bob = await guest(event)
    await erase(await Person.get(id=bob.person_id))
    await sent()
    method, found = invitation(last(mail))
    assert (method, str(found["ATTENDEE"]), said(found, "CN")) == (
        "CANCEL",
        "mailto:bob@example.org",
        "",
    )
    assert await forget_addresses() == 1
    assert [m.to_email for m in await Message.all()] == ["", ""]
    other = await guest(await conference(calendar_invites=False))
    await erase(await Person.get(id=other.person_id))
    assert await Message.filter(state="queued").count() == 0


async def test_a_corrected_address_gets_the_invitation(mail: SmtpServer) -> None:
    bob = await guest(await conference())
    await correct(bob, "Bob", "bob@town.example.org", ALICE)
    await sent()
    assert (
        str(invitation(last(mail, "bob@town.example.org"))[1]["ATTENDEE"])
        == "mailto:bob@town.example.org"
    )
    await (await again(bob)).tell("link_again", once="asked")
    await sent()
    assert calendars(last(mail, "bob@town.example.org")) == []


async def test_those_who_had_a_seat_before_are_invited_once(mail: SmtpServer) -> None:
    event = await conference(calendar_invites=False)
    await guest(event)
    await factories.register(event, "Kari", "kari@example.org")
    await event.change(ALICE, calendar_invites=True)
    # Kari's confirmation is on its way, and brings one
    assert len(await without_invitation(event)) == 1
    assert await send_invitations(event, ALICE) == 1
    assert await without_invitation(event) == []
    await sent()
    assert invitation(last(mail))[0] == invitation(last(mail, "kari@example.org"))[0] == "REQUEST"
    assert (await without_invitation(event), await send_invitations(event, ALICE)) == ([], 0)


async def test_agenda_and_reminder_do_not_show_the_event_twice(mail: SmtpServer) -> None:
    event = await conference()
    bob = await guest(event)
    await bob.tell("reminder", once="1")
    await sent()
    assert calendars(last(mail)) == []
    times: dict[str, Any] = {
        "starts_at": event.starts_at,
        "ends_at": event.starts_at + timedelta(hours=1),
    }
    await Session.add(event, ALICE, kind="talk", title="Talk; one, two", place="Hall 1", **times)
    await bob.tell("agenda", once="1")
    await sent()
    ((where, body),) = calendars(last(mail))
    assert (where, [str(e["SUMMARY"]) for e in Calendar.from_ical(body).walk("VEVENT")]) == (
        "attachment",
        ["Talk; one, two"],
    )
    await event.change(ALICE, place="Elsewhere")
    await sent()
    _method, found = invitation(last(mail))
    assert re.search(
        r"\d\d:\d\d–\d\d:\d\d Talk; one, two \(Hall 1\)|\d.* Talk; one, two \(Hall 1\)",
        found["DESCRIPTION"],
    )


async def test_an_invitation_whose_matter_ended_meanwhile_stays_here(
    mail: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled between the writing of the mail and its sending: neither an invitation nor its end
    goes out.
    """
    event = await conference()
    bob = await factories.register(event, "Bob", "bob@example.org")
    render = letters.render

    async def slowly(message: Message) -> letters.Rendered | None:
        found = await render(message)
        await Registration.filter(id=bob.id).update(status="cancelled")
        return found

    monkeypatch.setattr(letters, "render", slowly)
    await sent()
    assert ([m.state for m in await Message.all()], mail.received) == (["withdrawn"], [])


@at_most(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.text(min_size=1, max_size=80),
    title=st.text(min_size=1, max_size=200),
    about=st.text(max_size=300),
)
async def test_no_name_breaks_an_invitation(
    database: Settings, name: str, title: str, about: str
) -> None:
    event = await conference()
    event.title, event.description = {"en": clean(title)}, {"en": clean(about, lines=True)}
    someone = Registration(
        id=1, event_id=event.id, project_id=event.project_id, language="en", changed_at=now()
    )
    someone.person, someone.event = Person(name=name, email="bob@example.org"), event
    for method in ("REQUEST", "CANCEL"):
        assert checked((await written(someone, method)).body) == []


async def test_the_feed_of_whoever_comes_again_goes_on_rising(
    mail: SmtpServer, client: httpx.AsyncClient
) -> None:
    event = await conference()
    bob = await guest(event)
    numbers = []
    for one in (bob, bob, None):
        now_there = one or await guest(event)
        body = (await client.get((await again(now_there)).calendar_url)).content
        numbers += [int(str(e["SEQUENCE"])) for e in Calendar.from_ical(body).walk("VEVENT")]
        if len(numbers) == 1:
            await bob.cancel()
    assert (len(numbers), sorted(set(numbers))) == (3, numbers)
