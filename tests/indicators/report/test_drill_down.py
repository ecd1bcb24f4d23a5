"""The list behind a figure, a page at a time: what a count of everything lists, without counting
everything.
"""

from typing import Any

import httpx
import pytest

from events.event.event import Event
from events.projects.projects import Project
from indicators.cache import parts
from indicators.cache.figures import Counting
from indicators.counting.evaluation import Figure
from indicators.counting.items import Item
from indicators.counting.queries import load_facts
from indicators.counting.spans import WHOLE
from indicators.report import drill_down
from indicators.rules.rules import Rule
from tests.indicators.house import BOTH, House, people

RULES: list[dict[str, Any]] = [
    {"unit": "participations"},
    {"unit": "participations", "once_per": "project"},
    {"unit": "people", "kinds": ["training"]},
    {"unit": "people", "once_per": "project", "threshold_percent": 60},
    {"unit": "organisations", "countries": ["LV"]},
    {"unit": "organisations", "threshold_percent": 60, "counting_unit": "scheme_or_event"},
    {"unit": "people", "joint": "organised_and_attended"},
    {"unit": "completions", "counting_unit": "scheme_or_event"},
    {"unit": "participant_hours"},
    {"unit": "delivered_hours"},
    {"unit": "events"},
]


@pytest.fixture
async def project(client: httpx.AsyncClient) -> Project:
    house = await House.open(client)
    town = {"name": "Town of Rain", "country": "LV", "kind": "municipality"}
    scheme = await house.scheme(60)
    halves = [("2025-03-03T09:00", "2025-03-03T11:00"), ("2025-03-03T12:00", "2025-03-03T14:00")]
    first = await house.event(
        "training", "2025-03-03T09:00", series=scheme, sessions=halves, organisers=BOTH
    )
    there = await first.attended(*people(4), organisation=town)
    await first.attended(*people(2, 5), sessions=[0], country="NO")
    for day in ("2025-04-03T09:00", "2025-02-03T09:00"):
        event = await house.event("debate", day)
        await event.attended(*people(3, 3), organisation={"name": "Town of Snow", "country": "NO"})
        await event.attended(*people(2), role="speaker", organisation=town)
    await house.post(f"/persons/{there[0]['person']}/merge", {"into": there[1]["person"]})
    return await house.project()


async def paged(counting: Counting, rule: Rule, show: str) -> list[Item]:
    base = (await counting.book()).base
    figure = await counting.figure(rule)
    found: list[Item] = []
    for first in range(0, drill_down.number(figure, 0, show), 2):
        at = drill_down.window(figure, base, show, first, 2)
        part = Figure(items=await counting.behind_events(rule, WHOLE, at.events))
        found += drill_down.chosen(part, base, 0, show)[at.skip :][:2]
    return found


async def test_pages_make_the_whole_list(project: Project) -> None:
    counting = await Counting.of(project)
    for given in RULES:
        rule = Rule.read(given)
        full = await counting.behind(rule)
        for show in ("counted", "all", *full.excluded):
            expected = drill_down.chosen(full, await counting.base(), 0, show)
            assert (given, show, await paged(counting, rule, show)) == (given, show, expected)
            [event] = {item.event for item in expected[:1]} or {0}
            assert drill_down.number(full, event, show) == sum(
                1 for item in expected if item.event in {event, event or -1}
            )


async def test_a_change_of_one_event_counts_that_event_only(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[list[int] | None] = []

    async def watched(*given: Any, **more: Any) -> Any:
        looked.append(more["events"])
        return await load_facts(*given, **more)

    monkeypatch.setattr(parts, "load_facts", watched)
    counting = await Counting.of(project)
    for given in RULES:
        await counting.figure(Rule.read(given))
    lone = next(event for event in (await counting.base()).events.values() if not event.scheme)
    looked.clear()
    await Event.filter(id=lone.id).update(kind="workshop")
    counting = await Counting.of(project)
    for given in RULES:
        quick, full = (
            await counting.figure(Rule.read(given)),
            await counting.behind(Rule.read(given)),
        )
        assert (given, quick.net) == (given, full.net)
    assert looked == [[lone.id]] * len(RULES)
