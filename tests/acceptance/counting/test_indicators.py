"""Indicators: shipped rules, rules of one's own, manual values, what a figure says."""

import pytest

from tests.acceptance.counting.counted import past
from tests.acceptance.outside import Json, Outside, Project, at, sums, word

DEFAULTS = {
    "counting_unit": "event",
    "window": "any",
    "kinds": [],
    "activities": [],
    "series": [],
    "publicity": "any",
    "internal": False,
    "direction": None,
    "roles": ["attendee"],
    "joint": "none",
    "countries": [],
    "organisation_kinds": [],
    "target_groups": [],
    "threshold_percent": None,
    "all_sessions": False,
    "min_days": 1,
    "evidence": "any",
    "once_per": "counting_unit",
}


SHIPPED = [
    ("RCO81", "Participations in joint actions across borders", "participations"),
    ("RCO115", "Public events across borders jointly organised", "events"),
    ("RCO85", "Participations in joint training schemes", "participations"),
    ("RCR81", "Completion of joint training schemes", "participants"),
    ("RCO87", "Organisations cooperating across borders", "organisations"),
    ("RCR84", "Organisations cooperating across borders after project completion", "organisations"),
    (
        "RCR85",
        "Participations in joint actions across borders after project completion",
        "participations",
    ),
    ("RCO83", None, "strategies"),
    ("RCO84", None, "pilot actions"),
    ("ALL-010", "Public-sector employees who completed training", "people"),
    ("CIV-007", "People trained by civil-society organisations", "people"),
    ("CIV-039", "Civil-society organisations completing training", "organisations"),
    ("PEOPLE", None, None),
    ("PARTICIPATIONS", None, None),
    ("HOURS-D", None, None),
    ("HOURS-P", None, None),
    ("EVENTS", None, "events"),
    ("VISITS", None, None),
]


NUMBERS = "baseline", "target", "gross", "net"


@pytest.fixture
def project(outside: Outside) -> Project:
    """A new one for each test: figures are of a whole project."""
    return outside.project()


def test_every_shipped_rule(project: Project) -> None:
    path = f"/projects/{project.slug}/indicators"
    for code, name, unit in SHIPPED:
        made = project.api.post(path, {"rule": code, "baseline": 1, "target": 20.5, "note": "n"})
        assert (made["code"], made["baseline"], made["target"], made["note"]) == (
            code,
            1,
            20.5,
            "n",
        )
        assert name is None or word(made["name"]) == name
        assert unit is None or made["unit"] == unit
        assert made["rule"].keys() == {"unit", *DEFAULTS}
        assert isinstance(made["sentence"], str)
        assert made["sentence"]
    found = project.api.get(path)
    assert [one["code"] for one in found] == [code for code, _name, _unit in SHIPPED]
    rules = {one["code"]: one["rule"] for one in found}
    expected: dict[str, Json] = {
        "RCO81": {
            "unit": "participations",
            "publicity": "closed",
            "joint": "organised",
            "window": "project",
        },
        "RCO115": {"unit": "events", "publicity": "open", "joint": "organised"},
        "RCO85": {"unit": "participations", "counting_unit": "scheme"},
        "RCO87": {"unit": "partners"},
        "RCR84": {"unit": "manual"},
        "PEOPLE": {"unit": "people", "internal": True},
        "VISITS": {"unit": "events", "kinds": ["study_visit"]},
    }
    for code, fields in expected.items():
        assert rules[code] == {**DEFAULTS, **fields}, code
    for one in found:
        assert all(one[n] is None or isinstance(one[n], int | float) for n in NUMBERS)


