"""Scans: every result in the order in which they are tried, batches, clocks, and what comes late or afterwards."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from core.clock import now
from tests.acceptance.outside import Event, Json, Outside, Project, at, iso, problem

DAY = -3
"""The events of these tests were three days ago, unless they are running."""


def time(hour: int, minute: int = 0, day: int = DAY) -> str:
    """A time of the event's day, as a phone sends it."""
    return at(day, hour, minute).isoformat()


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
    assert first == {"id": first["id"], "result": "valid", "registration": one["id"], "name": "Ilze Ozola"}
    again = event.scan({"ticket": one["ticket"], "scanned_at": time(9, 5)})[0]
    assert again["result"] == "already_in"
    assert datetime.fromisoformat(again["first_scanned_at"]) == at(DAY, 9)
    assert again["first_scanned_at"].endswith(("+02:00", "+03:00"))
    results = [event.result(ticket=one["ticket"], direction="out", scanned_at=time(10, n)) for n in range(2)]
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
        assert event.result(registration=registration, scanned_at=time(9)) == "unknown", registration
    assert event.result(ticket=away["ticket"], scanned_at=time(9)) == "other_event"
    assert event.result(registration=away["id"], scanned_at=time(9)) == "other_event"
    assert event.result(ticket=elsewhere["ticket"], scanned_at=time(9)) == "other_event"
    other.api.post(f"/registrations/{away['id']}/cancellation", {}, 200)
    assert event.result(ticket=away["ticket"], scanned_at=time(9)) == "other_event"
    answer = event.scan({"ticket": away["ticket"], "scanned_at": time(9)})[0]
    assert "name" not in answer
    assert event.attendance()["attended"] == 0


@pytest.mark.parametrize("shape", [str.lower, lambda t: f"{t[:4]}-{t[4:8]}-{t[8:12]}-{t[12:]}", lambda t: f" {t} "])
def test_a_ticket_as_it_is_typed(project: Project, shape: "type[str]") -> None:
    event = project.event(at(DAY, 9))
    ticket = event.register()["ticket"]
    assert event.result(ticket=shape(ticket), scanned_at=time(9)) == "valid"
    assert event.result(ticket=shape(ticket).replace("0", "O").replace("1", "I"), scanned_at=time(9)) == "already_in"


def test_statuses_come_before_sessions_and_hours(project: Project) -> None:
    event = project.event(at(5, 9), capacity=3)
    session = event.session(at(5, 9), capacity=5)
    gone, old, in_it, waits = (event.register() for _ in range(4))
    event.api.post(f"/registrations/{old['id']}/substitution", {"name": "New One", "email": "new@example.org"})
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
    assert list(found.values()) == ["outside_hours", "valid", "already_in", "outside_hours", "outside_hours"]
    found = {
        when: event.result(ticket=one["ticket"], session=session, scanned_at=time(*when))
        for when in ((9, 59), (10, 0), (15, 0), (15, 1))
    }
    assert list(found.values()) == ["outside_hours", "valid", "already_in", "outside_hours"]


