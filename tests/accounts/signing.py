"""Signing in, step by step."""

import re
from html import unescape
from typing import Any

import httpx

from accounts.users.users import User
from notifications.outbox.letters import render
from notifications.outbox.message import Message
from tests.support import factories

PASSWORD = "blue herring walks home"


async def ask(client: httpx.AsyncClient, email: str, back: str = "") -> httpx.Response:
    """Ask for a link, as the form does."""
    await client.get("/desk/sign-in", params={"next": back})
    form = {"csrf": factories.csrf(client), "email": email, "next": back}
    return await client.post("/desk/sign-in/link", data=form)


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
