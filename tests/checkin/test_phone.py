"""A phone at the door: paired once by a link, for one event, revocable; what it may see and do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accounts.audit import AuditEntry
from checkin.attendance import recount, settle
from checkin.conflicts import conflicts
from checkin.devices import Device, extend
from checkin.presence import Presence
from checkin.scans import Scan
from core.clock import now, travelled
from events.events import Event
from registrations.registrations import Registration
from tests import factories
from tests.browser.daytime import zone
from tests.checkin.people import code, registered, session


@pytest.fixture
async def door(client: httpx.AsyncClient) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    return await factories.event(
        await factories.project(), starts_at=start, ends_at=start + timedelta(hours=8), timezone=zone()
    )


async def link(client: httpx.AsyncClient, door: Event, role: str = "organiser") -> str:
    """The path that the desk shows as a QR."""
    csrf = await factories.sign_in(client, await factories.organiser(door.project, role_name=role))
    page = await client.post(f"/desk/e/{door.slug}/door/phones", data={"csrf": csrf})
    assert page.status_code == 200
    return "/c/vsd_" + page.text.split("/c/vsd_")[1].split('"')[0]


async def pair(client: httpx.AsyncClient, phone: httpx.AsyncClient, door: Event, name: str = "Gate 2, Bob") -> str:
    """Pair a phone; answers where its app is."""
    answer = await phone.post(await link(client, door), data={"name": name})
    assert answer.status_code == 303
    return str(answer.headers["location"]).rstrip("/")


async def test_a_link_pairs_one_phone_after_a_button(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    path = await link(client, door, "door")
    for _preview in range(2):
        assert (await other.get(path)).status_code == 200
    assert (await other.post(path, data={"name": ""})).status_code == 422
    assert (await other.post(path, data={"name": "x"}, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    answer = await other.post(path, data={"name": "Gate 2, Bob"})
    cookie = answer.headers["set-cookie"]
    assert f"Path=/c/e/{door.slug};" in cookie
    assert "HttpOnly" in cookie
    assert [(await other.get(path)).status_code, (await other.post(path, data={"name": "Charlie"})).status_code] == [
        410,
        410,
    ]
    at = answer.headers["location"]
    for address in (at, f"{at}decode.worker.js", f"{at}sw.js"):
        app = await other.get(address)
        assert app.status_code == 200
        assert "'wasm-unsafe-eval'" in app.headers["content-security-policy"]
    assert (await Device.get()).name == "Gate 2, Bob"
    assert [e.action for e in await AuditEntry.all().order_by("id")] == ["door.opened", "door.paired"]


async def test_a_link_is_good_for_ten_minutes(client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event) -> None:
    path = await link(client, door)
    with travelled(timedelta(minutes=11)):
        assert (await other.get(path)).status_code == 410
        assert (await other.post(path, data={"name": "Bob"})).status_code == 410


async def test_scans_search_undo_and_counts(client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event) -> None:
    guest = await registered(door, "Žanete Šķēle", door_note="Needs an interpreter")
    await registered(door, "Bob", status="waiting")
    base = await pair(client, other, door)
    before = (await other.post(f"{base}/contact", json={"unsent": 2, "clock_offset_ms": -1500})).json()
    roster = (await other.get(f"{base}/roster")).json()
    assert (before["cursor"], before["expected"], before["revoked"]) == (roster["cursor"], 1, False)
    assert abs(before["now"] - now().timestamp() * 1000) < 5000
    assert roster["phone"]["uploads_until"] == before["uploads_until"] == before["expires_at"] + 14 * 86_400_000
    device = await Device.get()
    assert (device.unsent, device.clock_offset_ms) == (2, -1500)
    entry = {"id": str(uuid4()), "ticket": code(guest)}
    first = (await other.post(f"{base}/scans", json=[entry])).json()[0]
    assert (first["result"], first["name"], first["note"]) == ("valid", "Žanete Šķēle", "Needs an interpreter")
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
    undone = await other.post(f"{base}/undo", json=[{"id": second["id"]}, {"id": first["id"]}, {"id": first["id"]}])
    assert undone.json() == [{"id": i, "undone": True} for i in (second["id"], first["id"], first["id"])]
    assert (await other.post(f"{base}/contact", json={})).json()["counts"] == {}
    kept = await Scan.get(id=entry["id"])
    assert (kept.actor, kept.withdrawn_by, kept.device_id) == ("Gate 2, Bob", "Gate 2, Bob", device.id)


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
        undone = await client.post(where, data={"csrf": csrf, "reason": "wrong person"})
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


JSON = {"accept": "application/json"}


async def test_a_phone_is_for_one_event_until_it_ends_or_is_stopped(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    elsewhere = await factories.event(door.project)
    stolen = other.cookies.get("viesis-door")
    assert stolen

    async def reads() -> list[int]:
        return [
            (await other.get(f"{base}/roster", headers=JSON)).status_code,
            (await other.post(f"{base}/contact", json={}, headers=JSON)).status_code,
        ]

    held = {"cookie": f"viesis-door={stolen}", **JSON}
    for address in (f"/c/e/{elsewhere.slug}/roster", f"/c/e/{elsewhere.slug}/"):
        answer = await other.get(address, headers=held)
        assert (answer.status_code, "revoked" in answer.json()) == (410, False)
    assert (await client.get(f"{base}/roster")).status_code == 410
    with travelled(timedelta(hours=10)):
        assert await reads() == [410, 410]
        assert (await other.get(f"{base}/roster", headers=JSON)).json()["revoked"] is False
        await Event.filter(id=door.id).update(ends_at=now())
        await extend(door.id)
        assert await reads() == [200, 200]
    await extend(door.id)
    device = await Device.get()
    assert await reads() == [200, 200]
    stop = f"/desk/e/{door.slug}/door/phones/{device.id}/revocation"
    csrf = factories.csrf(client)
    assert (await client.post(stop.replace(door.slug, elsewhere.slug), data={"csrf": csrf})).status_code == 404
    assert (await client.post(stop, data={"csrf": csrf})).status_code == 303
    assert await reads() == [410, 410]
    told = await other.post(f"{base}/contact", json={"unsent": 7}, headers=JSON)
    assert told.json()["revoked"] is True
    assert (await Device.get()).unsent == 7


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
        assert (await other.post(f"{base}/undo", json=[{"id": entry["id"]}])).json()[0]["undone"] is False
    held = {"cookie": f"viesis-door={cookie.value}", **JSON}
    with travelled(door.ends_at + timedelta(hours=2, days=14, minutes=1)):
        assert (await other.post(f"{base}/scans", json=[late_entry], headers=held)).status_code == 410
    assert await Scan.all().count() == 1
    assert (await Scan.get()).counts


async def test_what_a_stopped_phone_sends_is_kept_to_be_looked_at(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    came, new, cancelled = await registered(door), await registered(door), await registered(door, status="cancelled")
    before = {"id": str(uuid4()), "ticket": code(came)}
    await other.post(f"{base}/scans", json=[before])
    device = await Device.get()
    csrf = factories.csrf(client)
    await client.post(f"/desk/e/{door.slug}/door/phones/{device.id}/revocation", data={"csrf": csrf})
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
        assert [a["result"] for a in answer.json()] == ["valid", "already_in", "exit", "cancelled", "unknown", "valid"]
    kept = {str(s.id): s for s in await Scan.all()}
    assert [kept[s["id"]].counts for s in scans] == [False] * 5 + [True]
    assert [kept[s["id"]].marks for s in scans] == ["revoked unlisted", *["revoked"] * 4, ""]
    assert [(p.registration_id, p.inside) for p in await Presence.all()] == [(came.id, True)]
    asked = [{"id": s["id"]} for s in (scans[0], before)]
    assert [a["undone"] for a in (await other.post(f"{base}/undo", json=asked)).json()] == [True, False]
    scans[0]["admitted"] = True
    await other.post(f"{base}/scans", json=[scans[0]])
    assert (await Scan.get(id=scans[0]["id"])).counts is False
    guest = {"id": str(uuid4()), "name": "Charlie", "email": "charlie@example.org", "agreed_by": "Alice"}
    [found] = (await other.post(f"{base}/guests", json=[guest])).json()
    assert found["status"] == "pending"


async def test_let_in_by_the_phone_after_its_first_try(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    """The server's answer was lost, the phone then judged by itself and says so: that is what happened at the door."""
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
    assert [(kept[s["id"]].counts, kept[s["id"]].admitted, kept[s["id"]].marks) for s in (one, two, forged)] == [
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
    stranger = await registered(await factories.event(await factories.project(), title={"en": "Secret"}))
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
    mixed = (await other.post(f"{base}/scans", json=[odd, again, {**scans[2], "marks": {"jump": 1}}, 5])).json()
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
        answer = await other.post(f"{base}/scans", json=[{"id": str(uuid4()), "ticket": guest, "marks": marks}])
        assert answer.status_code == 422
    said = {"id": str(uuid4()), "ticket": guest, "marks": ["unlisted", "jump", "jump"]}
    assert (await other.post(f"{base}/scans", json=[said])).status_code == 200
    assert (await Scan.get()).marks == "jump unlisted"
    machine = await factories.bearer(await factories.organiser(door.project))
    answer = await client.post(f"/api/v1/events/{door.slug}/scans", json=[said], headers=machine)
    assert [e["field"] for e in answer.json()["errors"]] == ["marks"]


@pytest.mark.parametrize("policy", ["no", "ask", "yes"])
async def test_guests_as_the_event_says(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event, policy: str
) -> None:
    await Event.filter(id=door.id).update(walk_ins=policy)
    base = await pair(client, other, door)
    given: dict[str, Any] = {"name": "Charlie Stranger", "email": "charlie@example.org", "at": now().isoformat()}
    asked = [{**given, "id": str(uuid4())}, {**given, "id": str(uuid4()), "agreed_by": "Alice"}]
    asked.append({**given, "id": str(uuid4()), "email": "nobody", "agreed_by": "Alice"})
    answers = (await other.post(f"{base}/guests", json=asked)).json()
    wrong = [[e["field"] for e in a.get("errors", [])] for a in answers]
    assert [a["id"] for a in answers] == [a["id"] for a in asked]
    assert wrong == {"no": [[""]] * 3, "ask": [["agreed_by"], [], ["email"]], "yes": [[], [], ["email"]]}[policy]
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


@pytest.mark.parametrize("change", [{"walk_ins": "no"}, {"walk_ins": "ask"}, {"status": "cancelled"}])
async def test_guests_let_in_before_the_rules_changed_are_registered_to_be_looked_at(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event, change: dict[str, str]
) -> None:
    base = await pair(client, other, door)
    await Event.filter(id=door.id).update(**{"walk_ins": "yes", **change})
    given = {"id": str(uuid4()), "name": "Charlie Stranger", "email": "charlie@example.org", "at": now().isoformat()}
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
    guests = [{"id": str(uuid4()), "name": n, "email": f"{n}@example.org"} for n in ("anna", "bob", "charlie")]
    answers = (await other.post(f"{base}/guests", json=guests)).json()
    assert [a["status"] for a in answers] == ["confirmed", "waiting", "waiting"]
    await (await Registration.get(id=answers[1]["registration"])).cancel(notify=False)
    again = (await other.post(f"{base}/guests", json=guests)).json()
    assert [a["registration"] for a in again] == [a["registration"] for a in answers]
    assert await Registration.all().count() == 3
    scan = {"id": str(uuid4()), "registration": answers[2]["registration"], "admitted": True, "marks": ["overflow"]}
    assert (await other.post(f"{base}/scans", json=[scan])).json()[0]["result"] == "waiting"
    kept = await Scan.get()
    assert (kept.counts, kept.marks) == (True, "overflow")
    await settle(door.project_id)
    assert await recount(door.project_id) == []


async def test_the_desk_sees_the_door(client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event) -> None:
    talk = await session(door, door.starts_at, door.ends_at)
    base = await pair(client, other, door)
    came, missing = await registered(door, "Anna Kalniņa"), await registered(door, "Marta Ozola")
    scans = [{"id": str(uuid4()), "ticket": t, "session": str(talk.id)} for t in (code(came), "0" * 16)]
    await other.post(f"{base}/scans", json=scans)
    page = (await client.get(f"/desk/e/{door.slug}/door")).text
    part = (await client.get(f"/desk/e/{door.slug}/door/live", headers={"hx-request-type": "partial"})).text
    assert "<html" not in part
    for shown in (page, part):
        for words in (
            "Anna Kalniņa",
            "Unknown code",
            "Gate 2, Bob",
            "of 2 expected",
            "Please look at these",
        ):
            assert words in shown
    assert "Marta Ozola" in (await client.get(f"/desk/e/{door.slug}/door/missing")).text
    device = await Device.get()
    state = await client.get(f"/desk/e/{door.slug}/door/phones/{device.id}", headers={"hx-request-type": "partial"})
    assert "Gate 2, Bob is paired" in state.text
    assert missing.status == "confirmed"


async def test_no_phone_for_an_event_that_is_over(client: httpx.AsyncClient, door: Event) -> None:
    csrf = await factories.sign_in(client, await factories.organiser(door.project))
    await Event.filter(id=door.id).update(ends_at=now() - timedelta(hours=3))
    assert (await client.post(f"/desk/e/{door.slug}/door/phones", data={"csrf": csrf})).status_code == 409
    assert (await client.get(f"/desk/e/{door.slug}/door")).status_code == 200
