"""A programme out of a file: a look first, then all of it at once."""

import re
from html import unescape

import httpx
import pytest

from accounts.audit.audit import AuditEntry
from core.settings import Settings
from events.event.event import Event
from events.event.history import Change
from events.programme.sessions import Session
from notifications.outbox.message import Message
from tests.events.agenda import ALICE, Desk, add, an_event, groups, titles
from tests.events.queries import counted
from tests.support import factories as make

TABLE = (
    "Day;Begins;Ends;Title;Kind;Room or place;Speakers;Seats of its own\r\n"
    "4.5.2027;9.00;10.30;Opening;Talk;Great hall;Anna Bērziņa, Kari Nordmann;\r\n"
    "4.5.2027;10.30;11;Coffee;Coffee break;;;\r\n"
    "5.5.2027;9:00;12:00;Circular economy;Workshop;Room 2;Kari Nordmann;20\r\n"
)


@pytest.fixture
async def event(database: Settings) -> Event:
    return await an_event()


@pytest.fixture
async def desk(client: httpx.AsyncClient, event: Event) -> Desk:
    return await Desk.of(client, event)


async def test_a_table_becomes_a_programme(desk: Desk, event: Event) -> None:
    page = await desk.look(TABLE)
    assert groups(page) == {"To be added": ["Opening", "Coffee", "Circular economy"]}
    assert await titles(event) == []
    answer = await desk.apply(page)
    said = (await desk.client.get(answer.headers["location"])).text
    assert "3 sessions added." in said
    opening, coffee, economy = await event.sessions_now()
    assert (opening.name, opening.kind, opening.place) == ("Opening", "talk", "Great hall")
    assert opening.speakers == ["Anna Bērziņa", "Kari Nordmann"]
    assert (coffee.kind, coffee.counted, economy.capacity) == ("break", False, 20)
    assert economy.starts_at.isoformat() == "2027-05-05T06:00:00+00:00"
    # the same file again
    assert "Nothing would change." in await desk.look(TABLE)


async def test_a_long_file_keeps_others_waiting_no_longer(desk: Desk, event: Event) -> None:
    """In its transaction each row costs one statement."""
    asked = []
    for rows in (2, 12):
        lines = (
            f"2027-05-04,{n // 60:02}:{n % 60:02},23:00,Item {rows} {n},\n"
            for n in range(60, 60 + rows)
        )
        page = await desk.look("Day,Begins,Ends,Title,Room or place\n" + "".join(lines))
        with counted() as statements:
            await desk.apply(page)
        asked.append(len(statements))
    assert asked[1] - asked[0] <= 10
    assert (len(await titles(event)), await Change.filter(action="session_added").count()) == (
        14,
        14,
    )
    assert await AuditEntry.filter(action="session.added").count() == 14
    await event.refresh_from_db()
    assert event.revision == 2


async def test_what_changes_is_shown_field_by_field(desk: Desk, event: Event) -> None:
    opening = await add(
        event, "Opening", "09:00", "10:30", place="Great hall", speakers=["Anna Bērziņa"]
    )
    await add(event, "Dinner", "19:00", "21:00", kind="meal")
    page = await desk.look(TABLE)
    assert groups(page) == {
        "To be added": ["Coffee", "Circular economy"],
        "To be changed": ["Opening"],
        "Not in the file": ["Dinner"],
    }
    assert "Speakers" in page
    assert "Anna Bērziņa, Kari Nordmann</ins>" in page
    await desk.apply(page)
    assert await titles(event) == ["Opening", "Coffee", "Dinner", "Circular economy"]
    await opening.refresh_from_db()
    assert opening.speakers == ["Anna Bērziņa", "Kari Nordmann"]


async def test_what_is_ticked_is_removed_and_all_of_it_can_be_undone(
    desk: Desk, event: Event
) -> None:
    opening = await add(event, "Opening", "09:00", "10:00", place="Hall")
    dinner = await add(event, "Dinner", "19:00", "21:00", kind="meal")
    page = await desk.look(TABLE)
    answer = await desk.apply(page, remove=[dinner.id, 99999])
    assert await titles(event) == ["Opening", "Coffee", "Circular economy"]
    page = unescape((await desk.client.get(answer.headers["location"])).text)
    undo = next(
        address for address in re.findall('action="([^"]*)"', page) if "import/undo" in address
    )
    answer = await desk.client.post(undo, data={"csrf": desk.csrf})
    assert "as it was before" in (await desk.client.get(answer.headers["location"])).text
    assert await titles(event) == ["Opening", "Dinner"]
    await opening.refresh_from_db()
    assert (opening.place, opening.ends_at.hour, opening.timezone) == ("Hall", 7, "")
    # once only
    answer = await desk.client.post(undo, data={"csrf": desk.csrf})
    assert "changed since" in (await desk.client.get(answer.headers["location"])).text


