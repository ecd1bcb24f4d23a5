"""Alice signs in by a mailed link; Charlie learns nothing and gets nowhere."""

import asyncio
import statistics
import time
from datetime import timedelta

import httpx
import pytest

from accounts.audit.audit import AuditEntry
from accounts.management.sign_ins import SignIn, first_link, printed_link, sweep
from accounts.sessions.sessions import WebSession
from accounts.users.users import User
from core import settings
from core.clock import travelled
from notifications.outbox.letters import render
from notifications.outbox.message import Message
from tests.accounts.signing import alice, ask, mailed, press
from tests.support import factories


async def test_alice_signs_in_by_a_mailed_link(client: httpx.AsyncClient) -> None:
    await alice(language="lv")
    answer = await ask(client, "Alice@Example.org", "/desk/account?x=1&y=2")
    assert answer.status_code == 200
    message = await Message.get(kind="sign_in")
    assert (message.to_email, message.language, message.scope) == ("alice@example.org", "lv", None)
    link = await mailed()
    page = await client.get(link)
    assert (page.status_code, page.headers["cache-control"], page.headers["referrer-policy"]) == (
        200,
        "no-store",
        "no-referrer",
    )
    assert "Alice" in page.text
    assert await WebSession.all().count() == 0
    entered = await press(client, link)
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk/account?x=1&y=2")
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert client.cookies["lang"] == "lv"
    assert (await client.get("/desk/account")).status_code == 200
    assert await AuditEntry.filter(action="signed_in", actor="alice@example.org").count() == 1


async def test_a_link_works_once(client: httpx.AsyncClient) -> None:
    await alice()
    await ask(client, "alice@example.org")
    link = await mailed()
    assert (await press(client, link)).status_code == 303
    assert (await client.post(link, data={"csrf": factories.csrf(client)})).status_code == 410
    assert "Ask for a new link" in (await client.get(link)).text
    assert await render(await Message.get(kind="sign_in")) is None


async def test_a_link_pressed_twice_at_once_enters_once(client: httpx.AsyncClient) -> None:
    await alice()
    await ask(client, "alice@example.org")
    link = await mailed()
    form = {"csrf": factories.csrf(client)}
    answers = await asyncio.gather(*(client.post(link, data=form) for _ in range(8)))
    assert sorted(a.status_code for a in answers) == [303] + [410] * 7
    assert await WebSession.filter(ended_at=None).count() == 1


async def test_a_link_works_for_ten_minutes(client: httpx.AsyncClient) -> None:
    await alice()
    await ask(client, "alice@example.org")
    link = await mailed()
    with travelled(timedelta(minutes=9, seconds=50)):
        assert (await client.get(link)).status_code == 200
    with travelled(timedelta(minutes=10, seconds=5)):
        assert (await press(client, link)).status_code == 410
        assert await render(await Message.get(kind="sign_in")) is None
        assert await sweep() == 0
    with travelled(timedelta(days=8)):
        assert await sweep() == 1


