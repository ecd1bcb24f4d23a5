"""Projects over the JSON interface."""

import httpx

from events.projects.projects import Project
from tests.events.calling import API, LATGALE, made, wrong
from tests.support import factories as make


async def test_a_project_is_answered_as_it_was_given(api: httpx.AsyncClient) -> None:
    found = await made(api, "/projects", LATGALE)
    assert {name: found[name] for name in LATGALE} == LATGALE
    assert found["slug"] == "4-3-24-nfi-inp-004"
    assert found["url"] == "http://127.0.0.1:8000/p/4-3-24-nfi-inp-004"
    assert found["calendar_url"] == "http://127.0.0.1:8000/p/4-3-24-nfi-inp-004.ics"
    assert (await api.get(f"{API}/projects/{found['slug']}")).json() == found
    assert (await api.get(f"{API}/projects")).json() == [found]


async def test_a_plain_string_is_in_the_first_language(api: httpx.AsyncClient) -> None:
    lead = {"name": "Latvijas Pašvaldību savienība", "country": "LV", "kind": "association"}
    activities = [{"number": "1", "title": "A"}]
    title = "Lietpratīga pārvaldība"
    body = {**LATGALE, "slug": "smart", "title": title, "activities": activities, "lead": lead}
    found = await made(api, "/projects", body)
    assert (found["slug"], found["title"], found["activities"][0]["title"]) == (
        "smart",
        {"lv": "Lietpratīga pārvaldība"},
        {"lv": "A"},
    )
    assert found["lead"]["name"] == {"lv": "Latvijas Pašvaldību savienība"}


async def test_only_an_administrator_makes_projects(client: httpx.AsyncClient) -> None:
    of = await make.project()
    manager = await make.organiser(of, role_name="manager")
    admin = await make.user(admin=True)
    assert (await client.post(f"{API}/projects", json=LATGALE)).status_code == 401
    for header in (await make.bearer(manager), await make.bearer(admin, of)):
        assert (
            await client.post(f"{API}/projects", json=LATGALE, headers=header)
        ).status_code == 403
    assert await Project.all().count() == 1


async def test_a_project_names_each_wrong_field(api: httpx.AsyncClient) -> None:
    bad = {"lead": {**LATGALE["lead"], "country": "XX"}, "timezone": "Mars", "starts_on": "soon"}  # type: ignore[dict-item]  # a part of it
    assert set(wrong(await api.post(f"{API}/projects", json={**LATGALE, **bad}))) == {
        "lead.country",
        "timezone",
        "starts_on",
    }
    assert wrong(await api.post(f"{API}/projects", json={**LATGALE, "colour": "red"})) == ["colour"]
    body = {k: v for k, v in LATGALE.items() if k != "code"}
    assert wrong(await api.post(f"{API}/projects", json=body)) == ["code"]
    await made(api, "/projects", LATGALE)
    assert wrong(await api.post(f"{API}/projects", json=LATGALE)) == ["code"]
    assert wrong(await api.post(f"{API}/projects", content=b"{")) != []
