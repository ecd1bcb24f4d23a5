"""When a scan counts: the phone's clock, scans that come late, entries afterwards."""

from datetime import datetime, timedelta

import pytest

from core.clock import now
from tests.acceptance.door.doors import DAY, time
from tests.acceptance.outside import Outside, Project, at, iso


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests: scanning does not ask for a fresh one."""
    return outside.project()


def test_the_phones_clock_is_put_right(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one = event.register()
    hours = 3_600_000
    found = event.result(ticket=one["ticket"], scanned_at=time(3), clock_offset_ms=6 * hours)
    assert found == "valid"
    again = event.scan(
        {"ticket": one["ticket"], "scanned_at": time(12), "clock_offset_ms": -2 * hours}
    )[0]
    assert (again["result"], datetime.fromisoformat(again["first_scanned_at"])) == (
        "already_in",
        at(DAY, 9),
    )
    assert (
        event.result(ticket=one["ticket"], scanned_at=time(12), clock_offset_ms=10 * hours)
        == "outside_hours"
    )
    assert (
        event.result(
            ticket=one["ticket"], direction="out", scanned_at=time(10), clock_offset_ms=1500
        )
        == "exit"
    )
    assert event.attendance()["minutes"] == 60


def test_more_than_five_minutes_ahead_is_the_servers_time(project: Project) -> None:
    event = project.event(now() - timedelta(hours=4), now() - timedelta(minutes=60))
    one, two = event.people(2)
    assert event.result(ticket=one["ticket"], scanned_at=iso(now() + timedelta(hours=3))) == "valid"
    again = event.scan({"ticket": one["ticket"]})[0]
    assert abs((datetime.fromisoformat(again["first_scanned_at"]) - now()).total_seconds()) < 60
    hour = 3_600_000
    assert (
        event.result(ticket=two["ticket"], scanned_at=iso(now()), clock_offset_ms=5 * hour)
        == "valid"
    )
    near = now() + timedelta(minutes=4)
    soon = project.event(now() - timedelta(hours=1))
    guest = soon.register()
    assert soon.result(ticket=guest["ticket"], scanned_at=iso(near)) == "valid"
    found = soon.scan({"ticket": guest["ticket"], "scanned_at": iso(near)})[0]
    assert datetime.fromisoformat(found["first_scanned_at"]) == near


def test_a_scan_that_comes_late_falls_where_it_was(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one, two = event.people(2)
    assert event.result(ticket=one["ticket"], direction="out", scanned_at=time(12)) == "not_inside"
    assert event.result(ticket=one["ticket"], scanned_at=time(10)) == "valid"
    assert event.attendance()["minutes"] == 120
    assert event.attendance()["inside"] == 0
    event.scan({"ticket": two["ticket"], "scanned_at": time(11)})
    event.scan({"ticket": two["ticket"], "direction": "out", "scanned_at": time(12)})
    late = {"ticket": two["ticket"], "scanned_at": time(9, 30)}
    assert event.result(**late) == "valid"
    assert event.attendance()["minutes"] == 120 + 150


def test_admitted_without_reception_counts_and_still_gets_its_answer(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one, two = event.people(2)
    event.api.post(f"/registrations/{one['id']}/cancellation", {}, 200)
    found = event.scan({"ticket": one["ticket"], "scanned_at": time(9), "admitted": True})[0]
    assert found["result"] == "cancelled"
    assert event.result(ticket=two["ticket"], scanned_at=time(23), admitted=True) == "outside_hours"
    assert event.result(ticket="Z" * 16, scanned_at=time(9), admitted=True) == "unknown"
    assert event.attendance()["attended"] == 2


def test_entries_afterwards(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17))
    whole, half, paper, none = event.people(4)
    assert whole["status"] == "confirmed"
    event.here([whole])
    assert event.attendance()["minutes"] == 480
    event.here([half], minutes=90)
    assert event.attendance()["minutes"] == 570
    event.here([paper], "paper", minutes=1000)
    assert event.attendance()["minutes"] == 1050
    event.api.post(f"/registrations/{none['id']}/cancellation", {}, 200)
    found = event.attendance()
    assert (found["registered"], found["confirmed"], found["attended"]) == (4, 3, 3)


def test_an_entry_afterwards_for_a_session(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17))
    first, second = event.session(at(DAY, 9), 120), event.session(at(DAY, 13), 90)
    one, two = event.people(2)
    event.here([one], session=second)
    event.here([two])
    found = event.attendance()
    assert found["minutes"] == 90 + 210
    assert {s["id"]: s["attended"] for s in found["sessions"]} == {first: 1, second: 2}


def test_a_scan_without_its_time_is_of_now_unless_entered_by_hand(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one = event.register()
    assert [event.result(ticket=one["ticket"], method=m) for m in ("qr", "online")] == [
        "outside_hours"
    ] * 2
    assert [event.result(ticket=one["ticket"], method=m) for m in ("manual", "paper")] == [
        "valid",
        "already_in",
    ]
