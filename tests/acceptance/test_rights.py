"""Who may call what: without a token, with another project's, as a viewer, at the door."""

from typing import Any

import pytest

from tests.acceptance.calls import PERSON, every_call
from tests.acceptance.outside import Api, Outside, Project, at, problem


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project()


@pytest.fixture(scope="package")
def other(outside: Outside) -> Project:
    """Another project, whose ids are there."""
    return outside.project()


@pytest.fixture(scope="package")
def calls(other: Project) -> list[tuple[str, str, Any]]:
    """Every call on the other project."""
    return every_call(other)


@pytest.fixture(scope="package")
def organiser(outside: Outside, project: Project) -> Api:
    """An organiser of one project."""
    return outside.as_role("organiser", project.slug)


@pytest.fixture(scope="package")
def door(outside: Outside, project: Project) -> Api:
    """Somebody at the door."""
    return outside.as_role("door", project.slug)


@pytest.fixture(scope="package")
def viewer(outside: Outside, other: Project) -> Api:
    """Somebody who may only look, in the other project."""
    return outside.as_role("viewer", other.slug)


def test_without_a_token_401(outside: Outside, calls: list[tuple[str, str, Any]]) -> None:
    for method, path, body in [*calls, ("GET", "/projects", None), ("POST", "/projects", {})]:
        for api in (
            outside.nobody(),
            Api(outside.api.http, "wrong"),
            Api(outside.api.http, "vst_" + "x" * 40),
        ):
            answer = api.call(method, path, body)
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"
            problem(answer)
            assert "bearer" in answer.headers["www-authenticate"].lower()


def test_another_projects_ids_are_404(organiser: Api, calls: list[tuple[str, str, Any]]) -> None:
    for method, path, body in calls:
        answer = organiser.call(method, path, body)
        assert answer.status_code == 404, f"{method} {path}: {answer.status_code} {answer.text}"
        problem(answer)


def test_a_token_of_one_project_sees_that_one_alone(
    outside: Outside, project: Project, other: Project
) -> None:
    token = outside.program.last_line(
        "token", "add", "admin@example.org", "--name", "one", "--project", project.slug
    )
    api = Api(outside.api.http, token)
    assert [one["slug"] for one in api.get("/projects")] == [project.slug]
    api.get(f"/projects/{other.slug}", 404)
    assert api.call("POST", "/projects", {}).status_code in {403, 422}


def test_what_a_viewer_may_not_do_is_403(viewer: Api, calls: list[tuple[str, str, Any]]) -> None:
    for method, path, body in calls:
        answer = viewer.call(method, path, body)
        if method != "GET":
            assert answer.status_code == 403, f"{method} {path}: {answer.status_code} {answer.text}"
            problem(answer)
        else:
            assert answer.status_code in {200, 403}, (
                f"{method} {path}: {answer.status_code} {answer.text}"
            )
    body = {
        "code": "x",
        "title": "x",
        "timezone": "UTC",
        "languages": ["en"],
        "lead": {"name": "x", "country": "LV"},
    }
    assert viewer.call("POST", "/projects", body).status_code == 403


def test_the_door_may_scan_alone(door: Api, project: Project) -> None:
    event = project.event(at(-3, 9))
    one = event.register()
    scan = {"ticket": one["ticket"], "scanned_at": at(-3, 9).isoformat()}
    assert event.scan(scan, api=door)[0]["result"] == "valid"
    door.get(f"{event.path}/attendance")
    door.post(f"{event.path}/registrations", PERSON, 403)
    door.post(f"/registrations/{one['id']}/cancellation", {}, 403)


def test_entries_afterwards_take_an_organisers_token(door: Api, project: Project) -> None:
    event = project.event(at(-3, 9))
    one = event.register()
    assert (
        event.scan({"ticket": one["ticket"], "method": "manual"}, api=door)[0]["result"]
        == "outside_hours"
    )
