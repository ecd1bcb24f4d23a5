"""A programme, edited on one page, with a script and without."""

import re
from datetime import timedelta

from accounts.sessions.access import Actor
from events.programme.clashes import clashes
from events.programme.sessions import Session
from tests.events.alice import PART, Alice, Fields, fields_of, said, visit_to
from tests.support import factories as make


async def test_a_programme_by_plain_posts(alice: Alice) -> None:
    event = await visit_to(alice)
    day, base = event.starts_at.date().isoformat(), f"/desk/e/{event.slug}/programme"
    given: Fields = {
        "day": day,
        "time": "9-10.30",
        "kind": "visit",
        "title_en": "Town hall",
        "place": "Hall A",
    }
    page = await alice.sends(base, **given, speakers="Anna Bērziņa, Kari Nordmann")
    assert (
        all(
            w in said(page)
            for w in ("Added: Town hall.", "09:00 –10:30", "Anna Bērziņa, Kari Nordmann")
        )
        or page
    )
    first = await Session.get(event_id=event.id)
    assert (first.ends_at - first.starts_at, first.speakers) == (
        timedelta(minutes=90),
        ["Anna Bērziņa", "Kari Nordmann"],
    )
    page = await alice.sends(
        base,
        **{**given, "time": "10-11", "title_en": "Lunch", "kind": "meal"},
        speakers="kari nordmann",
    )
    assert "2 things to look at" in said(page)
    assert "Town hall and Lunch are in Hall A at the same time." in said(page)
    assert "speaks in Town hall and in Lunch at the same time." in said(page)
    page = await alice.sends(base, 422, **{**given, "time": "noon"})
    assert "Please type a time like 9-10.30." in said(page)
    assert 'value="noon"' in page
    page = await alice.sends(base, 422, **{**given, "time": "12-11"})
    assert "This is before the beginning." in said(page)
    page = await alice.sees(f"{base}?edit={first.id}")
    fields = fields_of(page)
    assert (fields["time"], fields["day"], fields["title_en"]) == ("9.00-10.30", day, "Town hall")
    page = await alice.sends(f"{base}/{first.id}", **{**fields, "time": "8-9", "capacity": "12"})
    assert "Saved: Town hall." in said(page)
    assert (await Session.get(id=first.id)).capacity == 12
    page = await alice.sends(f"{base}/{first.id}/remove")
    assert "Removed: Town hall." in said(page)
    undo = re.search(r'action="([^"]+/restore)"', page)
    assert undo
    assert "It is back: Town hall." in said(await alice.sends(undo[1]))
    assert [s.name for s in await event.sessions_now()] == ["Town hall", "Lunch"]


async def test_a_programme_without_reloading(alice: Alice) -> None:
    event = await visit_to(alice)
    day, base = event.starts_at.date().isoformat(), f"/desk/e/{event.slug}/programme"
    given: Fields = {"day": day, "time": "9-10.30", "kind": "visit", "title_en": "Town hall"}
    part = await alice.sends(base, 200, part=True, **given)
    assert part.lstrip().startswith('<div id="programme"')
    assert "Added: Town hall." in part
    session = await Session.get(event_id=event.id)
    part = await alice.sees(f"{base}?edit={session.id}", headers=PART)
    assert "Change the session" in part
    part = await alice.sends(
        f"{base}/{session.id}", 422, part=True, **{**fields_of(part), "time": "late"}
    )
    assert "Please type a time like 9-10.30." in part
    part = await alice.sends(f"{base}/{session.id}/remove", 200, part=True)
    assert f'data-hx-post="{base}/{session.id}/restore"' in part
    assert await event.sessions_now() == []


async def test_a_journey_has_a_zone_at_each_end_and_a_stay_another_day(alice: Alice) -> None:
    event = await visit_to(alice)
    start = event.starts_at.date()
    day, base = start.isoformat(), f"/desk/e/{event.slug}/programme"
    flight: Fields = {
        "day": day,
        "time": "10-11.30",
        "kind": "travel",
        "title_en": "Flight",
        "end_timezone": "Europe/Oslo",
    }
    page = await alice.sends(base, **flight)
    assert "Central European" in said(page)
    found = await Session.get(event_id=event.id)
    assert (found.ends_at - found.starts_at, found.counted) == (
        timedelta(hours=2, minutes=30),
        False,
    )
    stay: Fields = {
        "day": day,
        "time": "20-8",
        "kind": "stay",
        "title_en": "Hotel",
        "end_day": (start + timedelta(days=1)).isoformat(),
    }
    await alice.sends(base, **stay)
    hotel = await Session.get(event_id=event.id, kind="stay")
    assert hotel.ends_at - hotel.starts_at == timedelta(hours=12)
    fields = fields_of(await alice.sees(f"{base}?edit={hotel.id}"))
    await alice.sends(f"{base}/{hotel.id}", **{**fields, "title_en": "Hotel Nordic"})
    again = await Session.get(id=hotel.id)
    assert (again.starts_at, again.ends_at, again.name) == (
        hotel.starts_at,
        hotel.ends_at,
        "Hotel Nordic",
    )
    assert "This is not a time zone" in said(
        await alice.sends(base, 422, **{**flight, "timezone": "Mars/Crater"})
    )


async def test_sessions_side_by_side_do_not_clash(alice: Alice) -> None:
    event = await visit_to(alice)
    actor, begins = Actor("alice@example.org"), event.starts_at
    for room, speaker, after in (("A", "Anna", 0), ("B", "Kari", 0), ("A", "Anna", 1)):
        times: Fields = {
            "starts_at": begins + timedelta(hours=after),
            "ends_at": begins + timedelta(hours=after + 1),
        }
        await Session.add(
            event, actor, kind="talk", title="T", place=room, speakers=[speaker], **times
        )
    # a hotel of the same town, or the same house
    night: Fields = {"starts_at": begins, "ends_at": begins + timedelta(hours=20)}
    await Session.add(event, actor, kind="stay", title="Hotel", place="A", **night)
    assert clashes(await event.sessions_now()) == []


async def test_a_long_list_of_clashes_is_cut_short(alice: Alice) -> None:
    event = await visit_to(alice)
    times: Fields = {"starts_at": event.starts_at, "ends_at": event.starts_at + timedelta(hours=1)}
    given = [{"kind": "talk", "title": f"Talk {n}", "place": "A", **times} for n in range(8)]
    await Session.add_all(event, Actor("alice@example.org"), given)
    page = said(await alice.sees(f"/desk/e/{event.slug}/programme"))
    assert (
        "28 things to look at" in page,
        page.count("at the same time."),
        "and 8 more" in page,
    ) == (True, 20, True)


async def test_a_session_of_another_event_is_not_there(alice: Alice) -> None:
    event, foreign = await visit_to(alice), await make.event(await make.project())
    times: Fields = {"starts_at": foreign.starts_at, "ends_at": foreign.ends_at}
    theirs = await Session.add(foreign, Actor("bob@example.org"), kind="talk", title="T", **times)
    base = f"/desk/e/{event.slug}/programme"
    await alice.sees(f"{base}?edit={theirs.id}", 404)
    await alice.sees(f"{base}?edit=x", 404)
    for what in ("", "/remove", "/restore"):
        await alice.sends(f"{base}/{theirs.id}{what}", 404, title_en="Mine")
