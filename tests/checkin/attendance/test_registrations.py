"""Registrations ask the door who attended: for messages to those who were there, and for the data
that a person takes along.
"""

from datetime import timedelta

from checkin.attendance.attendance import settle
from checkin.scanning.scans import record
from core import db
from core.clock import now
from core.settings import Settings
from events.event.event import Event
from registrations.form.entry import Entry
from registrations.mail.announcements import Announcement
from registrations.mail.audience import audience
from registrations.people.data_export import exported
from registrations.placing.register import place
from registrations.registration.attendance import days_attended
from registrations.registration.registration import Registration
from tests.checkin.people import scan
from tests.events.queries import counted
from tests.support import factories


async def came(event: Event, name: str) -> Registration:
    """Someone who registered for an event of this morning and signed the list there."""
    entry = Entry(name=name, email=f"{name.lower()}@example.org")
    made, _new = await place(event, entry, source="web", language="en")
    await record(event, [scan(made, method="paper")], actor_name="alice", organiser=True)
    return made


async def morning() -> Event:
    """An event that is about to end."""
    event = await factories.event(await factories.project(), starts_at=now() + timedelta(hours=1))
    start = now() - timedelta(hours=7)
    await event.filter(id=event.id).update(starts_at=start, ends_at=start + timedelta(hours=8))
    await event.refresh_from_db()
    return event


async def test_a_message_to_those_who_were_there_or_were_not(database: Settings) -> None:
    event = await morning()
    ann, bob = await came(event, "Ann"), await came(event, "Bob")
    entry = Entry(name="Charlie", email="c@example.org")
    charlie, _new = await place(event, entry, source="web", language="en")
    await settle(event.project_id)

    async def to_whom(attended: bool | None) -> list[int]:
        draft = Announcement(event_id=event.id, statuses=["confirmed"], attended=attended)
        return await audience(event, draft)

    assert await to_whom(None) == [ann.id, bob.id, charlie.id]
    assert await to_whom(True) == [ann.id, bob.id]
    assert await to_whom(False) == [charlie.id]


async def test_the_data_of_a_person_knows_the_scan_of_a_moment_ago(database: Settings) -> None:
    ann = await came(await morning(), "Ann")
    whole = await Registration.get(id=ann.id).prefetch_related("person")
    (told,) = (await exported(whole))["registrations"]
    (kept,) = await db.rows("SELECT day, minutes FROM attendance")
    assert told["attended"] == [{"day": str(kept["day"]), "minutes": kept["minutes"]}]


async def test_one_or_three_people_are_asked_for_alike(database: Settings) -> None:
    event = await morning()
    ids = [(await came(event, name)).id for name in ("Ann", "Bob", "Charlie")]
    await settle(event.project_id)
    with counted() as for_one:
        assert list(await days_attended(event.project_id, ids[:1])) == ids[:1]
    with counted() as for_three:
        assert list(await days_attended(event.project_id, ids)) == ids
    assert len(for_one) == len(for_three) > 0
