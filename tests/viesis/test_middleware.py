"""Odd requests get an answer in words, never a fault of ours; answers keep to themselves."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from core import settings
from core.errors import invalid
from core.http.api import Body
from core.http.forms import Form
from core.http.limits import client_ip
from core.settings import Settings
from tests.support import factories
from viesis import app as program
from viesis.middleware import CSP, LARGEST

THING = "/api/v1/things"


class Thing(Body):
    """What a machine may send."""

    name: str
    more: dict[str, object] = {}


@pytest.fixture
def application() -> FastAPI:
    """One of these tests' own, which add routes to it."""
    return program.create()


@pytest.fixture
async def charlie(app: FastAPI, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Charlie, who tries things, and routes that answer."""

    async def thing(body: Thing) -> dict[str, object]:
        if len(body.name) > 200:
            raise invalid(name="too long")
        return {"name": body.name, "more": body.more}

    async def form(request: Request) -> dict[str, str]:
        return {"name": (await Form.read(request)).text("name")}

    async def broken() -> None:
        raise RuntimeError("a secret of ours")

    async def huge(number: int) -> None:
        await factories.project(
            slug="x" * 500 if number == 1 else "x", budget={}, id=2**70 if number == 2 else 7
        )

    async def where(request: Request) -> str:
        return client_ip(request)

    app.post(THING)(thing)
    app.post("/form")(form)
    app.get("/broken")(broken)
    app.get("/api/v1/broken")(broken)
    app.get("/huge/{number}")(huge)
    app.get("/where")(where)
    return client


async def test_every_answer_has_its_headers(client: httpx.AsyncClient) -> None:
    for path in ("/nowhere", "/static/app.css", "/api/v1/nowhere", "/health"):
        answer = await client.get(path)
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers


async def test_a_fault_of_ours_has_a_number_and_no_secret(charlie: httpx.AsyncClient) -> None:
    page = await charlie.get("/broken")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "quote this number" in page.text
    assert "secret" not in page.text
    assert page.headers["content-security-policy"] == CSP
    machine = await charlie.get("/api/v1/broken")
    assert (machine.status_code, machine.headers["content-type"]) == (
        500,
        "application/problem+json",
    )
    assert len(machine.json()["number"]) == 8


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'"x"', "body"),
        (b"\xff\xfe", ""),
        (b'{"name": ' + b"9" * 5000 + b"}", ""),
        (b"[" * 100_000, ""),
        (b'{"name": 1e999}', "name"),
        (b'{"name": {}}', "name"),
        (b'{"more": {}}', "name"),
        (b'{"name": "a", "extra": 1}', "extra"),
        (b'{"name": "a", "\\ud800": 1}', "body"),
        (b'{"name": "' + b"a" * 2**20 + b'"}', "name"),
        (b"{" + b",".join(b'"f%d": 1' % n for n in range(10_001)) + b"}", "name"),
    ],
    ids=lambda value: repr(value)[:20],
)
async def test_a_body_that_is_wrong_is_a_problem_with_a_field(
    charlie: httpx.AsyncClient, sent: bytes, field: str
) -> None:
    answer = await charlie.post(THING, content=sent, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert {"title", "detail", "status"} <= set(problem)
    if field:
        assert field in {error["field"] for error in problem["errors"]}


async def test_control_characters_and_half_characters_are_taken_out(
    charlie: httpx.AsyncClient,
) -> None:
    body = b'{"name": "a\\u0000b\\ud800c\\u202ed\\u0007", "more": {"\\u0000k": ["\\udfff", {"x": "\\u0000"}]}}'
    answer = await charlie.post(THING, content=body, headers={"Content-Type": "application/json"})
    assert answer.json() == {"name": "abcd", "more": {"k": ["", {"x": ""}]}}


async def test_forms_that_are_odd(charlie: httpx.AsyncClient) -> None:
    assert (await charlie.post("/form", data={"name": "a\0b"})).json() == {"name": "ab"}
    many = await charlie.post("/form", data={f"f{n}": "1" for n in range(10_001)})
    assert many.status_code == 422
    head = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await charlie.post("/form", content=b"--y", headers=head)).status_code in {200, 422}
    part = (
        b'--x\r\nContent-Disposition: form-data; name="name"; filename*=x\r\n\r\n\xff\r\n--x--\r\n'
    )
    assert (await charlie.post("/form", content=part, headers=head)).status_code in {200, 422}


async def test_too_much_is_413(charlie: httpx.AsyncClient) -> None:
    announced = await charlie.post(
        THING, content=b"x" * (LARGEST + 1), headers={"Content-Type": "application/json"}
    )
    assert (announced.status_code, announced.headers["content-type"]) == (
        413,
        "application/problem+json",
    )

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(13):
            yield b" " * 2**20

    for path, kind, status in (
        (THING, "application/json", 413),
        ("/form", "application/x-www-form-urlencoded", 422),
    ):
        answer = await charlie.post(path, content=stream(), headers={"Content-Type": kind})
        assert answer.status_code == status


async def test_what_no_database_holds_is_refused(charlie: httpx.AsyncClient) -> None:
    assert [(await charlie.get(f"/huge/{n}")).status_code for n in (1, 2)] == [422, 422]


async def test_nul_in_an_address(client: httpx.AsyncClient) -> None:
    for path in (
        "/e/%00",
        "/p/a%00b",
        "/desk/sign-in?next=%2500",
        "/desk/sign-in?next=%00&x=%%0000",
    ):
        assert (await client.get(path)).status_code in {200, 404}


async def test_a_forged_host_leads_nowhere(client: httpx.AsyncClient) -> None:
    for path in (
        "/desk/",
        "/desk/sign-in",
        "/nowhere",
        "/static/",
        "/static",
        "/api/v1/openapi.json",
        "//evil.org/",
    ):
        answer = await client.get(
            path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
        assert "evil.example" not in answer.text
        assert "evil" not in answer.headers.get("location", "").replace("/evil.org", "")
        assert not answer.headers.get("location", "").startswith("//")


async def test_a_slash_at_the_end_is_forgiven(client: httpx.AsyncClient) -> None:
    answer = await client.get("/desk/?a=%2F%2F")
    assert (answer.status_code, answer.headers["location"]) == (307, "/desk?a=%2F%2F")


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/static/app.css", "/desk/sign-in"):
        got, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == got.headers["content-type"]


async def test_static_files_are_kept_when_the_address_names_their_content(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/nowhere")).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert (await client.get(address)).headers[
        "cache-control"
    ] == "public, max-age=31536000, immutable"
    for other in ("/static/app.css", "/static/app.css?v=0123456789"):
        assert (await client.get(other)).headers["cache-control"] == "no-cache"
    for path in (
        "/static/../core/settings.py",
        "/static/%2e%2e/core/settings.py",
        "/static/none?v=1",
    ):
        assert (await client.get(path)).status_code == 404


async def test_a_client_is_who_it_is_unless_a_trusted_proxy_says_otherwise(
    charlie: httpx.AsyncClient, database: Settings
) -> None:
    forged = {"X-Forwarded-For": "198.51.100.9, 192.0.2.7"}
    assert (await charlie.get("/where", headers=forged)).json() == "127.0.0.1"
    settings.use(database.model_copy(update={"trusted_proxies": "127.0.0.0/8, 10.0.0.1"}))
    assert (await charlie.get("/where", headers=forged)).json() == "192.0.2.7"
    through_two = {"X-Forwarded-For": "198.51.100.9, 10.0.0.1"}
    assert (await charlie.get("/where", headers=through_two)).json() == "198.51.100.9"
    assert (
        await charlie.get("/where", headers={"X-Forwarded-For": "nonsense, 192.0.2.7"})
    ).json() == "192.0.2.7"
    assert (
        await charlie.get("/where", headers={"X-Forwarded-For": "nonsense"})
    ).json() == "127.0.0.1"


async def test_over_https_the_browser_is_told_to_stay_there(
    client: httpx.AsyncClient, database: Settings
) -> None:
    settings.use(database.model_copy(update={"base_url": "https://viesis.example"}))
    answer = await client.get("/desk/sign-in")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "__Host-viesis-visitor=" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]


async def test_the_language_is_the_persons(client: httpx.AsyncClient) -> None:
    async def spoken(**given: Any) -> str:
        return (await client.get("/nowhere", **given)).text.split('<html lang="')[1][:2]

    assert await spoken() == "en"
    assert await spoken(headers={"Accept-Language": "de, lv;q=0.9, en;q=0.5"}) == "lv"
    assert (await client.get("/nowhere?lang=lt")).cookies["lang"] == "lt"
    assert await spoken(headers={"Accept-Language": "lv"}) == "lt"
    assert (await client.get("/nowhere?lang=xx")).cookies.get("lang") is None


async def test_pages_are_packed(client: httpx.AsyncClient) -> None:
    async with client.stream(
        "GET", "/static/app.css", headers={"Accept-Encoding": "gzip"}
    ) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
    assert b"@layer" in gzip.decompress(packed)
