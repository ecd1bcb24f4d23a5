"""Lists come in pages."""

from typing import Any

import pytest

from tests.acceptance.outside import Api, Outside, Project, at, problem


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project()


def pages(api: Api, path: str) -> list[Any]:
    """Every page of a list, following its links."""
    found = []
    url: str | None = path
    for _page in range(300):
        assert url
        answer = api.call("GET", url)
        assert answer.status_code == 200, answer.text
        assert isinstance(answer.json(), list)
        found.append(answer.json())
        url = answer.links.get("next", {}).get("url")
        if not url:
            return found
    raise AssertionError("a list without end")


def test_lists_page_with_links(project: Project) -> None:
    event = project.event(at(3, 9))
    ids = [event.register()["id"] for _ in range(7)]
    found = pages(project.api, f"{event.path}/registrations?limit=3")
    assert [len(page) for page in found] == [3, 3, 1]
    assert [one["id"] for page in found for one in page] == ids
    assert [len(page) for page in pages(project.api, f"{event.path}/registrations?limit=7")] == [7]
    posted = event.register()
    assert project.api.get(f"{event.path}/registrations?limit=500")[-1] == posted
    assert project.api.get(f"/registrations/{posted['id']}") == posted
    for path in (f"/projects/{project.slug}/indicators", "/projects"):
        project.shipped("PEOPLE", "EVENTS")
        found = [one["id"] for page in pages(project.api, f"{path}?limit=2") for one in page]
        assert len(found) == len(set(found)) >= 2


def test_paging_of_duplicates(project: Project) -> None:
    event = project.event(at(3, 9))
    for name in ("Anna", "Berta", "Dace"):
        event.register(f"{name} Kalniņa", email="shared@example.org")
    found = [
        tuple(sorted([p["one"]["id"], p["two"]["id"]]))
        for page in pages(project.api, f"/projects/{project.slug}/duplicates?limit=1")
        for p in page
    ]
    assert len(found) == len(set(found)) >= 3


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=-1", "cursor=x"])
def test_a_limit_is_from_1_to_500(project: Project, query: str) -> None:
    answer = project.api.call("GET", f"/projects?{query}")
    assert answer.status_code == 422
    problem(answer, query.partition("=")[0])
