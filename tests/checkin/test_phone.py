"""A phone at the door: paired once by a link, for one event, revocable; what it may see and do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accounts.audit import AuditEntry
from checkin.devices import Device, extend
from checkin.scans import Scan
from core.clock import now, travelled
from events.events import Event
from registrations.registrations import Registration
from tests import factories
from tests.checkin.people import code, registered, session


@pytest.fixture
async def door(client: httpx.AsyncClient) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    return await factories.event(await factories.project(), starts_at=start, ends_at=start + timedelta(hours=8))


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
    roster = (await other.get(f"{base}/roster")).json()
    assert roster["people"][0] == [str(guest.id), "Žanete Šķēle", "", "attendee", "confirmed", "Needs an interpreter"]
    assert "@" not in str(roster)
    entry = {"id": str(uuid4()), "ticket": code(guest)}
    first = (await other.post(f"{base}/scans", json=[entry])).json()[0]
    assert (first["result"], first["name"], first["note"]) == ("valid", "Žanete Šķēle", "Needs an interpreter")
    assert (await other.post(f"{base}/scans", json=[entry])).json()[0]["result"] == "valid"
    second = (
        await other.post(
            f"{base}/scans", json=[{"id": str(uuid4()), "registration": str(guest.id), "method": "manual"}]
        )
    ).json()[0]
    assert (second["result"], set(second) >= {"since", "first_scanned_at"}) == ("already_in", True)
    unit = (await Scan.get(id=entry["id"])).unit
    state = (await other.get(f"{base}/state")).json()
    assert (state["counts"], state["expected"], state["version"]) == (
        {unit: {"came": 1, "inside": 1}},
        1,
        roster["version"],
    )
    assert set((await other.get(f"{base}/inside", params={"unit": unit, "ids": f"{guest.id},7,x"})).json()) == {
        str(guest.id)
    }
    for scan in (second, first):
        assert (await other.post(f"{base}/undo", json={"id": scan["id"]})).status_code == 200
    assert (await other.get(f"{base}/state")).json()["counts"] == {}
    kept = await Scan.get(id=entry["id"])
    assert (kept.actor, kept.withdrawn_by, kept.device_id) == ("Gate 2, Bob", "Gate 2, Bob", (await Device.get()).id)


async def test_undo_from_the_phone_for_fifteen_minutes(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    entry = {"id": str(uuid4()), "ticket": code(await registered(door))}
    await other.post(f"{base}/scans", json=[entry])
    with travelled(timedelta(minutes=16)):
        assert (await other.post(f"{base}/undo", json={"id": entry["id"]})).status_code == 409
        csrf = factories.csrf(client)
        undone = await client.post(
            f"/desk/e/{door.slug}/door/scans/{entry['id']}/withdrawal", data={"csrf": csrf, "reason": "wrong person"}
        )
    assert undone.status_code == 303
    assert (await Scan.get(id=entry["id"])).withdrawn_reason == "wrong person"


async def test_a_phone_is_for_one_event_until_it_ends_or_is_stopped(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    elsewhere = await factories.event(door.project)
    stolen = other.cookies.get("viesis-door")
    assert stolen
    guest = code(await registered(door))

    async def status() -> list[int]:
        scan = [{"id": str(uuid4()), "ticket": guest}]
        return [
            (await other.get(f"{base}/roster")).status_code,
            (await other.post(f"{base}/scans", json=scan, headers={"accept": "application/json"})).status_code,
        ]

    assert (
        await other.get(f"/c/e/{elsewhere.slug}/roster", headers={"cookie": f"viesis-door={stolen}"})
    ).status_code == 410
    assert (await client.get(f"{base}/roster")).status_code == 410
    with travelled(timedelta(hours=10)):
        assert await status() == [410, 410]
        await Event.filter(id=door.id).update(ends_at=now())
        await extend(door.id)
        assert await status() == [200, 200]
    await extend(door.id)
    device = await Device.get()
    assert await status() == [200, 200]
    stop = f"/desk/e/{door.slug}/door/phones/{device.id}/revocation"
    csrf = factories.csrf(client)
    assert (await client.post(stop.replace(door.slug, elsewhere.slug), data={"csrf": csrf})).status_code == 404
    assert (await client.post(stop, data={"csrf": csrf})).status_code == 303
    assert await status() == [410, 410]


@pytest.mark.parametrize("policy", ["no", "ask", "yes"])
async def test_guests_as_the_event_says(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event, policy: str
) -> None:
    await Event.filter(id=door.id).update(walk_ins=policy)
    base = await pair(client, other, door)
    given: dict[str, Any] = {"name": "Charlie Stranger", "email": "charlie@example.org"}
    first = await other.post(f"{base}/guests", json=given, headers={"accept": "application/json"})
    agreed = await other.post(
        f"{base}/guests", json={**given, "agreed_by": "Alice"}, headers={"accept": "application/json"}
    )
    assert (first.status_code, agreed.status_code) == {"no": (403, 403), "ask": (422, 200), "yes": (200, 200)}[policy]
    if policy == "no":
        return
    bad = await other.post(
        f"{base}/guests",
        json={**given, "email": "nobody", "agreed_by": "Alice"},
        headers={"accept": "application/json"},
    )
    assert [e["field"] for e in bad.json()["errors"]] == ["email"]
    one = await Registration.get()
    assert (one.source, one.status, one.door_note) == (
        "door",
        "confirmed",
        "Guest at the door, agreed by Alice" if policy == "ask" else "",
    )
    scan = [{"id": str(uuid4()), "registration": agreed.json()["registration"]}]
    assert (await other.post(f"{base}/scans", json=scan)).json()[0]["result"] == "valid"


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
            "Marta Ozola",
            "Unknown code",
            "Gate 2, Bob",
            "of 2 expected",
            "Please look at these",
        ):
            assert words in shown
    device = await Device.get()
    state = await client.get(f"/desk/e/{door.slug}/door/phones/{device.id}", headers={"hx-request-type": "partial"})
    assert "Gate 2, Bob is paired" in state.text
    assert missing.status == "confirmed"


async def test_no_phone_for_an_event_that_is_over(client: httpx.AsyncClient, door: Event) -> None:
    csrf = await factories.sign_in(client, await factories.organiser(door.project))
    await Event.filter(id=door.id).update(ends_at=now() - timedelta(hours=3))
    assert (await client.post(f"/desk/e/{door.slug}/door/phones", data={"csrf": csrf})).status_code == 409
    assert (await client.get(f"/desk/e/{door.slug}/door")).status_code == 200
