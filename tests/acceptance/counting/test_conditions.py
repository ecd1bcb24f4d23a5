"""The conditions of a rule, each alone, and the reason that is given."""

import pytest

from tests.acceptance.counting.counted import CITY, NGO, past
from tests.acceptance.outside import Json, Outside, Project, at, excluded

BOTH = ["Riga City", "Trondheim"]


@pytest.fixture
def project(outside: Outside) -> Project:
    """A new one for each test: figures are of a whole project."""
    return outside.project()


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
                fields = {
                    "direction": dict(zip(("from", "to"), str(value).split("-"), strict=True))
                }
        names[key] = project.rule("participations", **fields)
    found = project.figures()
    assert {
        key: (found[name]["net"], excluded(found[name])) for key, name in names.items()
    } == expected
    assert all(found[name]["gross"] == 7 for name in names.values())


def test_activities(outside: Outside) -> None:
    project = outside.project(
        activities=[{"number": "1", "title": "A"}, {"number": "2.1", "title": "B"}]
    )
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
        "participations",
        joint="organised",
        countries=["LV"],
        threshold_percent=50,
        evidence="signed",
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


def test_a_person_counts_if_any_fact_passes_else_the_reason_is_of_the_furthest(
    project: Project,
) -> None:
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


def test_least_number_of_days(project: Project) -> None:
    short, long = past(project), project.event(at(-10, 9), at(-9, 17))
    scheme = project.scheme()
    for days in (-20, -19):
        event = past(project, days, series=scheme)
        event.here([event.register("Anna Liepa")])
    short.here(short.people(1))
    long.here(long.people(1))
    assert project.measure("participations", min_days=2)["net"] == 1
    assert (
        project.measure("participations", min_days=2, counting_unit="scheme_or_event")["net"] == 2
    )
    assert project.measure("participations", min_days=2, counting_unit="scheme")["net"] == 1
    assert (
        project.measure("participations", min_days=3, counting_unit="scheme_or_event")["net"] == 0
    )


def test_signed(project: Project) -> None:
    event = past(project)
    one, two = event.people(2)
    event.here([one, two])
    event.here([one], "paper")
    for unit, net in (
        ("people", 1),
        ("participations", 1),
        ("participant_hours", 8),
        ("events", 1),
    ):
        assert project.measure(unit, evidence="signed")["net"] == net, unit