async def test_a_programme_that_changed_meanwhile_is_looked_at_again(
    desk: Desk, event: Event
) -> None:
    page = await desk.look(TABLE)
    await add(event, "Opening", "09:00", "10:00")
    answer = await desk.apply(page, 409)
    assert "changed meanwhile" in answer.text
    assert groups(answer.text)["To be changed"] == ["Opening"]
    assert await titles(event) == ["Opening"]
    await desk.apply(answer.text)
    assert await titles(event) == ["Opening", "Coffee", "Circular economy"]


async def test_those_registered_get_one_mail_for_all_of_it_and_not_at_once(
    desk: Desk, event: Event
) -> None:
    await make.register(event, "Ina Bērziņa", notify=False)
    before = await Message.all().count()
    answer = await desk.apply(await desk.look(TABLE))
    assert "Nobody has been told yet" in (await desk.client.get(answer.headers["location"])).text
    assert await Message.all().count() == before
    assert await Change.filter(event_id=event.id, action="session_added").count() == 3
    await desk.client.post(f"/desk/e/{event.slug}/tell?what=change", data={"csrf": desk.csrf})
    assert await Message.all().count() == before + 1


async def test_rows_with_mistakes_are_listed_and_what_they_mean_stays(
    desk: Desk, event: Event
) -> None:
    await add(event, "Opening")
    page = await desk.look(
        "Day,Begins,Ends,Title,Time zone,Seats of its own\n"
        "2027-05-04,9,soon,Opening,,\n"
        "2027-05-04,25:00,26:00,Late,,\n"
        ",,,Nothing known,,\n"
        "2027-05-04,12:00,13:00,Lunch,Riga,many\n"
        "2027-05-04,13:00,14:00,,,\n"
        "2027-05-04,14:00,15:00,Good,,\n"
    )
    found = groups(page)
    assert found["To be added"] == ["Good"]
    assert "Not in the file" not in found
    assert list(dict.fromkeys(found["Rows that cannot be read"])) == [
        "2 · Opening", "3 · Late", "4 · Nothing known", "5 · Lunch", "6",
    ]  # fmt: skip
    for words in (
        "soon",
        "25:00",
        "This is not a time like 9.30",
        "not a time zone like",
        "Please give a whole number.",
    ):
        assert words in page
    await desk.apply(page)
    assert await titles(event) == ["Opening", "Good"]


async def test_a_time_that_comes_twice_is_chosen(desk: Desk, database: Settings) -> None:
    event = desk.event
    table = "Day,Begins,Ends,Title\n2027-10-31,3:30,5:00,Night\n"
    page = await desk.look(table)
    assert "03:30 summer time" in page
    answer = await desk.apply(page, 422)
    assert "Please choose the times" in answer.text
    await desk.apply(page, choices={"choice-2-starts_at": "2027-10-31T03:30:00+02:00"})
    night = await Session.get(event_id=event.id)
    assert night.starts_at.isoformat() == "2027-10-31T01:30:00+00:00"
    # it is the time that it has: nothing to ask
    assert "Nothing would change." in await desk.look(table)


async def test_a_preview_of_another_event_or_a_changed_one_is_refused(
    desk: Desk, event: Event
) -> None:
    page = await desk.look(TABLE)
    answer = await desk.apply(page.replace('name="plan" value="', 'name="plan" value="0'), 422)
    assert "not complete" in answer.text
    assert await titles(event) == []
    assert "not complete" in (await desk.apply("", 422)).text


async def test_a_title_in_another_language_than_was_thought_overwrites_nothing(
    desk: Desk, event: Event
) -> None:
    """Who leaves the choice of the language alone has the titles of the programme all the same."""
    lunch = await add(event, "Lunch")
    await lunch.change(event, ALICE, title={"en": "Lunch", "lv": "Pusdienas"})
    table = "Day;Begins;Ends;Title\n2027-05-04;9;10;Pusdienas\n"
    assert "Nothing would change." in await desk.look(table)
    await desk.apply(await desk.look(table.replace("9;10", "9;11")))
    await lunch.refresh_from_db()
    assert (lunch.title, lunch.ends_at.hour) == ({"en": "Lunch", "lv": "Pusdienas"}, 8)
    # a table that names its languages means them
    page = await desk.look(
        "Day;Begins;Ends;Title (en);Title (lv)\n2027-05-04;9;11;Pusdienas;Pusdienas\n"
    )
    assert "Title (English)" in page


async def test_a_language_of_its_own(desk: Desk, event: Event) -> None:
    await add(event, "Opening")
    page = await desk.look(
        "Datums\tSākums\tBeigas\tNosaukums (lv)\tVeids\n4.5.2027\t9\t10\tAtklāšana\tSaruna\n"
    )
    assert groups(page)["To be added"] == ["Atklāšana"]
    page = await desk.look("Day\tTime\tTitle\tTitle (lv)\n4.5.2027\t9-10\tOpening\tAtklāšana\n")
    assert groups(page) == {"To be changed": ["Opening"]}
    assert "Title (Latvian)" in page
    await desk.apply(page)
    assert (await Session.get(event_id=event.id)).title == {"en": "Opening", "lv": "Atklāšana"}