async def test_a_link_works_in_the_browser_that_asked(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    await alice()
    await ask(client, "alice@example.org")
    link = await mailed()
    stolen = await press(other, link)
    assert stolen.status_code == 403
    assert "another browser" in stolen.text
    await ask(other, "nobody@example.org")
    assert (await other.post(link, data={"csrf": factories.csrf(other)})).status_code == 403
    assert (await press(client, link)).status_code == 303


async def test_a_stale_session_still_binds_the_link(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    who = await alice()
    for browser in (client, other):
        await factories.sign_in(browser, who)
    await WebSession.end()
    await ask(client, "alice@example.org")
    link = await mailed()
    assert (await press(other, link)).status_code == 403
    assert (await press(client, link)).status_code == 303


async def test_opening_a_link_does_not_use_it_up(client: httpx.AsyncClient) -> None:
    await alice()
    await ask(client, "alice@example.org")
    link = await mailed()
    for _ in range(3):
        assert (await client.get(link)).status_code == 200
    assert (await press(client, link)).status_code == 303


async def test_charlie_cannot_tell_who_has_an_account(client: httpx.AsyncClient) -> None:
    settings.use(settings.get().model_copy(update={"limits": "off"}))
    await alice()
    known, unknown = await ask(client, "alice@example.org"), await ask(client, "alicf@example.org")
    assert known.text.replace("alice", "alicf") == unknown.text
    assert known.status_code == unknown.status_code
    assert [k for k, _ in known.headers.items()] == [k for k, _ in unknown.headers.items()]
    assert await Message.all().count() == await SignIn.all().count() == 1
    times: dict[str, list[float]] = {"alice@example.org": [], "alicf@example.org": []}
    for _ in range(15):
        for email, taken in times.items():
            start = time.perf_counter()
            await ask(client, email)
            taken.append(time.perf_counter() - start)
    one, two = (statistics.median(taken) for taken in times.values())
    assert max(one, two) < 1.5 * min(one, two)


async def test_charlie_cannot_flood_a_mailbox(client: httpx.AsyncClient) -> None:
    await alice()
    statuses = [
        (await ask(client, f"alice@{'example' if n % 2 else 'EXAMPLE'}.org")).status_code
        for n in range(12)
    ]
    assert statuses == [200] * 10 + [429] * 2
    assert await Message.all().count() == 10


async def test_a_disabled_account_gets_no_link(client: httpx.AsyncClient) -> None:
    who = await alice()
    await ask(client, "alice@example.org")
    link = await mailed()
    await User.filter(id=who.id).update(disabled_at=who.created_at)
    assert (await press(client, link)).status_code == 410
    assert (await ask(client, "alice@example.org")).status_code == 200
    assert await Message.all().count() == 1


async def test_what_is_no_address_is_said_beside_the_field(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "alice@")
    assert answer.status_code == 422
    assert 'value="alice@"' in answer.text
    assert "This is not an e-mail address" in answer.text


@pytest.mark.parametrize(
    "back",
    [
        "//evil.org",
        "https://evil.org",
        "/\\evil.org",
        "javascript:alert(1)",
        "/%0d%0a//evil",
        "\x00//e",
    ],
)
async def test_after_signing_in_one_stays_here(client: httpx.AsyncClient, back: str) -> None:
    await alice()
    await ask(client, "alice@example.org", back)
    link = await mailed()
    answer = await press(client, link, next=back)
    location = answer.headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\r" not in location


async def test_a_form_needs_its_token_and_its_origin(client: httpx.AsyncClient) -> None:
    await alice()
    await client.get("/desk/sign-in")
    good = {"csrf": factories.csrf(client), "email": "alice@example.org"}
    for form, headers in (
        ({**good, "csrf": "x"}, {}),
        ({"email": "alice@example.org"}, {}),
        (good, {"Origin": "https://evil.org"}),
        (good, {"Sec-Fetch-Site": "cross-site"}),
    ):
        assert (
            await client.post("/desk/sign-in/link", data=form, headers=headers)
        ).status_code == 403
    assert await Message.all().count() == 0
    assert (
        await client.post(
            "/desk/sign-in/link", data=good, headers={"Sec-Fetch-Site": "same-origin"}
        )
    ).is_success


async def test_the_first_start_makes_the_administrator_once(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    older, link = str(await first_link()), str(await first_link())
    assert link.startswith("http://127.0.0.1:8000/desk/enter/vsl_")
    assert (await client.get(older)).status_code == 410
    assert "You become the administrator" in (await client.get(link)).text
    wrong = await press(client, link, email="alice", name="")
    assert wrong.status_code == 422
    assert 'value="alice"' in wrong.text
    made = await press(client, link, email="alice@example.org", name="Alice")
    assert made.status_code == 303
    assert (await client.get("/desk/admin")).status_code == 200
    user = await User.get()
    assert (user.email, user.name, user.admin) == ("alice@example.org", "Alice", True)
    assert (
        await press(other, link, email="charlie@example.org", name="Charlie")
    ).status_code == 410
    assert await first_link() is None


async def test_a_printed_link_works_in_any_browser_once(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    link = await printed_link(await alice())
    assert (await press(client, link)).status_code == 303
    assert (await press(other, link)).status_code == 410
