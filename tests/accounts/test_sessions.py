"""Signed-in browsers: how a session begins and ends, and that guessing is slowed down."""

from datetime import timedelta

import httpx

from accounts.sessions.sessions import WebSession
from accounts.users import passwords
from core.clock import travelled
from core.http.pages import cookie_name
from tests.accounts.signing import PASSWORD, alice
from tests.support import factories


async def test_a_new_session_takes_the_place_of_the_old(client: httpx.AsyncClient) -> None:
    who = await alice(password=await passwords.hashed(PASSWORD))
    await factories.sign_in(client, who)
    before = client.cookies[cookie_name("session")]
    form = {"csrf": factories.csrf(client), "email": "alice@example.org", "password": PASSWORD}
    assert (await client.post("/desk/sign-in/password", data=form)).status_code == 303
    assert client.cookies[cookie_name("session")] != before
    assert await WebSession.filter(ended_at=None).count() == 1


async def test_sessions_end_by_idleness_by_age_and_by_signing_out(
    client: httpx.AsyncClient,
) -> None:
    who = await alice()
    await factories.sign_in(client, who)
    with travelled(timedelta(hours=2, minutes=59)):
        assert (await client.get("/desk/account")).status_code == 200
    with travelled(timedelta(hours=5)):
        assert (await client.get("/desk/account")).status_code == 200
    with travelled(timedelta(hours=9)):
        assert (await client.get("/desk/account")).status_code == 303
    await WebSession.all().delete()
    token = await factories.sign_in(client, who)
    for hours in (2, 4, 6, 8, 10):
        with travelled(timedelta(hours=hours)):
            assert (await client.get("/desk/account")).status_code == 200
    with travelled(timedelta(hours=12, minutes=1)):
        assert (await client.get("/desk/account")).headers[
            "location"
        ] == "/desk/sign-in?next=/desk/account"
    assert (await client.post("/desk/sign-out", data={"csrf": token})).headers[
        "location"
    ] == "/desk/sign-in"
    assert (await client.get("/desk/account")).status_code == 303


async def test_guessing_links_is_slowed_down(client: httpx.AsyncClient) -> None:
    statuses = [(await client.get(f"/desk/enter/vsl_{n}")).status_code for n in range(22)]
    assert statuses == [410] * 20 + [429] * 2


async def test_guessing_api_tokens_is_slowed_down(client: httpx.AsyncClient) -> None:
    async def get(token: str) -> int:
        return (
            await client.get("/api/v1/projects", headers={"Authorization": f"Bearer {token}"})
        ).status_code

    assert [await get(f"vsa_{n}") for n in range(22)] == [401] * 20 + [429] * 2
    assert (await client.get("/api/v1/projects")).status_code == 401
    assert await get(await factories.api_token(await alice())) == 200
