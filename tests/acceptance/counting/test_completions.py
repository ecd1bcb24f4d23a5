"""Who completed: thresholds, all sessions, and the day on which it falls."""

import pytest

from tests.acceptance.counting.counted import CITY, NGO, past
from tests.acceptance.outside import Outside, Project, at, excluded


@pytest.fixture
def project(outside: Outside) -> Project:
    """A new one for each test: figures are of a whole project."""
    return outside.project()


@pytest.mark.parametrize(("attended", "net"), [(384, 1), (383, 0)])
def test_the_threshold_is_inclusive_and_exact(project: Project, attended: int, net: int) -> None:
    event = past(project)
    event.here(event.people(1), minutes=attended)
    found = project.measure("participations", threshold_percent=80)
    assert (found["net"], excluded(found)) == (net, {} if net else {"below_threshold": 1})


def test_the_rules_threshold_overrides_the_schemes(project: Project) -> None:
    event = past(project, series=project.scheme(80))
    event.here(event.people(1), minutes=240)
    assert project.measure("completions")["net"] == 0
    assert project.measure("completions", threshold_percent=50)["net"] == 1
    assert project.measure("completions", threshold_percent=0)["net"] == 1
    assert project.measure("participations", counting_unit="scheme")["net"] == 1


def test_all_sessions(project: Project) -> None:
    event = past(project, series=project.scheme())
    first, second = event.session(at(-3, 9), 60), event.session(at(-3, 11), 60)
    event.session(at(-3, 12), 60, kind="meal")
    one, two = event.people(2)
    for who, session in ((one, first), (one, second), (two, first)):
        event.here([who], session=session)
    found = project.measure("completions", all_sessions=True)
    assert (found["gross"], found["net"], excluded(found)) == (2, 1, {"below_threshold": 1})
    assert project.measure("people", all_sessions=True)["net"] == 1
    assert project.measure("completions")["net"] == 2


def test_once_per_project(project: Project) -> None:
    for days in (-30, -10):
        event = past(project, days)
        event.here([event.register("Anna Liepa"), *event.people(1)])
    found = project.measure("participations", once_per="project")
    assert (found["gross"], found["net"], excluded(found)) == (4, 3, {"counted_before": 1})
    query = f"?from={at(-15, 9).date()}&to={at(0, 9).date()}"
    for unit in ("participations", "people"):
        found = project.measure(unit, query, once_per="project")
        assert (found["gross"], found["net"], excluded(found)) == (2, 1, {"counted_before": 1}), (
            unit
        )
    assert project.measure("people", query)["net"] == 2


def test_a_completion_falls_on_the_fact_that_fulfils_it(project: Project) -> None:
    scheme = project.scheme(100)
    for days in (-30, -20, -10):
        event = past(project, days, series=scheme)
        event.here([event.register("Anna Liepa")])
    name = project.rule("completions")
    spans = [(-31, -15), (-15, -5), (-31, -5)]
    nets = [project.net(f"?from={at(a, 9).date()}&to={at(b, 9).date()}")[name] for a, b in spans]
    assert nets == [0, 1, 1]


def test_training_completed(project: Project) -> None:
    """ALL-010, CIV-007 and CIV-039: at least two days, every session, of the right organisations,
    each once.
    """
    project.shipped("ALL-010", "CIV-007", "CIV-039")
    one_day = past(project)
    one_day.here(one_day.people(1, organisation=CITY))
    conference = project.event(at(-12, 9), at(-11, 17), kind="conference")
    conference.here(conference.people(1, organisation=CITY))
    course = project.event(at(-10, 9), at(-9, 17), kind="workshop")
    first, second = course.session(at(-10, 9), 60), course.session(at(-9, 9), 60)
    city, ngo, half = (course.register(organisation=o) for o in (CITY, NGO, CITY))
    for session, people in ((first, [city, ngo, half]), (second, [city, ngo])):
        course.here(people, session=session)
    found = project.figures()
    assert {name: one["net"] for name, one in found.items()} == {
        "ALL-010": 1,
        "CIV-007": 2,
        "CIV-039": 1,
    }
    assert excluded(found["ALL-010"]) == {"event": 2, "people": 1, "below_threshold": 1}
    assert excluded(found["CIV-007"]) == {"event": 2, "below_threshold": 1}
    assert excluded(found["CIV-039"]) == {"people": 1}
