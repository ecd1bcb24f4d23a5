"""What calendar programs compute from our VTIMEZONEs, and texts as people write them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from events.feeds import ics
from events.feeds.ics import Entry


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Vilnius",
        "Europe/Oslo",
        "Europe/Dublin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kathmandu",
    ],
)
def test_clocks_change_in_calendars_when_they_do(name: str) -> None:
    start = datetime(2026, 2, 1, 9, tzinfo=UTC)
    entry = Entry(
        "u", 0, start, start, "Study visit", start, start + timedelta(days=600), name, name
    )
    (zone,) = (icalendar.Timezone.from_ical(made.decode()) for made in ics.zones([entry]))
    part: Any
    for part in zone.subcomponents:
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        if before == after:
            continue
        for at in [part["DTSTART"].dt, *(one.dt for one in part["RDATE"].dts)]:
            onset = (at - before).replace(tzinfo=UTC)
            assert (onset - timedelta(seconds=1)).astimezone(ZoneInfo(name)).utcoffset() == before
            assert onset.astimezone(ZoneInfo(name)).utcoffset() == after


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5\u00a0dienos", "5\u00a0dienos"),
        ("Kelionė 👩\u200d👩\u200d👧", "Kelionė 👩\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("one\ttwo", "one two"),
        ("one\u2028two\r\nthree", "one\ntwo\nthree"),
        ("a\u0007b", "ab"),
    ],
)
def test_a_text_keeps_every_character_but_controls(written: str, read: str) -> None:
    at = datetime(2026, 2, 1, 9, tzinfo=UTC)
    made = ics.fragment(
        Entry("u", 0, at, at, "T", at, at + timedelta(hours=1), "UTC", "UTC", description=written)
    )
    assert str(icalendar.Event.from_ical(made.decode())["DESCRIPTION"]) == read
