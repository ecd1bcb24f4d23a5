"""Scans, undo and attendance for machines: who may, what is refused, what is answered."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accounts.sessions.api_tokens import ApiToken
from accounts.users.roles import Role
from checkin.scanning.event_days import day_of, nights_of
from checkin.scanning.scans import Scan
from core.clock import now, travelled
from events.event.event import Event
from tests.browser.support.daytime import zone
from tests.checkin.people import code, registered, session
from tests.support import factories


@pytest.fixture
async def door(client: httpx.AsyncClient) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    return await factories.event(
        await factories.project(),
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        timezone=zone(),
    )


async def bob(door: Event, role: str = "door") -> dict[str, str]:
    return await factories.bearer(await factories.organiser(door.project, role_name=role))


def one(ticket: str, **over: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "ticket": ticket, **over}


async def test_the_whole_way(client: httpx.AsyncClient, door: Event) -> None:
    token = await bob(door)
    guest = await registered(door, "Åse Nordvik")
    entry = one(code(guest))
    url = f"/api/v1/events/{door.slug}"
    answer = await client.post(f"{url}/scans", json=[entry], headers=token)
    assert (answer.status_code, answer.json()) == (
        200,
        [
            {
                "id": entry["id"],
                "result": "valid",
                "registration": str(guest.id),
                "name": "Åse Nordvik",
            }
        ],
    )
    again = (
        await client.post(
            f"{url}/scans", json=[one(code(guest)), entry, one("0" * 16)], headers=token
        )
    ).json()
    assert [a["result"] for a in again] == ["already_in", "repeated", "unknown"]
    assert set(again[0]) == {"id", "result", "registration", "name", "first_scanned_at"}
    assert set(again[2]) == {"id", "result"}
    total = (await client.get(f"{url}/attendance", headers=token)).json()
    assert total == {
        "registered": 1,
        "confirmed": 1,
        "waiting": 0,
        "attended": 1,
        "inside": 1,
        "minutes": total["minutes"],
        "sessions": [],
    }
    assert total["minutes"] in {419, 420}
    assert (
        await client.post(
            f"/api/v1/scans/{entry['id']}/withdrawal",
            json={"reason": "wrong person"},
            headers=token,
        )
    ).status_code == 200
    assert (
        await client.post(f"/api/v1/scans/{again[0]['id']}/withdrawal", headers=token)
    ).status_code == 200
    assert (await client.get(f"{url}/attendance", headers=token)).json()["attended"] == 0


async def test_bad_input_names_its_field(client: httpx.AsyncClient, door: Event) -> None:
    token = await bob(door)
    url = f"/api/v1/events/{door.slug}/scans"
    guest = code(await registered(door))
    wrong = {
        "id": {"id": "1", "ticket": guest},
        "nonsense": one(guest, nonsense=1),
        "direction": one(guest, direction="sideways"),
        "method": one(guest, method="smell"),
        "scanned_at": one(guest, scanned_at="yesterday"),
        "minutes": one(guest, minutes=-1),
        "clock_offset_ms": one(guest, clock_offset_ms="much"),
        "admitted": one(guest, admitted="yes"),
        "ticket": {"id": str(uuid4())},
        "session": one(guest, session=["1"]),
    }
    for name, entry in wrong.items():
        answer = await client.post(url, json=[entry], headers=token)
        assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [name])
    bodies = [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"[1]",
        b'[{"id":"\\ud800"}]',
        b"[NaN]",
        b"[" * 100_000,
    ]
    for body in bodies:
        assert (await client.post(url, content=body, headers=token)).status_code == 422
    assert (await client.post(url, json=[one(guest)] * 1001, headers=token)).status_code == 422
    assert await Scan.all().count() == 0


async def test_one_bad_scan_never_fails_the_others(client: httpx.AsyncClient, door: Event) -> None:
    token = await bob(door)
    guest = code(await registered(door))
    odd = [
        one(guest, scanned_at="9999-99-99"),
        one(guest, session="77"),
        {"ticket": guest},
        one("\u0000\u202e" + "x" * 5000),
        one("", registration="x"),
        5,
    ]
    answer = await client.post(
        f"/api/v1/events/{door.slug}/scans", json=[*odd, one(guest)], headers=token
    )
    assert [a["result"] for a in answer.json()] == ["unknown"] * 6 + ["valid"]
    assert await Scan.all().count() == 5


async def test_times_without_an_offset_are_in_the_zone_of_the_event(
    client: httpx.AsyncClient, door: Event
) -> None:
    token = await bob(door)
    at = door.starts_at + timedelta(minutes=10)
    local = (
        at.astimezone(__import__("zoneinfo").ZoneInfo(door.timezone))
        .replace(tzinfo=None)
        .isoformat()
    )
    entry = one(code(await registered(door)), scanned_at=local)
    assert (
        await client.post(f"/api/v1/events/{door.slug}/scans", json=[entry], headers=token)
    ).json()[0]["result"] == "valid"
    assert (await Scan.get(id=entry["id"])).scanned_at == at


async def test_who_may_scan(client: httpx.AsyncClient, door: Event) -> None:
    guest = code(await registered(door))
    url = f"/api/v1/events/{door.slug}/scans"
    charlie = await factories.bearer(await factories.organiser(await factories.project()))
    statuses = [
        (await client.post(url, json=[one(guest)], headers=headers)).status_code
        for headers in (
            {},
            {"Authorization": "Bearer vsa_wrong"},
            charlie,
            await bob(door, "viewer"),
            await bob(door),
            await bob(door, "organiser"),
        )
    ]
    assert statuses == [401, 401, 404, 403, 200, 200]
    scan = await Scan.all().first()
    assert scan
    for headers, status in (
        ({}, 401),
        (charlie, 404),
        (await bob(door, "viewer"), 403),
        (await bob(door), 200),
    ):
        assert (
            await client.post(f"/api/v1/scans/{scan.id}/withdrawal", json={}, headers=headers)
        ).status_code == status
    for headers, status in (
        ({}, 401),
        (charlie, 404),
        (await bob(door, "viewer"), 200),
        (await bob(door), 200),
    ):
        assert (
            await client.get(f"/api/v1/events/{door.slug}/attendance", headers=headers)
        ).status_code == status


async def test_what_is_revoked_does_not_scan_once_more(
    client: httpx.AsyncClient, door: Event
) -> None:
    url = f"/api/v1/events/{door.slug}/scans"
    token, other, third = await bob(door), await bob(door), await bob(door)
    for headers in (token, other, third):
        assert (
            await client.post(url, json=[one(code(await registered(door)))], headers=headers)
        ).status_code == 200
    users = [t.user_id for t in await ApiToken.all().order_by("id")]
    await ApiToken.filter(user_id=users[0]).update(revoked_at=now())
    await Role.filter(user_id=users[1]).delete()
    await Role.filter(user_id=users[2]).update(role="viewer")
    guest = await registered(door)
    assert [
        (await client.post(url, json=[one(code(guest))], headers=h)).status_code
        for h in (token, other, third)
    ] == [401, 404, 403]
    assert await Scan.filter(registration_id=guest.id).count() == 0


async def test_a_new_zone_of_the_event_holds_at_once(
    client: httpx.AsyncClient, door: Event
) -> None:
    token = await bob(door)
    url = f"/api/v1/events/{door.slug}/scans"
    await client.post(url, json=[one(code(await registered(door)))], headers=token)
    await Event.filter(id=door.id).update(timezone="Pacific/Kiritimati")
    entry = one(code(await registered(door)))
    assert (await client.post(url, json=[entry], headers=token)).json()[0]["result"] == "valid"
    kept = await Scan.get(id=entry["id"])
    await door.refresh_from_db()
    # there it may be past midnight, when the day before still has its door open
    day = day_of(kept.scanned_at, "Pacific/Kiritimati", await nights_of(door))
    assert kept.unit == day.isoformat()


async def test_entries_afterwards_take_an_organiser(client: httpx.AsyncClient, door: Event) -> None:
    talk = await session(door, door.starts_at, door.starts_at + timedelta(hours=2))
    guest, other = await registered(door), await registered(door)
    url = f"/api/v1/events/{door.slug}"
    with travelled(door.ends_at + timedelta(days=30)):
        sheet: list[dict[str, object]] = [
            {
                "id": str(uuid4()),
                "registration": str(g.id),
                "session": str(talk.id),
                "method": "paper",
            }
            for g in (guest, other)
        ]
        sheet[1]["minutes"] = 45
        assert [
            a["result"]
            for a in (await client.post(f"{url}/scans", json=sheet, headers=await bob(door))).json()
        ] == ["outside_hours"] * 2
        for entry in sheet:
            entry["id"] = str(uuid4())
        alice = await bob(door, "organiser")
        assert [
            a["result"]
            for a in (await client.post(f"{url}/scans", json=sheet, headers=alice)).json()
        ] == ["valid"] * 2
        total = (await client.get(f"{url}/attendance", headers=alice)).json()
    assert (total["attended"], total["minutes"], total["sessions"]) == (
        2,
        165,
        [{"id": str(talk.id), "attended": 2, "inside": 2}],
    )
