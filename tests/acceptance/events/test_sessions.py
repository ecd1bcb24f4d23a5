"""Sessions from outside."""

import pytest

from tests.acceptance.outside import Outside, Project


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project(activities=[{"number": "2.1", "title": "Training"}])


def test_sessions_have_zones_of_their_own(project: Project) -> None:
    event = project.event("2027-05-10T09:00", "2027-05-12T17:00", title="Visit")
    flight = {
        "kind": "travel",
        "title": "Flight",
        "starts_at": "2027-05-10T10:00",
        "ends_at": "2027-05-10T11:30",
        "end_timezone": "Europe/Oslo",
    }
    made = project.api.post(f"{event.path}/sessions", flight)
    assert (made["starts_at"], made["ends_at"]) == (
        "2027-05-10T10:00:00+03:00",
        "2027-05-10T11:30:00+02:00",
    )
    assert made["counted"] is False
    visit = {
        "kind": "visit",
        "title": "V",
        "starts_at": "2027-05-11T10:00",
        "ends_at": "2027-05-11T11:00",
        "timezone": "Europe/Oslo",
    }
    made = project.api.post(f"{event.path}/sessions", visit)
    assert (made["starts_at"], made["ends_at"]) == (
        "2027-05-11T10:00:00+02:00",
        "2027-05-11T11:00:00+02:00",
    )
    assert (made["timezone"], made["counted"], made["capacity"]) == ("Europe/Oslo", True, None)
    double = {**visit, "starts_at": "2027-10-31T02:30", "ends_at": "2027-10-31T09:00"}
    found = project.api.wrong(f"{event.path}/sessions", double, "starts_at")
    assert len(found["choices"]) == 2
    double = {**flight, "ends_at": "2027-10-31T02:30"}
    assert len(project.api.wrong(f"{event.path}/sessions", double, "ends_at")["choices"]) == 2


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("talk", True),
        ("workshop", True),
        ("visit", True),
        ("travel", False),
        ("meal", False),
        ("stay", False),
        ("break", False),
    ],
)
def test_kinds_of_sessions(project: Project, kind: str, counted: bool) -> None:
    event = project.event("2027-05-10T09:00", "2027-05-12T17:00")
    body = {
        "kind": kind,
        "title": "S",
        "starts_at": "2027-05-10T10:00",
        "ends_at": "2027-05-10T11:30",
    }
    made = project.api.post(f"{event.path}/sessions", body)
    assert (made["kind"], made["counted"]) == (kind, counted)
    assert (
        project.api.post(f"{event.path}/sessions", {**body, "counted": not counted})["counted"]
        is not counted
    )


def test_sessions_change_and_go(project: Project) -> None:
    event = project.event("2027-05-10T09:00", "2027-05-12T17:00")
    one = event.session(
        "2027-05-10T10:00", 60, title={"en": "Talk", "lv": "Runa"}, capacity=5, place="Hall"
    )
    changed = project.api.patch(f"/sessions/{one}", {"place": "Room 2", "notify": False})
    assert (changed["id"], changed["place"], changed["title"]) == (
        one,
        "Room 2",
        {"en": "Talk", "lv": "Runa"},
    )
    for wrong, field in (
        ({"kind": "dance"}, "kind"),
        ({"ends_at": "2027-05-10T09:00"}, "ends_at"),
        ({"capacity": "x"}, "capacity"),
        ({"colour": "red"}, "colour"),
        ({"title": ""}, "title"),
    ):
        project.api.wrong(f"/sessions/{one}", wrong, field, method="PATCH")
    assert project.api.call("DELETE", f"/sessions/{one}").status_code in {200, 204}
    assert project.api.call("DELETE", f"/sessions/{one}").status_code == 404
    assert event.attendance()["sessions"] == []
    gone = event.register()
    project.api.wrong(
        f"{event.path}/registrations",
        {"name": "A", "email": "a@example.org", "sessions": [one]},
        "sessions",
    )
    assert event.result(ticket=gone["ticket"], session="0") == "unknown"
