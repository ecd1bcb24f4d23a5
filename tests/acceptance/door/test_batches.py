"""Batches of scans: each is stored, and a bad one never fails the others."""

from uuid import uuid4

import pytest

from tests.acceptance.door.doors import DAY, time
from tests.acceptance.outside import Outside, Project, at, problem


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests: scanning does not ask for a fresh one."""
    return outside.project()


@pytest.mark.parametrize("count", [1, 1000])
def test_a_batch(project: Project, count: int) -> None:
    event = project.event(at(DAY, 9))
    people = event.people(min(count, 10))
    scans = [
        {
            "id": str(uuid4()),
            "ticket": people[n % 10]["ticket"],
            "scanned_at": time(9 + n // 200, n // 10 % 20),
        }
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
    (
        {"id": str(uuid4()), "ticket": "x\u0000y", "scanned_at": "2026-02-30T10:00:00Z"},
        "scanned_at",
    ),
]


def test_bad_scans_never_fail_the_others(project: Project) -> None:
    event = project.event(at(DAY, 9))
    people = event.people(2)
    good = [{"id": str(uuid4()), "ticket": r["ticket"], "scanned_at": time(9)} for r in people]
    answer = event.api.post(
        f"{event.path}/scans", [good[0], *(bad for bad, _field in BAD), good[1]], 200
    )
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
