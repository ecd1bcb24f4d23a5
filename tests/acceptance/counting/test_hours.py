"""Hours and their minutes."""

import pytest

from tests.acceptance.counting.counted import past
from tests.acceptance.outside import Outside, Project, at, excluded


@pytest.fixture
def project(outside: Outside) -> Project:
    """A new one for each test: figures are of a whole project."""
    return outside.project()


def test_hours_and_their_minutes(project: Project) -> None:
    event = past(project)
    event.session(at(-3, 9), 50)
    event.here(event.people(1, gender="female"), minutes=10)
    event.here(event.people(1, gender="male"), minutes=25)
    event.here(event.people(1, role="speaker"), minutes=20)
    found = project.measure("participant_hours")
    assert (found["gross"], found["gross_minutes"]) == (0.92, 55)
    assert (found["net"], found["net_minutes"]) == (0.58, 35)
    assert found["excluded"] == [{"reason": "role", "count": 0.33, "count_minutes": 20}]
    assert found["by"]["gender"] == {"female": 0.17, "male": 0.42, "not_stated": 0}
    assert found["by_minutes"]["gender"] == {"female": 10, "male": 25, "not_stated": 0}
    delivered = project.measure("delivered_hours")
    assert (delivered["net"], delivered["net_minutes"]) == (0.83, 50)
    assert delivered["by_minutes"]["country"] == {"LV": 50, "not_stated": 0}


def test_delivered_hours_are_of_sessions_held(project: Project) -> None:
    event = past(project)
    held = event.session(at(-3, 9), 60)
    event.session(at(-3, 11), 90)
    event.here(event.people(3), session=held)
    coming = project.event(at(3, 9))
    coming.people(2)
    gone = past(project)
    gone.here(gone.people(1))
    gone.api.post(f"{gone.path}/cancellation", {"reason": "x"}, 200)
    found = project.measure("delivered_hours")
    assert (found["net_minutes"], excluded(found)) == (60, {"cancelled_event": 8})
    found = project.measure("events")
    assert (found["gross"], found["net"], excluded(found)) == (2, 1, {"cancelled_event": 1})


def test_a_change_of_hours_changes_minutes(project: Project) -> None:
    project.shipped("HOURS-P", "HOURS-D")
    event = past(project)
    session = event.session(at(-3, 9), 60)
    event.here(event.people(2), session=session)
    assert project.net() == {"HOURS-P": 2, "HOURS-D": 1}
    project.api.patch(f"/sessions/{session}", {"ends_at": at(-3, 11).isoformat(), "notify": False})
    assert project.net() == {"HOURS-P": 4, "HOURS-D": 2}
    other = event.session(at(-3, 12), 60)
    event.here(event.people(1), session=other)
    assert project.net() == {"HOURS-P": 5, "HOURS-D": 3}
    project.api.call("DELETE", f"/sessions/{session}")
    assert project.net() == {"HOURS-P": 1, "HOURS-D": 1}


def test_an_hour_in_which_clocks_change_is_as_long_as_it_is(project: Project) -> None:
    project.shipped("HOURS-P", "HOURS-D")
    night = project.event("2025-03-30T00:00", "2025-03-30T06:00")
    night.here(night.people(1))
    back = project.event("2025-10-26T00:00", "2025-10-26T06:00")
    back.here(back.people(1))
    assert project.net() == {"HOURS-P": 12, "HOURS-D": 12}
    assert project.net("?to=2025-06-01") == {"HOURS-P": 5, "HOURS-D": 5}
