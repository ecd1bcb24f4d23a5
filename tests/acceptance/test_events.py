"""Projects, series, events and sessions: fields, defaults, times, translations, what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.clock import now
from tests.acceptance.outside import Event, Outside, Project, at, iso, unique

TIMES = {"starts_at": "2027-05-10T09:00", "ends_at": "2027-05-10T17:00"}


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project(activities=[{"number": "2.1", "title": "Training"}])


def draft(project: Project, **more: Any) -> Any:
    """A new event."""
    return project.api.post(f"/projects/{project.slug}/events", {"kind": "training", "title": "E", **TIMES, **more})


def test_a_project_with_everything(outside: Outside) -> None:
    body = {
        "code": unique("4.3-24/NFI/INP-004"),
        "slug": unique("full"),
        "title": {"en": "Safe streets", "lv": "Drošas ielas"},
        "programme": "Norway Grants",
        "statement": {"en": "Funded by…"},
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "timezone": "Europe/Riga",
        "languages": ["en", "lv", "nb"],
        "activities": [{"number": "1", "title": "Management"}, {"number": "2.1", "title": {"lv": "Apmācības"}}],
        "lead": {"name": "Riga City", "country": "LV", "kind": "municipality"},
        "partners": [{"name": "Trondheim", "country": "NO", "kind": "municipality", "role": "donor_partner"}],
    }
    made = outside.api.post("/projects", body)
    for name in ("code", "slug", "title", "programme", "statement", "starts_on", "ends_on", "timezone", "languages"):
        assert made[name] == body[name], name
    base = outside.program.url
    assert (made["url"], made["calendar_url"].split(":", 1)[1]) == (
        f"{base}/p/{body['slug']}",
        f"{base}/p/{body['slug']}.ics".split(":", 1)[1],
    )
    assert [a["number"] for a in made["activities"]] == ["1", "2.1"]
    assert made["activities"][0]["title"] == {"en": "Management"}
    assert made["partners"][0]["role"] == "donor_partner"
    assert outside.api.get(f"/projects/{made['slug']}") == made
    assert made in outside.api.get("/projects?limit=500")


def test_a_project_with_the_least(outside: Outside) -> None:
    lead = {"name": "Riga City", "country": "LV", "kind": "municipality"}
    code = unique("4.3-24/NFI/INP")
    body = {"code": code, "title": "T", "timezone": "Europe/Riga", "languages": ["lv"], "lead": lead, "partners": []}
    made = outside.api.post("/projects", body)
    assert made["title"] == {"lv": "T"}
    assert made["slug"]
    assert "/" not in made["slug"]
    again = outside.api.call("POST", "/projects", {**body, "slug": made["slug"]})
    assert again.status_code in {409, 422}, again.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": None}, "code"),
        ({"title": ""}, "title"),
        ({"title": {"english": "x"}}, "title"),
        ({"timezone": "Riga"}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"languages": []}, "languages"),
        ({"languages": "en"}, "languages"),
        ({"starts_on": "1 May"}, "starts_on"),
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "ends_on"),
        ({"slug": "Not A Slug"}, "slug"),
    ],
)
def test_a_wrong_project_is_refused(outside: Outside, change: dict[str, Any], field: str) -> None:
    lead = {"name": "Riga City", "country": "LV", "kind": "municipality"}
    body = {"code": unique(), "title": "T", "timezone": "Europe/Riga", "languages": ["lv"], "lead": lead, **change}
    outside.api.wrong("/projects", {k: v for k, v in body.items() if v is not None}, field)


def test_wrong_partners_are_refused(outside: Outside) -> None:
    lead = {"name": "Riga City", "country": "LV", "kind": "municipality"}
    body = {"code": unique(), "title": "T", "timezone": "Europe/Riga", "languages": ["lv"], "lead": lead}
    wrong: dict[str, Any]
    for wrong in ({"country": "Latvia"}, {"kind": "club"}, {"name": ""}, {"colour": "red"}):
        found = outside.api.wrong("/projects", {**body, "lead": {**lead, **wrong}})
        assert any(next(iter(wrong)) in e["field"] for e in found["errors"]), found
    for wrong in ({"role": "friend"}, {"role": None}, {"colour": "red"}):
        found = outside.api.wrong("/projects", {**body, "partners": [{**lead, "role": "partner", **wrong}]})
        assert any(next(iter(wrong)) in e["field"] for e in found["errors"]), found


def test_series(project: Project) -> None:
    path = f"/projects/{project.slug}/series"
    for kind, threshold in (("scheme", 80), ("scheme", None), ("network", None), ("cycle", None)):
        made = project.api.post(path, {"title": "S", "kind": kind, "threshold_percent": threshold})
        assert isinstance(made["id"], str)
        assert (made["kind"], made["title"], made["threshold_percent"]) == (kind, {"en": "S"}, threshold)
    assert project.api.post(path, {"title": "S", "kind": "scheme"})["threshold_percent"] is None
    for wrong, field in (
        ({"kind": "club"}, "kind"),
        ({"threshold_percent": 101}, "threshold_percent"),
        ({"title": ""}, "title"),
    ):
        project.api.wrong(path, {"title": "S", "kind": "scheme", **wrong}, field)


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
    project.api.wrong(f"/projects/{project.slug}/events", {k: v for k, v in body.items() if v is not None}, field)
    if None not in change.values():
        made = draft(project)
        project.api.wrong(f"/events/{made['slug']}", change, field, method="PATCH")


def test_another_projects_series_is_refused(project: Project, outside: Outside) -> None:
    series = outside.project().scheme()
    project.api.wrong(
        f"/projects/{project.slug}/events", {"kind": "training", "title": "E", **TIMES, "series": series}, "series"
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
    patched = project.api.patch(f"/events/{draft(project)['slug']}", {"starts_at": starts, "ends_at": ends})
    assert patched["starts_at"] == answer


@pytest.mark.parametrize(
    ("local", "choices"),
    [
        ("2027-03-28T03:30", ["2027-03-28T00:30:00+00:00", "2027-03-28T01:30:00+00:00"]),
        ("2027-10-31T03:30", ["2027-10-31T00:30:00+00:00", "2027-10-31T01:30:00+00:00"]),
    ],
)
def test_a_double_or_void_time_is_refused_with_choices(project: Project, local: str, choices: list[str]) -> None:
    path = f"/projects/{project.slug}/events"
    for name, body in (
        ("starts_at", {"starts_at": local, "ends_at": "2027-12-01T10:00"}),
        ("ends_at", {"starts_at": "2027-01-01T10:00", "ends_at": local}),
    ):
        found = project.api.wrong(path, {"kind": "training", "title": "E", **body}, name)
        assert [datetime.fromisoformat(c) for c in found["choices"]] == [datetime.fromisoformat(c) for c in choices]
        for choice in found["choices"]:
            assert draft(project, **{**body, name: choice})[name]
        elsewhere = draft(project, **body, timezone="Asia/Tokyo")
        assert elsewhere[name] == f"{local}:00+09:00"


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
    assert (made["starts_at"], made["ends_at"]) == ("2027-05-10T10:00:00+03:00", "2027-05-10T11:30:00+02:00")
    assert made["counted"] is False
    visit = {
        "kind": "visit",
        "title": "V",
        "starts_at": "2027-05-11T10:00",
        "ends_at": "2027-05-11T11:00",
        "timezone": "Europe/Oslo",
    }
    made = project.api.post(f"{event.path}/sessions", visit)
    assert (made["starts_at"], made["ends_at"]) == ("2027-05-11T10:00:00+02:00", "2027-05-11T11:00:00+02:00")
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
    body = {"kind": kind, "title": "S", "starts_at": "2027-05-10T10:00", "ends_at": "2027-05-10T11:30"}
    made = project.api.post(f"{event.path}/sessions", body)
    assert (made["kind"], made["counted"]) == (kind, counted)
    assert project.api.post(f"{event.path}/sessions", {**body, "counted": not counted})["counted"] is not counted


def test_sessions_change_and_go(project: Project) -> None:
    event = project.event("2027-05-10T09:00", "2027-05-12T17:00")
    one = event.session("2027-05-10T10:00", 60, title={"en": "Talk", "lv": "Runa"}, capacity=5, place="Hall")
    changed = project.api.patch(f"/sessions/{one}", {"place": "Room 2", "notify": False})
    assert (changed["id"], changed["place"], changed["title"]) == (one, "Room 2", {"en": "Talk", "lv": "Runa"})
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
        f"{event.path}/registrations", {"name": "A", "email": "a@example.org", "sessions": [one]}, "sessions"
    )
    assert event.result(ticket=gone["ticket"], session="0") == "unknown"


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
    event = project.event("2027-05-10T09:00", "2027-05-12T17:00", title={"en": "A", "lv": "B"}, capacity=5)
    before = project.api.get(event.path)
    after = project.api.patch(event.path, {"place": "Hall"})
    ignored = {"place", "revision"}
    assert {k: v for k, v in after.items() if k not in ignored} == {k: v for k, v in before.items() if k not in ignored}
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
    for event, status in ((hidden, 200), (shown, 200), (Event(project.api, unpublished["slug"]), 404)):
        for path in (f"/e/{event.slug}", f"/e/{event.slug}/register", f"/e/{event.slug}.ics"):
            assert http.get(path).status_code == status, path


def test_dates_of_a_project_hold_the_iso_form(project: Project) -> None:
    event = project.event(at(3, 9))
    assert datetime.fromisoformat(project.api.get(event.path)["starts_at"]) == at(3, 9)
    assert iso(at(3, 9)) == project.api.get(event.path)["starts_at"]
