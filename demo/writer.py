"""Writes a plan into the database: events by their verbs, registrations in bulk, scans at the door,
never a figure.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from accounts.sessions.access import Actor
from checkin.attendance.attendance import settle
from core import clock, times
from core.db import atomic
from demo.bulk import Register, insert, seat
from demo.doors import days_of, entries, scan
from demo.plan import Occasion, Plan, Seat
from events.event.event import Event
from events.programme import sessions
from events.programme.sessions import Session
from events.projects.projects import Partner, Project
from events.projects.series import Series
from indicators.rules.indicators import Indicator, ManualValue

ALICE = Actor("alice@example.org")


class Stage:
    """A project while it is filled: its partners by country, its series, the people known to it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.register = Register(project)
        self.partners: dict[str, str] = {}
        self.series: dict[str, str] = {}

    async def ready(self) -> "Stage":
        """Look up the first partner of each country."""
        found = Partner.filter(project_id=self.project.id).order_by("position", "id")
        for partner in await found.prefetch_related("organisation"):
            organisation = partner.organisation
            self.partners.setdefault(organisation.country, next(iter(organisation.name.values())))
        return self

    async def begin_series(self, given: list[dict[str, Any]]) -> None:
        """Make the series; an occasion names one by its English title, or by its kind."""
        for one in given:
            made = await Series.begin(self.project, ALICE, **one)
            self.series[one["kind"]] = self.series[one["title"]["en"]] = str(made.id)

    def event(self, occasion: Occasion) -> dict[str, Any]:
        """The occasion's event as `Event.draft` takes it: organisers are given by country."""
        given = dict(occasion.event)
        if "organisers" in given:
            given["organisers"] = [self.partners[country] for country in given["organisers"]]
        if occasion.series:
            given["series"] = self.series[occasion.series]
        return given


async def fill(plan: Plan) -> AsyncIterator[None]:
    """Write a project's past, one step for each occasion; its project was imported before."""
    project = await Project.get(code=plan.code)
    stage = await Stage(project).ready()
    await stage.begin_series(plan.series)
    for occasion in plan.occasions:
        await write(stage, occasion)
        yield
    await enter_by_hand(project, plan)
    await settle(project.id)


@atomic
async def write(stage: Stage, occasion: Occasion) -> Event:
    """An event that is over: planned two months ahead, registered for, held, its people scanned."""
    given = stage.event(occasion)
    begins = times.moment(given["starts_at"], given.get("timezone") or stage.project.timezone)
    with clock.travelled(begins - timedelta(days=60)):
        event = await Event.draft(stage.project, ALICE, **given)
        await programme(event, occasion.programme)
    with clock.travelled(begins - timedelta(days=45)):
        await event.publish(ALICE, notify=False)
    if occasion.seats:
        await _guests(stage, event, occasion)
    await _afterwards(event, occasion)
    return event


async def programme(event: Event, items: list[dict[str, Any]]) -> None:
    """Write a draft's programme at once; each item is read as `Session.add` reads it."""
    about = {"event_id": event.id, "created_at": clock.now(), "changed_at": clock.now()}
    if items:
        await insert(
            Session,
            [
                {**about, **sessions.read(event, item, event.project.first_language)}
                for item in items
            ],
        )


async def _guests(stage: Stage, event: Event, occasion: Occasion) -> None:
    with clock.travelled(event.starts_at - timedelta(days=40)):
        await stage.register.meet(seat.guest for seat in occasion.seats)
    kept = await seat(event, stage.register, spread(event, occasion.seats))
    await event.refresh_from_db()
    days = days_of(event, await event.sessions_now())
    with clock.travelled(event.ends_at + timedelta(hours=20)):
        await scan(event, entries(event, kept, days))


def spread(event: Event, seats: list[Seat]) -> list[tuple[Seat, datetime]]:
    """Each seat with the moment it was taken: from six weeks before the event to the day before."""
    first = event.starts_at - timedelta(days=42)
    step = timedelta(days=41) / max(len(seats), 1)
    return [(one, first + step * number) for number, one in enumerate(seats)]


async def _afterwards(event: Event, occasion: Occasion) -> None:
    what, reason = occasion.after
    if what == "held":
        with clock.travelled(event.ends_at + timedelta(days=1)):
            await event.hold(ALICE, reason)
    elif what == "cancelled":
        with clock.travelled(event.starts_at - timedelta(days=5)):
            await event.cancel(ALICE, reason, notify=False)


@atomic
async def enter_by_hand(project: Project, plan: Plan) -> None:
    """The figures that nothing can be computed from, each with its evidence."""
    first, last = plan.entered_on
    for indicator in await Indicator.filter(project_id=project.id):
        note, evidence = plan.manual.get(indicator.name["en"], ("", ""))
        if note and indicator.reported is not None:
            # what the import entered as published gets its evidence here
            await ManualValue.filter(indicator_id=indicator.id).delete()
            await ManualValue.enter(
                indicator, ALICE, indicator.reported, first, last, note, evidence
            )
