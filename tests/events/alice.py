"""Alice, an organiser, in her browser."""

import html
import re
from datetime import timedelta
from typing import Any

import httpx

from accounts.sessions.access import Actor
from core.clock import now
from events.event.event import Event
from events.projects.projects import Project
from registrations.form.entry import Entry
from registrations.placing.register import place
from registrations.registration.registration import Registration

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


LEAD = {"name": "Latvian Association", "country": "LV", "kind": "association"}


class Alice:
    """A browser in which Alice, who manages the project, is signed in."""

    def __init__(self, client: httpx.AsyncClient, project: Project, csrf: str) -> None:
        self.client, self.project, self.csrf = client, project, csrf

    async def sees(self, path: str, status: int = 200, **more: Any) -> str:
        answer = await self.client.get(path, **more)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    async def sends(
        self, path: str, status: int = 303, *, part: bool = False, **fields: Any
    ) -> str:
        """Post a form; answers the page it leads to (or, with an error or for a part, what it
        answered).
        """
        headers = PART if part else {}
        answer = await self.client.post(path, data={"csrf": self.csrf, **fields}, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, said(answer.text))
        return await self.sees(answer.headers["location"]) if status == 303 else answer.text


Fields = dict[str, Any]


def said(text: str) -> str:
    """What a page says, without its tags."""
    main = text.partition("<main")[2].partition("</main>")[0] or text
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


async def someone(event: Event, name: str = "Charlie Strand") -> Registration:
    entry = Entry(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.org")
    return (await place(event, entry, source="web", language="en", notify=False))[0]


async def visit_to(alice: Alice) -> Event:
    day = (now() + timedelta(days=30)).date().isoformat()
    about: Fields = {
        "direction": {"from": "LV", "to": "NO"},
        "details": {"meeting_point": "Riga"},
        "place": "Trondheim",
    }
    times: Fields = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T17:00"}
    actor = Actor("alice@example.org")
    return await Event.draft(
        alice.project, actor, kind="study_visit", title={"en": "Visit"}, **times, **about
    )


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send of the page's form, were nothing touched."""
    form = re.split(r'<form[^>]* class="form', page)[1].partition("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        at = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if at.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if at.get("name") and at.get("type") != "file":
            found[at["name"]] = html.unescape(at.get("value", ""))
    for name, inner in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, inner in re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = html.unescape(inner)
    return found
