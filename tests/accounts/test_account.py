"""Everyone keeps their own account; an administrator keeps the accounts of the installation."""

import re

import httpx

from accounts.audit.audit import AuditEntry
from accounts.sessions.api_tokens import ApiToken
from accounts.sessions.sessions import WebSession
from accounts.users.users import User
from core import tokens
from tests.support import factories


async def send(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await client.post(path, data={"csrf": factories.csrf(client), **form})


async def test_alice_says_her_name_and_language(client: httpx.AsyncClient) -> None:
    await factories.sign_in(client, await factories.user("alice@example.org"))
    assert (await send(client, "/desk/account", name="Ālice", language="lv")).status_code == 303
    user = await User.get()
    assert (user.name, user.language) == ("Ālice", "lv")
    assert '<html lang="lv"' in (await client.get("/desk/account")).text
    wrong = await send(client, "/desk/account", name="", language="xx")
    assert wrong.status_code == 422
    assert (await AuditEntry.get(action="account.changed")).changed == ["name", "language"]


async def test_alice_signs_another_browser_out(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    alice, charlie = (
        await factories.user("alice@example.org"),
        await factories.user("charlie@example.org"),
    )
    await factories.sign_in(client, alice)
    await factories.sign_in(other, alice)
    firefox = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"
    await WebSession.all().order_by("-id").limit(1).update(agent="")
    there = await WebSession.all().order_by("-id").first()
    assert there
    await WebSession.filter(id=there.id).update(agent=firefox)
    page = (await client.get("/desk/account")).text
    assert "Firefox, Windows" in page
    assert page.count("Sign out there") == 1
    await factories.sign_in(client, charlie)
    assert (await send(client, f"/desk/account/sessions/{there.id}/end")).status_code == 404
    await factories.sign_in(client, alice)
    assert (await send(client, f"/desk/account/sessions/{there.id}/end")).status_code == 303
    assert (await other.get("/desk/account")).status_code == 303


async def test_a_token_is_shown_once_and_can_be_taken_back(client: httpx.AsyncClient) -> None:
    mine, others = await factories.project(slug="mine"), await factories.project(slug="others")
    alice = await factories.organiser(mine, "alice@example.org")
    await factories.sign_in(client, alice)
    page = (await client.get("/desk/account/tokens")).text
    assert mine.name in page
    assert others.name not in page
    made = await send(client, "/desk/account/tokens", name="Website", project=str(mine.id))
    assert made.headers["cache-control"] == "no-store"
    (secret,) = set(re.findall(r"vsa_[\w-]{20,}", made.text))
    token = await ApiToken.get()
    assert (token.hash, token.project_id) == (tokens.hashed(secret), mine.id)
    assert "vsa_" not in (await client.get("/desk/account/tokens")).text
    head = {"Authorization": f"Bearer {secret}"}
    assert (await client.get("/api/v1/projects/mine", headers=head)).status_code == 200
    assert (await client.get("/api/v1/projects/others", headers=head)).status_code == 404
    assert (await send(client, f"/desk/account/tokens/{token.id}/revoke")).status_code == 303
    assert (await client.get("/api/v1/projects/mine", headers=head)).status_code == 401
    for name, project in (("", ""), ("x", str(others.id)), ("x", "nonsense")):
        assert (
            await send(client, "/desk/account/tokens", name=name, project=project)
        ).status_code in {404, 422}
    assert await ApiToken.all().count() == 1


async def test_a_token_of_someone_else_is_not_there(client: httpx.AsyncClient) -> None:
    await factories.api_token(await factories.user("alice@example.org"))
    await factories.sign_in(client, await factories.user("charlie@example.org"))
    token = await ApiToken.get()
    assert (await send(client, f"/desk/account/tokens/{token.id}/revoke")).status_code == 404
    assert not (await ApiToken.get()).revoked_at


async def test_the_administrator_keeps_accounts(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    admin = await factories.user("admin@example.org", admin=True)
    bob = await factories.user("bob@example.org", name="Bob")
    token = await factories.bearer(bob)
    await factories.sign_in(client, admin)
    await factories.sign_in(other, bob)
    assert (await other.get("/desk/admin")).status_code == 403
    assert (await send(other, f"/desk/admin/users/{admin.id}/off")).status_code == 403
    assert "bob@example.org" in (await client.get("/desk/admin")).text
    assert (await send(client, f"/desk/admin/users/{bob.id}/appoint")).status_code == 303
    assert (await other.get("/desk/admin")).status_code == 200
    assert (await send(client, f"/desk/admin/users/{bob.id}/dismiss")).status_code == 303
    assert (await other.get("/desk/admin")).status_code == 403
    assert (await send(client, f"/desk/admin/users/{bob.id}/off")).status_code == 303
    assert (await other.get("/desk/account")).status_code == 303
    assert (await other.get("/api/v1/projects", headers=token)).status_code == 401
    assert (await send(client, f"/desk/admin/users/{bob.id}/on")).status_code == 303
    assert (await other.get("/api/v1/projects", headers=token)).status_code == 200
    assert (await send(client, f"/desk/admin/users/{bob.id}/explode")).status_code == 404
    assert (await send(client, "/desk/admin/users/99999/off")).status_code == 404
    log = (await client.get("/desk/admin/log")).text
    for sentence in (
        "Made someone an administrator",
        "Switched an account off",
        "Switched an account on again",
    ):
        assert sentence in log


async def test_an_administrator_is_left(client: httpx.AsyncClient) -> None:
    admin = await factories.user("admin@example.org", admin=True)
    await factories.sign_in(client, admin)
    for what in ("off", "dismiss"):
        assert (await send(client, f"/desk/admin/users/{admin.id}/{what}")).status_code == 409
    assert (await client.get("/desk/admin")).status_code == 200


async def test_accounts_are_found_by_address(client: httpx.AsyncClient) -> None:
    await factories.sign_in(client, await factories.user("admin@example.org", admin=True))
    for n in range(60):
        await factories.user(f"person{n:02}@example.org")
    first = (await client.get("/desk/admin")).text
    assert "person40@example.org" in first
    assert "person55@example.org" not in first
    assert "person55@example.org" in (await client.get("/desk/admin?page=2")).text
    found = (await client.get("/desk/admin?q=PERSON55")).text
    assert "person55@example.org" in found
    assert "person40@example.org" not in found
    assert (await client.get("/desk/admin?page=99999999999999999999")).status_code == 200
    assert (await client.get("/desk/admin/log?before=x")).status_code == 404
