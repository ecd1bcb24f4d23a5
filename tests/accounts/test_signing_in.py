"""Alice signs in by a mailed link or a password; Charlie learns nothing and gets nowhere."""

import asyncio
import re
import statistics
import time
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from accounts import account, passwords
from accounts.access import Actor
from accounts.audit import AuditEntry
from accounts.sessions import WebSession
from accounts.signins import SignIn, first_link, printed_link, sweep
from accounts.users import User
from core import settings
from core.clock import travelled
from core.pages import cookie_name
from core.settings import Settings
from notifications.letters import render
from notifications.outbox import Message
from tests import factories
from viesis import mails

assert mails, "importing it makes the letters known"

PASSWORD = "blue herring walks home"


async def ask(client: httpx.AsyncClient, email: str, back: str = "") -> httpx.Response:
    """Ask for a link, as the form does."""
    await client.get("/desk/sign-in", params={"next": back})
    form = {"csrf": factories.csrf(client), "email": email, "next": back}
    return await client.post("/desk/sign-in/link", data=form)


async def by_password(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    await client.get("/desk/sign-in")
    form = {"csrf": factories.csrf(client), "email": email, "password": password, "next": "/desk/account"}
    return await client.post("/desk/sign-in/password", data=form)


async def mailed() -> str:
    """The link in the newest mail."""
    message = await Message.filter(kind="sign_in").order_by("-id").first()
    assert message
    written = await render(message)
    assert written
    (link,) = set(re.findall(r"http://127\.0\.0\.1:8000(/desk/enter/\S+)", written.text))
    assert link.replace("&", "&amp;") in written.html
    return str(link)


async def press(client: httpx.AsyncClient, link: str, **form: str) -> httpx.Response:
    """Open the link and press its button."""
    page = await client.get(link)
    if page.status_code != 200:
        return page
    back = re.search(r'name="next" value="([^"]*)"', page.text)
    given = {"csrf": factories.csrf(client), "next": unescape(back[1]) if back else "", **form}
    return await client.post(link.split("?", maxsplit=1)[0], data=given)


async def alice(**over: Any) -> User:
    return await factories.user("alice@example.org", name="Alice", **over)


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


async def test_a_link_works_in_the_browser_that_asked(client: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    await alice()
    await ask(client, "alice@example.org")
    link = await mailed()
    stolen = await press(other, link)
    assert stolen.status_code == 403
    assert "another browser" in stolen.text
    await ask(other, "nobody@example.org")
    assert (await other.post(link, data={"csrf": factories.csrf(other)})).status_code == 403
    assert (await press(client, link)).status_code == 303


async def test_a_stale_session_still_binds_the_link(client: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
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
    statuses = [(await ask(client, f"alice@{'example' if n % 2 else 'EXAMPLE'}.org")).status_code for n in range(12)]
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
    "back", ["//evil.org", "https://evil.org", "/\\evil.org", "javascript:alert(1)", "/%0d%0a//evil", "\x00//e"]
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
        assert (await client.post("/desk/sign-in/link", data=form, headers=headers)).status_code == 403
    assert await Message.all().count() == 0
    assert (await client.post("/desk/sign-in/link", data=good, headers={"Sec-Fetch-Site": "same-origin"})).is_success


async def test_alice_signs_in_by_password(client: httpx.AsyncClient) -> None:
    await alice(password=await passwords.hashed(PASSWORD))
    answer = await by_password(client, "alice@example.org", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account")
    assert (await client.get("/desk/account")).status_code == 200
    assert (await User.get()).password.startswith("$argon2id$")


async def test_a_wrong_password_and_an_unknown_address_look_alike(client: httpx.AsyncClient) -> None:
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
    statuses = [(await by_password(client, "alice@example.org", f"guess {n}")).status_code for n in range(20)]
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


async def test_a_new_session_takes_the_place_of_the_old(client: httpx.AsyncClient) -> None:
    who = await alice(password=await passwords.hashed(PASSWORD))
    await factories.sign_in(client, who)
    before = client.cookies[cookie_name("session")]
    form = {"csrf": factories.csrf(client), "email": "alice@example.org", "password": PASSWORD}
    assert (await client.post("/desk/sign-in/password", data=form)).status_code == 303
    assert client.cookies[cookie_name("session")] != before
    assert await WebSession.filter(ended_at=None).count() == 1


async def test_sessions_end_by_idleness_by_age_and_by_signing_out(client: httpx.AsyncClient) -> None:
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
        assert (await client.get("/desk/account")).headers["location"] == "/desk/sign-in?next=/desk/account"
    assert (await client.post("/desk/sign-out", data={"csrf": token})).headers["location"] == "/desk/sign-in"
    assert (await client.get("/desk/account")).status_code == 303


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
    assert (await press(other, link, email="charlie@example.org", name="Charlie")).status_code == 410
    assert await first_link() is None


async def test_a_printed_link_works_in_any_browser_once(client: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    link = await printed_link(await alice())
    assert (await press(client, link)).status_code == 303
    assert (await press(other, link)).status_code == 410


async def test_guessing_links_is_slowed_down(client: httpx.AsyncClient) -> None:
    statuses = [(await client.get(f"/desk/enter/vsl_{n}")).status_code for n in range(22)]
    assert statuses == [410] * 20 + [429] * 2


async def test_guessing_api_tokens_is_slowed_down(client: httpx.AsyncClient) -> None:
    async def get(token: str) -> int:
        return (await client.get("/api/v1/projects", headers={"Authorization": f"Bearer {token}"})).status_code

    assert [await get(f"vsa_{n}") for n in range(22)] == [401] * 20 + [429] * 2
    assert (await client.get("/api/v1/projects")).status_code == 401
    assert await get(await factories.api_token(await alice())) == 200


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
