"""How an event of the sixth project is announced, and how people register for it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core import clock
from demo.plan import Guest
from demo.writer import ALICE
from demo.writer import programme as written
from events.event.event import Event
from events.projects.projects import Project
from registrations.form.entry import Entry
from registrations.placing.register import place
from registrations.registration.registration import Registration


async def register(
    event: Event,
    guest: Guest,
    *,
    ago: float,
    notify: bool = False,
    role: str = "attendee",
    sessions: tuple[int, ...] = (),
) -> Registration:
    """Register someone as the form does, so many days ago."""
    entry = Entry(
        name=guest.name,
        email=guest.email,
        organisation_name=guest.organisation.name,
        organisation_country=guest.organisation.country,
        organisation_kind=guest.organisation.kind,
        country=guest.country,
        gender=guest.gender,
        birth_year=guest.birth_year,
        target_group=guest.target_group,
        role=role,
        sessions=sessions,
    )
    with clock.travelled(timedelta(days=-ago)):
        made, _new = await place(
            event, entry, source="demo", notify=notify, language=guest.language
        )
    return made


async def announce(
    project: Project, given: dict[str, Any], items: list[dict[str, Any]], *, publish: bool = True
) -> Event:
    """An event with its programme, made a fortnight ago, published unless told otherwise."""
    with clock.travelled(timedelta(days=-14)):
        event = await Event.draft(project, ALICE, **given)
        await written(event, items)
        if publish:
            await event.publish(ALICE, notify=False)
    return event


def spoken(items: list[dict[str, Any]], guests: Sequence[Guest]) -> list[dict[str, Any]]:
    """A programme with a speaker for each talk and workshop."""
    held = [item for item in items if item["kind"] in {"talk", "workshop"}]
    for number, item in enumerate(held):
        item["speakers"] = [guests[number % len(guests)].name]
    return items


def weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
