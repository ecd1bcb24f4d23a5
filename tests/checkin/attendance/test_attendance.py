"""Attendance derived from scans: the worked cases of docs/counting-rules.md by number; nothing acknowledged is
missing.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from checkin.attendance.attendance import (
    Attendance,
    event_attendance,
    mark_unsettled,
    recount,
    settle,
)
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import Scan, record, withdraw
from core import db
from core.clock import travelled
from events.event.event import Event
from registrations.registration.registration import Registration
from tests.checkin.people import registered, scan, session
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")

NINE = datetime(2026, 5, 4, 6, tzinfo=UTC)
"""Nine o'clock in Riga."""


def at(hours: float) -> str:
    return (NINE + timedelta(hours=hours - 9)).isoformat()


async def gathering(start: float = 9, end: float = 17, **over: Any) -> Event:
    given = {
        "starts_at": datetime.fromisoformat(at(start)),
        "ends_at": datetime.fromisoformat(at(end)),
        "capacity": None,
    }
    return await factories.event(await factories.project(), **{**given, **over})


async def talk(of: Event, start: float, end: float, **over: Any) -> Any:
    return await session(
        of, datetime.fromisoformat(at(start)), datetime.fromisoformat(at(end)), **over
    )


async def enter(event: Event, *entries: ScanEntry, organiser: bool = False) -> list[str]:
    answers = await record(event, list(entries), actor_name="bob", organiser=organiser)
    return [a["result"] for a in answers]


async def minutes(of: Registration) -> dict[str, int]:
    await settle(of.project_id)
    return {a.unit: a.minutes for a in await Attendance.filter(registration_id=of.id)}


async def agrees(event: Event) -> bool:
    """Everything but the seats, which these tests do not count."""
    return [
        line
        for line in await recount(event.project_id)
        if "seats taken" not in line and "waiting" not in line
    ] == []


async def test_case_2_three_sessions_of_one_scheme_are_three_facts() -> None:
    event = await gathering()
    talks = [await talk(event, 9 + n, 10 + n) for n in range(3)]
    one = await registered(event)
    assert (
        await enter(event, *(scan(one, at(9 + n), session=t.id) for n, t in enumerate(talks)))
        == ["valid"] * 3
    )
    assert await minutes(one) == {str(t.id): 60 for t in talks}
    assert (await event_attendance(event))["attended"] == 1


async def test_case_4_day_one_of_two() -> None:
    event = await gathering(9, 24 + 15)
    first, second = await talk(event, 9, 15), await talk(event, 33, 39)
    one = await registered(event)
    await enter(event, scan(one, at(9)))
    assert await minutes(one) == {str(first.id): 360}
    total = await event_attendance(event)
    assert [(s["id"], s["attended"]) for s in total["sessions"]] == [
        (str(first.id), 1),
        (str(second.id), 0),
    ]
    assert (total["attended"], total["minutes"]) == (1, 360)


async def test_case_5_ten_sessions_of_two_hours() -> None:
    event = await gathering(9, 9 * 24 + 11)
    talks = [await talk(event, 24 * n + 9, 24 * n + 11) for n in range(10)]
    a, b = await registered(event), await registered(event)
    await enter(event, *(scan(a, at(24 * n + 9), session=talks[n].id) for n in range(8)))
    await enter(event, *(scan(b, at(24 * n + 9), session=talks[n].id) for n in range(7)))
    assert sum((await minutes(a)).values()) == 960
    assert sum((await minutes(b)).values()) == 840
    assert (await event_attendance(event))["minutes"] == 30 * 60


async def test_case_13_a_replaced_delegate() -> None:
    event = await gathering()
    people = [await registered(event) for _i in range(25)]
    gone = await registered(event, status="replaced")
    people.append(await registered(event, replaces_id=gone.id))
    assert await enter(event, scan(gone, at(9))) == ["replaced"]
    await enter(event, *(scan(p, at(9)) for p in people))
    total = await event_attendance(event)
    assert (total["registered"], total["attended"], total["confirmed"]) == (27, 26, 26)


async def test_case_22_seen_and_signed() -> None:
    event = await gathering()
    people = [await registered(event) for _i in range(53)]
    await enter(event, *(scan(p, at(9)) for p in people[:50]))
    with travelled(event.ends_at + timedelta(days=1)):
        sheets = [ScanEntry(str(uuid4()), registration=p.id, method="paper") for p in people[49:]]
        await enter(event, *sheets, organiser=True)
    assert (await event_attendance(event))["attended"] == 53
    assert await Attendance.filter(signed=True).count() == 4
    both = await Attendance.get(registration_id=people[49].id)
    assert (both.methods, both.minutes) == (["paper", "qr"], 480)


