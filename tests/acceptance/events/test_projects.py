"""Projects and their series from outside."""

from datetime import datetime
from typing import Any

import pytest

from tests.acceptance.outside import Outside, Project, at, iso, unique


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project(activities=[{"number": "2.1", "title": "Training"}])


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
        "activities": [
            {"number": "1", "title": "Management"},
            {"number": "2.1", "title": {"lv": "Apmācības"}},
        ],
        "lead": {"name": "Riga City", "country": "LV", "kind": "municipality"},
        "partners": [
            {"name": "Trondheim", "country": "NO", "kind": "municipality", "role": "donor_partner"}
        ],
    }
    made = outside.api.post("/projects", body)
    for name in (
        "code",
        "slug",
        "title",
        "programme",
        "statement",
        "starts_on",
        "ends_on",
        "timezone",
        "languages",
    ):
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
    body = {
        "code": code,
        "title": "T",
        "timezone": "Europe/Riga",
        "languages": ["lv"],
        "lead": lead,
        "partners": [],
    }
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
    body = {
        "code": unique(),
        "title": "T",
        "timezone": "Europe/Riga",
        "languages": ["lv"],
        "lead": lead,
        **change,
    }
    outside.api.wrong("/projects", {k: v for k, v in body.items() if v is not None}, field)


def test_wrong_partners_are_refused(outside: Outside) -> None:
    lead = {"name": "Riga City", "country": "LV", "kind": "municipality"}
    body = {
        "code": unique(),
        "title": "T",
        "timezone": "Europe/Riga",
        "languages": ["lv"],
        "lead": lead,
    }
    wrong: dict[str, Any]
    for wrong in ({"country": "Latvia"}, {"kind": "club"}, {"name": ""}, {"colour": "red"}):
        found = outside.api.wrong("/projects", {**body, "lead": {**lead, **wrong}})
        assert any(next(iter(wrong)) in e["field"] for e in found["errors"]), found
    for wrong in ({"role": "friend"}, {"role": None}, {"colour": "red"}):
        found = outside.api.wrong(
            "/projects", {**body, "partners": [{**lead, "role": "partner", **wrong}]}
        )
        assert any(next(iter(wrong)) in e["field"] for e in found["errors"]), found


def test_series(project: Project) -> None:
    path = f"/projects/{project.slug}/series"
    for kind, threshold in (("scheme", 80), ("scheme", None), ("network", None), ("cycle", None)):
        made = project.api.post(path, {"title": "S", "kind": kind, "threshold_percent": threshold})
        assert isinstance(made["id"], str)
        assert (made["kind"], made["title"], made["threshold_percent"]) == (
            kind,
            {"en": "S"},
            threshold,
        )
    assert project.api.post(path, {"title": "S", "kind": "scheme"})["threshold_percent"] is None
    for wrong, field in (
        ({"kind": "club"}, "kind"),
        ({"threshold_percent": 101}, "threshold_percent"),
        ({"title": ""}, "title"),
    ):
        project.api.wrong(path, {"title": "S", "kind": "scheme", **wrong}, field)


def test_dates_of_a_project_hold_the_iso_form(project: Project) -> None:
    event = project.event(at(3, 9))
    assert datetime.fromisoformat(project.api.get(event.path)["starts_at"]) == at(3, 9)
    assert iso(at(3, 9)) == project.api.get(event.path)["starts_at"]
