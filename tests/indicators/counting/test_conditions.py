"""Every field of a rule, each with what passes and what does not, in memory."""

from typing import Any

import pytest

from tests.indicators.invented import World, at, told


@pytest.fixture
def world() -> World:
    return World()


def test_a_person_counts_once_per_event_and_once_as_a_person(world: World) -> None:
    for _number in range(3):
        world.attends(1, world.event())
    assert (world.net(unit="participations"), world.net(unit="people")) == (3, 1)


@pytest.mark.parametrize(
    ("rule", "matching", "other"),
    [
        ({"kinds": ["conference"]}, {"kind": "conference"}, {"kind": "debate"}),
        ({"activities": ["2.1"]}, {"activity": "2.1"}, {"activity": "2.2"}),
        ({"series": ["7"]}, {"series": 7}, {"series": 8}),
        ({"publicity": "open"}, {"open_to_public": True}, {"open_to_public": False}),
        ({"publicity": "closed"}, {"open_to_public": False}, {"open_to_public": True}),
        ({}, {"internal": False}, {"internal": True}),
        (
            {"direction": {"from": "LV", "to": "NO"}},
            {"direction": ("LV", "NO")},
            {"direction": ("NO", "LV")},
        ),
        ({"counting_unit": "scheme"}, {"scheme": 3}, {"series": 4}),
        ({"min_days": 2}, {"scheme": 0}, {"scheme": 0}),
    ],
)
def test_conditions_on_the_event(
    world: World, rule: dict[str, Any], matching: dict[str, Any], other: dict[str, Any]
) -> None:
    two = [(at(1), 60), (at(2), 60)] if "min_days" in rule else []
    world.attends(1, world.event(*two, **matching))
    world.attends(2, world.event(**other))
    for unit in ("people", "participations", "events"):
        assert told(world.figure(unit=unit, **rule)) == (2, {"event": 1}, 1)


def test_internal_meetings_count_when_asked(world: World) -> None:
    world.attends(1, world.event(internal=True))
    assert (world.net(unit="people"), world.net(unit="people", internal=True)) == (0, 1)


@pytest.mark.parametrize(
    ("rule", "matching", "other"),
    [
        ({}, {"role": "attendee"}, {"role": "speaker"}),
        ({"roles": ["speaker", "host"]}, {"role": "host"}, {"role": "attendee"}),
        ({"roles": []}, {"role": "organiser"}, None),
    ],
)
def test_roles(
    world: World, rule: dict[str, Any], matching: dict[str, Any], other: dict[str, Any] | None
) -> None:
    event = world.event()
    world.attends(1, event, **matching)
    if other:
        world.attends(2, event, **other)
        assert told(world.figure(unit="people", **rule)) == (2, {"role": 1}, 1)
    assert world.net(unit="people", **rule) == 1


def test_conditions_on_the_people(world: World) -> None:
    event, town, firm = (
        world.event(),
        world.organisation("municipality", "LV"),
        world.organisation("business", "LT"),
    )
    world.attends(1, event, country="NO", organisation=town, target_group="social sector")
    world.attends(2, event, organisation=firm)
    rules: list[dict[str, Any]] = [{"countries": ["NO"]}, {"organisation_kinds": ["municipality"]}]
    for rule in [*rules, {"target_groups": ["social sector"]}]:
        assert told(world.figure(unit="people", **rule)) == (2, {"people": 1}, 1)
    assert world.net(unit="people", countries=["LT"]) == 1, (
        "who says no country has the organisation's"
    )


def test_a_department_counts_as_its_organisation(world: World) -> None:
    town = world.organisation()
    office = world.organisation(parent=town)
    event = world.event()
    for person, organisation in enumerate((town, office, 0), 1):
        world.attends(person, event, organisation=organisation)
    assert told(world.figure(unit="organisations")) == (1, {}, 1)


