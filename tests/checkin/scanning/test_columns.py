"""No column of a scan, of who is inside, or of an attendance fact is forgotten by the statements
that write them.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from checkin.attendance import settlement
from checkin.attendance.attendance import Attendance, settle
from checkin.scanning import presence
from checkin.scanning.scans import Scan, record
from core.clock import now
from core.database.rows import fields_of
from events.event.event import Event
from tests.browser.support.daytime import zone
from tests.checkin.people import registered, scan, session
from tests.support import factories

LATER = {"reviewed_at", "reviewed_by", "withdrawn_at", "withdrawn_by", "withdrawn_reason"}
"""The columns of a scan that get their value later in its life."""


async def conference(**over: Any) -> Event:
    """A conference that began an hour ago, until seven hours from now."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=8), "timezone": zone()}
    return await factories.event(await factories.project(), **{**times, **over})


async def test_a_scan_with_everything_keeps_everything(database: object) -> None:
    event = await conference()
    talk = await session(event, event.starts_at, event.ends_at)
    guest = await registered(event, "Čārlijs")
    scanned_at = now().replace(microsecond=0) - timedelta(minutes=20)
    said: dict[str, Any] = {
        "session": talk.id,
        "admitted": True,
        "minutes": 15,
        "method": "paper",
        "sheet": 3,
    }
    entry = scan(guest, scanned_at, **said, marks="unlisted", clock_offset_ms=600_000)
    # without a time, an organiser's entry holds from the start
    whole = scan(guest, None, "out", session=talk.id, method="paper")
    for one in (entry, whole):
        await record(event, [one], actor_name="bob", device=7, organiser=True)
    kept = await Scan.get(id=entry.id)
    assert {column: getattr(kept, column) for column in fields_of(Scan)} == {
        "id": kept.id,
        "project_id": event.project_id,
        "event_id": event.id,
        "registration_id": guest.id,
        "session_id": talk.id,
        "unit": str(talk.id),
        "device_id": 7,
        "actor": "bob",
        "ticket": entry.ticket,
        "direction": "in",
        "method": "paper",
        "result": "valid",
        "counts": True,
        "admitted": True,
        "whole": False,
        "minutes": 15,
        "scanned_at": scanned_at + timedelta(minutes=10),
        "device_at": scanned_at,
        "clock_offset_ms": 600_000,
        "received_at": kept.received_at,
        "flagged": True,
        "settled": False,
        "marks": "unlisted",
        "sheet_id": 3,
        **dict.fromkeys(LATER, ""),
        "reviewed_at": None,
        "withdrawn_at": None,
    }
    assert abs(kept.received_at - now()) < timedelta(minutes=1)
    assert (await Scan.get(id=whole.id)).whole


async def test_a_changed_fact_is_written_anew_in_every_column(database: object) -> None:
    event = await conference()
    guest = await registered(event, "Charlie")
    await record(event, [scan(guest)], actor_name="bob", organiser=False)
    await settle(event.project_id)
    fact = await Attendance.get()
    [stored] = (await settlement.stored([guest.id])).values()
    columns = set(fields_of(Attendance))
    assert stored.keys() - {"id"} == set(settlement._TYPES) == columns
    row = {
        column: value.isoformat() if hasattr(value := getattr(fact, column), "isoformat") else value
        for column in columns
    }
    assert settlement.same(stored, row)
    key = {"project_id", "event_id", "registration_id", "unit"}
    other = datetime.fromisoformat("2020-01-01T00:00+00:00").isoformat()
    changed = {
        "session_id": 9,
        "day": "2020-01-01",
        "starts_at": other,
        "first_at": other,
        "minutes": fact.minutes + 1,
        "methods": ["paper"],
        "signed": not fact.signed,
    }
    assert changed.keys() == columns - key
    for column, value in changed.items():
        assert not settlement.same(stored, {**row, column: value}), column
        assert f"{column} = excluded.{column}" in " ".join(settlement._UPSERT.split())


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_counting_afresh_writes_every_column_of_who_is_inside(database: object) -> None:
    assert {*presence._TYPES, "was_inside"} == set(fields_of(presence.Presence))
    for column in presence._TYPES.keys() - {"event_id", "registration_id", "unit"}:
        assert f"{column} = excluded.{column}" in " ".join(presence._UPSERT.split())
