"""A programme out of calendar files, of whichever program."""

import httpx
import pytest

from core.settings import Settings
from events.event.event import Event
from events.programme.sessions import Session
from tests.events.agenda import ALICE, Desk, add, an_event, groups, titles


@pytest.fixture
async def event(database: Settings) -> Event:
    return await an_event()


@pytest.fixture
async def desk(client: httpx.AsyncClient, event: Event) -> Desk:
    return await Desk.of(client, event)


def entry(
    uid: str,
    title: str,
    *more: str,
    starts: str = "DTSTART;TZID=Europe/Riga:20270504T090000",
    minutes: int = 60,
) -> str:
    return "\n".join([
        "BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", starts, f"DURATION:PT{minutes}M", *more, "END:VEVENT",
    ])  # fmt: skip


def calendar(*entries: str) -> str:
    return "\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *entries, "END:VCALENDAR", ""]
    )


async def test_the_same_entry_is_found_again_whatever_it_is_called_by_then(
    desk: Desk, event: Event
) -> None:
    await desk.apply(
        await desk.look(calendar(entry("a@google", "Opening", "LOCATION:Hall", "CATEGORIES:Lunch")))
    )
    opening = await Session.get(event_id=event.id)
    assert (opening.imported_uid, opening.place, opening.kind) == ("a@google", "Hall", "meal")
    later = entry("a@google", "Grand opening", "LOCATION:Hall", starts="DTSTART:20270505T070000Z")
    page = await desk.look(calendar(later, entry("b@google", "Opening")))
    assert groups(page) == {"To be added": ["Opening"], "To be changed": ["Opening"]}
    await desk.apply(page)
    await opening.refresh_from_db()
    assert (opening.name, opening.starts_at.isoformat()) == (
        "Grand opening",
        "2027-05-05T07:00:00+00:00",
    )


async def test_a_session_typed_here_is_taken_for_the_entry_of_its_name(
    desk: Desk, event: Event
) -> None:
    opening = await add(event, "Opening")
    assert "Nothing would change." in await desk.look(calendar(entry("a@google", "Opening")))
    await desk.apply(
        await desk.look(calendar(entry("a@google", "Opening"), entry("b@google", "Talk")))
    )
    await opening.refresh_from_db()
    assert opening.imported_uid == "a@google"


async def test_an_entry_that_is_cancelled_is_ticked_for_removal(desk: Desk, event: Event) -> None:
    opening, _dinner = await add(event, "Opening"), await add(event, "Dinner", "19:00", "20:00")
    page = await desk.look(
        calendar(
            entry("a@x", "Opening", "STATUS:CANCELLED"), entry("c@x", "Never", "STATUS:CANCELLED")
        )
    )
    assert groups(page) == {"Not in the file": ["Opening", "Dinner"]}
    assert page.count(" checked>") == 1
    assert "cancelled in the calendar" in page
    await desk.apply(page, remove=[opening.id])
    assert await titles(event) == ["Dinner"]


async def test_repetitions_within_the_event_are_sessions_of_their_own(
    desk: Desk, event: Event
) -> None:
    rule = "RRULE:FREQ=DAILY;UNTIL=20270506T205959Z"
    moved = entry(
        "c@x", "Late coffee", "RECURRENCE-ID;TZID=Europe/Riga:20270505T110000",
        starts="DTSTART;TZID=Europe/Riga:20270505T113000",
    )  # fmt: skip
    coffee = entry(
        "c@x", "Coffee", rule, "EXDATE;TZID=Europe/Riga:20270506T110000",
        starts="DTSTART;TZID=Europe/Riga:20270504T110000", minutes=30,
    )  # fmt: skip
    page = await desk.look(calendar(coffee, moved))
    await desk.apply(page)
    found = [(s.name, s.starts_at.isoformat()[:16]) for s in await event.sessions_now()]
    assert found == [("Coffee", "2027-05-04T08:00"), ("Late coffee", "2027-05-05T08:30")]
    assert "Nothing would change." in await desk.look(calendar(coffee, moved))


async def test_repetitions_keep_the_hour_of_the_clock(desk: Desk, database: Settings) -> None:
    weekly = entry(
        "w@x",
        "Weekly",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        starts="DTSTART;TZID=Europe/Riga:20270325T110000",
    )
    page = await desk.look(calendar(weekly))
    # the event is in May, and 31 days around it belong to it
    assert groups(page)["To be added"] == ["Weekly"] * 2
    assert page.count("11:00–12:00") == 2


