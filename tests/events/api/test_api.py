"""Events and their sessions in JSON, as docs/interface.md promises them."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from core.settings import Settings
from events.event.event import Event
from tests.events.calling import API, EVENT, LATGALE, made, wrong


async def test_an_event_is_answered_as_it_was_given(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    scheme = await made(
        api,
        f"/projects/{project['slug']}/series",
        {"title": "Skola", "kind": "scheme", "threshold_percent": 80},
    )
    assert (scheme["kind"], scheme["title"], scheme["threshold_percent"]) == (
        "scheme",
        {"lv": "Skola"},
        80,
    )
    body = {
        **EVENT,
        "kind": "study_visit",
        "timezone": "Europe/Oslo",
        "place": "Steinkjer",
        "country": "NO",
        "capacity": 26,
        "grace_minutes": 10,
        "waiting_list": False,
        "approval": True,
        "open_to_public": True,
        "internal": True,
        "organisers": ["KS", "Latvijas Pašvaldību savienība"],
        "activity": "2.1",
        "series": scheme["id"],
        "direction": {"from": "LV", "to": "NO"},
    }
    found = await made(api, f"/projects/{project['slug']}/events", body)
    wanted = {
        **body,
        "starts_at": "2026-12-10T09:00:00+01:00",
        "ends_at": "2026-12-10T17:00:00+01:00",
        "organisers": ["Latvijas Pašvaldību savienība", "KS"],
    }
    assert {name: found[name] for name in wanted} == wanted
    assert (found["slug"], found["status"]) == ("kurss", "draft")
    assert found["url"] == "http://127.0.0.1:8000/e/kurss"
    assert found["calendar_url"] == "http://127.0.0.1:8000/e/kurss.ics"
    assert found["seats"] == {"capacity": 26, "taken": 0, "free": 26, "waiting": 0}
    assert (await api.get(f"{API}/events/kurss")).json() == found
    assert (await api.get(f"{API}/projects/{project['slug']}/events")).json() == [found]


async def test_an_event_has_its_defaults(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    found = await made(api, f"/projects/{project['slug']}/events", EVENT)
    wanted = {
        "timezone": "Europe/Riga",
        "starts_at": "2026-12-10T09:00:00+02:00",
        "country": "LV",
        "capacity": None,
        "grace_minutes": 0,
        "waiting_list": True,
        "approval": False,
        "open_to_public": False,
        "internal": False,
        "organisers": ["Latvijas Pašvaldību savienība"],
        "activity": None,
        "series": None,
        "direction": None,
        "place": "",
    }
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({"colour": "red"}, ["colour"]),
        ({"title": ""}, ["title"]),
        ({"title": 5}, ["title"]),
        ({"title": {"en": 5}}, ["title"]),
        ({"kind": "party"}, ["kind"]),
        ({"capacity": "ten"}, ["capacity"]),
        ({"capacity": True}, ["capacity"]),
        ({"capacity": 1.5}, ["capacity"]),
        ({"starts_at": 1760000000}, ["starts_at"]),
        ({"starts_at": "0001-01-01T00:00:00Z"}, ["starts_at"]),
        ({"ends_at": "9999-12-31T23:59:00-12:00"}, ["ends_at"]),
        ({"organisers": "KS"}, ["organisers"]),
        ({"organisers": ["KS", "Nobody"]}, ["organisers"]),
        ({"direction": ["LV", "NO"]}, ["direction"]),
        ({"details": {"x": "y"}}, ["details.x"]),
        ({"open_to_public": "yes"}, ["open_to_public"]),
        ({"timezone": "Europe/Nowhere", "country": "XX"}, ["timezone", "country"]),
    ],
)
async def test_an_event_names_each_wrong_field(
    api: httpx.AsyncClient, over: dict[str, Any], fields: list[str]
) -> None:
    project = await made(api, "/projects", LATGALE)
    answer = await api.post(f"{API}/projects/{project['slug']}/events", json={**EVENT, **over})
    assert sorted(wrong(answer)) == sorted(fields)
    assert await Event.all().count() == 0


async def test_a_time_that_comes_twice_or_never_is_asked_about(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    path = f"{API}/projects/{project['slug']}/events"
    twice = await api.post(
        path, json={**EVENT, "starts_at": "2026-10-25T03:30", "ends_at": "2026-10-25T12:00"}
    )
    assert wrong(twice) == ["starts_at"]
    assert twice.json()["choices"] == ["2026-10-25T03:30:00+03:00", "2026-10-25T03:30:00+02:00"]
    never = await api.post(
        path, json={**EVENT, "starts_at": "2026-03-29T02:00", "ends_at": "2026-03-29T03:30"}
    )
    assert wrong(never) == ["ends_at"]
    assert never.json()["choices"] == ["2026-03-29T02:30:00+02:00", "2026-03-29T04:30:00+03:00"]
    for choice in (*twice.json()["choices"], never.json()["choices"][1]):
        answer = await api.post(
            path, json={**EVENT, "starts_at": choice, "ends_at": "2026-12-25T12:00"}
        )
        assert (answer.status_code, answer.json()["starts_at"]) == (201, choice)


async def test_an_event_goes_from_draft_to_held(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    past = {**EVENT, "starts_at": "2026-03-10T09:00", "ends_at": "2026-03-10T17:00"}
    found = await made(api, f"/projects/{project['slug']}/events", past)
    path = f"{API}/events/{found['slug']}"
    assert (await api.post(f"{path}/held", json={"reason": "Held"})).status_code == 409
    for body in ({}, None, {"notify": False}):
        answer = await api.post(f"{path}/publication", json=body)
        assert (answer.status_code, answer.json()["status"]) == (200, "published")
    assert wrong(await api.post(f"{path}/held", json={})) == ["reason"]
    answer = await api.post(f"{path}/held", json={"reason": "The list was lost"})
    assert (answer.status_code, answer.json()["status"], answer.json()["held_reason"]) == (
        200,
        "held",
        "The list was lost",
    )
    conflict = await api.post(f"{path}/cancellation", json={"reason": "Snow"})
    assert (conflict.status_code, conflict.headers["content-type"]) == (
        409,
        "application/problem+json",
    )


async def test_a_draft_can_be_cancelled(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    found = await made(api, f"/projects/{project['slug']}/events", EVENT)
    path = f"{API}/events/{found['slug']}"
    assert wrong(await api.post(f"{path}/cancellation", json={"reason": " "})) == ["reason"]
    answer = await api.post(f"{path}/cancellation", json={"reason": "Snow", "notify": False})
    assert (answer.status_code, answer.json()["status"], answer.json()["cancel_reason"]) == (
        200,
        "cancelled",
        "Snow",
    )
    assert (await api.post(f"{path}/publication", json={})).status_code == 409


async def test_a_patch_changes_what_it_names(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    found = await made(
        api, f"/projects/{project['slug']}/events", {**EVENT, "place": "Riga", "capacity": 5}
    )
    path = f"{API}/events/{found['slug']}"
    answer = await api.patch(path, json={"title": "Jauns", "capacity": None, "notify": False})
    assert answer.status_code == 200
    assert (
        (await api.get(path)).json()
        == answer.json()
        == {
            **found,
            "title": {"lv": "Jauns"},
            "capacity": None,
            "seats": {"capacity": None, "taken": 0, "free": None, "waiting": 0},
        }
    )
    assert wrong(await api.patch(path, json={"starts_at": "2027-01-01T09:00"})) == ["ends_at"]
    assert wrong(await api.patch(path, json={"status": "held"})) == ["status"]
    assert wrong(await api.patch(path, json={"title": None})) == ["title"]


async def test_a_patch_moves_an_event_between_activities_and_series(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    where = f"/projects/{project['slug']}"
    found = await made(api, f"{where}/events", EVENT)
    cycle = await made(api, f"{where}/series", {"title": "Cikls", "kind": "cycle"})
    path = f"{API}/events/{found['slug']}"
    linked = {
        "activity": "2.1",
        "series": cycle["id"],
        "direction": {"from": "LV", "to": "NO"},
        "organisers": ["KS"],
    }
    answer = await api.patch(path, json=linked)
    assert {name: answer.json()[name] for name in linked} == linked
    answer = await api.patch(path, json=dict.fromkeys(linked))
    assert answer.json() == found
    assert (await api.get(path)).json() == found


async def test_sessions_have_their_own_zones_and_defaults(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    event = await made(api, f"/projects/{project['slug']}/events", EVENT)
    path = f"/events/{event['slug']}/sessions"
    flight = {
        "kind": "travel",
        "title": "Riga – Trondheim",
        "starts_at": "2026-12-10T08:00",
        "ends_at": "2026-12-10T09:10",
        "end_timezone": "Europe/Oslo",
    }
    found = await made(api, path, flight)
    wanted = {
        "kind": "travel",
        "title": {"lv": "Riga – Trondheim"},
        "starts_at": "2026-12-10T08:00:00+02:00",
        "ends_at": "2026-12-10T09:10:00+01:00",
        "timezone": "Europe/Riga",
        "end_timezone": "Europe/Oslo",
        "place": "",
        "capacity": None,
        "counted": False,
    }
    assert {name: found[name] for name in wanted} == wanted
    for kind in ("meal", "stay", "break"):
        assert (await made(api, path, {**flight, "kind": kind}))["counted"] is False
    for kind in ("talk", "workshop", "visit"):
        assert (await made(api, path, {**flight, "kind": kind}))["counted"] is True
    assert (await made(api, path, {**flight, "counted": True}))["counted"] is True
    assert wrong(await api.post(API + path, json={**flight, "kind": "nap"})) == ["kind"]
    assert wrong(await api.post(API + path, json={**flight, "room": "1"})) == ["room"]
    one = f"{API}/sessions/{found['id']}"
    changed = await api.patch(
        one, json={"starts_at": "2026-12-10T07:00", "timezone": "Europe/Oslo", "place": "A"}
    )
    assert (changed.status_code, changed.json()["starts_at"]) == (200, "2026-12-10T07:00:00+01:00")
    assert (await api.get(one)).json() == changed.json()
    assert (await api.delete(one)).status_code == 204
    assert (await api.get(one)).status_code == (await api.delete(one)).status_code == 404
    assert len((await api.get(API + path)).json()) == 7


@pytest.mark.parametrize(
    "odd",
    [
        "a\x00b",
        "\u202eevil",
        "\ud800",
        "x" * 1_000_000,
        "{{7*7}}",
        "</script>",
        "a\r\nB: c",
        "=cmd()",
    ],
)
async def test_odd_texts_are_cleaned_or_refused(api: httpx.AsyncClient, odd: str) -> None:
    project = await made(api, "/projects", LATGALE)
    for over in (
        {"title": odd},
        {"title": {odd: "x"}},
        {"place": odd},
        {odd: "x"},
        {"organisers": [odd]},
        {"kind": odd},
    ):
        content = json.dumps({**EVENT, **over}).encode()
        answer = await api.post(
            f"{API}/projects/{project['slug']}/events",
            content=content,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code in {201, 422}
        assert "\x00" not in answer.text


async def test_the_same_title_at_once_makes_different_addresses(
    api: httpx.AsyncClient, database: Settings
) -> None:
    project = await made(api, "/projects", LATGALE)
    path = f"/projects/{project['slug']}/events"
    found = await asyncio.gather(*(made(api, path, EVENT) for _ in range(8)))
    assert len({e["slug"] for e in found}) == 8
