"""How long somebody was there, from outside."""

import pytest

from tests.acceptance.door.doors import DAY, time
from tests.acceptance.outside import Event, Json, Outside, Project, at


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests: scanning does not ask for a fresh one."""
    return outside.project()


def minutes(event: Event, *scans: Json) -> int:
    """The minutes of one person who is scanned so."""
    one = event.register()
    before = event.attendance()["minutes"]
    for result in event.scan(*({"registration": one["id"], **s} for s in scans)):
        assert result["result"] in {"valid", "already_in", "exit", "not_inside"}, result
    return int(event.attendance()["minutes"] - before)


def test_minutes_without_sessions(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17))
    into, out = {"scanned_at": time(10)}, {"direction": "out", "scanned_at": time(12)}
    assert minutes(event, into) == 7 * 60
    assert minutes(event, into, out) == 120
    assert (
        minutes(event, {"scanned_at": time(8)}, {"direction": "out", "scanned_at": time(18)}) == 480
    )
    assert minutes(event, into, out, {"scanned_at": time(15)}) == 120 + 120
    assert minutes(event, into, out, {"method": "paper"}) == 480
    assert minutes(event, into, out, {"method": "paper", "minutes": 60}) == 180
    assert minutes(event, {**into, "method": "manual"}) == 480
    assert minutes(event, {**into, "method": "online"}) == 7 * 60
    assert minutes(event, {"scanned_at": at(DAY, 9, 0).replace(second=59).isoformat()}) == 479


def test_grace(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17), grace_minutes=15)
    assert [minutes(event, {"scanned_at": time(9, m)}) for m in (0, 15, 16)] == [480, 480, 464]


def test_minutes_of_several_days(project: Project) -> None:
    event = project.event(at(-6, 9), at(-4, 12))
    assert minutes(event, {"scanned_at": time(9, day=-6)}) == 180
    assert (
        minutes(event, {"scanned_at": time(10, day=-6)}, {"scanned_at": time(9, day=-4)})
        == 120 + 180
    )


def test_minutes_of_sessions(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17))
    event.session(at(DAY, 9), 60)
    second = event.session(at(DAY, 10), 60)
    event.session(at(DAY, 12), 60, kind="meal")
    third = event.session(at(DAY, 13), 60)
    aside = event.session(at(DAY, 13), 60)
    event.session(at(DAY, 15), 60, counted=False)
    assert minutes(event, {"scanned_at": time(9)}) == 180
    assert minutes(event, {"scanned_at": time(10, 30)}) == 90
    assert (
        minutes(
            event, {"scanned_at": time(9, 30)}, {"direction": "out", "scanned_at": time(10, 15)}
        )
        == 45
    )
    assert minutes(event, {"scanned_at": time(10, 10), "session": second}) == 50
    assert minutes(event, {"scanned_at": time(8), "session": second}) == 60
    before = {s["id"]: s["attended"] for s in event.attendance()["sessions"]}
    one = event.register(sessions=[aside])
    event.scan({"registration": one["id"], "scanned_at": time(12)})
    after = {s["id"]: s["attended"] for s in event.attendance()["sessions"]}
    assert (after[aside] - before[aside], after[third] - before[third]) == (1, 0)
    assert (before[third], before[aside]) == (2, 0)
    assert (
        minutes(
            event,
            {"scanned_at": time(13), "session": third},
            {"scanned_at": time(13), "session": aside},
        )
        == 60
    )


def test_a_meal_counts_when_it_is_said(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17))
    event.session(at(DAY, 12), 45, kind="meal", counted=True)
    assert minutes(event, {"scanned_at": time(9)}) == 45
