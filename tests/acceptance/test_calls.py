"""What holds for every call: problems, unknown fields, odd bodies, repeated POSTs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.calls import PERSON, every_call
from tests.acceptance.outside import Api, Outside, Project, at, problem

NO_OBJECTS: list[Any] = [[], "text", 3, None]


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project()


@pytest.fixture(scope="package")
def organiser(outside: Outside, project: Project) -> Api:
    """An organiser of one project."""
    return outside.as_role("organiser", project.slug)


@pytest.mark.parametrize(
    "wrong", ["nothing", "0", "999999999", "-1", "1e3", "%00", "ā", "99999999999999999999"]
)
def test_ids_that_are_not_there_are_404(project: Project, wrong: str) -> None:
    for path in (
        "/projects/{}",
        "/events/{}",
        "/registrations/{}",
        "/events/{}/attendance",
        "/events/{}/registrations",
    ):
        project.api.get(path.format(wrong), 404)
    for path in (
        "/registrations/{}/cancellation",
        "/registrations/{}/approval",
        "/periods/{}/submission",
    ):
        project.api.post(path.format(wrong), {}, 404)
    project.api.post(f"/scans/{wrong}/withdrawal", {}, 404)
    project.api.post(f"/persons/{wrong}/merge", {"into": "1"}, 404)
    assert project.api.call("DELETE", f"/merges/{wrong}").status_code == 404
    assert project.api.call("DELETE", f"/sessions/{wrong}").status_code == 404


def test_an_unknown_field_is_named(project: Project) -> None:
    refused = [
        c for c in every_call(project) if c[0] in {"POST", "PATCH"} and isinstance(c[2], dict)
    ]
    assert len(refused) > 17
    for method, path, body in refused:
        project.api.wrong(path, {**body, "colour": "red"}, "colour", method=method)
    given = {
        "code": "x",
        "title": "x",
        "timezone": "UTC",
        "languages": ["en"],
        "lead": {"name": "x", "country": "LV"},
    }
    project.api.wrong("/projects", {**given, "colour": "red"}, "colour")


def test_a_body_that_is_no_object_is_422(project: Project) -> None:
    for method, path, body in every_call(project):
        if method in {"POST", "PATCH"} and body != {} and isinstance(body, dict):
            for other_body in NO_OBJECTS:
                project.api.wrong(path, other_body, method=method)
            raw = project.api.http.request(
                method,
                f"/api/v1{path}",
                content=b'{"a": ',
                headers={
                    "Authorization": f"Bearer {project.api.token}",
                    "Content-Type": "application/json",
                },
            )
            assert raw.status_code == 422, path
            problem(raw)


def test_what_no_database_can_hold_is_422(project: Project) -> None:
    event = project.event(at(3, 9))
    for name, value in (("birth_year", 10**30), ("name", 3), ("email", ["x"]), ("name", "")):
        project.api.wrong(f"{event.path}/registrations", {**PERSON, name: value})
    kept = project.api.post(
        f"{event.path}/registrations", {**PERSON, "name": "Il\u0000ze\u0007 O\u200bzola"}
    )
    assert "\u0000" not in kept["name"]


class TestIdempotency:
    """POSTs that carry an Idempotency-Key."""

    def test_the_same_key_and_body_answer_as_before(self, project: Project) -> None:
        path = f"/projects/{project.slug}/series"
        key, body = str(uuid4()), {"title": "Twice", "kind": "cycle"}
        first = project.api.call("POST", path, body, Idempotency_Key=key)
        again = project.api.call("POST", path, body, Idempotency_Key=key)
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert (
            project.api.post(path, body, Idempotency_Key=str(uuid4()))["id"] != first.json()["id"]
        )

    def test_another_body_is_422(self, project: Project) -> None:
        path, key = f"/projects/{project.slug}/series", str(uuid4())
        project.api.post(path, {"title": "A", "kind": "cycle"}, Idempotency_Key=key)
        refused = project.api.call(
            "POST", path, {"title": "B", "kind": "cycle"}, Idempotency_Key=key
        )
        assert refused.status_code == 422
        problem(refused)

    def test_a_refusal_is_answered_again(self, project: Project) -> None:
        path, key = f"/projects/{project.slug}/series", str(uuid4())
        answers = [
            project.api.call("POST", path, {"title": "A"}, Idempotency_Key=key) for _ in range(2)
        ]
        assert [a.status_code for a in answers] == [422, 422]
        assert answers[0].json() == answers[1].json()

    def test_one_key_of_two_people_is_two(self, project: Project, organiser: Api) -> None:
        path, key = f"/projects/{project.slug}/series", str(uuid4())
        body = {"title": "A", "kind": "cycle"}
        ids = {api.post(path, body, Idempotency_Key=key)["id"] for api in (project.api, organiser)}
        assert len(ids) == 2

    def test_many_at_once_happen_once(self, project: Project) -> None:
        event = project.event(at(3, 9))
        key = str(uuid4())
        with ThreadPoolExecutor(10) as pool:
            found = list(
                pool.map(
                    lambda _n: project.api.call(
                        "POST", f"{event.path}/registrations", PERSON, Idempotency_Key=key
                    ),
                    range(10),
                )
            )
        assert {f.status_code for f in found} == {201}
        assert len({f.json()["id"] for f in found}) == 1
        assert event.attendance()["registered"] == 1

    def test_scans_too(self, project: Project) -> None:
        event = project.event(at(-3, 9))
        one = event.register()
        body = [{"id": str(uuid4()), "ticket": one["ticket"], "scanned_at": at(-3, 9).isoformat()}]
        key = str(uuid4())
        answers = [
            project.api.post(f"{event.path}/scans", body, 200, Idempotency_Key=key)
            for _ in range(2)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0]["result"] == "valid"


def test_problems_have_a_title_and_a_detail(outside: Outside) -> None:
    for method, path in (("GET", "/nothing"), ("PUT", "/projects"), ("GET", "/events/none")):
        answer = outside.api.call(method, path)
        assert answer.status_code in {404, 405}
        found = problem(answer)
        assert isinstance(found["title"], str)
        assert isinstance(found["detail"], str)


def test_the_document_of_the_api(outside: Outside) -> None:
    http = outside.api.http
    assert http.get("/api/v1/docs").status_code == 200
    assert http.get("/health").status_code == 200
    assert "# TYPE" in http.get("/metrics").text