async def test_case_23_who_never_came() -> None:
    event = await gathering()
    people = [await registered(event) for _i in range(60)]
    await enter(event, *(scan(p, at(9.5)) for p in people[6:]))
    total = await event_attendance(event)
    assert (total["registered"], total["attended"], total["inside"], total["minutes"]) == (
        60,
        54,
        54,
        54 * 450,
    )
    assert await agrees(event)


async def test_inside_and_out_while_it_runs() -> None:
    event = await gathering()
    one, two = await registered(event), await registered(event)
    await enter(event, scan(one, at(9)), scan(two, at(9)), scan(two, at(10), "out"))
    with travelled(NINE + timedelta(hours=2)):
        total = await event_attendance(event)
    assert (total["attended"], total["inside"], total["minutes"]) == (2, 1, 480 + 60)


async def test_grace_of_the_event_and_of_a_late_one() -> None:
    event = await gathering(grace_minutes=15)
    punctual, late = await registered(event), await registered(event)
    await enter(event, scan(punctual, at(9.25)), scan(late, at(9.5)))
    assert (await minutes(punctual), await minutes(late)) == (
        {"2026-05-04": 480},
        {"2026-05-04": 450},
    )


async def test_two_phones_end_in_the_same_state_whichever_syncs_first() -> None:
    event = await gathering()
    one, two = await registered(event), await registered(event)
    first, second = (at(9), at(10), at(11)), (at(9.5), at(11.5))
    for person, batches in ((one, (first, second)), (two, (second, first))):
        for batch in batches:
            await enter(
                event, *(scan(person, a, "out" if n == 1 else "in") for n, a in enumerate(batch))
            )
    assert list((await minutes(one)).values()) == list((await minutes(two)).values())
    assert await agrees(event)


async def test_an_undone_scan_counts_no_longer() -> None:
    event = await gathering()
    one = await registered(event)
    first = scan(one, at(9))
    await enter(event, first)
    assert await minutes(one) == {"2026-05-04": 480}
    await withdraw(first.id, "bob")
    assert await minutes(one) == {}
    assert await Scan.all().count() == 1
    assert await agrees(event)


async def test_a_moved_session_is_counted_afresh() -> None:
    event = await gathering()
    moved = await talk(event, 9, 11)
    one = await registered(event)
    await enter(event, scan(one, at(9), session=moved.id))
    assert await minutes(one) == {str(moved.id): 120}
    moved.ends_at = datetime.fromisoformat(at(10))
    await moved.save()
    assert not await agrees(event)
    await mark_unsettled(event.id)
    assert await minutes(one) == {str(moved.id): 60}
    moved.removed_at = NINE
    await moved.save()
    await mark_unsettled(event.id)
    assert await minutes(one) == {"2026-05-04": 480}


async def test_meals_do_not_count() -> None:
    event = await gathering()
    lunch, work = await talk(event, 12, 13, kind="meal", counted=False), await talk(event, 13, 14)
    one, two = await registered(event), await registered(event)
    await enter(event, scan(one, at(12), session=lunch.id), scan(two, at(12)))
    assert (await minutes(one), await minutes(two)) == ({}, {str(work.id): 60})


async def test_settling_at_once_and_while_scans_arrive() -> None:
    event = await gathering()
    people = [await registered(event) for _i in range(30)]
    work = [enter(event, *(scan(p, at(9)) for p in people[n : n + 3])) for n in range(0, 30, 3)]
    await asyncio.gather(*work, *(settle(event.project_id) for _i in range(5)))
    assert (await event_attendance(event))["attended"] == 30
    assert await Scan.filter(settled=False).count() == 0
    assert await agrees(event)


async def test_a_recount_tells_what_differs() -> None:
    event = await gathering()
    one, two = await registered(event), await registered(event)
    await enter(event, scan(one, at(9)), scan(two, at(9)))
    await settle(event.project_id)
    await Attendance.filter(registration_id=one.id).update(minutes=1)
    await Attendance.filter(registration_id=two.id).delete()
    await db.execute("UPDATE presence SET inside = FALSE WHERE registration_id = $1", one.id)
    differences = await recount(event.project_id)
    assert [line for line in differences if line.startswith("registration")] == [
        f"registration {two.id}: no attendance at 2026-05-04, counted 480 min",
        f"registration {one.id}: attendance at 2026-05-04 says 1 min, counted 480",
        f"registration {one.id}: presence at 2026-05-04 differs from its scans",
    ]
    assert [line for line in differences if not line.startswith("registration")] == [
        f"event {event.slug}: 0 seats taken, counted 2"
    ]
