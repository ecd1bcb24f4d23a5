"""Lists over the JSON interface: scoped, paged, and never more questions for more rows."""

from typing import Any

import httpx
import pytest

from tests.events.calling import API, EVENT, LATGALE, made, wrong
from tests.events.queries import counted
from tests.support import factories as make


async def test_another_projects_ids_are_not_there(client: httpx.AsyncClient) -> None:
    """Charlie manages another project; Bob is at the door of this one."""
    mine, theirs = await make.project(), await make.project()
    event = await make.event(mine)
    alice, charlie = await make.organiser(mine), await make.organiser(theirs, role_name="manager")
    bob = await make.organiser(mine, role_name="door")
    path = f"/events/{event.slug}"
    hers, his, doors = await make.bearer(alice), await make.bearer(charlie), await make.bearer(bob)
    talk = {
        "kind": "talk",
        "title": "T",
        "starts_at": "2026-12-10T09:00",
        "ends_at": "2026-12-10T10:00",
    }
    session = (await client.post(f"{API}{path}/sessions", json=talk, headers=hers)).json()
    series = (
        await client.post(
            f"{API}/projects/{mine.slug}/series", json={"title": "S", "kind": "cycle"}, headers=hers
        )
    ).json()
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"/projects/{mine.slug}", None),
        ("GET", f"/projects/{mine.slug}/events", None),
        ("GET", f"/projects/{mine.slug}/series", None),
        ("POST", f"/projects/{mine.slug}/events", EVENT),
        ("POST", f"/projects/{mine.slug}/series", {"title": "S", "kind": "cycle"}),
        ("GET", path, None),
        ("PATCH", path, {"place": "X"}),
        ("GET", f"{path}/sessions", None),
        ("POST", f"{path}/sessions", talk),
        ("POST", f"{path}/publication", {}),
        ("POST", f"{path}/cancellation", {"reason": "x"}),
        ("POST", f"{path}/held", {"reason": "x"}),
        ("GET", f"/sessions/{session['id']}", None),
        ("PATCH", f"/sessions/{session['id']}", {"place": "X"}),
        ("DELETE", f"/sessions/{session['id']}", None),
    ]
    for method, where, body in calls:
        sent: dict[str, Any] = {} if body is None else {"json": body}
        assert (
            await client.request(method, API + where, headers=his, **sent)
        ).status_code == 404, where
        assert (
            await client.request(method, API + where, headers=doors, **sent)
        ).status_code == 403, where
        assert (await client.request(method, API + where, **sent)).status_code == 401, where
    assert (await client.get(f"{API}/projects", headers=his)).json()[0]["slug"] == theirs.slug
    body = {**EVENT, "series": series["id"]}
    assert wrong(
        await client.post(f"{API}/projects/{theirs.slug}/events", json=body, headers=his)
    ) == ["series"]
    for odd in ("x", "-1", "9" * 30, "%00"):
        assert (await client.get(f"{API}/sessions/{odd}", headers=hers)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/projects", "/projects/{p}/events", "/projects/{p}/series", "/events/{e}/sessions"]
)
async def test_a_list_asks_the_same_of_the_database_for_one_and_for_three(
    api: httpx.AsyncClient, path: str
) -> None:
    project = await made(api, "/projects", LATGALE)
    where = f"/projects/{project['slug']}"
    counts = []
    for number in range(3):
        event = await made(api, f"{where}/events", {**EVENT, "activity": "2.1"})
        await made(api, f"{where}/series", {"title": "S", "kind": "cycle"})
        here = path.format(p=project["slug"], e="kurss")
        await made(api, "/events/kurss/sessions", {"kind": "talk", "title": "T", **_hours(event)})
        with counted() as queries:
            answer = await api.get(API + here)
        assert len(answer.json()) == number + 1
        counts.append(len(queries))
        await made(api, "/projects", {**LATGALE, "code": f"code {number}"})
    assert 0 < counts[0] == counts[2]


def _hours(event: dict[str, Any]) -> dict[str, str]:
    return {"starts_at": event["starts_at"], "ends_at": event["ends_at"]}


async def test_a_list_comes_in_pages(api: httpx.AsyncClient) -> None:
    project = await made(api, "/projects", LATGALE)
    path = f"{API}/projects/{project['slug']}/events"
    slugs = [
        (await made(api, f"/projects/{project['slug']}/events", EVENT))["slug"] for _ in range(5)
    ]
    assert slugs == ["kurss", "kurss-2", "kurss-3", "kurss-4", "kurss-5"]
    found, url = [], f"{path}?limit=2"
    while url:
        answer = await api.get(url)
        found += [e["slug"] for e in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert found == slugs
    assert wrong(await api.get(f"{path}?limit=501")) == ["limit"]
    assert wrong(await api.get(f"{path}?cursor=x")) == ["cursor"]
    assert wrong(await api.get(f"{path}?status=gone")) == ["status"]
