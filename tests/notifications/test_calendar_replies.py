"""Answers of calendars, as Gmail, Outlook, Thunderbird, khal and Apple shape them, handed in over
LMTP (RFC 6047).
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy

import httpx
import pytest

from accounts.audit.audit import AuditEntry
from accounts.sessions.access import Actor
from core.clock import now
from core.settings import Settings
from notifications.incoming import server
from notifications.outbox import return_addresses
from notifications.outbox.message import Message
from registrations.calendar.replies import read
from registrations.registration.registration import Registration
from tests.notifications.inviting import again, conference, guest, sent
from tests.notifications.replying import SHAPES, say
from tests.notifications.test_incoming import hand_in
from tests.support import factories
from tests.support.postgres import free_port
from tests.support.running import listening
from tests.support.smtp import SmtpServer

ALICE = Actor("alice@example.org")
TYPE = "Content-Type: text/calendar"


NO_ANSWERS: list[dict[str, str]] = [
    {"uid": "event-1@elsewhere"},
    {"uid": ""},
    {"said": "NEEDS-ACTION"},
    {"said": "DELEGATED"},
    {"said": "X\x00ACCEPTED"},
    {"method": "PUBLISH"},
    {"method": "REQUEST"},
    {"method": "CANCEL"},
    {"sequence": "-3"},
    {"stamp": "yesterday", "sequence": "x"},
    {"prodid": "X\nBEGIN:VEVENT\nBEGIN:VEVENT"},
    {"prodid": "X\n" + "ATTENDEE:mailto:x@example.org\n" * 10_000},
    {"attendee": "x@example.org\n" + "ATTENDEE;PARTSTAT=ACCEPTED:mailto:y@example.org\n" * 1000},
    {"prodid": "X\n" + "BEGIN:VTODO\n" * 5000},
    {"uid": "\x00" * 50},
]


@pytest.fixture
async def door(mail: SmtpServer, database: Settings) -> AsyncIterator[str]:
    """The worker's listener, open, as a mail server on the same machine finds it."""
    port = free_port()
    database.mail_in = f"lmtp://127.0.0.1:{port}"
    stop = asyncio.Event()
    working = asyncio.create_task(server.work(stop))
    await listening(port)
    yield database.mail_in
    stop.set()
    await working


@pytest.fixture
async def bob(door: str) -> Registration:
    """Invited, at a conference with one seat more."""
    assert door
    return await guest(await conference())


async def test_an_answer_reaches_the_registration(door: str, bob: Registration) -> None:
    for shape in SHAPES:
        for said, kept in (
            ("ACCEPTED", "accepted"),
            ("TENTATIVE", "tentative"),
            ("DECLINED", "declined"),
        ):
            assert (shape, await say(door, bob, said, shape)) == (shape, (250, kept))
    found = await again(bob)
    assert (found.status, now() - found.replied_at < timedelta(minutes=1)) == ("confirmed", True)
    entries = await AuditEntry.filter(
        object_type="registration", action__startswith="registration.said"
    ).order_by("id")
    assert [(e.actor, e.action) for e in entries] == [
        ("calendar", f"registration.said_{w}") for _shape in SHAPES for w in ("yes", "maybe", "no")
    ]
    assert await Message.filter(state="queued").count() == 0


async def test_an_earlier_answer_that_comes_later_changes_nothing(
    door: str, bob: Registration
) -> None:
    assert await say(door, bob, "DECLINED") == (250, "declined")
    late = f"{now() - timedelta(hours=1):%Y%m%dT%H%M%SZ}"
    assert await say(door, bob, "ACCEPTED", stamp=late) == (250, "declined")
    await bob.event.change(ALICE, place="Elsewhere")
    await sent()
    assert await say(door, bob, "ACCEPTED", sequence=bob.invited_sequence) == (250, "declined")
    newer = await again(bob)
    assert await say(door, newer, "ACCEPTED") == (250, "accepted")


async def test_a_moved_event_has_no_answers_yet(door: str, bob: Registration) -> None:
    assert await say(door, bob, "ACCEPTED") == (250, "accepted")
    await bob.event.change(ALICE, ends_at=bob.event.ends_at + timedelta(hours=1), notify=False)
    assert await Registration.filter(id=bob.id, reply="", replied_at=None).count() == 1


async def test_what_is_no_answer_to_this_invitation_changes_nothing(
    door: str, bob: Registration
) -> None:
    for over in NO_ANSWERS:
        assert (over, await say(door, bob, **{"said": "ACCEPTED", **over})) == (over, (250, ""))
    assert await Message.filter(state="queued").count() == 0


async def test_whoever_has_several_addresses_may_answer_from_another_one(
    door: str, bob: Registration
) -> None:
    assert await say(door, bob, "TENTATIVE", attendee="BOB.Smith@town.example.org") == (
        250,
        "tentative",
    )
    two = "other@example.org\nATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Bob@Example.org"
    assert await say(door, bob, "DECLINED", attendee=two) == (250, "accepted")


