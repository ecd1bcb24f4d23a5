"""Guests at the door: as the event says, beyond the seats, and after the rules changed."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from checkin.attendance.attendance import recount, settle
from checkin.review.conflicts import conflicts
from checkin.scanning.scans import Scan
from core.clock import now
from events.event.event import Event
from registrations.registration.registration import Registration
from tests.checkin.pairing import pair


@pytest.mark.parametrize("policy", ["no", "ask", "yes"])
async def test_guests_as_the_event_says(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event, policy: str
) -> None:
    await Event.filter(id=door.id).update(walk_ins=policy)
    base = await pair(client, other, door)
    given: dict[str, Any] = {
        "name": "Charlie Stranger",
        "email": "charlie@example.org",
        "at": now().isoformat(),
    }
    asked = [{**given, "id": str(uuid4())}, {**given, "id": str(uuid4()), "agreed_by": "Alice"}]
    asked.append({**given, "id": str(uuid4()), "email": "nobody", "agreed_by": "Alice"})
    answers = (await other.post(f"{base}/guests", json=asked)).json()
    wrong = [[e["field"] for e in a.get("errors", [])] for a in answers]
    assert [a["id"] for a in answers] == [a["id"] for a in asked]
    assert (
        wrong
        == {"no": [[""]] * 3, "ask": [["agreed_by"], [], ["email"]], "yes": [[], [], ["email"]]}[
            policy
        ]
    )
    if policy == "no":
        return
    one = await Registration.get()
    assert (one.source, one.status, one.door_note) == (
        "door",
        "confirmed",
        "Guest at the door, agreed by Alice" if policy == "ask" else "",
    )
    scan = [{"id": str(uuid4()), "registration": answers[1]["registration"]}]
    assert (await other.post(f"{base}/scans", json=scan)).json()[0]["result"] == "valid"


@pytest.mark.parametrize(
    "change", [{"walk_ins": "no"}, {"walk_ins": "ask"}, {"status": "cancelled"}]
)
async def test_guests_let_in_before_the_rules_changed_are_registered_to_be_looked_at(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event, change: dict[str, str]
) -> None:
    base = await pair(client, other, door)
    await Event.filter(id=door.id).update(**{"walk_ins": "yes", **change})
    given = {
        "id": str(uuid4()),
        "name": "Charlie Stranger",
        "email": "charlie@example.org",
        "at": now().isoformat(),
    }
    assert (await other.post(f"{base}/guests", json=[given])).json()[0]["errors"]
    let_in = (await other.post(f"{base}/guests", json=[{**given, "admitted": True}])).json()[0]
    assert let_in["status"] == "pending"
    scan = [{"id": str(uuid4()), "registration": let_in["registration"], "admitted": True}]
    result = (await other.post(f"{base}/scans", json=scan)).json()[0]["result"]
    assert result == ("event_cancelled" if "status" in change else "pending")
    assert (await Scan.get()).counts
    assert [c.title for c in await conflicts(door)] == ["Let in against the list"]


@pytest.mark.parametrize("waiting_list", [True, False])
async def test_guests_beyond_the_seats_wait_and_are_told_of_once(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event, *, waiting_list: bool
) -> None:
    await Event.filter(id=door.id).update(walk_ins="yes", capacity=1, waiting_list=waiting_list)
    base = await pair(client, other, door)
    guests = [
        {"id": str(uuid4()), "name": n, "email": f"{n}@example.org"}
        for n in ("anna", "bob", "charlie")
    ]
    answers = (await other.post(f"{base}/guests", json=guests)).json()
    assert [a["status"] for a in answers] == ["confirmed", "waiting", "waiting"]
    await (await Registration.get(id=answers[1]["registration"])).cancel(notify=False)
    again = (await other.post(f"{base}/guests", json=guests)).json()
    assert [a["registration"] for a in again] == [a["registration"] for a in answers]
    assert await Registration.all().count() == 3
    scan = {
        "id": str(uuid4()),
        "registration": answers[2]["registration"],
        "admitted": True,
        "marks": ["overflow"],
    }
    assert (await other.post(f"{base}/scans", json=[scan])).json()[0]["result"] == "waiting"
    kept = await Scan.get()
    assert (kept.counts, kept.marks) == (True, "overflow")
    await settle(door.project_id)
    assert await recount(door.project_id) == []
