"""What holds for every call: tokens, rights, problems, unknown fields, repeated POSTs, pages of lists."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.outside import Api, Outside, Project, at, iso, problem, unique

NO_OBJECTS: list[Any] = [[], "text", 3, None]
PERSON = {"name": "Ilze Ozola", "email": "ilze@example.org"}


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project()


@pytest.fixture(scope="package")
def other(outside: Outside) -> Project:
    """Another project, whose ids are there."""
    return outside.project()


def every_call(project: Project) -> list[tuple[str, str, Any]]:
    """Each call of interface.md with real ids of this project."""
    event = project.event(at(-3, 9))
    one, two = event.register(), event.register()
    session = event.session(at(-3, 9))
    period = {"name": "1", "from": "2026-01-01", "to": "2026-06-30"}
    period_id = project.api.post(f"/projects/{project.slug}/periods", period)["id"]
    indicator = project.api.post(f"/projects/{project.slug}/indicators", {"rule": "RCR84"})["id"]
    scan = event.scan({"ticket": one["ticket"], "scanned_at": at(-3, 9).isoformat()})[0]["id"]
    merge = project.api.post(f"/persons/{two['person']}/merge", {"into": one["person"]})["id"]
    times = {"starts_at": iso(at(3, 9)), "ends_at": iso(at(3, 10))}
    return [
        ("GET", f"/projects/{project.slug}", None),
        ("POST", f"/projects/{project.slug}/series", {"title": "S", "kind": "scheme"}),
        ("POST", f"/projects/{project.slug}/events", {"kind": "debate", "title": "E", **times}),
        ("GET", event.path, None),
        ("PATCH", event.path, {"place": "Here"}),
        ("POST", f"{event.path}/sessions", {"kind": "talk", "title": "S", **times}),
        ("PATCH", f"/sessions/{session}", {"place": "There"}),
        ("DELETE", f"/sessions/{session}", None),
        ("POST", f"{event.path}/publication", {}),
        ("POST", f"{event.path}/cancellation", {"reason": "x"}),
        ("POST", f"{event.path}/held", {"reason": "x"}),
        ("POST", f"{event.path}/registrations", {**PERSON, "name": unique()}),
        ("GET", f"{event.path}/registrations", None),
        ("GET", f"/registrations/{one['id']}", None),
        ("POST", f"/registrations/{one['id']}/cancellation", {}),
        ("POST", f"/registrations/{one['id']}/approval", {}),
        ("POST", f"/registrations/{one['id']}/acceptance", {}),
        ("POST", f"/registrations/{one['id']}/substitution", PERSON),
        ("POST", f"{event.path}/scans", [{"id": str(uuid4()), "ticket": one["ticket"]}]),
        ("POST", f"/scans/{scan}/withdrawal", {}),
        ("GET", f"{event.path}/attendance", None),
        ("GET", f"/projects/{project.slug}/duplicates", None),
        ("POST", f"/persons/{one['person']}/merge", {"into": two["person"]}),
        ("DELETE", f"/merges/{merge}", None),
        ("POST", f"/projects/{project.slug}/periods", {**period, "name": "2"}),
        ("POST", f"/periods/{period_id}/submission", {}),
        ("POST", f"/projects/{project.slug}/indicators", {"rule": "PEOPLE"}),
        ("GET", f"/projects/{project.slug}/indicators", None),
        ("POST", f"/indicators/{indicator}/values", {"value": 1, "from": "2026-01-01", "to": "2026-01-31"}),
    ]


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
        for api in (outside.nobody(), Api(outside.api.http, "wrong"), Api(outside.api.http, "vst_" + "x" * 40)):
            answer = api.call(method, path, body)
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"
            problem(answer)
            assert "bearer" in answer.headers["www-authenticate"].lower()


def test_another_projects_ids_are_404(organiser: Api, calls: list[tuple[str, str, Any]]) -> None:
    for method, path, body in calls:
        answer = organiser.call(method, path, body)
        assert answer.status_code == 404, f"{method} {path}: {answer.status_code} {answer.text}"
        problem(answer)


def test_a_token_of_one_project_sees_that_one_alone(outside: Outside, project: Project, other: Project) -> None:
    token = outside.program.last_line("token", "add", "admin@example.org", "--name", "one", "--project", project.slug)
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
            assert answer.status_code in {200, 403}, f"{method} {path}: {answer.status_code} {answer.text}"
    body = {"code": "x", "title": "x", "timezone": "UTC", "languages": ["en"], "lead": {"name": "x", "country": "LV"}}
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
    assert event.scan({"ticket": one["ticket"], "method": "manual"}, api=door)[0]["result"] == "outside_hours"


@pytest.mark.parametrize("wrong", ["nothing", "0", "999999999", "-1", "1e3", "%00", "ā", "99999999999999999999"])
def test_ids_that_are_not_there_are_404(project: Project, wrong: str) -> None:
    for path in (
        "/projects/{}",
        "/events/{}",
        "/registrations/{}",
        "/events/{}/attendance",
        "/events/{}/registrations",
    ):
        project.api.get(path.format(wrong), 404)
    for path in ("/registrations/{}/cancellation", "/registrations/{}/approval", "/periods/{}/submission"):
        project.api.post(path.format(wrong), {}, 404)
    project.api.post(f"/scans/{wrong}/withdrawal", {}, 404)
    project.api.post(f"/persons/{wrong}/merge", {"into": "1"}, 404)
    assert project.api.call("DELETE", f"/merges/{wrong}").status_code == 404
    assert project.api.call("DELETE", f"/sessions/{wrong}").status_code == 404


def test_an_unknown_field_is_named(project: Project) -> None:
    refused = [c for c in every_call(project) if c[0] in {"POST", "PATCH"} and isinstance(c[2], dict)]
    assert len(refused) > 17
    for method, path, body in refused:
        project.api.wrong(path, {**body, "colour": "red"}, "colour", method=method)
    given = {"code": "x", "title": "x", "timezone": "UTC", "languages": ["en"], "lead": {"name": "x", "country": "LV"}}
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
                headers={"Authorization": f"Bearer {project.api.token}", "Content-Type": "application/json"},
            )
            assert raw.status_code == 422, path
            problem(raw)


def test_what_no_database_can_hold_is_422(project: Project) -> None:
    event = project.event(at(3, 9))
    for name, value in (("birth_year", 10**30), ("name", 3), ("email", ["x"]), ("name", "")):
        project.api.wrong(f"{event.path}/registrations", {**PERSON, name: value})
    kept = project.api.post(f"{event.path}/registrations", {**PERSON, "name": "Il\u0000ze\u0007 O\u200bzola"})
    assert "\u0000" not in kept["name"]


class TestIdempotency:
    """POSTs that carry an Idempotency-Key."""

    def test_the_same_key_and_body_answer_as_before(self, project: Project) -> None:
        path = f"/projects/{project.slug}/series"
        key, body = str(uuid4()), {"title": "Twice", "kind": "cycle"}
        first = project.api.call("POST", path, body, Idempotency_Key=key)
        again = project.api.call("POST", path, body, Idempotency_Key=key)
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert project.api.post(path, body, Idempotency_Key=str(uuid4()))["id"] != first.json()["id"]

    def test_another_body_is_422(self, project: Project) -> None:
        path, key = f"/projects/{project.slug}/series", str(uuid4())
        project.api.post(path, {"title": "A", "kind": "cycle"}, Idempotency_Key=key)
        refused = project.api.call("POST", path, {"title": "B", "kind": "cycle"}, Idempotency_Key=key)
        assert refused.status_code == 422
        problem(refused)

    def test_a_refusal_is_answered_again(self, project: Project) -> None:
        path, key = f"/projects/{project.slug}/series", str(uuid4())
        answers = [project.api.call("POST", path, {"title": "A"}, Idempotency_Key=key) for _ in range(2)]
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
                    lambda _n: project.api.call("POST", f"{event.path}/registrations", PERSON, Idempotency_Key=key),
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
        answers = [project.api.post(f"{event.path}/scans", body, 200, Idempotency_Key=key) for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[0][0]["result"] == "valid"


def pages(api: Api, path: str) -> list[Any]:
    """Every page of a list, following its links."""
    found = []
    url: str | None = path
    for _page in range(30):
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