async def test_a_moment_in_the_future_does_not_bar_later_answers(
    door: str, bob: Registration
) -> None:
    assert await say(door, bob, "ACCEPTED", stamp="99991231T235959Z") == (250, "accepted")
    assert await say(
        door, bob, "DECLINED", stamp=f"{now() + timedelta(seconds=2):%Y%m%dT%H%M%SZ}"
    ) == (250, "declined")


async def test_another_time_proposed_is_a_maybe_and_asking_for_the_newest_sends_it_once(
    door: str, bob: Registration
) -> None:
    assert await say(door, bob, "TENTATIVE", method="COUNTER") == (250, "tentative")
    assert await AuditEntry.filter(action="registration.proposed_time").count() == 1
    for _time in range(3):
        assert await say(door, bob, "NEEDS-ACTION", method="REFRESH") == (250, "tentative")
    assert [m.kind for m in await Message.filter(state="queued")] == ["calendar_invite"]


async def test_who_came_again_answers_to_the_old_address(door: str, bob: Registration) -> None:
    await bob.cancel()
    await sent()
    assert await say(door, bob, "ACCEPTED") == (250, "")
    second = await guest(bob.event)
    assert second.invited_by == bob.invited_by
    assert await say(door, bob, "ACCEPTED", sequence=second.invited_sequence) == (250, "")
    assert (await again(second)).reply == "accepted"


async def test_whoever_writes_in_words_is_told_where_to_write(door: str, bob: Registration) -> None:
    to = return_addresses.address("reply", bob.id)
    words = "From: bob@example.org\nSubject: Parking?\n{}\nIs there any?\n"
    assert await hand_in(door, to, words.format("")) == 550
    for automatic in ("Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "X-Autoreply: yes\n"):
        assert await hand_in(door, to, words.format(automatic)) == 250
    deep = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3000))
    assert await hand_in(door, to, f"Subject: x\n{deep}") in {250, 550, 554}
    assert await Message.filter(state="queued").count() == 0
    assert (await again(bob)).reply == ""


@pytest.mark.parametrize(
    "odd", ["", "Content-Type: text/calendar\n\n", "Content-Type: text/calendar; charset=x\n\n\xff"]
)
async def test_odd_mail_is_no_answer(odd: str) -> None:
    assert read(message_from_bytes(odd.encode("latin-1"), policy=policy.default)) is None


async def test_the_organiser_sees_the_answer_and_the_person_that_the_seat_is_kept(
    client: httpx.AsyncClient, database: Settings
) -> None:
    event = await conference()
    await factories.sign_in(client, await factories.organiser(event.project))
    made, kari = await factories.register(event, "Bob"), await factories.register(event, "Kari")
    base = f"/desk/e/{event.slug}/people"
    assert "Said No" not in (await client.get(base)).text
    at = now().replace(hour=12, minute=5)
    await Registration.filter(id=made.id).update(reply="declined", replied_at=at)
    await Registration.filter(id=kari.id).update(reply="accepted", replied_at=at)
    page = (await client.get(base)).text
    assert ("Said No" in page, "Calendar: Yes" in page) == (True, True)
    page = (await client.get(f"{base}?status=said_no")).text
    assert (made.person.email in page, kari.person.email in page) == (True, False)
    page = (await client.get(f"{base}/{made.id}")).text
    assert ("Calendar reply: No, " in page, "The seat is still kept" in page, ":05" in page) == (
        True,
        True,
        True,
    )
    assert "Calendar reply: Yes, " in (await client.get(f"{base}/{kari.id}")).text
    table = (await client.get(f"{base}.csv")).text
    assert table.splitlines()[0].rstrip().endswith('"Calendar reply"')
    pages = [(await client.get(f"/r/{one.secret}")).text for one in (made, kari)]
    assert ["Your calendar answered No" in own for own in pages] == [True, False]


async def test_switching_invitations_on_offers_to_send_them(
    client: httpx.AsyncClient, mail: SmtpServer
) -> None:
    event = await conference(calendar_invites=False)
    await factories.sign_in(client, await factories.organiser(event.project))
    await guest(event)
    base = f"/desk/e/{event.slug}"
    csrf = {"csrf": factories.csrf(client)}
    await event.change(ALICE, calendar_invites=True)
    page = (await client.get(f"{base}/tell?what=calendar")).text
    assert ("Send the invitation to 1 person" in page, "For your calendar: " in page) == (
        True,
        True,
    )
    assert (await client.post(f"{base}/tell?what=calendar", data=csrf)).status_code == 303
    assert (await client.get(f"{base}/tell?what=calendar")).status_code == 303
    assert await Message.filter(kind="calendar_invite").count() == 1


async def test_the_setting_is_in_the_interface(mail: SmtpServer, client: httpx.AsyncClient) -> None:
    event = await conference(calendar_invites=False)
    client.headers.update(await factories.bearer(await factories.organiser(event.project)))
    address = f"/api/v1/events/{event.slug}"
    assert (await client.get(address)).json()["calendar_invites"] is False
    assert (await client.patch(address, json={"calendar_invites": True})).json()[
        "calendar_invites"
    ] is True
    assert (await client.patch(address, json={"calendar_invites": "yes"})).status_code == 422
    assert await Message.all().count() == 0
