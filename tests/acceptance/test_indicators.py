"""Indicators: shipped rules, every field of a rule, spans and periods, manual values, what a figure says."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import now
from tests.acceptance.outside import Event, Json, Outside, Project, at, excluded, sums, word

CITY = {"name": "Riga City", "country": "LV", "kind": "municipality"}
NGO = {"name": "Green Club", "country": "NO", "kind": "ngo"}
BOTH = ["Riga City", "Trondheim"]
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
    ("RCR85", "Participations in joint actions across borders after project completion", "participations"),
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


def past(project: Project, days: int = -3, **more: Any) -> Event:
    """An event that was."""
    return project.event(at(days, 9), **more)


def test_every_shipped_rule(project: Project) -> None:
    path = f"/projects/{project.slug}/indicators"
    for code, name, unit in SHIPPED:
        made = project.api.post(path, {"rule": code, "baseline": 1, "target": 20.5, "note": "n"})
        assert (made["code"], made["baseline"], made["target"], made["note"]) == (code, 1, 20.5, "n")
        assert name is None or word(made["name"]) == name
        assert unit is None or made["unit"] == unit
        assert made["rule"].keys() == {"unit", *DEFAULTS}
        assert isinstance(made["sentence"], str)
        assert made["sentence"]
    found = project.api.get(path)
    assert [one["code"] for one in found] == [code for code, _name, _unit in SHIPPED]
    rules = {one["code"]: one["rule"] for one in found}
    expected: dict[str, Json] = {
        "RCO81": {"unit": "participations", "publicity": "closed", "joint": "organised", "window": "project"},
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
    assert (made["baseline"], made["target"], made["gross"], made["excluded"], made["net"]) == (None, None, 0, [], 0)
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
        ({"name": "A", "rule": {"unit": "people", "threshold_percent": 101}}, "rule.threshold_percent"),
        ({"name": "A", "rule": {"unit": "people", "min_days": 0}}, "rule.min_days"),
        ({"name": "A", "rule": {"unit": "people", "internal": "no"}}, "rule.internal"),
        ({"name": "A", "rule": {"unit": "people", "joint": "yes"}}, "rule.joint"),
        ({"name": "A", "rule": {"unit": "people", "organisation_kinds": ["club"]}}, "rule.organisation_kinds"),
        ({"rule": "PEOPLE", "target": "many"}, "target"),
        ({"rule": "PEOPLE", "colour": "red"}, "colour"),
    ],
)
def test_a_wrong_indicator_is_refused(outside: Outside, body: Json, field: str) -> None:
    slug = outside.api.get("/projects?limit=1")[0]["slug"]
    outside.api.wrong(f"/projects/{slug}/indicators", body, field)


def test_conditions_of_events(project: Project) -> None:
    series = project.scheme()
    plain = past(project)
    plain.here(plain.people(1))
    special = past(
        project,
        kind="study_visit",
        open_to_public=True,
        series=series,
        direction={"from": "LV", "to": "NO"},
        organisers=BOTH,
    )
    special.here(special.people(2))
    internal = past(project, internal=True, kind="conference")
    internal.here(internal.people(4))
    expected = {
        (): (3, {"event": 4}),
        ("kinds", ("study_visit",)): (2, {"event": 5}),
        ("kinds", ("conference",)): (0, {"event": 7}),
        ("series", (series,)): (2, {"event": 5}),
        ("publicity", "open"): (2, {"event": 5}),
        ("publicity", "closed"): (1, {"event": 6}),
        ("internal", True): (7, {}),
        ("joint", "organised"): (2, {"event": 4, "not_joint": 1}),
        ("direction", "LV-NO"): (2, {"event": 5}),
        ("direction", "NO-LV"): (0, {"event": 7}),
        ("counting_unit", "scheme"): (2, {"event": 5}),
        ("counting_unit", "scheme_or_event"): (3, {"event": 4}),
    }
    names = {}
    for key in expected:
        fields: Json = {}
        if key:
            name, value = key
            fields = {str(name): list(value) if isinstance(value, tuple) else value}
            if name == "direction":
                fields = {"direction": dict(zip(("from", "to"), str(value).split("-"), strict=True))}
        names[key] = project.rule("participations", **fields)
    found = project.figures()
    assert {key: (found[name]["net"], excluded(found[name])) for key, name in names.items()} == expected
    assert all(found[name]["gross"] == 7 for name in names.values())


def test_activities(outside: Outside) -> None:
    project = outside.project(activities=[{"number": "1", "title": "A"}, {"number": "2.1", "title": "B"}])
    for number in ("1", "2.1", None):
        event = past(project, activity=number)
        event.here(event.people(1))
    assert project.measure("people", activities=["2.1"])["net"] == 1
    assert project.measure("people", activities=["1", "2.1"])["net"] == 2


def test_conditions_of_people(project: Project) -> None:
    event = past(project, organisers=BOTH)
    event.here(event.people(3, organisation=CITY, target_group="mayors"))
    event.here(event.people(2, organisation=NGO))
    event.here(event.people(1))
    event.here(event.people(5, role="speaker", country="NO"))
    event.here(event.people(1, country="EE", organisation=CITY))
    expected: list[tuple[Json, int, Json]] = [
        ({}, 7, {"role": 5}),
        ({"roles": ["attendee", "speaker"]}, 12, {}),
        ({"roles": ["speaker"]}, 5, {"role": 7}),
        ({"countries": ["LV"]}, 3, {"role": 5, "people": 4}),
        ({"countries": ["NO", "EE"]}, 3, {"role": 5, "people": 4}),
        ({"organisation_kinds": ["ngo"]}, 2, {"role": 5, "people": 5}),
        ({"target_groups": ["mayors"]}, 3, {"role": 5, "people": 4}),
    ]
    for fields, net, gone in expected:
        found = project.measure("people", **fields)
        assert (found["gross"], found["net"], excluded(found)) == (12, net, gone), fields
    found = project.measure("organisations")
    assert (found["net"], found["by"]["country"]) == (2, {"LV": 1, "NO": 1, "not_stated": 0})
    found = project.measure("people")
    assert found["by"]["country"] == {"LV": 3, "NO": 2, "EE": 1, "not_stated": 1}
    assert found["by"]["organisation_kind"] == {"municipality": 4, "ngo": 2, "not_stated": 1}
    assert found["by"]["target_group"] == {"mayors": 3, "not_stated": 4}


def test_the_first_reason_in_order_is_given(project: Project) -> None:
    internal = past(project, internal=True)
    internal.here(internal.people(1, role="speaker", country="EE"))
    gone = past(project, internal=True)
    gone.here(gone.people(1, role="speaker"))
    gone.api.post(f"{gone.path}/cancellation", {"reason": "x"}, 200)
    alone = past(project)
    alone.here(alone.people(1, role="speaker"))
    joint = past(project, organisers=BOTH)
    joint.here(joint.people(1, role="speaker", country="EE"))
    joint.here(joint.people(1, country="EE"))
    joint.here(joint.people(1, country="LV"), minutes=10)
    joint.here(joint.people(1, country="LV"))
    joint.here(joint.people(1, country="LV"), "paper")
    found = project.measure(
        "participations", joint="organised", countries=["LV"], threshold_percent=50, evidence="signed"
    )
    assert [(e["reason"], e["count"]) for e in found["excluded"]] == [
        ("cancelled_event", 1),
        ("event", 1),
        ("not_joint", 1),
        ("role", 1),
        ("people", 1),
        ("below_threshold", 1),
        ("not_signed", 1),
    ]
    assert (found["gross"], found["net"]) == (8, 1)


def test_a_person_counts_if_any_fact_passes_else_the_reason_is_of_the_furthest(project: Project) -> None:
    closed, public = past(project, organisers=BOTH), past(project, open_to_public=True)
    both, only = "Anna Liepa", "Juris Kalns"
    for event, name, role in (
        (closed, both, "speaker"),
        (public, both, "attendee"),
        (closed, only, "speaker"),
        (public, only, "attendee"),
    ):
        event.here([event.register(name, role=role)])
    found = project.measure("people", publicity="closed")
    assert (found["gross"], found["net"], excluded(found)) == (2, 0, {"role": 2})
    assert project.measure("people")["net"] == 2
    assert project.measure("participations", publicity="closed")["excluded"] == [
        {"reason": "event", "count": 2},
        {"reason": "role", "count": 2},
    ]


def test_joint_and_attended(project: Project) -> None:
    one, two = past(project, organisers=BOTH), past(project, organisers=BOTH)
    one.here(one.people(2, country="LV"))
    one.here(one.people(1, country="NO", role="speaker"))
    two.here(two.people(2, country="LV"))
    two.here(two.people(1, country="NO"))
    found = project.measure("participations", joint="organised_and_attended")
    assert (found["net"], excluded(found)) == (3, {"not_joint": 3})
    assert project.measure("participations", joint="organised")["net"] == 5
    assert project.measure("events", joint="organised_and_attended")["net"] == 1


def test_two_partners_of_one_country_are_not_joint(project: Project) -> None:
    event = past(project, organisers=["Riga City", "Liepaja"])
    event.here(event.people(2))
    assert excluded(project.measure("participations", joint="organised")) == {"not_joint": 2}


@pytest.mark.parametrize(("attended", "net"), [(384, 1), (383, 0)])
def test_the_threshold_is_inclusive_and_exact(project: Project, attended: int, net: int) -> None:
    event = past(project)
    event.here(event.people(1), minutes=attended)
    found = project.measure("participations", threshold_percent=80)
    assert (found["net"], excluded(found)) == (net, {} if net else {"below_threshold": 1})


def test_the_rules_threshold_overrides_the_schemes(project: Project) -> None:
    event = past(project, series=project.scheme(80))
    event.here(event.people(1), minutes=240)
    assert project.measure("completions")["net"] == 0
    assert project.measure("completions", threshold_percent=50)["net"] == 1
    assert project.measure("completions", threshold_percent=0)["net"] == 1
    assert project.measure("participations", counting_unit="scheme")["net"] == 1


def test_all_sessions(project: Project) -> None:
    event = past(project, series=project.scheme())
    first, second = event.session(at(-3, 9), 60), event.session(at(-3, 11), 60)
    event.session(at(-3, 12), 60, kind="meal")
    one, two = event.people(2)
    for who, session in ((one, first), (one, second), (two, first)):
        event.here([who], session=session)
    found = project.measure("completions", all_sessions=True)
    assert (found["gross"], found["net"], excluded(found)) == (2, 1, {"below_threshold": 1})
    assert project.measure("people", all_sessions=True)["net"] == 1
    assert project.measure("completions")["net"] == 2


def test_least_number_of_days(project: Project) -> None:
    short, long = past(project), project.event(at(-10, 9), at(-9, 17))
    scheme = project.scheme()
    for days in (-20, -19):
        event = past(project, days, series=scheme)
        event.here([event.register("Anna Liepa")])
    short.here(short.people(1))
    long.here(long.people(1))
    assert project.measure("participations", min_days=2)["net"] == 1
    assert project.measure("participations", min_days=2, counting_unit="scheme_or_event")["net"] == 2
    assert project.measure("participations", min_days=2, counting_unit="scheme")["net"] == 1
    assert project.measure("participations", min_days=3, counting_unit="scheme_or_event")["net"] == 0


def test_signed(project: Project) -> None:
    event = past(project)
    one, two = event.people(2)
    event.here([one, two])
    event.here([one], "paper")
    for unit, net in (("people", 1), ("participations", 1), ("participant_hours", 8), ("events", 1)):
        assert project.measure(unit, evidence="signed")["net"] == net, unit


def test_once_per_project(project: Project) -> None:
    for days in (-30, -10):
        event = past(project, days)
        event.here([event.register("Anna Liepa"), *event.people(1)])
    found = project.measure("participations", once_per="project")
    assert (found["gross"], found["net"], excluded(found)) == (4, 3, {"counted_before": 1})
    query = f"?from={at(-15, 9).date()}&to={at(0, 9).date()}"
    for unit in ("participations", "people"):
        found = project.measure(unit, query, once_per="project")
        assert (found["gross"], found["net"], excluded(found)) == (2, 1, {"counted_before": 1}), unit
    assert project.measure("people", query)["net"] == 2


def test_windows(outside: Outside) -> None:
    starts, ends = at(-40, 9).date(), at(-20, 9).date()
    project = outside.project(starts_on=f"{starts}", ends_on=f"{ends}")
    for days, count in ((-41, 1), (-40, 2), (-20, 4), (-19, 8)):
        event = past(project, days)
        event.here(event.people(count))
    nets = [project.measure("people", window=window)["net"] for window in ("any", "project", "year_after_end")]
    assert nets == [15, 6, 8]


def test_spans_are_inclusive_in_the_projects_zone(project: Project) -> None:
    event = project.event(at(-3, 23), at(-2, 1))
    event.here(event.people(1))
    project.shipped("PEOPLE", "EVENTS")
    day = at(-3, 12).date()
    for first, last, net in (
        (day, day, 1),
        (day, at(0, 9).date(), 1),
        (at(-2, 9).date(), at(0, 9).date(), 0),
        (at(-9, 9).date(), at(-4, 9).date(), 0),
    ):
        assert set(project.net(f"?from={first}&to={last}").values()) == {net}
    assert project.net(f"?from={day}")["PEOPLE"] == 1
    assert project.net(f"?to={at(-4, 9).date()}")["PEOPLE"] == 0
    for query in (f"?from={day}&to={at(-9, 9).date()}", "?from=yesterday", "?to=2026-02-30"):
        answer = project.api.call("GET", f"/projects/{project.slug}/indicators{query}")
        assert answer.status_code == 422, query
    assert project.api.call("GET", f"/projects/{project.slug}/indicators?period=999999").status_code == 404


def test_a_completion_falls_on_the_fact_that_fulfils_it(project: Project) -> None:
    scheme = project.scheme(100)
    for days in (-30, -20, -10):
        event = past(project, days, series=scheme)
        event.here([event.register("Anna Liepa")])
    name = project.rule("completions")
    spans = [(-31, -15), (-15, -5), (-31, -5)]
    nets = [project.net(f"?from={at(a, 9).date()}&to={at(b, 9).date()}")[name] for a, b in spans]
    assert nets == [0, 1, 1]


def test_hours_and_their_minutes(project: Project) -> None:
    event = past(project)
    event.session(at(-3, 9), 50)
    event.here(event.people(1, gender="female"), minutes=10)
    event.here(event.people(1, gender="male"), minutes=25)
    event.here(event.people(1, role="speaker"), minutes=20)
    found = project.measure("participant_hours")
    assert (found["gross"], found["gross_minutes"]) == (0.92, 55)
    assert (found["net"], found["net_minutes"]) == (0.58, 35)
    assert found["excluded"] == [{"reason": "role", "count": 0.33, "count_minutes": 20}]
    assert found["by"]["gender"] == {"female": 0.17, "male": 0.42, "not_stated": 0}
    assert found["by_minutes"]["gender"] == {"female": 10, "male": 25, "not_stated": 0}
    delivered = project.measure("delivered_hours")
    assert (delivered["net"], delivered["net_minutes"]) == (0.83, 50)
    assert delivered["by_minutes"]["country"] == {"LV": 50, "not_stated": 0}


def test_delivered_hours_are_of_sessions_held(project: Project) -> None:
    event = past(project)
    held = event.session(at(-3, 9), 60)
    event.session(at(-3, 11), 90)
    event.here(event.people(3), session=held)
    coming = project.event(at(3, 9))
    coming.people(2)
    gone = past(project)
    gone.here(gone.people(1))
    gone.api.post(f"{gone.path}/cancellation", {"reason": "x"}, 200)
    found = project.measure("delivered_hours")
    assert (found["net_minutes"], excluded(found)) == (60, {"cancelled_event": 8})
    found = project.measure("events")
    assert (found["gross"], found["net"], excluded(found)) == (2, 1, {"cancelled_event": 1})


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
    assert project.measure("people")["by"]["age"] == {"under_25": 1, "25_54": 2, "55_over": 1, "not_stated": 1}


def test_partners(project: Project) -> None:
    project.shipped("RCO87")
    found = project.figures()["RCO87"]
    assert (found["net"], found["by"]["country"]) == (3, {"LV": 2, "NO": 1, "not_stated": 0})
    assert project.measure("partners", countries=["NO"])["net"] == 1


def test_manual_values(project: Project) -> None:
    project.shipped("RCR84", "PEOPLE")
    manual, counted = (project.figures()[code]["id"] for code in ("RCR84", "PEOPLE"))
    body = {"value": 2, "from": "2026-01-01", "to": "2026-03-31", "note": "n", "evidence_url": "https://example.org/a"}
    made = project.api.post(f"/indicators/{manual}/values", body)
    assert {name: made[name] for name in body} == body
    project.api.post(f"/indicators/{manual}/values", {"value": 1.5, "from": "2026-04-01", "to": "2026-06-30"})
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


def test_periods_are_frozen_and_corrected_in_the_next(project: Project) -> None:
    project.shipped("PEOPLE")
    path = f"/projects/{project.slug}/periods"
    first, second = (
        project.api.post(path, {"name": name, "from": f"{at(a, 9).date()}", "to": f"{at(b, 9).date()}"})
        for name, a, b in (("One", -40, -21), ("Two", -20, -1))
    )
    assert first == {**first, "name": "One", "from": f"{at(-40, 9).date()}", "to": f"{at(-21, 9).date()}"}
    event, after = past(project, -30), past(project, -10)
    people = event.people(5)
    event.here(people[:3])
    after.here([after.register(people[0]["name"], email=people[0]["email"])])
    assert [project.net(f"?period={p['id']}")["PEOPLE"] for p in (first, second)] == [3, 1]
    answer = project.api.call("POST", f"/periods/{first['id']}/submission", {})
    assert answer.status_code in {200, 201, 204}
    event.here(people[3:])
    assert [project.net(f"?period={p['id']}")["PEOPLE"] for p in (first, second)] == [3, 1]
    found = project.figures(f"?period={second['id']}")["PEOPLE"]
    assert (found["correction"], found["cumulative"]) == (2, 5)
    assert project.net()["PEOPLE"] == 5
    assert project.net(f"?from={first['from']}&to={first['to']}")["PEOPLE"] == 5
    event.api.post(f"{event.path}/cancellation", {"reason": "x"}, 200)
    found = project.figures(f"?period={second['id']}")["PEOPLE"]
    assert (found["correction"], found["net"]) == (-3, 1)
    assert project.net(f"?period={first['id']}")["PEOPLE"] == 3
    project.api.post(f"/periods/{first['id']}/submission", {}, 409)
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"to": "2020-01-01"}, "to"),
        ({"from": "x"}, "from"),
        ({"x": 1}, "x"),
    ):
        project.api.wrong(path, {"name": "W", "from": "2026-01-01", "to": "2026-01-31", **wrong}, field)


def test_what_was_acknowledged_is_in_every_later_answer(project: Project) -> None:
    project.shipped("PEOPLE", "HOURS-P")
    event = past(project)
    for number in range(1, 11):
        event.here([event.register()])
        assert project.net() == {"PEOPLE": number, "HOURS-P": 8 * number}
        assert event.attendance()["attended"] == number


def test_a_change_of_hours_changes_minutes(project: Project) -> None:
    project.shipped("HOURS-P", "HOURS-D")
    event = past(project)
    session = event.session(at(-3, 9), 60)
    event.here(event.people(2), session=session)
    assert project.net() == {"HOURS-P": 2, "HOURS-D": 1}
    project.api.patch(f"/sessions/{session}", {"ends_at": at(-3, 11).isoformat(), "notify": False})
    assert project.net() == {"HOURS-P": 4, "HOURS-D": 2}
    other = event.session(at(-3, 12), 60)
    event.here(event.people(1), session=other)
    assert project.net() == {"HOURS-P": 5, "HOURS-D": 3}
    project.api.call("DELETE", f"/sessions/{session}")
    assert project.net() == {"HOURS-P": 1, "HOURS-D": 1}


def test_training_completed(project: Project) -> None:
    """ALL-010, CIV-007 and CIV-039: at least two days, every session, of the right organisations, each once."""
    project.shipped("ALL-010", "CIV-007", "CIV-039")
    one_day = past(project)
    one_day.here(one_day.people(1, organisation=CITY))
    conference = project.event(at(-12, 9), at(-11, 17), kind="conference")
    conference.here(conference.people(1, organisation=CITY))
    course = project.event(at(-10, 9), at(-9, 17), kind="workshop")
    first, second = course.session(at(-10, 9), 60), course.session(at(-9, 9), 60)
    city, ngo, half = (course.register(organisation=o) for o in (CITY, NGO, CITY))
    for session, people in ((first, [city, ngo, half]), (second, [city, ngo])):
        course.here(people, session=session)
    found = project.figures()
    assert {name: one["net"] for name, one in found.items()} == {"ALL-010": 1, "CIV-007": 2, "CIV-039": 1}
    assert excluded(found["ALL-010"]) == {"event": 2, "people": 1, "below_threshold": 1}
    assert excluded(found["CIV-007"]) == {"event": 2, "below_threshold": 1}
    assert excluded(found["CIV-039"]) == {"people": 1}


def test_minutes_belong_to_the_date_on_which_the_session_starts(project: Project) -> None:
    project.shipped("HOURS-P")
    event = project.event(at(-5, 9), at(-4, 17))
    session = event.session(at(-5, 23), 120)
    event.here(event.people(1), session=session)
    days = [at(-5, 9).date(), at(-4, 9).date()]
    assert [project.net(f"?from={day}&to={day}")["HOURS-P"] for day in days] == [2, 0]


def test_an_hour_in_which_clocks_change_is_as_long_as_it_is(project: Project) -> None:
    project.shipped("HOURS-P", "HOURS-D")
    night = project.event("2025-03-30T00:00", "2025-03-30T06:00")
    night.here(night.people(1))
    back = project.event("2025-10-26T00:00", "2025-10-26T06:00")
    back.here(back.people(1))
    assert project.net() == {"HOURS-P": 12, "HOURS-D": 12}
    assert project.net("?to=2025-06-01") == {"HOURS-P": 5, "HOURS-D": 5}


def test_a_merge_after_the_submission_is_a_correction(project: Project) -> None:
    project.shipped("PEOPLE", "PARTICIPATIONS")
    path = f"/projects/{project.slug}/periods"
    first, second = (
        project.api.post(path, {"name": name, "from": f"{at(a, 9).date()}", "to": f"{at(b, 9).date()}"})["id"]
        for name, a, b in (("One", -40, -21), ("Two", -20, -1))
    )
    event = past(project, -30)
    one, two = event.people(2)
    event.here([one, two])
    project.api.call("POST", f"/periods/{first}/submission", {})
    merge = project.api.post(f"/persons/{two['person']}/merge", {"into": one["person"]})["id"]
    for code in ("PEOPLE", "PARTICIPATIONS"):
        assert project.net(f"?period={first}")[code] == 2
        later = project.figures(f"?period={second}")[code]
        assert (later["net"], later["correction"], later["cumulative"]) == (0, -1, 1)
    project.api.call("DELETE", f"/merges/{merge}")
    assert project.figures(f"?period={second}")["PEOPLE"]["correction"] == 0


def test_events_that_have_not_begun_are_not_held(project: Project) -> None:
    """Somebody let in before the beginning is there; the event is held when it has begun."""
    project.shipped("EVENTS")
    event = project.event(now() + timedelta(minutes=90))
    assert event.result(ticket=event.register()["ticket"]) == "valid"
    assert project.net() == {"EVENTS": 0}