def test_joint_by_organisers_and_by_people(world: World) -> None:
    both = world.event(organisers={"LV", "NO"})
    world.attends(1, both, country="LV")
    world.attends(2, world.event(organisers={"LV"}), country="LT")
    assert told(world.figure(unit="people", joint="organised")) == (2, {"not_joint": 1}, 1)
    assert told(world.figure(unit="people", joint="organised_and_attended")) == (
        2,
        {"not_joint": 2},
        0,
    )
    world.attends(3, both, country="NO", role="speaker")
    assert world.net(unit="people", joint="organised_and_attended") == 0, (
        "a speaker is not a counted person"
    )
    world.attends(4, both, country="NO")
    assert told(world.figure(unit="people", joint="organised_and_attended")) == (
        4,
        {"not_joint": 1, "role": 1},
        2,
    )


def test_a_threshold_is_inclusive_and_of_the_counting_unit(world: World) -> None:
    event = world.event(*[(at(day), 60) for day in range(1, 6)])
    world.attends(1, event, 0, 1, 2, 3)
    world.attends(2, event, 0, 1, 2)
    assert told(world.figure(unit="people", threshold_percent=80)) == (2, {"below_threshold": 1}, 1)
    assert world.net(unit="people", threshold_percent=60) == 2
    assert world.net(unit="people", threshold_percent=81) == 0


def test_parallel_sessions_are_asked_of_nobody_twice(world: World) -> None:
    event = world.event((at(1, 9), 120), (at(1, 9), 120))
    world.attends(1, event, 0)
    assert world.net(unit="people", threshold_percent=100) == 1


def test_all_sessions(world: World) -> None:
    event = world.event((at(1), 60), (at(2), 60))
    world.attends(1, event, minutes=5)
    world.attends(2, event, 0)
    assert told(world.figure(unit="people", all_sessions=True)) == (2, {"below_threshold": 1}, 1)


def test_a_scheme_goes_over_its_events_without_the_cancelled_and_the_drafts(world: World) -> None:
    one, two = (world.event((at(day), 60), scheme=9) for day in (1, 2))
    gone = world.event((at(3), 60), scheme=9, status="cancelled")
    world.event((at(4), 60), scheme=9, status="draft")
    for event in (one, two, gone):
        world.attends(1, event)
    world.attends(2, one)
    world.attends(3, gone)
    assert told(world.figure(unit="participations", counting_unit="scheme")) == (
        3,
        {"cancelled_event": 1},
        2,
    )
    assert told(world.figure(unit="completions", threshold_percent=100)) == (
        3,
        {"cancelled_event": 1, "below_threshold": 1},
        1,
    )


def test_completions_take_the_schemes_threshold_and_the_rules_overrides_it(world: World) -> None:
    event = world.event((at(1), 60), (at(2), 60), scheme=9, scheme_threshold=80)
    world.attends(1, event, 0)
    assert world.net(unit="completions") == 0
    assert world.net(unit="completions", threshold_percent=50) == 1
    assert world.net(unit="participations", counting_unit="scheme") == 1, "any attendance"


def test_a_lone_event_is_a_scheme_of_its_own_when_asked(world: World) -> None:
    world.attends(1, world.event())
    assert told(world.figure(unit="completions")) == (1, {"event": 1}, 0)
    assert told(world.figure(unit="completions", counting_unit="scheme_or_event")) == (1, {}, 1)


def test_a_completion_falls_on_the_fact_that_fulfils_it(world: World) -> None:
    event = world.event(
        (at(1, month=3), 60),
        (at(1, month=6), 60),
        (at(1, month=9), 60),
        scheme=9,
        scheme_threshold=60,
    )
    world.attends(1, event)
    assert told(world.figure(unit="completions", end=at(1, month=4))) == (
        1,
        {"below_threshold": 1},
        0,
    )
    assert told(world.figure(unit="completions", start=at(1, month=4), end=at(1, month=7))) == (
        1,
        {},
        1,
    )
    assert told(world.figure(unit="completions", start=at(1, month=7))) == (0, {}, 0)


