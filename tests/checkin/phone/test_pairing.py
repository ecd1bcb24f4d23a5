"""A link pairs one phone, for one event, until it ends or is stopped."""

from datetime import timedelta
from uuid import uuid4

import httpx

from accounts.audit.audit import AuditEntry
from accounts.sessions.access import Actor
from checkin.phone.devices import Device, extend
from core.clock import now, travelled
from events.event.event import Event
from tests.checkin.pairing import JSON, link, pair
from tests.checkin.people import code, registered, session
from tests.support import factories


async def test_a_link_pairs_one_phone_after_a_button(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    path = await link(client, door, "door")
    for _preview in range(2):
        assert (await other.get(path)).status_code == 200
    assert (await other.post(path, data={"name": ""})).status_code == 422
    assert (
        await other.post(path, data={"name": "x"}, headers={"sec-fetch-site": "cross-site"})
    ).status_code == 403
    answer = await other.post(path, data={"name": "Gate 2, Bob"})
    cookie = answer.headers["set-cookie"]
    assert f"Path=/c/e/{door.slug};" in cookie
    assert "HttpOnly" in cookie
    assert [
        (await other.get(path)).status_code,
        (await other.post(path, data={"name": "Charlie"})).status_code,
    ] == [
        410,
        410,
    ]
    at = answer.headers["location"]
    for address in (at, f"{at}decode.worker.js", f"{at}sw.js"):
        app = await other.get(address)
        assert app.status_code == 200
        assert "'wasm-unsafe-eval'" in app.headers["content-security-policy"]
    assert (await Device.get()).name == "Gate 2, Bob"
    assert [e.action for e in await AuditEntry.all().order_by("id")] == [
        "door.opened",
        "door.paired",
    ]


async def test_who_taps_the_link_again_finds_the_door(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    path = await link(client, door)
    at = (await other.post(path, data={"name": "Gate 2, Bob"})).headers["location"]
    again = await other.get(path)
    assert (again.status_code, f'href="{at}"' in again.text) == (410, True)
    assert at not in (await client.get(path)).text, "another phone is told nothing"
    other.cookies.set("viesis-door-at", "a/../b", path="/c/")
    assert "/c/e/a" not in (await other.get(path)).text


IPHONE = {
    "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
}


async def test_an_app_on_an_iphones_home_screen_is_paired_once_more(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    base = await pair(client, other, door)
    assert (await other.get(f"{base}/app.webmanifest")).json()["start_url"] == f"{base}/"
    start = (await other.get(f"{base}/app.webmanifest", headers=IPHONE)).json()["start_url"]
    other.cookies.clear()
    for wrong in (f"{base}/", f"{base}/?home=-1", f"{base}/?home=vsd_é-1", start[:-1] + "99"):
        assert ((await other.get(wrong)).status_code, (await other.post(wrong)).status_code) == (
            410,
            410,
        ), wrong
    page = await other.get(start)
    assert (page.status_code, 'value="Gate 2, Bob"' in page.text) == (200, True)
    assert (await other.post(start, data={"name": ""})).status_code == 422
    assert (
        await other.post(start, data={"name": "x"}, headers={"sec-fetch-site": "cross-site"})
    ).status_code == 403
    assert (await other.post(start, data={"name": "Bob, home"})).headers["location"] == f"{base}/"
    assert (await other.get(f"{base}/roster", headers=JSON)).status_code == 200
    assert (await other.get(f"{base}/app.webmanifest", headers=IPHONE)).json()[
        "start_url"
    ] == f"{base}/"
    first = await Device.get(name="Gate 2, Bob")
    await first.revoke(Actor("alice"), door.project_id)
    assert (await other.get(f"{base}/roster", headers=JSON)).status_code == 410, (
        "stopped with its phone"
    )
    other.cookies.clear()
    assert (await other.get(start)).status_code == 410


async def test_a_link_is_good_for_ten_minutes(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    path = await link(client, door)
    with travelled(timedelta(minutes=11)):
        assert (await other.get(path)).status_code == 410
        assert (await other.post(path, data={"name": "Bob"})).status_code == 410


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
    assert (
        await client.post(stop.replace(door.slug, elsewhere.slug), data={"csrf": csrf})
    ).status_code == 404
    assert (await client.post(stop, data={"csrf": csrf})).status_code == 303
    assert await reads() == [410, 410]
    told = await other.post(f"{base}/contact", json={"unsent": 7}, headers=JSON)
    assert told.json()["revoked"] is True
    assert (await Device.get()).unsent == 7


async def test_an_event_that_moves_by_months_keeps_its_phones(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    """What a phone holds lasts as long as it may send."""
    base = await pair(client, other, door)
    later = {
        "starts_at": door.starts_at + timedelta(days=90),
        "ends_at": door.ends_at + timedelta(days=90),
    }
    await Event.filter(id=door.id).update(**later)
    await extend(door.id)
    assert (await other.get(f"{base}/roster", headers=JSON)).status_code == 200
    held = {c.name: c.expires or 0 for c in other.cookies.jar if c.path in {base, "/c/"}}
    ends = (await Device.get()).uploads_until.timestamp()
    assert [abs(at - ends) < 60 for at in held.values()] == [True, True]


async def test_the_desk_sees_the_door(
    client: httpx.AsyncClient, other: httpx.AsyncClient, door: Event
) -> None:
    talk = await session(door, door.starts_at, door.ends_at)
    base = await pair(client, other, door)
    came, missing = await registered(door, "Anna Kalniņa"), await registered(door, "Marta Ozola")
    scans = [
        {"id": str(uuid4()), "ticket": t, "session": str(talk.id)} for t in (code(came), "0" * 16)
    ]
    await other.post(f"{base}/scans", json=scans)
    page = (await client.get(f"/desk/e/{door.slug}/door")).text
    part = (
        await client.get(f"/desk/e/{door.slug}/door/live", headers={"hx-request-type": "partial"})
    ).text
    assert "<html" not in part
    for shown in (page, part):
        for words in (
            "Anna Kalniņa",
            "Unknown code",
            "Gate 2, Bob",
            "of 2 expected",
            "To review",
        ):
            assert words in shown
    assert "Marta Ozola" in (await client.get(f"/desk/e/{door.slug}/door/missing")).text
    device = await Device.get()
    state = await client.get(
        f"/desk/e/{door.slug}/door/phones/{device.id}", headers={"hx-request-type": "partial"}
    )
    assert "Gate 2, Bob is paired" in state.text
    assert missing.status == "confirmed"


async def test_no_phone_for_an_event_that_is_over(client: httpx.AsyncClient, door: Event) -> None:
    csrf = await factories.sign_in(client, await factories.organiser(door.project))
    await Event.filter(id=door.id).update(ends_at=now() - timedelta(hours=3))
    assert (
        await client.post(f"/desk/e/{door.slug}/door/phones", data={"csrf": csrf})
    ).status_code == 409
    assert (await client.get(f"/desk/e/{door.slug}/door")).status_code == 200
