"""Those registered are told, once for one reason, in the transaction of what happened; nobody after
the end.
"""

from datetime import timedelta

import pytest

from accounts.sessions.access import Actor
from core import clock
from core.clock import now
from core.errors import DomainError
from core.settings import Settings
from events.event.event import Event
from events.event.history import Change
from events.projects.projects import Project
from notifications.outbox.message import Message
from registrations.form.entry import Entry
from registrations.mail import notices
from registrations.placing.register import place
from registrations.registration.registration import Registration
from tests.support import factories

ALICE = Actor("alice@example.org")


async def guests(event: Event, *languages: str) -> list[Registration]:
    found = []
    for n, language in enumerate(languages):
        entry = Entry(name=f"Guest {n}", email=f"guest{n}@example.org")
        found.append((await place(event, entry, source="web", language=language))[0])
    await Message.all().delete()
    return found


async def kinds() -> dict[str, int]:
    found: dict[str, int] = {}
    for message in await Message.exclude(state="withdrawn"):
        found[message.kind] = found.get(message.kind, 0) + 1
    return found


@pytest.fixture
async def event(database: Settings) -> Event:
    return await factories.event(await factories.project(), capacity=2)


async def test_a_change_is_told_to_all_who_stand_each_in_their_language(event: Event) -> None:
    await guests(event, "lv", "nb", "en")
    assert await event.change(ALICE, place="Elsewhere") == 3
    assert [(m.kind, m.language, m.to_email) for m in await Message.all().order_by("id")] == [
        ("changed", "lv", "guest0@example.org"),
        ("changed", "nb", "guest1@example.org"),
        ("changed", "en", "guest2@example.org"),
    ]
    change = await Change.filter(event_id=event.id).order_by("-id").first()
    assert change is not None
    assert change.told_at is not None


async def test_a_quiet_change_is_told_later_in_one_mail(event: Event) -> None:
    await guests(event, "en")
    await event.change(ALICE, place="Elsewhere", notify=False)
    await event.change(ALICE, starts_at=event.starts_at + timedelta(hours=1), notify=False)
    assert await kinds() == {}
    ids = [c.id for c in await Change.filter(event_id=event.id, told_at=None)]
    assert await notices.tell_changes(event, ALICE, ids) == 1
    assert await notices.tell_changes(event, ALICE, ids) == 0
    assert await kinds() == {"changed": 1}


async def test_a_cancellation_is_told_and_takes_back_what_was_on_its_way(event: Event) -> None:
    await guests(event, "lv", "nb", "en")
    await notices.send_agenda(event, ALICE)
    assert await event.cancel(ALICE, "No heating.") == 3
    assert await kinds() == {"cancelled": 3}
    assert await event.cancel(ALICE, "No heating.") == 0


async def test_nothing_is_queued_when_the_change_is_rolled_back(event: Event) -> None:
    await guests(event, "en")
    with pytest.raises(DomainError):
        await event.change(ALICE, place="Elsewhere", ends_at=event.starts_at - timedelta(hours=1))
    assert await kinds() == {}


async def test_the_agenda_goes_once_for_each_state_of_the_programme(event: Event) -> None:
    await guests(event, "en", "en", "en")
    assert [await notices.send_agenda(event, ALICE) for _ in range(2)] == [2, 0]
    await event.change(ALICE, place="Elsewhere", notify=False)
    assert await notices.send_agenda(event, ALICE) == 2


async def test_nobody_is_told_of_what_is_over_but_thanked(event: Event) -> None:
    await guests(event, "en", "en")
    with clock.travelled(event.ends_at + timedelta(hours=1)):
        assert await event.change(ALICE, place="Elsewhere") == 0
        with pytest.raises(DomainError):
            await notices.send_agenda(event, ALICE)
        assert [await notices.thank(event, ALICE) for _ in range(2)] == [2, 0]
    assert await kinds() == {"thanks": 2}


async def test_agenda_and_reminder_go_ahead_once_also_to_who_comes_later(event: Event) -> None:
    await Event.filter(id=event.id).update(
        agenda_days_before=3, reminder_hours_before=24, capacity=10
    )
    await guests(event, "en", "lv")
    assert await notices.ahead() == 0
    with clock.travelled(event.starts_at - timedelta(days=2)):
        assert [await notices.ahead() for _ in range(2)] == [2, 0]
        late, _created = await place(
            event, Entry(name="Late", email="late@example.org"), source="web", language="en"
        )
        assert late.status == "confirmed"
        assert [await notices.ahead() for _ in range(2)] == [1, 0]
    with clock.travelled(event.starts_at - timedelta(hours=20)):
        assert [await notices.ahead() for _ in range(2)] == [3, 0]
    with clock.travelled(event.starts_at + timedelta(minutes=1)):
        assert await notices.ahead() == 0
    assert (await kinds())["agenda"] == 3


async def test_who_was_reminded_of_a_day_that_moved_is_reminded_of_the_new_one(
    event: Event,
) -> None:
    await Event.filter(id=event.id).update(reminder_days_before=3, reminder_hours_before=24)
    await guests(event, "en", "lv")
    later = timedelta(days=30)
    with clock.travelled(event.starts_at - timedelta(hours=20)):
        assert [await notices.ahead() for _ in range(2)] == [2, 0]
        await Event.filter(id=event.id).update(
            starts_at=event.starts_at + later, ends_at=event.ends_at + later
        )
        assert await notices.ahead() == 0
    for left in (timedelta(days=2), timedelta(hours=20)):
        with clock.travelled(event.starts_at + later - left):
            assert [await notices.ahead() for _ in range(2)] == [2, 0]


async def test_an_invitation_goes_once_to_each_address(event: Event) -> None:
    people = [("A@example.org", "A"), ("a@example.org", "A"), ("b@example.org", "")]
    assert [await notices.invite(event, ALICE, people, "Do come") for _ in range(2)] == [2, 0]


@pytest.mark.parametrize("address", ["", "alice@example.org"])
@pytest.mark.parametrize("kind", ["cancelled", "declined"])
async def test_an_answer_is_asked_for_where_somebody_reads_it(
    event: Event, kind: str, address: str
) -> None:
    await Project.filter(id=event.project_id).update(contact_email=address)
    event = await Event.get(id=event.id).prefetch_related("project")
    mail = await notices.preview(kind, event, {"reason": "No heating.\nNo light."})
    asked = "simply reply to this e-mail"
    assert (asked in mail.text, asked in mail.html, mail.reply_to) == (
        bool(address),
        bool(address),
        address,
    )
    assert ("\n    No heating.\n    No light.\n" in mail.text) == (kind == "cancelled")


@pytest.mark.parametrize("registered", [0, 1])
@pytest.mark.parametrize(
    "kind", ["changed", "cancelled", "agenda", "reminder", "thanks", "confirmation"]
)
async def test_a_mail_can_be_seen_before_it_goes(event: Event, kind: str, registered: int) -> None:
    event = await Event.get(id=event.id).prefetch_related("project")
    await guests(event, *["lv"] * registered)
    mail = await notices.preview(kind, event, {"reason": "No heating.", "changes": []})
    assert (bool(mail.subject), "vsr_" in mail.text + mail.html) == (True, False)
    assert await kinds() == {}
    assert now() < event.starts_at
