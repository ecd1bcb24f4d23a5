"""Whatever an event is called, wherever and whenever it is, its calendar is clean to the byte."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from events.feeds import ics
from events.feeds.ics import Entry, Feed, Head
from tests.support import libical
from tests.support.lint_ics import lint

ZONES = (
    "Europe/Riga",
    "Europe/Oslo",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "UTC",
)

texts = st.text(max_size=200)
moments = st.integers(946_684_800, 2_114_380_800).map(lambda s: datetime.fromtimestamp(s, UTC))
days = st.dates(date(2000, 1, 1), date(2036, 12, 31))
geo = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
addresses = st.sampled_from(("", "https://example.org/a,b;c?d=é", "http://x.example/" + "y" * 300))
alarms = st.none() | st.sampled_from((timedelta(hours=1), timedelta(minutes=180))) | moments


@st.composite
def calendar_entries(draw: st.DrawFn) -> Entry:
    """An Entry as the program could make one, and stranger ones."""
    first: date = draw(days) if draw(st.booleans()) else draw(moments)
    last = first + timedelta(days=draw(st.integers(1, 9)) if not isinstance(first, datetime) else 0)
    if isinstance(last, datetime):
        last += timedelta(minutes=draw(st.integers(1, 6000)))
    return Entry(
        uid=f"u{draw(st.integers(0, 10**12))}@viesis",
        sequence=draw(st.integers(0, 10**6)),
        changed=draw(moments),
        created=draw(moments),
        summary=draw(texts),
        start=first,
        end=last,
        zone=draw(st.sampled_from(ZONES)),
        end_zone=draw(st.sampled_from(ZONES)),
        status=draw(st.sampled_from(("CONFIRMED", "TENTATIVE", "CANCELLED"))),
        place=draw(texts),
        description=draw(texts),
        url=draw(addresses),
        category=draw(st.sampled_from(("", "travel", "study_visit"))),
        transparent=draw(st.booleans()),
        geo=draw(geo),
        conference=draw(addresses),
        alarm=draw(alarms),
    )


async def nothing() -> list[Entry]:
    return []


@settings(max_examples=300)
@given(calendar_entries(), texts, texts)
def test_any_event_makes_a_clean_calendar(entry: Entry, name: str, about: str) -> None:
    head = Head(
        about, "#1a5fb4", "https://example.org/e/x", entry.zone, "https://example.org/e/x.ics"
    )
    body = ics.assembled(Feed(name, "m", nothing, head), [entry], [ics.fragment.__wrapped__(entry)])
    assert (lint(body), libical.complaints(body)) == ([], [])