@pytest.mark.parametrize("count", [1, 1000])
def test_a_batch(project: Project, count: int) -> None:
    event = project.event(at(DAY, 9))
    people = event.people(min(count, 10))
    scans = [
        {"id": str(uuid4()), "ticket": people[n % 10]["ticket"], "scanned_at": time(9 + n // 200, n // 10 % 20)}
        for n in range(count)
    ]
    found = event.scan(*scans)
    assert [one["id"] for one in found] == [one["id"] for one in scans]
    assert {one["result"] for one in found[10:]} <= {"already_in"}
    assert [one["result"] for one in found[:10]] == ["valid"] * min(10, count)
    assert {one["result"] for one in event.scan(*scans)} == {"repeated"}
    assert event.attendance()["attended"] == len(people)


def test_a_batch_is_from_1_to_1000(project: Project) -> None:
    event = project.event(at(DAY, 9))
    for size in (0, 1001):
        scans = [{"id": str(uuid4()), "ticket": "x"} for _ in range(size)]
        event.api.wrong(f"{event.path}/scans", scans)
    for body in ({}, {"id": "x"}, None, "x", 3):
        event.api.wrong(f"{event.path}/scans", body)


BAD: list[tuple[object, str]] = [
    (None, "body"),
    ("text", "body"),
    ({}, "id"),
    ({"id": "no uuid", "ticket": "x"}, "id"),
    ({"id": "", "ticket": "x"}, "id"),
    ({"id": str(uuid4())}, "ticket"),
    ({"id": str(uuid4()), "ticket": 3}, "ticket"),
    ({"id": str(uuid4()), "ticket": "x", "colour": "red"}, "colour"),
    ({"id": str(uuid4()), "ticket": "x", "direction": "up"}, "direction"),
    ({"id": str(uuid4()), "ticket": "x", "method": "smoke"}, "method"),
    ({"id": str(uuid4()), "ticket": "x", "scanned_at": "yesterday"}, "scanned_at"),
    ({"id": str(uuid4()), "ticket": "x", "scanned_at": 5}, "scanned_at"),
    ({"id": str(uuid4()), "ticket": "x", "clock_offset_ms": "much"}, "clock_offset_ms"),
    ({"id": str(uuid4()), "ticket": "x", "minutes": -1}, "minutes"),
    ({"id": str(uuid4()), "ticket": "x", "admitted": "yes"}, "admitted"),
    ({"id": str(uuid4()), "ticket": "x\u0000y", "scanned_at": "2026-02-30T10:00:00Z"}, "scanned_at"),
]


def test_bad_scans_never_fail_the_others(project: Project) -> None:
    event = project.event(at(DAY, 9))
    people = event.people(2)
    good = [{"id": str(uuid4()), "ticket": r["ticket"], "scanned_at": time(9)} for r in people]
    answer = event.api.post(f"{event.path}/scans", [good[0], *(bad for bad, _field in BAD), good[1]], 200)
    assert len(answer) == len(BAD) + 2
    assert [answer[0]["result"], answer[-1]["result"]] == ["valid", "valid"]
    assert {one["result"] for one in answer[1:-1]} == {"unknown"}
    assert event.attendance()["attended"] == 2


@pytest.mark.parametrize(("bad", "field"), BAD)
def test_a_bad_scan_alone_is_named(project: Project, bad: object, field: str) -> None:
    slug = project.api.get(f"/projects/{project.slug}/events")[0]["slug"]
    problem(project.api.call("POST", f"/events/{slug}/scans", [bad]), field)


def test_one_person_twice_and_one_id_twice_in_a_batch(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one = event.register()
    scan = {"id": str(uuid4()), "ticket": one["ticket"], "scanned_at": time(9)}
    out = {"registration": one["id"], "direction": "out", "scanned_at": time(10)}
    found = event.scan(scan, scan, {"registration": one["id"], "scanned_at": time(9, 1)}, out, out)
    assert [r["result"] for r in found] == ["valid", "repeated", "already_in", "exit", "not_inside"]


def test_the_phones_clock_is_put_right(project: Project) -> None:
    event = project.event(at(DAY, 9))
    one = event.register()
    hours = 3_600_000
    found = event.result(ticket=one["ticket"], scanned_at=time(3), clock_offset_ms=6 * hours)
    assert found == "valid"
    again = event.scan({"ticket": one["ticket"], "scanned_at": time(12), "clock_offset_ms": -2 * hours})[0]
    assert (again["result"], datetime.fromisoformat(again["first_scanned_at"])) == ("already_in", at(DAY, 9))
    assert event.result(ticket=one["ticket"], scanned_at=time(12), clock_offset_ms=10 * hours) == "outside_hours"
    assert event.result(ticket=one["ticket"], direction="out", scanned_at=time(10), clock_offset_ms=1500) == "exit"
    assert event.attendance()["minutes"] == 60


def test_more_than_five_minutes_ahead_is_the_servers_time(project: Project) -> None:
    event = project.event(now() - timedelta(hours=4), now() - timedelta(minutes=60))
    one, two = event.people(2)
    assert event.result(ticket=one["ticket"], scanned_at=iso(now() + timedelta(hours=3))) == "valid"
    again = event.scan({"ticket": one["ticket"]})[0]
    assert abs((datetime.fromisoformat(again["first_scanned_at"]) - now()).total_seconds()) < 60
    hour = 3_600_000
    assert event.result(ticket=two["ticket"], scanned_at=iso(now()), clock_offset_ms=5 * hour) == "valid"
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
    assert [event.result(ticket=one["ticket"], method=m) for m in ("qr", "online")] == ["outside_hours"] * 2
    assert [event.result(ticket=one["ticket"], method=m) for m in ("manual", "paper")] == ["valid", "already_in"]


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
    event.scan({"ticket": people[1]["ticket"], "session": session, "direction": "out", "scanned_at": iso(out)})
    found = event.attendance()
    assert (found["attended"], found["inside"]) == (2, 1)
    assert found["sessions"] == [{"id": session, "attended": 2, "inside": 1}]


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
    assert minutes(event, {"scanned_at": time(8)}, {"direction": "out", "scanned_at": time(18)}) == 480
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
    assert minutes(event, {"scanned_at": time(10, day=-6)}, {"scanned_at": time(9, day=-4)}) == 120 + 180


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
    assert minutes(event, {"scanned_at": time(9, 30)}, {"direction": "out", "scanned_at": time(10, 15)}) == 45
    assert minutes(event, {"scanned_at": time(10, 10), "session": second}) == 50
    assert minutes(event, {"scanned_at": time(8), "session": second}) == 60
    before = {s["id"]: s["attended"] for s in event.attendance()["sessions"]}
    one = event.register(sessions=[aside])
    event.scan({"registration": one["id"], "scanned_at": time(12)})
    after = {s["id"]: s["attended"] for s in event.attendance()["sessions"]}
    assert (after[aside] - before[aside], after[third] - before[third]) == (1, 0)
    assert (before[third], before[aside]) == (2, 0)
    assert minutes(event, {"scanned_at": time(13), "session": third}, {"scanned_at": time(13), "session": aside}) == 60


def test_a_meal_counts_when_it_is_said(project: Project) -> None:
    event = project.event(at(DAY, 9), at(DAY, 17))
    event.session(at(DAY, 12), 45, kind="meal", counted=True)
    assert minutes(event, {"scanned_at": time(9)}) == 45
