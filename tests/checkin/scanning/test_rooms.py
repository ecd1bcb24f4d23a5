"""Grouped rooms in the database: who is inside where, minutes, late scans, undoing, and switching
it on and off.
"""

from datetime import datetime
from random import Random
from typing import Any

import pytest

from accounts.sessions.access import Actor
from checkin.attendance.attendance import event_attendance, recount
from checkin.scanning.presence import Crossing, Presence, standings
from checkin.scanning.scans import withdraw
from core import db
from registrations.people.self_service import choose_sessions
from registrations.registration.registration import Registration
from tests.checkin.attendance.test_attendance import agrees, at, enter, gathering, minutes, talk
from tests.checkin.people import registered, scan
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")

ALICE = Actor("alice")


async def inside(of: Registration) -> set[str]:
    return {p.unit for p in await Presence.filter(registration_id=of.id, inside=True)}


async def test_entering_a_room_leaves_the_last_one() -> None:
    event = await gathering(rooms_grouped=True)
    a, b = await talk(event, 9, 11), await talk(event, 9, 11)
    one = await registered(event)
    assert await enter(event, scan(one, at(9), session=a.id)) == ["valid"]
    assert await enter(event, scan(one, at(10), session=b.id)) == ["valid"]
    assert await inside(one) == {str(b.id)}
    assert await enter(event, scan(one, at(10.25), session=a.id)) == ["valid"], (
        "back in the first room"
    )
    assert await inside(one) == {str(a.id)}
    assert await minutes(one) == {str(a.id): 60 + 45, str(b.id): 15}
    total = await event_attendance(event)
    assert [(s["attended"], s["inside"]) for s in total["sessions"]] == [(1, 1), (1, 0)]
    assert await agrees(event)


async def test_scans_that_come_late_say_the_same() -> None:
    event = await gathering(rooms_grouped=True)
    rooms = [await talk(event, 9, 11), await talk(event, 9, 11), await talk(event, 9, 12)]
    scans = [
        (9, 0, "in"),
        (9.5, 1, "in"),
        (9.75, 1, "out"),
        (10, 2, "in"),
        (10.5, 0, "in"),
        (11.5, 2, "in"),
    ]
    states = []
    for seed in range(4):
        one = await registered(event)
        entries = [
            scan(one, at(hour), direction, session=rooms[room].id)
            for hour, room, direction in scans
        ]
        Random(seed).shuffle(entries)
        for entry in entries:
            await enter(event, entry)
        states.append((await inside(one), await minutes(one)))
    assert (
        states
        == [({str(rooms[2].id)}, {str(r.id): m for r, m in zip(rooms, (60, 15, 60), strict=True)})]
        * 4
    )
    assert await agrees(event)


async def test_a_whole_batch_and_an_undo() -> None:
    event = await gathering(rooms_grouped=True)
    a, b = await talk(event, 9, 11), await talk(event, 9, 11)
    people = [await registered(event) for _n in range(5)]
    await enter(event, *(scan(p, at(9), session=a.id) for p in people))
    moves = [scan(p, at(10), session=b.id) for p in people]
    await enter(event, *moves)
    assert [await inside(p) for p in people] == [{str(b.id)}] * 5
    await withdraw(moves[0].id, "bob")
    assert await inside(people[0]) == {str(a.id)}, "the move is undone"
    assert await minutes(people[0]) == {str(a.id): 120}
    assert await agrees(event)


async def test_switching_it_on_and_off_counts_the_event_anew() -> None:
    event = await gathering()
    a, b = await talk(event, 9, 11), await talk(event, 10, 12)
    one = await registered(event)
    await enter(event, scan(one, at(9), session=a.id), scan(one, at(10.5), session=b.id))
    await enter(event, scan(one, at(10.75), "out", session=b.id))
    assert (await inside(one), await minutes(one)) == ({str(a.id)}, {str(a.id): 105, str(b.id): 15})
    await event.change(ALICE, rooms_grouped=True)
    assert (await inside(one), await minutes(one)) == (set(), {str(a.id): 90, str(b.id): 15})
    assert await agrees(event)
    await event.change(ALICE, rooms_grouped=False)
    assert (await inside(one), await minutes(one)) == ({str(a.id)}, {str(a.id): 105, str(b.id): 15})
    assert await agrees(event)


async def test_what_was_cut_short_after_a_scan_is_made_good_when_attendance_is_settled() -> None:
    event = await gathering(rooms_grouped=True)
    a, b = await talk(event, 9, 11), await talk(event, 9, 11)
    one = await registered(event)
    await enter(event, scan(one, at(9), session=a.id), scan(one, at(10), session=b.id))
    # as if the process had died between the scan and the other rooms' rows
    await Presence.filter(registration_id=one.id).update(inside=True)
    assert len([line for line in await recount(event.project_id) if "presence" in line]) == 1
    await minutes(one)
    assert await inside(one) == {str(b.id)}


async def test_other_sessions_chosen_after_a_scan_are_counted() -> None:
    event = await gathering()
    first, second = await talk(event, 9, 11, capacity=10), await talk(event, 9, 11, capacity=10)
    one = await registered(event, chosen=(first,))
    await db.execute("UPDATE session SET seats_taken = 1 WHERE id = $1", first.id)
    await enter(event, scan(one, at(9)))
    assert await minutes(one) == {str(first.id): 120}
    await choose_sessions(one, [second.id])
    assert await minutes(one) == {str(second.id): 120}
    assert await agrees(event)


def test_standings_do_not_depend_on_the_order() -> None:
    moment = datetime.fromisoformat(at(9))
    scans = [
        Crossing(moment, "in", "1", 1),
        Crossing(moment, "in", "2", 2),
        Crossing(moment, "in", "2026-05-04", None),
    ]
    both = [standings(some, grouped=True) for some in (scans, scans[::-1])]
    assert both[0] == both[1]
    assert {unit: s.inside for unit, s in both[0].items()} == {
        "1": False,
        "2": True,
        "2026-05-04": True,
    }


async def test_the_setting_by_api_and_by_form(client: Any) -> None:
    project = await factories.project()
    who = await factories.organiser(project)
    bearer = await factories.bearer(who)
    given = {
        "kind": "training",
        "title": "Rooms",
        "starts_at": "2027-05-04T09:00",
        "ends_at": "2027-05-04T17:00",
    }
    made = await client.post(
        f"/api/v1/projects/{project.slug}/events",
        json={**given, "rooms_grouped": True},
        headers=bearer,
    )
    assert (made.status_code, made.json()["rooms_grouped"]) == (201, True)
    address = f"/api/v1/events/{made.json()['slug']}"
    changed = await client.patch(address, json={"rooms_grouped": False}, headers=bearer)
    assert (changed.status_code, changed.json()["rooms_grouped"]) == (200, False)
    wrong = await client.patch(address, json={"rooms_grouped": "yes"}, headers=bearer)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "rooms_grouped")
    await factories.sign_in(client, who)
    page = (await client.get(f"/desk/e/{made.json()['slug']}/edit")).text
    assert "Whoever enters one room has left the last one" in page
