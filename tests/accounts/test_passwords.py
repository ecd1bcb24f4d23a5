"""Signing in by password."""

import time

import httpx
from argon2 import PasswordHasher

from accounts.audit.audit import AuditEntry
from accounts.management import account
from accounts.sessions.access import Actor
from accounts.sessions.sessions import WebSession
from accounts.users import passwords
from accounts.users.users import User
from core.settings import Settings
from tests.accounts.signing import PASSWORD, alice, ask, mailed, press
from tests.support import factories


async def by_password(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    await client.get("/desk/sign-in")
    form = {
        "csrf": factories.csrf(client),
        "email": email,
        "password": password,
        "next": "/desk/account",
    }
    return await client.post("/desk/sign-in/password", data=form)


async def test_alice_signs_in_by_password(client: httpx.AsyncClient) -> None:
    await alice(password=await passwords.hashed(PASSWORD))
    answer = await by_password(client, "alice@example.org", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account")
    assert (await client.get("/desk/account")).status_code == 200
    assert (await User.get()).password.startswith("$argon2id$")


async def test_a_wrong_password_and_an_unknown_address_look_alike(
    client: httpx.AsyncClient,
) -> None:
    await alice(password=await passwords.hashed(PASSWORD))
    await factories.user("bob@example.org")
    texts, times = set(), []
    for email in ("alice@example.org", "alicf@example.org", "bob@example.org"):
        tries = []
        for _try in range(3):  # the quickest of them says how long it takes, on a busy machine too
            start = time.perf_counter()
            answer = await by_password(client, email, "something else")
            tries.append(time.perf_counter() - start)
            assert answer.status_code == 422
            texts.add(answer.text.replace(email, "…"))
        times.append(min(tries))
    assert len(texts) == 1
    assert max(times) < 3 * min(times)
    refused = await AuditEntry.filter(action="signed_in", refused=True)
    assert len(refused) == 9
    assert not any("@" in entry.actor for entry in refused)


async def test_after_twenty_passwords_a_day_it_is_enough(client: httpx.AsyncClient) -> None:
    await alice(password=await passwords.hashed(PASSWORD))
    statuses = [
        (await by_password(client, "alice@example.org", f"guess {n}")).status_code
        for n in range(20)
    ]
    assert set(statuses) == {422}
    late = await by_password(client, "alice@example.org", PASSWORD)
    assert (late.status_code, "Retry-After" in late.headers) == (429, True)
    await ask(client, "alice@example.org")
    assert (await press(client, await mailed())).status_code == 303


async def test_an_old_hash_is_made_anew(client: httpx.AsyncClient) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await alice(password=weak)
    assert (await by_password(client, "alice@example.org", PASSWORD)).status_code == 303
    assert not passwords.outdated((await User.get()).password)


async def test_the_password_is_set_and_changed(
    client: httpx.AsyncClient, other: httpx.AsyncClient, database: Settings
) -> None:
    who = await alice()
    token = await factories.sign_in(client, who)
    await factories.sign_in(other, who)

    async def set_to(password: str, current: str = "") -> httpx.Response:
        form = {"csrf": token, "password": password, "current": current}
        return await client.post("/desk/account/password", data=form)

    for weak in ("short", "aaaaaaaaaaaaaaaa", "Alice-alice-alice", "viesis123456viesis"):
        assert (await set_to(weak)).status_code == 422
    assert (await set_to(PASSWORD)).status_code == 303
    assert (await other.get("/desk/account")).status_code == 303
    assert (await client.get("/desk/account")).status_code == 200
    assert (await by_password(other, "alice@example.org", PASSWORD)).status_code == 303
    await WebSession.filter(id__gt=0).update(method="password")
    assert (await set_to("another long herring", "wrong")).status_code == 422
    assert (await set_to("another long herring", PASSWORD)).status_code == 303
    await account.set_password(
        Actor("alice@example.org", await User.get()),
        WebSession(id=0, method="link"),
        "",
        "forgotten herring swims",
    )
    assert await passwords.matches((await User.get()).password, "forgotten herring swims")
