"""Events: fields, defaults, times, translations, what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.clock import now
from tests.acceptance.outside import Event, Outside, Project, at

TIMES = {"starts_at": "2027-05-10T09:00", "ends_at": "2027-05-10T17:00"}


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project(activities=[{"number": "2.1", "title": "Training"}])


def draft(project: Project, **more: Any) -> Any:
    """A new event."""
    return project.api.post(
        f"/projects/{project.slug}/events", {"kind": "training", "title": "E", **TIMES, **more}
    )


def test_an_event_and_its_defaults(project: Project, outside: Outside) -> None:
    made = draft(project)
    expected = {
        "status": "draft",
        "kind": "training",
        "title": {"en": "E"},
        "timezone": "Europe/Riga",
        "country": "LV",
        "capacity": None,
        "grace_minutes": 0,
        "waiting_list": True,
        "approval": False,
        "open_to_public": False,
        "internal": False,
        "organisers": ["Riga City"],
        "activity": None,
        "series": None,
        "direction": None,
        "starts_at": "2027-05-10T09:00:00+03:00",
        "ends_at": "2027-05-10T17:00:00+03:00",
    }
    assert {name: made[name] for name in expected} == expected
    assert made["url"] == f"{outside.program.url}/e/{made['slug']}"
    assert made["calendar_url"].endswith(f"/e/{made['slug']}.ics")
    assert project.api.get(f"/events/{made['slug']}") == made


def test_an_event_with_everything(project: Project) -> None:
    series = project.scheme()
    given = {
        "kind": "study_visit",
        "title": {"en": "Visit", "lv": "Vizīte"},
        "timezone": "Europe/Oslo",
        "place": "Trondheim",
        "country": "NO",
        "capacity": 26,
        "grace_minutes": 10,
        "waiting_list": False,
        "approval": True,
        "open_to_public": True,
        "internal": True,
        "organisers": ["Riga City", "Trondheim"],
        "activity": "2.1",
        "series": series,
        "direction": {"from": "LV", "to": "NO"},
    }
    made = draft(project, **given)
    assert {name: made[name] for name in given} == given
    assert made["starts_at"] == "2027-05-10T09:00:00+02:00"


def test_kinds_of_events(project: Project) -> None:
    learning = ["training", "study_visit", "workshop", "coaching", "group_coaching"]
    for kind in ["conference", *learning, "working_group", "consultation", "debate", "publicity"]:
        assert draft(project, kind=kind)["kind"] == kind


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"kind": None}, "kind"),
        ({"title": " "}, "title"),
        ({"starts_at": None}, "starts_at"),
        ({"ends_at": "2027-05-10T09:00"}, "ends_at"),
        ({"ends_at": "2027-05-10"}, "ends_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"country": "Latvia"}, "country"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": "26"}, "capacity"),
        ({"capacity": 1.5}, "capacity"),
        ({"grace_minutes": -1}, "grace_minutes"),
        ({"waiting_list": "yes"}, "waiting_list"),
        ({"organisers": ["Nobody"]}, "organisers"),
        ({"activity": "9.9"}, "activity"),
        ({"series": "999999"}, "series"),
        ({"direction": {"from": "LV"}}, "direction.to"),
        ({"direction": "LV-NO"}, "direction"),
    ],
)
def test_a_wrong_event_is_refused(project: Project, change: dict[str, Any], field: str) -> None:
    body = {"kind": "training", "title": "E", **TIMES, **change}
    project.api.wrong(
        f"/projects/{project.slug}/events", {k: v for k, v in body.items() if v is not None}, field
    )
    if None not in change.values():
        made = draft(project)
        project.api.wrong(f"/events/{made['slug']}", change, field, method="PATCH")


def test_another_projects_series_is_refused(project: Project, outside: Outside) -> None:
    series = outside.project().scheme()
    project.api.wrong(
        f"/projects/{project.slug}/events",
        {"kind": "training", "title": "E", **TIMES, "series": series},
        "series",
    )


@pytest.mark.parametrize(
    ("starts", "answer"),
    [
        ("2027-05-10T09:00", "2027-05-10T09:00:00+03:00"),
        ("2027-05-10T09:00:30", "2027-05-10T09:00:30+03:00"),
        ("2027-01-10T09:00", "2027-01-10T09:00:00+02:00"),
        ("2027-05-10T06:00Z", "2027-05-10T09:00:00+03:00"),
        ("2027-05-10T06:00:00+00:00", "2027-05-10T09:00:00+03:00"),
        ("2027-05-10T08:00:00+02:00", "2027-05-10T09:00:00+03:00"),
        ("2027-10-31T03:30+03:00", "2027-10-31T03:30:00+03:00"),
        ("2027-10-31T03:30+02:00", "2027-10-31T03:30:00+02:00"),
    ],
)
def test_times(project: Project, starts: str, answer: str) -> None:
    ends = "2027-12-31T10:00"
    made = draft(project, starts_at=starts, ends_at=ends)
    assert made["starts_at"] == answer
    patched = project.api.patch(
        f"/events/{draft(project)['slug']}", {"starts_at": starts, "ends_at": ends}
    )
    assert patched["starts_at"] == answer


@pytest.mark.parametrize(
    ("local", "choices"),
    [
        ("2027-03-28T03:30", ["2027-03-28T00:30:00+00:00", "2027-03-28T01:30:00+00:00"]),
        ("2027-10-31T03:30", ["2027-10-31T00:30:00+00:00", "2027-10-31T01:30:00+00:00"]),
    ],
)
def test_a_double_or_void_time_is_refused_with_choices(
    project: Project, local: str, choices: list[str]
) -> None:
    path = f"/projects/{project.slug}/events"
    for name, body in (
        ("starts_at", {"starts_at": local, "ends_at": "2027-12-01T10:00"}),
        ("ends_at", {"starts_at": "2027-01-01T10:00", "ends_at": local}),
    ):
        found = project.api.wrong(path, {"kind": "training", "title": "E", **body}, name)
        assert [datetime.fromisoformat(c) for c in found["choices"]] == [
            datetime.fromisoformat(c) for c in choices
        ]
        for choice in found["choices"]:
            assert draft(project, **{**body, name: choice})[name]
        elsewhere = draft(project, **body, timezone="Asia/Tokyo")
        assert elsewhere[name] == f"{local}:00+09:00"


def test_status_of_events(project: Project) -> None:
    made = draft(project)
    path = f"/events/{made['slug']}"
    project.api.post(f"{path}/registrations", {"name": "A", "email": "a@example.org"}, 409)
    project.api.post(f"{path}/held", {"reason": "x"}, 409)
    project.api.post(f"{path}/publication", {}, 200)
    assert project.api.get(path)["status"] == "published"
    project.api.wrong(f"{path}/cancellation", {}, "reason")
    project.api.post(f"{path}/cancellation", {"reason": "Storm", "notify": False}, 200)
    assert project.api.get(path)["status"] == "cancelled"
    project.api.post(f"{path}/publication", {}, 409)
    project.api.post(f"{path}/registrations", {"name": "A", "email": "a@example.org"}, 409)


def test_held_counts_as_an_event(project: Project, outside: Outside) -> None:
    fresh = outside.project()
    fresh.shipped("EVENTS", "PEOPLE", "HOURS-D")
    event = fresh.event(at(-3, 9))
    assert fresh.net() == {"EVENTS": 0, "PEOPLE": 0, "HOURS-D": 0}
    fresh.api.wrong(f"{event.path}/held", {}, "reason")
    fresh.api.post(f"{event.path}/held", {"reason": "The list is at the archive."}, 200)
    assert fresh.api.get(event.path)["status"] == "held"
    assert fresh.net() == {"EVENTS": 1, "PEOPLE": 0, "HOURS-D": 0}
    coming = fresh.event(at(3, 9))
    fresh.api.post(f"{coming.path}/held", {"reason": "x"}, 409)


def test_a_patch_changes_only_what_is_given(project: Project) -> None:
    event = project.event(
        "2027-05-10T09:00", "2027-05-12T17:00", title={"en": "A", "lv": "B"}, capacity=5
    )
    before = project.api.get(event.path)
    after = project.api.patch(event.path, {"place": "Hall"})
    ignored = {"place", "revision"}
    assert {k: v for k, v in after.items() if k not in ignored} == {
        k: v for k, v in before.items() if k not in ignored
    }
    assert after["place"] == "Hall"
    assert project.api.patch(event.path, {"title": "Only first"})["title"]["en"] == "Only first"


def test_what_is_not_open_is_not_listed_but_there(project: Project, outside: Outside) -> None:
    hidden = project.event(now() + timedelta(days=2), title="Hidden one")
    shown = project.event(now() + timedelta(days=2), title="Shown one", open_to_public=True)
    unpublished = draft(project, title="Unpublished one", open_to_public=True)
    http = outside.api.http
    for path in ("/", f"/p/{project.slug}", f"/p/{project.slug}.ics"):
        text = http.get(path).text
        assert "Shown one" in text, path
        assert "Hidden one" not in text, path
        assert "Unpublished one" not in text, path
    for event, status in (
        (hidden, 200),
        (shown, 200),
        (Event(project.api, unpublished["slug"]), 404),
    ):
        for path in (f"/e/{event.slug}", f"/e/{event.slug}/register", f"/e/{event.slug}.ics"):
            assert http.get(path).status_code == status, path
