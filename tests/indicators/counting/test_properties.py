"""What holds for every rule over every attendance: sums, order, merges."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.counting.evaluation import Figure
from indicators.counting.facts import Gathering
from indicators.rules.words import DIMENSIONS, REASONS
from tests.indicators.invented import World, at

UNITS = [
    "participations",
    "people",
    "organisations",
    "completions",
    "delivered_hours",
    "participant_hours",
    "events",
]
RULES = st.fixed_dictionaries(
    {"unit": st.sampled_from(UNITS)},
    optional={
        "counting_unit": st.sampled_from(["event", "scheme", "scheme_or_event"]),
        "kinds": st.lists(st.sampled_from(["training", "conference"]), unique=True),
        "publicity": st.sampled_from(["any", "open", "closed"]),
        "internal": st.booleans(),
        "roles": st.lists(st.sampled_from(["attendee", "speaker"]), unique=True),
        "joint": st.sampled_from(["none", "organised", "organised_and_attended"]),
        "countries": st.lists(st.sampled_from(["LV", "NO"]), unique=True),
        "threshold_percent": st.none() | st.integers(0, 100),
        "all_sessions": st.booleans(),
        "min_days": st.integers(1, 2),
        "evidence": st.sampled_from(["any", "signed"]),
        "once_per": st.sampled_from(["counting_unit", "project"]),
    },
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    towns = [world.organisation(country=c) for c in ("LV", "NO")]
    events = [draw(_event(world)) for _number in range(draw(st.integers(1, 4)))]
    for person in range(1, draw(st.integers(1, 6)) + 1):
        for event in events:
            for number in range(len(event.units)):
                if draw(st.booleans()):
                    world.attends(
                        person,
                        event,
                        number,
                        minutes=draw(st.integers(0, 60)),
                        **draw(_said(towns)),
                    )
    for gone in draw(st.sets(st.integers(2, 6), max_size=3)):
        world.merge(gone, 1)
    return world


@st.composite
def _event(draw: st.DrawFn, world: World) -> Gathering:
    scheme = draw(st.sampled_from([0, 0, 50, 51]))
    over: dict[str, Any] = {
        "kind": draw(st.sampled_from(["training", "conference"])),
        "status": draw(st.sampled_from(["published", "published", "cancelled", "held"])),
        "open_to_public": draw(st.booleans()),
        "internal": draw(st.booleans()),
        "scheme": scheme,
        "organisers": draw(st.sampled_from([{"LV"}, {"LV", "NO"}])),
    }
    first = draw(st.integers(1, 20))
    return world.event(*[(at(first + n), 60) for n in range(draw(st.integers(1, 3)))], **over)


def _said(towns: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "role": st.sampled_from(["attendee", "attendee", "speaker"]),
            "signed": st.booleans(),
            "country": st.sampled_from(["", "LV", "NO"]),
            "gender": st.sampled_from(["", "female", "male", "other"]),
            "organisation": st.sampled_from([0, *towns]),
        }
    )


def plain(figure: Figure) -> tuple[object, ...]:
    return (
        figure.gross,
        figure.excluded,
        figure.net,
        {k: dict(sorted(v.items())) for k, v in figure.by.items()},
    )


@settings(max_examples=150, deadline=None)
@given(worlds(), RULES, st.integers(1, 25))
def test_gross_less_excluded_is_net_and_every_breakdown_adds_up(
    world: World, rule: dict[str, Any], day: int
) -> None:
    for start in (at(1, 0), at(day, 0)):
        found = world.figure(start=start, **rule)
        assert found.gross - sum(found.excluded.values()) == found.net
        assert [sum(found.by[name].values()) for name in DIMENSIONS] == [found.net] * len(
            DIMENSIONS
        )
        assert all("not_stated" in found.by[name] for name in DIMENSIONS)
        assert list(found.excluded) == [reason for reason in REASONS if reason in found.excluded]
        assert min([*found.excluded.values(), 1]) > 0


@settings(max_examples=80, deadline=None)
@given(worlds(), RULES, st.randoms())
def test_the_order_in_which_facts_are_stored_does_not_matter(
    world: World, rule: dict[str, Any], dice: random.Random
) -> None:
    before = plain(world.figure(**rule))
    dice.shuffle(world.facts)
    assert plain(world.figure(**rule)) == before


@settings(max_examples=80, deadline=None)
@given(worlds(), RULES, st.integers(1, 6), st.integers(1, 6))
def test_a_merge_keeps_gross_and_never_adds_people(
    world: World, rule: dict[str, Any], one: int, two: int
) -> None:
    rule = {**rule, "threshold_percent": None, "all_sessions": False, "joint": "none"}
    before = world.figure(**rule)
    if one != two:
        world.merge(one, two)
    after = world.figure(**rule)
    assert after.gross == before.gross
    assert after.net <= before.net


@settings(max_examples=60, deadline=None)
@given(worlds(), RULES)
def test_people_are_at_most_participations(world: World, rule: dict[str, Any]) -> None:
    assert world.net(**{**rule, "unit": "people"}) <= world.net(
        **{**rule, "unit": "participations"}
    )