def test_signed_sheets_only(world: World) -> None:
    event = world.event((at(1), 60), (at(2), 30))
    world.attends(1, event, 0)
    world.attends(1, event, 1, signed=True)
    world.attends(2, event)
    assert told(world.figure(unit="people", evidence="signed")) == (2, {"not_signed": 1}, 1)
    assert world.net(unit="participant_hours", evidence="signed") == 30


def test_once_per_project_counts_the_first_time(world: World) -> None:
    for day in (1, 2, 3):
        world.attends(1, world.event((at(day), 60)))
    rule: dict[str, Any] = {"unit": "participations", "once_per": "project"}
    assert told(world.figure(**rule)) == (3, {"counted_before": 2}, 1)
    assert told(world.figure(start=at(2, 0), **rule)) == (2, {"counted_before": 2}, 0)
    assert told(world.figure(start=at(2, 0), unit="people", once_per="project")) == (
        1,
        {"counted_before": 1},
        0,
    )
    assert told(world.figure(start=at(2, 0), unit="people")) == (1, {}, 1)


def test_a_merge_shows_as_a_duplicate(world: World) -> None:
    event = world.event()
    world.attends(1, event, gender="female")
    world.attends(2, event, country="LV")
    assert told(world.figure(unit="people")) == (2, {}, 2)
    world.merge(1, 2)
    found = world.figure(unit="people")
    assert told(found) == (2, {"duplicate_person": 1}, 1)
    assert found.by["gender"] == {"not_stated": 0, "female": 1}
    assert found.by["country"] == {"not_stated": 0, "LV": 1}
    assert told(world.figure(unit="participations")) == (2, {"duplicate_person": 1}, 1)
    assert told(world.figure(unit="participant_hours")) == (120, {"duplicate_person": 60}, 60)


def test_two_halves_of_one_person_complete_together(world: World) -> None:
    event = world.event((at(1), 60), (at(2), 60), scheme=9, scheme_threshold=100)
    world.attends(1, event, 0)
    world.attends(2, event, 1)
    assert told(world.figure(unit="completions")) == (2, {"below_threshold": 2}, 0)
    world.merge(1, 2)
    assert told(world.figure(unit="completions")) == (2, {"duplicate_person": 1}, 1)


def test_a_person_counts_if_any_fact_passes_else_for_the_furthest(world: World) -> None:
    debate, visit = world.event(kind="debate"), world.event(kind="study_visit")
    world.attends(1, debate)
    world.attends(1, visit, role="speaker")
    assert told(world.figure(unit="people", kinds=["study_visit"])) == (1, {"role": 1}, 0)
    world.attends(1, world.event(kind="study_visit"))
    assert told(world.figure(unit="people", kinds=["study_visit"])) == (1, {}, 1)


def test_events_held_with_an_organisers_word(world: World) -> None:
    world.attends(1, world.event(country="NO"))
    world.attends(2, world.event(status="cancelled"))
    world.attends(3, world.event(status="draft"))
    world.attends(4, world.event(), role="speaker")
    found = world.figure(unit="events")
    assert told(found) == (3, {"cancelled_event": 1, "role": 1}, 1)
    assert found.by["country"] == {"not_stated": 0, "NO": 1}


def test_delivered_hours_once_however_many_came(world: World) -> None:
    event = world.event((at(1), 90), (at(2), 30))
    for person in (1, 2, 3):
        world.attends(person, event, 0, minutes=45)
    assert told(world.figure(unit="delivered_hours")) == (90, {}, 90)
    assert told(world.figure(unit="participant_hours")) == (135, {}, 135)


@pytest.mark.parametrize(
    ("year", "bucket"),
    [(2002, "under_25"), (2001, "25_54"), (1972, "25_54"), (1971, "55_over"), (None, "not_stated")],
)
def test_ages_at_the_first_counted_day(world: World, year: int | None, bucket: str) -> None:
    world.attends(1, world.event(), birth_year=year)
    assert world.figure(unit="people").by["age"] == {"not_stated": 0, bucket: 1}
