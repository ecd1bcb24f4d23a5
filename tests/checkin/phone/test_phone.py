"""A phone at the door: what it may see and do, and what becomes of what it sends late."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from checkin.phone.devices import Device
from checkin.scanning.presence import Presence
from checkin.scanning.scans import Scan
from core.clock import now, travelled
from events.event.event import Event
from tests.checkin.pairing import JSON, pair
from tests.checkin.people import code, registered
from tests.support import factories


async def test_scans_search_undo_and_counts(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    guest = await registered(door, "Žanete Šķēle", door_note="Needs an interpreter")
    await registered(door, "Bob", status="waiting")
    base = await pair(client, other, door)
    before = (
        await other.post(f"{base}/contact", json={"unsent": 2, "clock_offset_ms": -1500})
    ).json()
    roster = (await other.get(f"{base}/roster")).json()
    assert (before["cursor"], before["expected"], before["revoked"]) == (roster["cursor"], 1, False)
    assert abs(before["now"] - now().timestamp() * 1000) < 5000
    assert (
        roster["phone"]["uploads_until"]
        == before["uploads_until"]
        == before["expires_at"] + 14 * 86_400_000
    )
    device = await Device.get()
    assert (device.unsent, device.clock_offset_ms) == (2, -1500)
    entry = {"id": str(uuid4()), "ticket": code(guest)}
    first = (await other.post(f"{base}/scans", json=[entry])).json()[0]
    assert (first["result"], first["name"], first["note"]) == (
        "valid",
        "Žanete Šķēle",
        "Needs an interpreter",
    )
    assert (await other.post(f"{base}/scans", json=[entry])).json() == [first]
    again = {"id": str(uuid4()), "registration": str(guest.id), "method": "manual"}
    second = (await other.post(f"{base}/scans", json=[again])).json()[0]
    kept = await Scan.get(id=entry["id"])
    assert (second["result"], second["gate"]) == ("already_in", "Gate 2, Bob")
    assert second["since"] == int(kept.scanned_at.timestamp() * 1000)
    assert (await other.post(f"{base}/scans", json=[again])).json() == [second]
    after = (await other.post(f"{base}/contact", json={})).json()
    assert after["counts"] == {kept.unit: {"came": 1, "inside": 1}}
    assert after["cursor"] != before["cursor"]
    undone = await other.post(
        f"{base}/undo", json=[{"id": second["id"]}, {"id": first["id"]}, {"id": first["id"]}]
    )
    assert undone.json() == [
        {"id": i, "undone": True} for i in (second["id"], first["id"], first["id"])
    ]
    assert (await other.post(f"{base}/contact", json={})).json()["counts"] == {}
    kept = await Scan.get(id=entry["id"])
    assert (kept.actor, kept.withdrawn_by, kept.device_id) == (
        "Gate 2, Bob",
        "Gate 2, Bob",
        device.id,
    )


async def test_undo_from_the_phone_for_fifteen_minutes(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    guests = [await registered(door) for _i in range(3)]
    entries = [{"id": str(uuid4()), "ticket": code(guest)} for guest in guests]
    await other.post(f"{base}/scans", json=entries)
    unknown = str(uuid4())
    at = (now() + timedelta(minutes=14)).isoformat()
    wrong = (now() - timedelta(hours=5) + timedelta(minutes=14)).isoformat()
    with travelled(timedelta(minutes=16)):
        asked: list[dict[str, Any]] = [
            {"id": entries[0]["id"]},
            {"id": entries[1]["id"], "at": at},
            {"id": entries[2]["id"], "at": wrong, "clock_offset_ms": 5 * 3_600_000},
            {"id": unknown},
        ]
        answers = (await other.post(f"{base}/undo", json=asked)).json()
        assert [a["undone"] for a in answers] == [False, True, True, False]
        assert "fifteen minutes" in answers[0]["message"]
        assert answers[3] == {"id": unknown, "undone": False, "later": True}
        csrf = factories.csrf(client)
        where = f"/desk/e/{door.slug}/door/scans/{entries[0]['id']}/withdrawal"
        without = await client.post(where, data={"csrf": csrf})
        undone = await client.post(where, data={"csrf": csrf, "reason": "wrong person"})
    assert without.status_code == 422
    assert "Please fill this in." in without.text
    assert undone.status_code == 303
    assert (await Scan.get(id=entries[0]["id"])).withdrawn_reason == "wrong person"


async def test_what_let_nobody_in_cannot_be_undone(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    entry = {"id": str(uuid4()), "ticket": code(await registered(door, status="waiting"))}
    await other.post(f"{base}/scans", json=[entry])
    [answer] = (await other.post(f"{base}/undo", json=[{"id": entry["id"]}])).json()
    assert (answer["undone"], "let nobody in" in answer["message"]) == (False, True)


async def test_what_was_not_sent_is_taken_for_fourteen_days(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    [cookie] = [c for c in other.cookies.jar if c.name == "viesis-door"]
    assert cookie.expires is not None
    assert abs(cookie.expires - (door.ends_at + timedelta(hours=2, days=14)).timestamp()) < 60
    guest, late = await registered(door), await registered(door)
    entry = {"id": str(uuid4()), "ticket": code(guest), "scanned_at": now().isoformat()}
    late_entry = {"id": str(uuid4()), "ticket": code(late), "scanned_at": now().isoformat()}
    with travelled(door.ends_at + timedelta(hours=2, days=13, minutes=1)):
        assert (await other.get(f"{base}/")).status_code == 200
        answer = await other.post(f"{base}/scans", json=[entry], headers=JSON)
        assert [a["result"] for a in answer.json()] == ["valid"]
        assert (await other.post(f"{base}/undo", json=[{"id": entry["id"]}])).json()[0][
            "undone"
        ] is False
    held = {"cookie": f"viesis-door={cookie.value}", **JSON}
    with travelled(door.ends_at + timedelta(hours=2, days=14, minutes=1)):
        assert (
            await other.post(f"{base}/scans", json=[late_entry], headers=held)
        ).status_code == 410
    assert await Scan.all().count() == 1
    assert (await Scan.get()).counts


async def test_what_a_stopped_phone_sends_is_kept_to_be_looked_at(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    came, new, cancelled = (
        await registered(door),
        await registered(door),
        await registered(door, status="cancelled"),
    )
    before = {"id": str(uuid4()), "ticket": code(came)}
    await other.post(f"{base}/scans", json=[before])
    device = await Device.get()
    csrf = factories.csrf(client)
    await client.post(
        f"/desk/e/{door.slug}/door/phones/{device.id}/revocation", data={"csrf": csrf}
    )
    scans: list[dict[str, Any]] = [
        {"id": str(uuid4()), "ticket": code(new), "admitted": True, "marks": ["unlisted"]},
        {"id": str(uuid4()), "ticket": code(came)},
        {"id": str(uuid4()), "ticket": code(came), "direction": "out"},
        {"id": str(uuid4()), "ticket": code(cancelled), "admitted": True},
        {"id": str(uuid4()), "ticket": "0" * 16},
        before,
    ]
    for _twice in range(2):
        answer = await other.post(f"{base}/scans", json=scans, headers=JSON)
        assert [a["result"] for a in answer.json()] == [
            "valid",
            "already_in",
            "exit",
            "cancelled",
            "unknown",
            "valid",
        ]
    kept = {str(s.id): s for s in await Scan.all()}
    assert [kept[s["id"]].counts for s in scans] == [False] * 5 + [True]
    assert [kept[s["id"]].marks for s in scans] == ["revoked unlisted", *["revoked"] * 4, ""]
    assert [(p.registration_id, p.inside) for p in await Presence.all()] == [(came.id, True)]
    asked = [{"id": s["id"]} for s in (scans[0], before)]
    assert [a["undone"] for a in (await other.post(f"{base}/undo", json=asked)).json()] == [
        True,
        False,
    ]
    scans[0]["admitted"] = True
    await other.post(f"{base}/scans", json=[scans[0]])
    assert (await Scan.get(id=scans[0]["id"])).counts is False
    guest = {
        "id": str(uuid4()),
        "name": "Charlie",
        "email": "charlie@example.org",
        "agreed_by": "Alice",
    }
    [found] = (await other.post(f"{base}/guests", json=[guest])).json()
    assert found["status"] == "pending"


async def test_let_in_by_the_phone_after_its_first_try(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    """The server's answer was lost, the phone then judged by itself and says so: that is what
    happened at the door.
    """
    base = await pair(client, other, door)
    waiting, fine = await registered(door, status="waiting"), await registered(door)
    one, two, forged = (
        {"id": str(uuid4()), "ticket": code(waiting)},
        {"id": str(uuid4()), "ticket": code(fine)},
        {"id": str(uuid4()), "ticket": "0" * 16},
    )
    first = (await other.post(f"{base}/scans", json=[one, two, forged])).json()
    assert [a["result"] for a in first] == ["waiting", "valid", "unknown"]
    assert await Scan.filter(counts=True).count() == 1
    sent = [{**s, "admitted": True, "marks": ["jump"]} for s in (one, two, forged)]
    for _twice in range(2):
        again = (await other.post(f"{base}/scans", json=sent)).json()
        assert [a["result"] for a in again] == ["waiting", "valid", "unknown"]
    kept = {str(s.id): s for s in await Scan.all()}
    assert [
        (kept[s["id"]].counts, kept[s["id"]].admitted, kept[s["id"]].marks)
        for s in (one, two, forged)
    ] == [
        (True, True, "jump"),
        (True, True, "jump"),
        (False, True, "jump"),
    ]
    assert {p.registration_id for p in await Presence.filter(inside=True)} == {waiting.id, fine.id}
    machine = await factories.bearer(await factories.organiser(door.project))
    other_one = {"id": str(uuid4()), "ticket": code(await registered(door, status="cancelled"))}
    for said in (other_one, {**other_one, "admitted": True}):
        await client.post(f"/api/v1/events/{door.slug}/scans", json=[said], headers=machine)
    assert (await Scan.get(id=other_one["id"])).counts is False


async def test_undone_before_it_is_sent_again_stays_undone(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    entry = {"id": str(uuid4()), "ticket": code(await registered(door))}
    await other.post(f"{base}/scans", json=[entry])
    await other.post(f"{base}/undo", json=[{"id": entry["id"]}])
    await other.post(f"{base}/scans", json=[{**entry, "admitted": True}])
    assert (await Scan.get()).withdrawn_at is not None
    assert await Presence.all().count() == 0


async def test_another_event_by_its_name_but_never_of_another_project(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    near = await registered(await factories.event(door.project, title={"en": "Dinner"}))
    stranger = await registered(
        await factories.event(await factories.project(), title={"en": "Secret"})
    )
    scans = [{"id": str(uuid4()), "ticket": code(r)} for r in (near, stranger)]
    scans.append({"id": str(uuid4()), "registration": str(near.id)})
    answers = (await other.post(f"{base}/scans", json=scans)).json()
    assert [(a["result"], a.get("other_event")) for a in answers] == [
        ("other_event", "Dinner"),
        ("other_event", None),
        ("other_event", "Dinner"),
    ]
    assert (await other.post(f"{base}/scans", json=scans)).json() == answers
    assert "Secret" not in str(answers)
    odd: dict[str, Any] = {"id": str(uuid4()), "ticket": "torn", "registration": str(near.id)}
    again = {**scans[0], "admitted": True, "marks": [1, "jump"]}
    mixed = (
        await other.post(f"{base}/scans", json=[odd, again, {**scans[2], "marks": {"jump": 1}}, 5])
    ).json()
    assert [(a["result"], a.get("other_event")) for a in mixed] == [
        ("other_event", "Dinner"),
        ("other_event", "Dinner"),
        ("other_event", "Dinner"),
        ("unknown", None),
    ]


async def test_a_phone_says_what_is_odd_and_machines_do_not(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    guest = code(await registered(door))
    odd: list[Any] = [["revoked"], "jump", [1], {"jump": 1}]
    for marks in odd:
        answer = await other.post(
            f"{base}/scans", json=[{"id": str(uuid4()), "ticket": guest, "marks": marks}]
        )
        assert answer.status_code == 422
    said = {"id": str(uuid4()), "ticket": guest, "marks": ["unlisted", "jump", "jump"]}
    assert (await other.post(f"{base}/scans", json=[said])).status_code == 200
    assert (await Scan.get()).marks == "jump unlisted"
    machine = await factories.bearer(await factories.organiser(door.project))
    answer = await client.post(f"/api/v1/events/{door.slug}/scans", json=[said], headers=machine)
    assert [e["field"] for e in answer.json()["errors"]] == ["marks"]
