"""A POST with an Idempotency-Key happens once: sent again, at once or later, by one node or by
two.
"""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from accounts.sessions.api_tokens import ApiToken
from core import db
from core.clock import now, travelled
from core.database.state import IdempotencyKey, Lease
from core.errors import DomainError
from core.http.idempotency import sweep
from core.settings import Settings
from tests.support import factories
from viesis import app as program

URL = "/api/v1/things"
begun = asyncio.Event()
"""Set whenever the making of a thing has begun."""


@db.atomic
async def make(name: str) -> int:
    """Leave a mark, and say how many there are."""
    await Lease.create(name=f"{name}{await Lease.all().count()}", holder="", ends_at=now())
    begun.set()
    await asyncio.sleep(0.02)
    return await Lease.all().count()


@pytest.fixture
def application() -> FastAPI:
    """One of these tests' own, which add routes to it."""
    return program.create()


@pytest.fixture
async def alice(app: FastAPI, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A machine of Alice's, and a place where it can make things."""

    async def things(request: Request) -> dict[str, Any]:
        body = await request.json()
        made = await make(body["name"])
        if body["name"] == "wrong":
            raise DomainError("wrong", 422)
        if body["name"] == "full":
            raise DomainError("full", 409)
        if body["name"] == "broken":
            raise RuntimeError("broken")
        return {"made": made}

    app.post(URL, status_code=201)(things)
    client.headers.update(await factories.bearer(await factories.user("alice@example.org")))
    return client


async def post(client: httpx.AsyncClient, name: str, key: str, **headers: str) -> httpx.Response:
    return await client.post(URL, json={"name": name}, headers={"Idempotency-Key": key, **headers})


async def test_sent_again_it_is_answered_as_before(alice: httpx.AsyncClient) -> None:
    first = await post(alice, "a", "one")
    again = await post(alice, "a", "one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == {"made": 1}
    assert again.headers["content-type"] == "application/json"
    assert [a.headers.get("idempotent-replayed") for a in (first, again)] == [None, "true"]
    assert await Lease.all().count() == 1


async def test_another_key_is_another_thing(alice: httpx.AsyncClient) -> None:
    assert [(await post(alice, "a", key)).json() for key in ("one", "two")] == [
        {"made": 1},
        {"made": 2},
    ]


async def test_twenty_at_once_are_one(alice: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(post(alice, "a", "one") for _ in range(20)))
    assert {(a.status_code, a.text) for a in answers} == {(201, '{"made":1}')}
    assert await Lease.all().count() == 1


async def test_another_body_is_refused(alice: httpx.AsyncClient) -> None:
    await post(alice, "a", "one")
    refused = await post(alice, "b", "one")
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_a_refusal_is_kept_and_what_it_had_begun_is_not(alice: httpx.AsyncClient) -> None:
    first, again = await post(alice, "full", "one"), await post(alice, "full", "one")
    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()
    assert await Lease.all().count() == 0


async def test_a_body_that_was_refused_may_be_corrected(alice: httpx.AsyncClient) -> None:
    assert (await post(alice, "wrong", "one")).status_code == 422
    assert (await post(alice, "a", "one")).status_code == 201


async def test_a_fault_is_not_kept_and_blocks_nobody(alice: httpx.AsyncClient) -> None:
    assert (await post(alice, "broken", "one")).status_code == 500
    assert await Lease.all().count() == 0
    assert await IdempotencyKey.all().count() == 0
    assert (await post(alice, "a", "one")).status_code == 201


async def test_one_that_was_cut_off_blocks_nobody(alice: httpx.AsyncClient) -> None:
    begun.clear()
    cut = asyncio.create_task(post(alice, "a", "one"))
    await begun.wait()
    cut.cancel()
    answer = await post(alice, "a", "one")
    assert answer.json() == {"made": 1}
    assert await Lease.all().count() == 1


async def test_the_key_is_of_one_token(alice: httpx.AsyncClient) -> None:
    await post(alice, "a", "one")
    bob = await factories.bearer(await factories.user("bob@example.org"))
    assert (await post(alice, "a", "one", **bob)).json() == {"made": 2}


async def test_a_revoked_token_gets_no_stored_answer(alice: httpx.AsyncClient) -> None:
    await post(alice, "a", "one")
    await ApiToken.all().update(revoked_at=now())
    assert (await post(alice, "a", "one")).status_code == 401


async def test_after_a_day_the_key_is_free_again(
    alice: httpx.AsyncClient, database: Settings
) -> None:
    await post(alice, "a", "one")
    with travelled(timedelta(hours=23)):
        assert (await post(alice, "a", "one")).json() == {"made": 1}
        assert await sweep() == 0
    with travelled(timedelta(hours=25)):
        assert (await post(alice, "b", "one")).json() == {"made": 2}
    with travelled(timedelta(hours=50)):
        assert await sweep() == 1


async def test_an_empty_key_is_refused(alice: httpx.AsyncClient) -> None:
    assert (await post(alice, "a", "")).status_code == 422
    assert (await post(alice, "a", "x" * 256)).status_code == 422


async def test_without_a_key_nothing_is_kept(alice: httpx.AsyncClient) -> None:
    for made in (1, 2):
        answer = await alice.post(URL, json={"name": "a"})
        assert answer.json() == {"made": made}
    assert await IdempotencyKey.all().count() == 0
