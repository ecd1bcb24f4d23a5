"""What is told to those registered, after the organiser saw the mail; and what is due next."""

from datetime import timedelta

from accounts.sessions.access import Actor
from checkin.scanning.presence import Presence
from core.clock import travelled
from events.event.event import Event
from events.programme.sessions import Session
from notifications.outbox.message import Message
from tests.events.alice import Alice, Fields, fields_of, said, someone, visit_to
from tests.support import factories as make


async def test_a_change_of_a_published_event_is_told_after_the_mail_was_seen(alice: Alice) -> None:
    event = await visit_to(alice)
    await event.publish(Actor("alice@example.org"))
    await someone(event)
    fields = fields_of(await alice.sees(f"/desk/e/{event.slug}/edit"))
    page = await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "place": "Oslo"})
    assert all(
        word in said(page) for word in ("Tell people what has changed?", "Oslo", "Tell 1 person")
    )
    assert await Message.all().count() == 0
    assert "1 change that nobody was told of" in said(await alice.sees(f"/desk/e/{event.slug}"))
    page = await alice.sends(f"/desk/e/{event.slug}/tell?what=change")
    assert "An e-mail to 1 person is on its way." in said(page)
    assert [m.kind for m in await Message.all()] == ["changed"]
    page = await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "place": "Bergen"})
    page = await alice.sends(f"/desk/e/{event.slug}/tell?what=change", quiet="yes")
    assert "Decided to tell nobody" in said(page)
    assert "nobody was told of" not in said(page)
    assert await Message.all().count() == 1
    page = await alice.sends(
        f"/desk/e/{event.slug}/edit", **{**fields, "place": "Bergen", "capacity": "9"}
    )
    assert "Saved." in said(page)


async def test_cancelling_shows_the_mail_and_says_how_many_are_told(alice: Alice) -> None:
    event = await visit_to(alice)
    await event.publish(Actor("alice@example.org"))
    await someone(event)
    await someone(event, "Dace Ozola")
    path = f"/desk/e/{event.slug}/cancel"
    assert "Cancel the event and tell 2 people" in said(await alice.sees(path))
    part = await alice.sends(f"{path}/mail", 200, part=True, reason="The ferry is away.")
    assert "The ferry is away." in said(part)
    assert "<main" not in part
    assert "Please fill this in." in said(await alice.sends(path, 422, reason=" ", tell="yes"))
    page = await alice.sends(path, reason="The ferry is away.", tell="yes")
    assert "It is cancelled, and 2 people are told." in said(page)
    # at its head and in its history
    assert page.count("The ferry is away.") == 2
    assert [m.kind for m in await Message.all()] == ["cancelled", "cancelled"]
    assert (await Event.get(id=event.id)).cancel_reason == "The ferry is away."


async def test_the_agenda_the_thanks_and_what_took_place_without_a_list(alice: Alice) -> None:
    event = await make.event(alice.project)
    await someone(event)
    times: Fields = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    await Session.add(event, Actor("alice@example.org"), kind="talk", title="Opening", **times)
    base = f"/desk/e/{event.slug}"
    assert "Next: send the agenda" in said(await alice.sees(base))
    assert "Opening" in said(await alice.sees(f"{base}/tell?what=agenda"))
    assert "An e-mail to 1 person is on its way." in said(
        await alice.sends(f"{base}/tell?what=agenda")
    )
    assert "Next: send the agenda" not in said(await alice.sees(base))
    assert await alice.sees(f"{base}/tell?what=nothing", 404)
    assert "has not begun" in said(await alice.sends(f"{base}/held", 409, reason="I was there"))
    with travelled(event.starts_at - timedelta(hours=1)):
        await make.sign_in(alice.client, await make.user(admin=True))
        assert "Next: the door" in said(await alice.sees(base))
    with travelled(event.ends_at + timedelta(hours=1)):
        alice.csrf = await make.sign_in(alice.client, await make.user(admin=True))
        assert "Did it take place?" in said(await alice.sees(base))
        page = await alice.sends(f"{base}/held", 422, reason=" ")
        assert "Did it take place?" in said(page)
        assert 'aria-invalid="true"' in page
        page = await alice.sends(f"{base}/held", reason="I was there")
        assert "It took place, though nobody was checked in" in said(page)


async def test_whoever_was_scanned_once_attended(alice: Alice) -> None:
    event = await make.event(alice.project)
    await Presence.create(
        event_id=event.id, registration_id=(await someone(event)).id, unit="1", inside=True, was_inside=False,
        first_at=event.starts_at, last_at=event.starts_at,
    )  # fmt: skip
    assert "1 Attended" in said(await alice.sees(f"/desk/e/{event.slug}"))
