"""Spans, windows and periods: what counts when, and what is frozen."""

from datetime import timedelta

import pytest

from core.clock import now
from tests.acceptance.counting.counted import past
from tests.acceptance.outside import Outside, Project, at


@pytest.fixture
def project(outside: Outside) -> Project:
    """A new one for each test: figures are of a whole project."""
    return outside.project()


def test_windows(outside: Outside) -> None:
    starts, ends = at(-40, 9).date(), at(-20, 9).date()
    project = outside.project(starts_on=f"{starts}", ends_on=f"{ends}")
    for days, count in ((-41, 1), (-40, 2), (-20, 4), (-19, 8)):
        event = past(project, days)
        event.here(event.people(count))
    nets = [
        project.measure("people", window=window)["net"]
        for window in ("any", "project", "year_after_end")
    ]
    assert nets == [15, 6, 8]


def test_spans_are_inclusive_in_the_projects_zone(project: Project) -> None:
    event = project.event(at(-3, 23), at(-2, 1))
    event.here(event.people(1))
    project.shipped("PEOPLE", "EVENTS")
    day = at(-3, 12).date()
    for first, last, net in (
        (day, day, 1),
        (day, at(0, 9).date(), 1),
        (at(-2, 9).date(), at(0, 9).date(), 0),
        (at(-9, 9).date(), at(-4, 9).date(), 0),
    ):
        assert set(project.net(f"?from={first}&to={last}").values()) == {net}
    assert project.net(f"?from={day}")["PEOPLE"] == 1
    assert project.net(f"?to={at(-4, 9).date()}")["PEOPLE"] == 0
    for query in (f"?from={day}&to={at(-9, 9).date()}", "?from=yesterday", "?to=2026-02-30"):
        answer = project.api.call("GET", f"/projects/{project.slug}/indicators{query}")
        assert answer.status_code == 422, query
    assert (
        project.api.call("GET", f"/projects/{project.slug}/indicators?period=999999").status_code
        == 404
    )


def test_periods_are_frozen_and_corrected_in_the_next(project: Project) -> None:
    project.shipped("PEOPLE")
    path = f"/projects/{project.slug}/periods"
    first, second = (
        project.api.post(
            path, {"name": name, "from": f"{at(a, 9).date()}", "to": f"{at(b, 9).date()}"}
        )
        for name, a, b in (("One", -40, -21), ("Two", -20, -1))
    )
    assert first == {
        **first,
        "name": "One",
        "from": f"{at(-40, 9).date()}",
        "to": f"{at(-21, 9).date()}",
    }
    event, after = past(project, -30), past(project, -10)
    people = event.people(5)
    event.here(people[:3])
    after.here([after.register(people[0]["name"], email=people[0]["email"])])
    assert [project.net(f"?period={p['id']}")["PEOPLE"] for p in (first, second)] == [3, 1]
    answer = project.api.call("POST", f"/periods/{first['id']}/submission", {})
    assert answer.status_code in {200, 201, 204}
    event.here(people[3:])
    assert [project.net(f"?period={p['id']}")["PEOPLE"] for p in (first, second)] == [3, 1]
    found = project.figures(f"?period={second['id']}")["PEOPLE"]
    assert (found["correction"], found["cumulative"]) == (2, 5)
    assert project.net()["PEOPLE"] == 5
    assert project.net(f"?from={first['from']}&to={first['to']}")["PEOPLE"] == 5
    event.api.post(f"{event.path}/cancellation", {"reason": "x"}, 200)
    found = project.figures(f"?period={second['id']}")["PEOPLE"]
    assert (found["correction"], found["net"]) == (-3, 1)
    assert project.net(f"?period={first['id']}")["PEOPLE"] == 3
    project.api.post(f"/periods/{first['id']}/submission", {}, 409)
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"to": "2020-01-01"}, "to"),
        ({"from": "x"}, "from"),
        ({"x": 1}, "x"),
    ):
        project.api.wrong(
            path, {"name": "W", "from": "2026-01-01", "to": "2026-01-31", **wrong}, field
        )


def test_minutes_belong_to_the_date_on_which_the_session_starts(project: Project) -> None:
    project.shipped("HOURS-P")
    event = project.event(at(-5, 9), at(-4, 17))
    session = event.session(at(-5, 23), 120)
    event.here(event.people(1), session=session)
    days = [at(-5, 9).date(), at(-4, 9).date()]
    assert [project.net(f"?from={day}&to={day}")["HOURS-P"] for day in days] == [2, 0]


def test_a_merge_after_the_submission_is_a_correction(project: Project) -> None:
    project.shipped("PEOPLE", "PARTICIPATIONS")
    path = f"/projects/{project.slug}/periods"
    first, second = (
        project.api.post(
            path, {"name": name, "from": f"{at(a, 9).date()}", "to": f"{at(b, 9).date()}"}
        )["id"]
        for name, a, b in (("One", -40, -21), ("Two", -20, -1))
    )
    event = past(project, -30)
    one, two = event.people(2)
    event.here([one, two])
    project.api.call("POST", f"/periods/{first}/submission", {})
    merge = project.api.post(f"/persons/{two['person']}/merge", {"into": one["person"]})["id"]
    for code in ("PEOPLE", "PARTICIPATIONS"):
        assert project.net(f"?period={first}")[code] == 2
        later = project.figures(f"?period={second}")[code]
        assert (later["net"], later["correction"], later["cumulative"]) == (0, -1, 1)
    project.api.call("DELETE", f"/merges/{merge}")
    assert project.figures(f"?period={second}")["PEOPLE"]["correction"] == 0


def test_events_that_have_not_begun_are_not_held(project: Project) -> None:
    """Somebody let in before the beginning is there; the event is held when it has begun."""
    project.shipped("EVENTS")
    event = project.event(now() + timedelta(minutes=90))
    assert event.result(ticket=event.register()["ticket"]) == "valid"
    assert project.net() == {"EVENTS": 0}
