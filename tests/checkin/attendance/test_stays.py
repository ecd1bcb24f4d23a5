"""Minutes: every sentence of docs/counting-rules.md about attendance, as pure functions."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checkin.attendance.stays import MINUTE, Fact, Witness, facts
from checkin.scanning.units import Unit, days

NINE = datetime(2026, 5, 4, 6, tzinfo=UTC)
ZONE = "Europe/Riga"


def at(hours: float) -> datetime:
    """That hour of the first day in Riga."""
    return NINE + timedelta(hours=hours - 9)


def talk(key: int, start: float, end: float) -> Unit:
    return Unit(
        str(key), key, at(start), at(end), ZONE, date(2026, 5, 4) + timedelta(days=int(start // 24))
    )


def seen(hour: float, direction: str = "in", **over: Any) -> Witness:
    return Witness(at(hour), direction, **over)


def minutes(
    units: list[Unit], *witnesses: Witness, grace: int = 0, chosen: tuple[int, ...] = ()
) -> dict[str, int]:
    return {
        f.unit.key: f.minutes
        for f in facts(units, witnesses, grace=grace, chosen=chosen, zone=ZONE)
    }


ONE = [talk(1, 9, 11)]


def test_entry_and_exit_are_clipped_to_the_session() -> None:
    assert minutes(ONE, seen(8.5, session_id=1), seen(12, "out", session_id=1)) == {"1": 120}
    assert minutes(ONE, seen(9.5, session_id=1), seen(10, "out", session_id=1)) == {"1": 30}
    assert minutes(ONE, seen(8, session_id=1), seen(8.5, "out", session_id=1)) == {}
    assert minutes(ONE, seen(10, "out", session_id=1)) == {}


def test_an_entry_only_counts_the_rest_of_the_session() -> None:
    assert minutes(ONE, seen(9.25, session_id=1)) == {"1": 105}
    assert minutes(ONE, seen(8, session_id=1)) == {"1": 120}
    assert minutes(ONE, seen(11.5, session_id=1)) == {"1": 0}


def test_grace() -> None:
    assert minutes(ONE, seen(9.25, session_id=1), grace=15) == {"1": 120}
    assert minutes(ONE, seen(9.25, session_id=1), grace=14) == {"1": 105}
    back = [seen(9, session_id=1), seen(9.05, "out", session_id=1), seen(9.1, session_id=1)]
    assert minutes(ONE, *back, grace=15) == {"1": 117}


def test_several_stays_add_up_and_several_witnesses_count_their_union() -> None:
    stays = [
        seen(9, session_id=1),
        seen(9.5, "out", session_id=1),
        seen(10, session_id=1),
        seen(10.5, "out", session_id=1),
    ]
    assert minutes(ONE, *stays) == {"1": 60}
    assert minutes(ONE, *stays, seen(9, method="paper", session_id=1)) == {"1": 120}
    assert minutes(ONE, *stays, seen(9, method="paper", session_id=1, whole=True, minutes=45)) == {
        "1": 75
    }
    (fact,) = facts(ONE, [*stays, seen(9, method="paper", session_id=1)], zone=ZONE)
    assert (fact.methods, fact.signed) == (("paper", "qr"), True)


def test_ticks_count_the_whole_session_unless_minutes_are_entered() -> None:
    assert minutes(ONE, seen(10, method="manual", session_id=1)) == {"1": 120}
    assert minutes(ONE, seen(10, method="paper", session_id=1)) == {"1": 120}
    assert minutes(ONE, seen(10, method="manual", session_id=1, minutes=40)) == {"1": 40}
    assert minutes(ONE, seen(10.9, method="manual", session_id=1, minutes=400)) == {"1": 120}
    assert minutes(
        ONE, seen(9.5, method="manual", session_id=1), seen(10, "out", session_id=1)
    ) == {"1": 30}


DAY = [talk(1, 9, 11), talk(2, 12, 13), talk(3, 14, 16), talk(4, 33, 35)]


def test_a_scan_without_a_session_counts_for_each_of_that_day() -> None:
    assert minutes(DAY, seen(8.75)) == {"1": 120, "2": 60, "3": 120}
    assert minutes(DAY, seen(11.5)) == {"2": 60, "3": 120}
    assert minutes(DAY, seen(10), seen(12.5, "out")) == {"1": 60, "2": 30}
    assert minutes(DAY, seen(9), seen(32.9)) == {"1": 120, "2": 60, "3": 120, "4": 120}
    assert minutes(DAY, seen(11.25), seen(11.5, "out")) == {}
    assert minutes(DAY, seen(9, method="paper", whole=True)) == {"1": 120, "2": 60, "3": 120}
    assert minutes(DAY, seen(9, method="paper", whole=True, minutes=150)) == {"1": 120, "2": 30}
    assert minutes(DAY, seen(-15, method="paper", whole=True)) == {"1": 120, "2": 60, "3": 120}


PARALLEL = [talk(1, 9, 10), talk(2, 10, 11), talk(3, 10, 11.5), talk(4, 12, 13)]


def test_of_parallel_sessions_the_one_chosen_else_the_first() -> None:
    assert minutes(PARALLEL, seen(9)) == {"1": 60, "2": 60, "4": 60}
    assert minutes(PARALLEL, seen(9), chosen=(3,)) == {"1": 60, "3": 90, "4": 60}
    assert minutes(PARALLEL, seen(9), seen(10.25, session_id=3)) == {"1": 60, "3": 90, "4": 60}
    assert minutes(PARALLEL, seen(11.25)) == {"3": 15, "4": 60}


def test_minutes_never_overlap() -> None:
    assert minutes(PARALLEL, seen(10, session_id=2), seen(10.5, session_id=3)) == {"2": 30, "3": 60}
    both = [seen(10, method="paper", session_id=2), seen(10, method="paper", session_id=3)]
    assert sum(minutes(PARALLEL, *both).values()) == 90


def test_days_run_from_the_starting_to_the_closing_hour() -> None:
    two = days(at(9), at(24 + 17), ZONE)
    assert [(u.key, u.starts_at, u.ends_at) for u in two] == [
        ("2026-05-04", at(9), at(17)),
        ("2026-05-05", at(33), at(41)),
    ]
    assert minutes(two, seen(8.5), seen(34)) == {"2026-05-04": 480, "2026-05-05": 420}
    night = days(at(22), at(26), ZONE)
    assert [u.key for u in night] == ["2026-05-04"]
    assert minutes(night, seen(24.5)) == {"2026-05-04": 90}
    assert minutes(night, seen(26.5)) == {"2026-05-04": 0}


def test_the_doors_of_what_starts_after_midnight_open_the_day_before() -> None:
    night = days(at(24.4), at(26.4), ZONE)
    assert minutes(night, seen(23.5)) == {"2026-05-05": 120}
    assert minutes(night, seen(23.5, method="manual")) == {"2026-05-05": 120}
    assert minutes([talk(1, 24.5, 26)], seen(23)) == {"1": 90}
    assert minutes([*ONE, talk(2, 24.5, 26)], seen(22.6)) == {"2": 90}
    assert minutes([talk(1, 20, 23), talk(2, 24.5, 26)], seen(22.6)) == {"1": 24}, (
        "the day itself comes first"
    )


def test_days_on_which_the_clocks_change() -> None:
    start, end = datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 29, 4, tzinfo=UTC)
    (night,) = days(start, end, ZONE)
    assert (night.ends_at - night.starts_at) == timedelta(hours=8)
    weekend = days(
        datetime(2026, 3, 28, 7, tzinfo=UTC), datetime(2026, 3, 29, 14, tzinfo=UTC), ZONE
    )
    assert [(u.starts_at.hour, u.ends_at.hour) for u in weekend] == [(7, 15), (6, 14)]


def test_a_journey_is_of_the_day_on_which_it_starts_where_it_starts() -> None:
    start = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)
    oslo = Unit("7", 7, start, start + timedelta(hours=2), "Europe/Oslo", date(2026, 5, 4))
    assert {f.unit.day: f.minutes for f in facts([oslo], [Witness(start - MINUTE)], zone=ZONE)} == {
        date(2026, 5, 4): 120
    }


HOURS = st.integers(8 * 12, 18 * 12).map(lambda n: n / 12)
WITNESSES = st.builds(
    seen,
    HOURS,
    st.sampled_from(["in", "in", "out"]),
    method=st.sampled_from(["qr", "manual", "paper", "online"]),
    session_id=st.sampled_from([None, 1, 2, 3, 4]),
    whole=st.booleans(),
    minutes=st.none() | st.integers(0, 200),
)
UNITS = st.lists(st.tuples(HOURS, st.integers(1, 48)), min_size=1, max_size=4).map(
    lambda found: [
        talk(n + 1, start, start + length / 12) for n, (start, length) in enumerate(found)
    ]
)


def shuffled(witnesses: list[Witness], random: Random) -> list[Witness]:
    found = list(witnesses)
    random.shuffle(found)
    return found


def assert_fits(units: list[Unit], found: list[Fact]) -> None:
    """Nobody is longer in a unit than it lasts, nor in all together than there is time."""
    assert all(0 <= f.minutes <= (f.unit.ends_at - f.unit.starts_at) // MINUTE for f in found)
    covered = {
        m
        for u in units
        for m in range((u.starts_at - NINE) // MINUTE, (u.ends_at - NINE) // MINUTE)
    }
    assert sum(f.minutes for f in found) <= len(covered)


@given(
    UNITS,
    st.lists(WITNESSES, max_size=8),
    st.integers(0, 30),
    st.sets(st.sampled_from([1, 2, 3, 4])),
    st.randoms(),
)
def test_whatever_the_order_minutes_fit_and_never_overlap(
    units: list[Unit], witnesses: list[Witness], grace: int, chosen: set[int], random: Random
) -> None:
    found = facts(units, witnesses, grace=grace, chosen=chosen, zone=ZONE)
    assert facts(units, shuffled(witnesses, random), grace=grace, chosen=chosen, zone=ZONE) == found
    assert_fits(units, found)
    assert len({f.unit.key for f in found}) == len(found)


@given(
    UNITS.map(lambda units: units[:1]),
    st.lists(WITNESSES, max_size=6),
    WITNESSES.filter(lambda w: w.tick),
)
def test_another_sheet_never_takes_minutes_away(
    units: list[Unit], witnesses: list[Witness], sheet: Witness
) -> None:
    before = sum(f.minutes for f in facts(units, witnesses, zone=ZONE))
    assert sum(f.minutes for f in facts(units, [*witnesses, sheet], zone=ZONE)) >= before


ROOMS = [talk(1, 9, 11), talk(2, 10, 12), talk(3, 14, 16)]


def grouped(units: list[Unit], *witnesses: Witness, grace: int = 0) -> dict[str, int]:
    return {
        f.unit.key: f.minutes for f in facts(units, witnesses, grace=grace, zone=ZONE, grouped=True)
    }


def test_whoever_enters_a_room_has_left_the_last_one() -> None:
    switched = [seen(9, session_id=1), seen(10.5, session_id=2)]
    assert grouped(ROOMS, *switched) == {"1": 90, "2": 90}
    assert grouped(ROOMS, *reversed(switched)) == {"1": 90, "2": 90}, "whichever was sent first"
    back = [*switched, seen(10.75, session_id=1)]
    assert grouped(ROOMS, *back) == {"1": 105, "2": 15}
    assert grouped(ROOMS, *back, seen(11, "out", session_id=2)) == {"1": 105, "2": 15}, (
        "that room was left already"
    )
    # without grouping the first stay goes on, though minutes never overlap
    assert minutes(
        ROOMS, seen(9, session_id=1), seen(10.5, session_id=2), seen(10.75, "out", session_id=2)
    ) == {
        "1": 105,
        "2": 15,
    }
    assert grouped(ROOMS, *switched, seen(10.75, "out", session_id=2)) == {"1": 90, "2": 15}


def test_in_grouped_rooms_the_own_door_is_not_contradicted_by_the_event_s() -> None:
    assert grouped(ROOMS, seen(8.75), seen(9, session_id=1), seen(10.25, session_id=2)) == {
        "1": 75,
        "2": 105,
        "3": 120,
    }
    early = [talk(1, 9, 11), talk(2, 10.5, 11)]
    assert grouped(early, seen(8.75), seen(9, session_id=1), seen(10, session_id=2)) == {
        "1": 60,
        "2": 30,
    }
    assert minutes(early, seen(8.75), seen(9, session_id=1), seen(10, session_id=2)) == {
        "1": 90,
        "2": 30,
    }


def test_a_meal_is_a_room_too_and_counts_for_nothing() -> None:
    assert grouped(ONE, seen(9, session_id=1), seen(10, session_id=99)) == {"1": 60}


def test_a_manual_tick_counts_the_whole_session_though_a_later_room_was_entered() -> None:
    rooms = [talk(1, 9, 10), talk(2, 10.5, 11)]
    ticks = [seen(9.25, method="manual", session_id=1), seen(10.5, method="manual", session_id=2)]
    assert grouped(rooms, *ticks) == {"1": 60, "2": 30}
    assert grouped(ROOMS, seen(9.25, method="manual", session_id=1), seen(10, session_id=2)) == {
        "1": 45,
        "2": 120,
    }
    assert grouped(ROOMS, seen(9, method="paper", session_id=1), seen(10, session_id=2)) == {
        "1": 60,
        "2": 120,
    }


@given(UNITS, st.lists(WITNESSES, max_size=8), st.integers(0, 30), st.randoms())
def test_grouped_whatever_the_order_minutes_fit_and_never_overlap(
    units: list[Unit], witnesses: list[Witness], grace: int, random: Random
) -> None:
    found = facts(units, witnesses, grace=grace, zone=ZONE, grouped=True)
    assert facts(units, shuffled(witnesses, random), grace=grace, zone=ZONE, grouped=True) == found
    assert_fits(units, found)


ROOM_SCANS = st.builds(
    seen, HOURS, st.sampled_from(["in", "in", "out"]), session_id=st.sampled_from([1, 2, 3, 4])
)


@given(UNITS, st.lists(ROOM_SCANS, max_size=10, unique_by=lambda w: w.at))
def test_grouped_rooms_are_where_the_last_scan_says(
    units: list[Unit], witnesses: list[Witness]
) -> None:
    """Against a model that walks through the day minute by minute."""
    spent = dict.fromkeys((u.key for u in units), 0)
    scans = sorted(witnesses, key=lambda w: w.at)
    room: int | None = None
    for minute in range(-2 * 60, 15 * 60):
        now = NINE + MINUTE * minute
        while scans and scans[0].at <= now:
            scan = scans.pop(0)
            if scan.direction == "in":
                room = scan.session_id
            elif room == scan.session_id:
                room = None
        for unit in units:
            if unit.session_id == room and unit.starts_at <= now < unit.ends_at:
                spent[unit.key] += 1
    found = {f.unit.key: f.minutes for f in facts(units, witnesses, zone=ZONE, grouped=True)}
    assert {k: v for k, v in found.items() if v} == {k: v for k, v in spent.items() if v}
