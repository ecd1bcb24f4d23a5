"""Scans: every result in the order in which they are tried, withdrawals, and who is inside."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from core.clock import now
from tests.acceptance.door.doors import DAY, time
from tests.acceptance.outside import Event, Outside, Project, at, iso


def running(project: Project, **more: object) -> Event:
    """An event that is on."""
    return project.event(now() - timedelta(hours=1), now() + timedelta(hours=1), **more)


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests: scanning does not ask for a fresh one."""
    return outside.project()


def test_in_and_out(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one = event.register("Ilze Ozola")
    first = event.scan({"ticket": one["ticket"], "scanned_at": time(9)})[0]
    assert first == {
        "id": first["id"],
        "result": "valid",
        "registration": one["id"],
        "name": "Ilze Ozola",
    }
    again = event.scan({"ticket": one["ticket"], "scanned_at": time(9, 5)})[0]
    assert again["result"] == "already_in"
    assert datetime.fromisoformat(again["first_scanned_at"]) == at(DAY, 9)
    assert again["first_scanned_at"].endswith(("+02:00", "+03:00"))
    results = [
        event.result(ticket=one["ticket"], direction="out", scanned_at=time(10, n))
        for n in range(2)
    ]
    assert results == ["exit", "not_inside"]
    assert event.result(registration=one["id"], scanned_at=time(11)) == "valid"
    repeated = event.scan({"ticket": one["ticket"], "scanned_at": time(9), "id": first["id"]})[0]
    assert (repeated["id"], repeated["result"]) == (first["id"], "repeated")
    assert event.attendance()["minutes"] == 60 + 6 * 60


def test_repeated_comes_before_everything(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one = event.register()
    scan = {"id": str(uuid4()), "ticket": one["ticket"], "scanned_at": time(9)}
    assert event.result(**scan) == "valid"
    event.api.post(f"/registrations/{one['id']}/cancellation", {}, 200)
    assert event.result(**scan) == "repeated"
    assert event.result(**{**scan, "ticket": "0" * 16}) == "repeated"
    assert project.event(at(DAY, 9)).result(**scan) == "repeated"
    assert event.result(**{**scan, "id": scan["id"].upper()}) == "repeated"
    assert event.attendance()["attended"] == 1


def test_a_bad_one_is_repeated_too(project: Project) -> None:
    event = project.event(at(DAY, 9))
    scan = {"id": str(uuid4()), "ticket": "NOTHING"}
    assert [event.result(**scan) for _ in range(2)] == ["unknown", "repeated"]


def test_unknown_and_other_event(outside: Outside, project: Project) -> None:
    event, other = project.event(at(DAY, 9)), project.event(at(DAY, 9))
    one, away = event.register(), other.register()
    elsewhere = outside.project().event(at(DAY, 9)).register()
    forged = one["ticket"][:-1] + ("0" if one["ticket"][-1] != "0" else "1")
    for ticket in ("", "Z" * 16, forged, "not a ticket at all", "ā" * 16, one["ticket"] + "0"):
        assert event.result(ticket=ticket, scanned_at=time(9)) == "unknown", ticket
    for registration in ("0", "999999999999", "no id", elsewhere["id"]):
        assert event.result(registration=registration, scanned_at=time(9)) == "unknown", (
            registration
        )
    assert event.result(ticket=away["ticket"], scanned_at=time(9)) == "other_event"
    assert event.result(registration=away["id"], scanned_at=time(9)) == "other_event"
    assert event.result(ticket=elsewhere["ticket"], scanned_at=time(9)) == "other_event"
    other.api.post(f"/registrations/{away['id']}/cancellation", {}, 200)
    assert event.result(ticket=away["ticket"], scanned_at=time(9)) == "other_event"
    answer = event.scan({"ticket": away["ticket"], "scanned_at": time(9)})[0]
    assert "name" not in answer
    assert event.attendance()["attended"] == 0


@pytest.mark.parametrize(
    "shape", [str.lower, lambda t: f"{t[:4]}-{t[4:8]}-{t[8:12]}-{t[12:]}", lambda t: f" {t} "]
)
def test_a_ticket_as_it_is_typed(project: Project, shape: "type[str]") -> None:
    event = project.event(at(DAY, 9))
    ticket = event.register()["ticket"]
    assert event.result(ticket=shape(ticket), scanned_at=time(9)) == "valid"
    assert (
        event.result(ticket=shape(ticket).replace("0", "O").replace("1", "I"), scanned_at=time(9))
        == "already_in"
    )


def test_statuses_come_before_sessions_and_hours(project: Project) -> None:
    event = project.event(at(5, 9), capacity=3)
    session = event.session(at(5, 9), capacity=5)
    gone, old, in_it, waits = (event.register() for _ in range(4))
    event.api.post(
        f"/registrations/{old['id']}/substitution", {"name": "New One", "email": "new@example.org"}
    )
    event.api.post(f"/registrations/{gone['id']}/cancellation", {}, 200)
    assert waits["status"] == "waiting"
    results = [event.result(ticket=r["ticket"], session=session) for r in (old, gone, waits, in_it)]
    assert results == ["replaced", "cancelled", "waiting", "outside_hours"]
    assert event.api.get(f"/registrations/{waits['id']}")["status"] == "offered"
    assert event.result(ticket=waits["ticket"]) == "waiting"
    still = event.register()
    assert still["status"] == "waiting"
    event.api.post(f"{event.path}/cancellation", {"reason": "Storm", "notify": False}, 200)
    results = [event.result(ticket=r["ticket"]) for r in (old, gone, still, waits, in_it)]
    assert results == ["replaced", "cancelled", *["event_cancelled"] * 3]


def test_pending_and_approval(project: Project) -> None:
    event = project.event(at(5, 9), approval=True)
    one = event.register()
    assert one["status"] == "pending"
    assert event.result(ticket=one["ticket"]) == "pending"
    assert event.api.post(f"/registrations/{one['id']}/approval", {}, 200)["status"] == "confirmed"
    assert event.result(ticket=one["ticket"]) == "outside_hours"


def test_other_session_before_hours(project: Project) -> None:
    event = running(project)
    soon, late = now() - timedelta(minutes=30), now() + timedelta(hours=10)
    chosen = event.session(soon, capacity=5)
    seats = event.session(soon, capacity=5)
    free = event.session(soon)
    later = event.session(late, capacity=5)
    one, none = event.register(sessions=[chosen]), event.register()
    assert one["sessions"] == [chosen]
    results = [event.result(ticket=one["ticket"], session=s) for s in (chosen, seats, free, later)]
    assert results == ["valid", "other_session", "valid", "other_session"]
    results = [event.result(ticket=none["ticket"], session=s) for s in (chosen, seats, free, later)]
    assert results == ["valid", "valid", "valid", "outside_hours"]
    assert event.result(ticket=one["ticket"], session="999999") == "unknown"
    assert event.result(ticket=one["ticket"]) == "valid"


def test_hours_are_two_before_and_two_after(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17))
    session = event.session(at(DAY, 12), 60)
    one = event.register()
    found = {
        when: event.result(ticket=one["ticket"], scanned_at=time(*when))
        for when in ((6, 59), (7, 0), (19, 0), (19, 1), (23, 59))
    }
    assert list(found.values()) == [
        "outside_hours",
        "valid",
        "already_in",
        "outside_hours",
        "outside_hours",
    ]
    found = {
        when: event.result(ticket=one["ticket"], session=session, scanned_at=time(*when))
        for when in ((9, 59), (10, 0), (15, 0), (15, 1))
    }
    assert list(found.values()) == ["outside_hours", "valid", "already_in", "outside_hours"]


def test_withdrawal(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one = event.register()
    scan = event.scan({"ticket": one["ticket"], "scanned_at": time(9)})[0]
    assert event.attendance()["attended"] == 1
    project.api.post(f"/scans/{scan['id']}/withdrawal", {"reason": "the wrong one"}, 200)
    found = event.attendance()
    assert (found["attended"], found["inside"], found["minutes"]) == (0, 0, 0)
    project.api.post(f"/scans/{scan['id']}/withdrawal", {}, 200)
    assert event.result(id=scan["id"], ticket=one["ticket"], scanned_at=time(9)) == "repeated"
    assert event.attendance()["attended"] == 0
    assert event.result(ticket=one["ticket"], scanned_at=time(9)) == "valid"
    project.api.post(f"/scans/{uuid4()}/withdrawal", {}, 404)
    project.api.post("/scans/none/withdrawal", {}, 404)


def test_attendance_while_it_runs(project: Project) -> None:
    event = running(project, capacity=3)
    start = now() - timedelta(minutes=50)
    session = event.session(start, 60)
    people = [event.register() for _ in range(5)]
    empty = event.attendance()
    assert empty == {
        "registered": 5,
        "confirmed": 3,
        "waiting": 2,
        "attended": 0,
        "inside": 0,
        "minutes": 0,
        "sessions": [{"id": session, "attended": 0, "inside": 0}],
    }
    event.scan({"ticket": people[0]["ticket"], "session": session, "scanned_at": iso(start)})
    event.scan({"ticket": people[1]["ticket"], "session": session, "scanned_at": iso(start)})
    out = start + timedelta(minutes=20)
    event.scan(
        {
            "ticket": people[1]["ticket"],
            "session": session,
            "direction": "out",
            "scanned_at": iso(out),
        }
    )
    found = event.attendance()
    assert (found["attended"], found["inside"]) == (2, 1)
    assert found["sessions"] == [{"id": session, "attended": 2, "inside": 1}]
