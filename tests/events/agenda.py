"""What tests of a programme's import and export share: an event, and an organiser's browser."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

import httpx

from accounts.sessions.access import Actor
from events.event.event import Event
from events.programme.sessions import Session
from tests.support import factories as make

ALICE = Actor("alice@example.org")
DAY = "2027-05-04"


async def an_event(**over: Any) -> Event:
    """A conference of two days in Riga, in May 2027."""
    begins = datetime(2027, 5, 4, 6, 0, tzinfo=UTC)
    given = {"starts_at": begins, "ends_at": begins.replace(day=5, hour=14)}
    return await make.event(await make.project(), **{**given, **over})


async def add(
    event: Event, title: str, starts: str = "09:00", ends: str = "10:00", **over: Any
) -> Session:
    """A session; a time without a date is one of the first day."""
    times = {
        n: t if "T" in t else f"{DAY}T{t}" for n, t in (("starts_at", starts), ("ends_at", ends))
    }
    return await Session.add(
        event, ALICE, **{"kind": "talk", "title": {"en": title}, **times, **over}
    )


async def titles(event: Event) -> list[str]:
    """What the programme has now, in order."""
    return [session.name for session in await event.sessions_now()]


class Desk:
    """An organiser's browser."""

    def __init__(self, client: httpx.AsyncClient, csrf: str, event: Event) -> None:
        self.client, self.csrf, self.event = client, csrf, event
        self.base = f"/desk/e/{event.slug}/programme"

    @classmethod
    async def of(cls, client: httpx.AsyncClient, event: Event) -> "Desk":
        """Alice's."""
        return cls(client, await make.sign_in(client, await make.organiser(event.project)), event)

    async def look(
        self,
        upload: bytes | str = b"",
        status: int = 200,
        name: str = "programme.csv",
        **given: str,
    ) -> str:
        """The preview of a file, or of pasted text."""
        data = upload.encode() if isinstance(upload, str) else upload
        files: Any = (
            {"file": (name, data, "application/octet-stream")} if data else {"file": ("", b"")}
        )
        answer = await self.client.post(
            f"{self.base}/import", data={"csrf": self.csrf, **given}, files=files
        )
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    async def apply(
        self,
        page: str,
        status: int = 303,
        remove: Sequence[int] = (),
        choices: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Say yes to a preview."""
        parts = re.findall(r'name="plan" value="([^"]*)"', page)
        files: Any = {"nothing": ("", b"")}
        data: Any = {
            "csrf": self.csrf,
            "plan": parts,
            "remove": [str(n) for n in remove],
            **(choices or {}),
        }
        answer = await self.client.post(f"{self.base}/import/apply", data=data, files=files)
        assert answer.status_code == status, answer.text
        return answer


def groups(page: str) -> dict[str, list[str]]:
    """Titles in a preview, by the heading over them."""
    found: dict[str, list[str]] = {}
    for part in page.split("<section")[1:]:
        head = re.search(r"<h2>([^<(]+) \(", part)
        if head:
            rows = re.findall(r'<p class="title">([^<]*)</p>|<th scope="row">([^<]*)</th>', part)
            ticks = re.findall(r'name="remove" value="\d+"(?: checked)?><span>([^<]*) <small', part)
            found[head[1]] = [a or b for a, b in rows] + ticks
    return found