def test_an_own_rule(project: Project) -> None:
    path = f"/projects/{project.slug}/indicators"
    made = project.api.post(path, {"name": "Mayors", "unit": "mayors", "rule": {"unit": "people"}})
    assert (made["code"], word(made["name"]), made["unit"]) == (None, "Mayors", "mayors")
    assert made["rule"] == {"unit": "people", **DEFAULTS}
    assert (made["baseline"], made["target"], made["gross"], made["excluded"], made["net"]) == (
        None,
        None,
        0,
        [],
        0,
    )
    sums(made)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rule": "NO-SUCH"}, "rule"),
        ({}, "rule"),
        ({"rule": {"unit": "people"}}, "name"),
        ({"name": "A", "rule": {"unit": "cats"}}, "rule.unit"),
        ({"name": "A", "rule": {}}, "rule.unit"),
        ({"name": "A", "rule": {"unit": "people", "colour": "red"}}, "rule.colour"),
        ({"name": "A", "rule": {"unit": "people", "kinds": ["party"]}}, "rule.kinds"),
        (
            {"name": "A", "rule": {"unit": "people", "threshold_percent": 101}},
            "rule.threshold_percent",
        ),
        ({"name": "A", "rule": {"unit": "people", "min_days": 0}}, "rule.min_days"),
        ({"name": "A", "rule": {"unit": "people", "internal": "no"}}, "rule.internal"),
        ({"name": "A", "rule": {"unit": "people", "joint": "yes"}}, "rule.joint"),
        (
            {"name": "A", "rule": {"unit": "people", "organisation_kinds": ["club"]}},
            "rule.organisation_kinds",
        ),
        ({"rule": "PEOPLE", "target": "many"}, "target"),
        ({"rule": "PEOPLE", "colour": "red"}, "colour"),
    ],
)
def test_a_wrong_indicator_is_refused(outside: Outside, body: Json, field: str) -> None:
    slug = outside.api.get("/projects?limit=1")[0]["slug"]
    outside.api.wrong(f"/projects/{slug}/indicators", body, field)


def test_direction_of_visits(project: Project) -> None:
    for start, end in (("LV", "NO"), ("LV", "NO"), ("NO", "LV")):
        event = past(project, kind="study_visit", direction={"from": start, "to": end}, country=end)
        event.here(event.people(1))
    project.shipped("VISITS")
    found = project.figures()["VISITS"]
    assert found["by"]["direction"] == {"LV to NO": 2, "NO to LV": 1, "not_stated": 0}
    assert found["by"]["country"] == {"NO": 2, "LV": 1, "not_stated": 0}
    assert found["by"]["gender"] == {"not_stated": 3}


def test_ages_at_the_first_counted_day(project: Project) -> None:
    event = past(project)
    year = at(-3, 9).year
    for born in (year - 24, year - 25, year - 54, year - 55, None):
        event.here(event.people(1, birth_year=born))
    assert project.measure("people")["by"]["age"] == {
        "under_25": 1,
        "25_54": 2,
        "55_over": 1,
        "not_stated": 1,
    }


def test_partners(project: Project) -> None:
    project.shipped("RCO87")
    found = project.figures()["RCO87"]
    assert (found["net"], found["by"]["country"]) == (3, {"LV": 2, "NO": 1, "not_stated": 0})
    assert project.measure("partners", countries=["NO"])["net"] == 1


def test_manual_values(project: Project) -> None:
    project.shipped("RCR84", "PEOPLE")
    manual, counted = (project.figures()[code]["id"] for code in ("RCR84", "PEOPLE"))
    body = {
        "value": 2,
        "from": "2026-01-01",
        "to": "2026-03-31",
        "note": "n",
        "evidence_url": "https://example.org/a",
    }
    made = project.api.post(f"/indicators/{manual}/values", body)
    assert {name: made[name] for name in body} == body
    project.api.post(
        f"/indicators/{manual}/values", {"value": 1.5, "from": "2026-04-01", "to": "2026-06-30"}
    )
    figures = project.figures()["RCR84"]
    assert (figures["gross"], figures["net"], figures["excluded"]) == (3.5, 3.5, [])
    assert project.net("?from=2026-01-01&to=2026-03-31")["RCR84"] == 2
    assert project.net("?from=2026-04-01&to=2026-12-31")["RCR84"] == 1.5
    project.api.wrong(f"/indicators/{counted}/values", body)
    for wrong, field in (
        ({"value": "two"}, "value"),
        ({"to": "2025-01-01"}, "to"),
        ({"from": "x"}, "from"),
        ({"evidence_url": "no address"}, "evidence_url"),
        ({"colour": "red"}, "colour"),
    ):
        project.api.wrong(f"/indicators/{manual}/values", {**body, **wrong}, field)
    project.api.wrong(f"/indicators/{manual}/values", {"value": 1}, "from", "to")


def test_what_was_acknowledged_is_in_every_later_answer(project: Project) -> None:
    project.shipped("PEOPLE", "HOURS-P")
    event = past(project)
    for number in range(1, 11):
        event.here([event.register()])
        assert project.net() == {"PEOPLE": number, "HOURS-P": 8 * number}
        assert event.attendance()["attended"] == number
