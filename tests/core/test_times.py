"""Times as people and machines give them, also in the nights when clocks change."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import times
from core.errors import DomainError

RIGA = "Europe/Riga"
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)

zones = st.sampled_from(
    [RIGA, "Europe/Oslo", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")
walls = st.datetimes(FIRST, LAST).map(lambda w: w.replace(second=0, microsecond=0))
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def refused(text: str, zone: str = RIGA) -> DomainError:
    with pytest.raises(DomainError) as error:
        times.moment(text, zone, "starts_at")
    assert (error.value.status, list(error.value.fields)) == (422, ["starts_at"])
    return error.value


@given(moments, zones)
def test_what_is_answered_can_be_given_back(moment: datetime, zone: str) -> None:
    assert times.moment(times.iso(moment, zone), "UTC") == moment


@given(walls, zones)
def test_a_local_time_is_one_moment_or_a_choice_of_two(wall: datetime, zone: str) -> None:
    try:
        found = times.moment(wall.isoformat(), zone)
    except DomainError as error:
        choices = error.extra["choices"]
        assert isinstance(choices, list)
        both = [times.moment(choice, "UTC") for choice in choices]
        assert both[0] < both[1]
        shown = [m.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in both]
        assert shown == [wall, wall] or shown[0] < wall < shown[1]
    else:
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for read in (lambda: times.moment(text, RIGA), lambda: times.typed_span(text, SPRING, RIGA)):
        assert status(read) in {0, 422}


def status(read: Callable[[], object]) -> int:
    """The refusal's status, 0 without one."""
    try:
        read()
    except DomainError as error:
        return error.status
    return 0


@given(moments, zones, st.integers(-800, 800))
def test_so_many_days_later_is_the_same_time_of_day_where_there_is_one(
    moment: datetime, zone: str, days: int
) -> None:
    here = ZoneInfo(zone)
    before, after = moment.astimezone(here), times.shifted(moment, days, zone).astimezone(here)
    wall = before.replace(tzinfo=None) + timedelta(days=days)
    exists = any(
        m.astimezone(here).replace(tzinfo=None) == wall
        for m in times.both_moments(wall.replace(fold=0), zone)
    )
    assert after.replace(tzinfo=None, fold=0) == wall.replace(fold=0) or not exists


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 1439), st.integers(1, 1439), zones
)
def test_a_span_is_read_as_it_is_written(day: date, begin: int, length: int, zone: str) -> None:
    first = datetime.combine(day, time()) + timedelta(minutes=begin)
    last = first + timedelta(minutes=length)
    text = f"{first.hour}.{first.minute:02}-{last.hour}.{last.minute:02}"
    with suppress(DomainError):  # in a night when clocks change
        found = times.typed_span(text, day, zone)
        assert [m.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in found] == [first, last]
        assert times.said_span(*found, zone) == text


@pytest.mark.parametrize("text", ["2026-03-29T03:00", "2026-03-29T03:59", "2026-03-29 03:30"])
def test_a_time_that_the_spring_skips_has_choices_around_it(text: str) -> None:
    minute = text[-2:]
    wanted = [f"2026-03-29T02:{minute}:00+02:00", f"2026-03-29T04:{minute}:00+03:00"]
    assert refused(text).extra["choices"] == wanted


def test_a_time_that_the_autumn_repeats_has_both_as_choices() -> None:
    assert refused("2026-10-25T03:30").extra["choices"] == [
        "2026-10-25T03:30:00+03:00",
        "2026-10-25T03:30:00+02:00",
    ]
    assert times.moment("2026-10-25T02:59", RIGA) == datetime(2026, 10, 24, 23, 59, tzinfo=UTC)
    assert times.moment("2026-10-25T04:00", RIGA) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)
    assert times.moment("2026-10-25T03:30:00+02:00", RIGA) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026-12-10",
        "2026-13-01T09:00",
        "2026-12-10T25:00",
        "9:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59Z",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    assert refused(text).extra == {}


@pytest.mark.parametrize(
    "text", ["2026-12-10T09:00", "2026-12-10 09:00:00", "2026-12-10T07:00Z", "20261210T080000+01"]
)
def test_iso_8601_in_its_forms(text: str) -> None:
    assert times.moment(text, RIGA) == datetime(2026, 12, 10, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("9-10.30", "09:00", "10:30"),
        ("9.00–17:00", "09:00", "17:00"),
        (" 9:15 — 9:45 ", "09:15", "09:45"),
        ("0-24", "00:00", "00:00"),
        ("22-1", "22:00", "01:00"),
        ("9 to 10", "09:00", "10:00"),
    ],
)
def test_spans_as_typed(text: str, first: str, last: str) -> None:
    begin, end = times.typed_span(text, date(2026, 12, 10), RIGA)
    here = ZoneInfo(RIGA)
    assert (f"{begin.astimezone(here):%H:%M}", f"{end.astimezone(here):%H:%M}") == (first, last)
    assert timedelta(0) < end - begin <= timedelta(days=1)


@pytest.mark.parametrize(
    "text", ["", "9", "9-", "25-26", "9.60-10", "24-1", "9-24.30", "nine-ten", "9-10-11"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match=r"Please type a time like 9-10\.30\."):
        times.typed_span(text, date(2026, 12, 10), RIGA)


def test_a_night_train_through_the_change_ends_in_its_own_zone() -> None:
    begin, end = times.typed_span("23-5", AUTUMN - timedelta(days=1), RIGA, "Europe/Oslo")
    assert end - begin == timedelta(hours=8)
    begin, end = times.typed_span("23-5", SPRING - timedelta(days=1), RIGA)
    assert end - begin == timedelta(hours=5)


@pytest.mark.parametrize(
    "name",
    ["", "Mars", "Europe", "europe/riga/", "../etc/passwd", "Europe/Rīga", "x" * 300, "localtime"],
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert times.zone(name) is None


def test_zones_to_choose_from_are_zones() -> None:
    assert {RIGA, "Europe/Oslo", "Europe/Vilnius"} <= set(times.zones())
    assert [name for name in times.zones() if times.zone(name) is None] == []