@pytest.mark.parametrize(
    ("starts", "zone", "clock"),
    [
        ("DTSTART;TZID=FLE Standard Time:20270504T090000", "", "2027-05-04T06:00"),
        (
            "DTSTART;TZID=W. Europe Standard Time:20270504T090000",
            "Europe/Berlin",
            "2027-05-04T07:00",
        ),
        (
            "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Vilnius:20270504T090000",
            "",
            "2027-05-04T06:00",
        ),
        ("DTSTART;TZID=Europe/Oslo:20270504T090000", "Europe/Oslo", "2027-05-04T07:00"),
        ("DTSTART:20270504T090000", "", "2027-05-04T06:00"),
        ("DTSTART:20270504T090000Z", "", "2027-05-04T09:00"),
    ],
)
async def test_zones_as_programs_name_them(
    desk: Desk, event: Event, starts: str, zone: str, clock: str
) -> None:
    await desk.apply(await desk.look(calendar(entry("z@x", "Talk", starts=starts))))
    found = await Session.get(event_id=event.id)
    assert (found.timezone, found.starts_at.isoformat()[:16]) == (zone, clock)
    assert "Nothing would change." in await desk.look(calendar(entry("z@x", "Talk", starts=starts)))


async def test_a_description_with_markup_is_read_as_its_text(desk: Desk, event: Event) -> None:
    """Google writes HTML."""
    said = "DESCRIPTION:<p>Bring <b>boots</b> &amp\\; a coat</p>Tel: 123<br><ul><li>Bus 5</li></ul>"
    await desk.apply(await desk.look(calendar(entry("g@google", "Walk", said))))
    assert (await Session.get(event_id=event.id)).description == {
        "en": "Bring boots & a coat\nTel: 123\nBus 5"
    }
    assert "Nothing would change." in await desk.look(calendar(entry("g@google", "Walk", said)))
    await desk.apply(
        await desk.look(calendar(entry("h@google", "Sums", "DESCRIPTION:a < b and b > c")))
    )
    assert (await Session.get(imported_uid="h@google")).description == {"en": "a < b and b > c"}


async def test_an_unknown_zone_is_said_and_taken_for_the_events(desk: Desk, event: Event) -> None:
    page = await desk.look(
        calendar(entry("z@x", "Talk", starts="DTSTART;TZID=Nowhere:20270504T090000"))
    )
    assert "The time zone “Nowhere” is not known" in page
    assert "09:00–10:00" in page


async def test_what_has_no_hours_is_listed(desk: Desk) -> None:
    whole = "BEGIN:VEVENT\nUID:d@x\nSUMMARY:Holiday\nDTSTART;VALUE=DATE:20270504\nEND:VEVENT"
    page = await desk.look(calendar(whole, entry("a@x", "Talk")))
    assert groups(page) == {"Rows that cannot be read": ["1 · Holiday"], "To be added": ["Talk"]}
    assert "all-day entry" in page


async def test_our_own_feed_changes_nothing(desk: Desk, event: Event) -> None:
    about = {"en": "Welcome.\n\nAnd <b>coffee</b>; maybe, cake"}
    await add(event, "Opening", speakers=["Anna Bērziņa"], description=about)
    await add(
        event, "Flight", "11:00", "11:30", kind="travel", end_timezone="Europe/Oslo", place="Gate 3"
    )
    await add(
        event,
        "Away",
        "13:00",
        "13:30",
        timezone="Europe/Oslo",
        description={"lv": "Tikai latviski"},
    )
    await add(event, "Hotel", "20:00", "20:00", kind="stay", ends_at="2027-05-05T08:00")
    gone = await add(event, "Gone", "15:00", "16:00")
    await gone.remove(event, ALICE)
    feed = (await desk.client.get(f"/e/{event.slug}.ics")).text
    page = await desk.look(feed)
    assert groups(page) == {}
    assert "4 sessions stay as they are" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (calendar(), "no entries"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x\nnonsense", "no entries"),
        (calendar(entry("a", "x", "RRULE:FREQ=SECONDLY")), "repeats within a day"),
        (calendar(entry("a", "x", "RRULE:FREQ=DAILY;BYHO\n UR=1,2")), "repeats within a day"),
        (
            calendar(entry("a", "x", "RRULE:FREQ=DAILY", starts="DTSTART:00010101T000000Z")),
            "damaged",
        ),
        (calendar("BEGIN:VEVENT\nEND:VEVENT\n" * 2001), "At most 2000 rows"),
    ],
)
async def test_calendars_that_cannot_be_read(desk: Desk, text: str, said: str) -> None:
    assert said in await desk.look(text, 422)


async def test_odd_entries_are_no_fault(desk: Desk) -> None:
    odd = (
        "BEGIN:VEVENT\nSUMMARY:No start\nEND:VEVENT\nBEGIN:VEVENT\nUID:"
        + "x" * 3000
        + "\nDTSTART:20270504T090000Z\nEND:VEVENT"
    )
    assert groups(await desk.look(calendar(odd)))["Rows that cannot be read"] == [
        "1 · No start",
        "2",
        "2",
    ]
