"""Everyone out: exits like any other, at the time that was said, and taken back as one."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.audit.audit import AuditEntry
from accounts.sessions.access import Actor
from checkin.attendance.attendance import event_attendance
from checkin.attendance.gates import Entrance, entrances
from checkin.review.sign_out_all import doors_of, everyone_out, inside_at, leavings, take_back
from checkin.scanning.scans import Scan
from core.clock import now, travelled
from core.errors import DomainError
from events.event.event import Event
from tests.browser.support.daytime import zone
from tests.checkin.attendance.test_attendance import (
    NINE,
    agrees,
    at,
    enter,
    gathering,
    minutes,
    talk,
)
from tests.checkin.people import registered, scan
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")

ALICE = Actor("alice")
NOON = NINE + timedelta(hours=3)


async def doors(event: Event) -> dict[str, Entrance]:
    return {d.unit: d for d in entrances(event, await event.sessions_now())}


async def units(event: Event, unit: str) -> list[str]:
    return doors_of(event, await event.sessions_now(), (await doors(event))[unit])


async def test_their_minutes_end_then_and_nobody_is_inside() -> None:
    event = await gathering()
    here, gone, later, never = [await registered(event) for _n in range(4)]
    await enter(event, scan(here, at(9)), scan(gone, at(9)), scan(later, at(12.5)), organiser=True)
    await enter(event, scan(gone, at(11), "out"))
    day = await units(event, "2026-05-04")
    assert [rid for rid, _unit, _session in await inside_at(event, day, NOON)] == [here.id]
    assert await everyone_out(event, day, NOON, 1, ALICE) == 1
    assert [await minutes(one) for one in (here, gone, later, never)] == [
        {"2026-05-04": 180},
        {"2026-05-04": 120},
        {"2026-05-04": 270},
        {},
    ]
    exits = await Scan.filter(marks="everyone_out")
    assert [(s.registration_id, s.direction, s.method, s.counts, s.actor) for s in exits] == [
        (here.id, "out", "manual", True, "alice")
    ]
    assert await everyone_out(event, day, NOON, 0, ALICE) == 0, "a second time nobody is inside"
    assert (await event_attendance(event))["inside"] == 1
    assert await agrees(event)


async def test_who_left_in_that_very_minute_has_left() -> None:
    event = await gathering()
    left, came = [await registered(event) for _n in range(2)]
    await enter(
        event,
        scan(left, at(9)),
        scan(left, at(12 + 30 / 3600), "out"),
        scan(came, at(12 + 40 / 3600)),
    )
    assert await inside_at(event, await units(event, "2026-05-04"), NOON) == []
    assert await everyone_out(event, await units(event, "2026-05-04"), NOON, 0, ALICE) == 0
    assert await minutes(left) == {"2026-05-04": 180}


async def test_of_a_session_or_of_the_whole_day() -> None:
    event = await gathering()
    a, b = await talk(event, 9, 11), await talk(event, 9, 11)
    one, two, three = [await registered(event) for _n in range(3)]
    await enter(
        event, scan(one, at(9), session=a.id), scan(two, at(9), session=b.id), scan(three, at(9))
    )
    ten = NINE + timedelta(hours=1)
    assert await everyone_out(event, await units(event, str(a.id)), ten, 1, ALICE) == 1
    assert (await event_attendance(event))["inside"] == 2
    assert await everyone_out(event, await units(event, "2026-05-04"), ten, 2, ALICE) == 2
    assert (await event_attendance(event))["inside"] == 0
    assert await minutes(one) == {str(a.id): 60}
    assert await agrees(event)


async def test_those_let_in_against_the_list_leave_too_and_are_no_conflict() -> None:
    event = await gathering()
    gone = await registered(event, status="cancelled")
    await enter(event, scan(gone, at(9), admitted=True))
    long_after = NINE + timedelta(hours=14)
    assert await everyone_out(event, await units(event, "2026-05-04"), long_after, 1, ALICE) == 1
    assert (await event_attendance(event))["inside"] == 0
    assert await minutes(gone) == {"2026-05-04": 480}, "clipped to the day"


async def test_it_is_taken_back_as_a_whole() -> None:
    event = await gathering()
    people = [await registered(event) for _n in range(3)]
    await enter(event, *(scan(p, at(9)) for p in people))
    day = await units(event, "2026-05-04")
    await everyone_out(event, day, NOON, 3, ALICE)
    (line,) = await leavings(event)
    assert (line.at, line.actor, line.number, line.taken_back) == (NOON, "alice", 3, 0)
    assert await take_back(event, line.scan, ALICE) == 3
    assert await take_back(event, line.scan, ALICE) == 0
    assert [await minutes(p) for p in people] == [{"2026-05-04": 480}] * 3
    assert (await event_attendance(event))["inside"] == 3
    assert [(one.number, one.taken_back) for one in await leavings(event)] == [(3, 3)]
    assert [
        entry.action
        for entry in await AuditEntry.filter(action__startswith="door.everyone_out").order_by("id")
    ] == ["door.everyone_out", "door.everyone_out_taken_back"]
    with pytest.raises(DomainError):
        await take_back(await gathering(), line.scan, ALICE)
    assert await agrees(event)


async def test_the_number_confirmed_must_be_the_number() -> None:
    event = await gathering()
    await enter(event, scan(await registered(event), at(9)))
    day = await units(event, "2026-05-04")
    with pytest.raises(DomainError, match="By now it is 1 person"):
        await everyone_out(event, day, NOON, 2, ALICE)
    with pytest.raises(DomainError, match="still to come"):
        await everyone_out(event, day, now() + timedelta(minutes=1), 1, ALICE)
    assert await Scan.filter(direction="out").count() == 0


async def test_the_page(client: Any) -> None:
    project = await factories.project()
    begun = (
        (now() - timedelta(hours=3)).replace(second=0, microsecond=0).astimezone(ZoneInfo(zone()))
    )
    event = await factories.event(
        project, starts_at=begun, ends_at=begun + timedelta(hours=2), timezone=zone()
    )
    for n in range(2):
        await enter(event, scan(await registered(event, f"Guest {n}"), begun.isoformat()))
    csrf = await factories.sign_in(client, await factories.organiser(project, role_name="door"))
    address = f"/desk/e/{event.slug}/door/everyone-out"
    page = (await client.get(address)).text
    assert "Record that 2 people have left" in page
    given = {
        "csrf": csrf,
        "unit": begun.date().isoformat(),
        "at": (begun + timedelta(hours=1)).isoformat()[:16],
    }
    assert (await client.post(address, data={**given, "number": "3"})).status_code == 409
    assert (
        await client.post(address, data={**given, "at": "soon", "number": "2"})
    ).status_code == 422
    assert (await client.post(address, data={**given, "number": "2"})).status_code == 303
    page = (await client.get(address)).text
    assert "2 people have left" in page
    assert "Nobody is inside" in page
    with travelled(timedelta(minutes=1)):
        (line,) = await leavings(event)
        assert (
            await client.post(f"{address}/{line.scan}/withdrawal", data={"csrf": csrf})
        ).status_code == 303
    assert "Record that 2 people have left" in (await client.get(address)).text
