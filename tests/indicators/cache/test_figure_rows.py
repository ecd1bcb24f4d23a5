"""A kept figure is served only while nothing has changed that it rests on: whoever changes it, and
however.
"""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from accounts.sessions.access import Actor
from checkin.attendance.attendance import Attendance
from core import db
from core.clock import now, travelled
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.organisations import Organisation
from events.projects.projects import Project
from events.projects.series import Series
from indicators.cache import figures, memory, parts
from indicators.cache.figure_rows import FigureSummary, stamp_of
from indicators.cache.figures import Counting, recount
from indicators.cache.parts import Parts
from indicators.cache.unit_rows import FigurePart
from indicators.report import warm_up
from indicators.report.warm_up import warm
from indicators.rules.indicators import Indicator
from indicators.rules.rules import Rule
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.indicators.house import House, people

RULE = Rule(unit="people")


@pytest.fixture(autouse=True)
def keep_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "WORTH_KEEPING", 0.0)


@pytest.fixture
async def project(client: httpx.AsyncClient) -> Project:
    house = await House.open(client)
    scheme = await house.scheme(50)
    event = await house.event(series=scheme, sessions=[("2025-03-03T09:00", "2025-03-03T11:00")])
    await event.attended(
        *people(3), organisation={"name": "Town of Rain", "country": "LV", "kind": "municipality"}
    )
    return await house.project()


async def counted(project: Project, rule: Rule = RULE) -> int:
    counting = await Counting.of(project)
    figure = await counting.figure(rule)
    await counting.finish()
    return figure.net


async def test_the_second_look_counts_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await counted(project) == 3

    async def never(*_given: object, **_more: object) -> None:
        raise AssertionError("counted again")

    monkeypatch.setattr(Parts, "figure", never)
    assert await counted(project) == 3
    assert await recount_is_clean(project)


async def recount_is_clean(project: Project) -> bool:
    return await FigureSummary.filter(project_id=project.id).count() == 1


async def test_every_change_that_matters_raises_the_stamp(project: Project) -> None:
    await counted(project)
    event = await Event.get(project_id=project.id)
    session = await Session.get(event_id=event.id)
    registration = await Registration.filter(project_id=project.id).order_by("id").first()
    assert registration
    partner = await db.row("SELECT id FROM partner WHERE project_id = $1", project.id)
    assert partner
    changes: dict[str, Any] = {
        "a fact": Attendance.filter(registration_id=registration.id).update(minutes=5),
        "a fact gone": Attendance.filter(registration_id=registration.id).delete(),
        "kind": Event.filter(id=event.id).update(kind="debate"),
        "status": Event.filter(id=event.id).update(status="cancelled"),
        "session": Session.filter(id=session.id).update(
            ends_at=session.ends_at + timedelta(hours=1)
        ),
        "removed": Session.filter(id=session.id).update(removed_at=now()),
        "series": Series.filter(project_id=project.id).update(threshold_percent=90),
        "organisation": Organisation.filter(project_id=project.id).update(kind="ngo"),
        "role": Registration.filter(id=registration.id).update(role="host"),
        "gender": Person.filter(project_id=project.id).update(gender="other"),
        "zone": Project.filter(id=project.id).update(timezone="Europe/Oslo"),
        "organiser": db.execute("DELETE FROM event_organiser WHERE event_id = $1", event.id),
        "partner": db.execute("DELETE FROM partner WHERE id = $1", partner["id"]),
    }
    for name, change in changes.items():
        before = await stamp_of(project.id)
        await change
        assert (name, await stamp_of(project.id) > before) == (name, True)


async def test_what_does_not_matter_leaves_it(project: Project) -> None:
    before = await stamp_of(project.id)
    await Event.filter(project_id=project.id).update(seats_taken=5, waiting=1, kind="training")
    await Registration.filter(project_id=project.id).update(status="cancelled", role="attendee")
    await Person.filter(project_id=project.id).update(language="lv")
    assert await stamp_of(project.id) == before


async def test_a_rolled_back_change_leaves_it(project: Project) -> None:
    before = await stamp_of(project.id)

    @db.atomic
    async def fails() -> None:
        await Event.filter(project_id=project.id).update(kind="debate")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    assert await stamp_of(project.id) == before


async def test_an_event_that_begins_counts_from_then_on(client: httpx.AsyncClient) -> None:
    house = await House.open(client, ends_on="2099-12-31")
    start = (now() + timedelta(minutes=90)).replace(microsecond=0)
    event = await house.event("debate", start.isoformat(), (start + timedelta(hours=2)).isoformat())
    await event.attended("Anna Ozola")
    project, rule = await house.project(), Rule(unit="events")
    assert (await counted(project, rule), await counted(project)) == (0, 1)
    with travelled(timedelta(hours=2)):
        assert (await counted(project, rule), await counted(project)) == (1, 1)


async def test_a_recount_finds_a_figure_that_differs(project: Project) -> None:
    await counted(project)
    assert await recount(project) == []
    kept = await FigureSummary.get(project_id=project.id)
    await FigureSummary.filter(id=kept.id).update(figure={**kept.figure, "net": 4})
    assert await recount(project) == ["people –: 4 ≠ 3"]


async def test_a_recount_finds_a_kept_counting_unit_that_differs(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm_up, "LARGE", 0)
    monkeypatch.setattr(parts, "WORTH_KEEPING", 0)
    await Indicator.shipped(project, Actor("alice@example.org"), "PEOPLE")
    await warm()
    memory.forget()
    assert await recount(project) == []
    memory.forget()
    kept = await FigurePart.filter(project_id=project.id).first()
    assert kept
    body = json.loads(kept.body)
    body["entries"] = [column[:-1] for column in body["entries"]]
    await FigurePart.filter(id=kept.id).update(body=json.dumps(body))
    await FigureSummary.filter(project_id=project.id).delete()
    assert await recount(project) == ["people –: 2 ≠ 3"]


async def test_the_worker_counts_large_projects_ahead(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Indicator.shipped(project, Actor("alice@example.org"), "PEOPLE")
    await counted(project, Rule(unit="events"))
    assert await warm() == 0, "this project is small"
    monkeypatch.setattr(warm_up, "LARGE", 1)
    assert await warm() == 1
    assert await warm() == 0, "nothing changed since"
    kept = await FigureSummary.filter(project_id=project.id, stamp=await stamp_of(project.id))
    assert sorted(str(one.rule["unit"]) for one in kept) == ["events", "people"]
