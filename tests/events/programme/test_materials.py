"""What participants take along: organisers add it, those who have a seat find it on their own
page.
"""

from typing import Any

import httpx
import pytest

from accounts.audit.audit import AuditEntry
from accounts.sessions.access import Actor
from core.http import uploads
from core.settings import Settings
from events.event.event import Event
from events.programme.materials import FOLDER, Material
from registrations.form.entry import Entry
from registrations.placing.register import place
from registrations.registration.registration import Registration
from tests.core.http.test_uploads import pdf
from tests.support import factories as make

ALICE = Actor("alice@example.org")


@pytest.fixture
async def event(database: Settings) -> Event:
    return await make.event(await make.project(), capacity=1)


async def registered(event: Event, name: str) -> Registration:
    entry = Entry(name=name, email=f"{name.lower()}@example.org")
    found, _new = await place(event, entry, source="web", language="en", notify=False)
    return found


class Desk:
    """An organiser's browser."""

    def __init__(self, client: httpx.AsyncClient, csrf: str, event: Event) -> None:
        self.client, self.csrf, self.base = client, csrf, f"/desk/e/{event.slug}/materials"

    async def add(self, status: int = 303, file: bytes = b"", **given: str) -> str:
        files: Any = (
            {"file": ("slides.pdf", file, "application/pdf")} if file else {"file": ("", b"")}
        )
        answer = await self.client.post(self.base, data={"csrf": self.csrf, **given}, files=files)
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture
async def desk(client: httpx.AsyncClient, event: Event) -> Desk:
    return Desk(client, await make.sign_in(client, await make.organiser(event.project)), event)


async def test_slides_and_a_recording(desk: Desk, event: Event) -> None:
    assert "No materials yet" in (await desk.client.get(desk.base)).text
    await desk.add(title="Slides / morning", file=pdf(3))
    await desk.add(title="Recording", url="https://example.org/video")
    anna, berta = await registered(event, "Anna"), await registered(event, "Berta")
    page = (await desk.client.get(f"/r/{anna.secret}")).text
    assert all(
        words in page
        for words in ("Materials", "Slides / morning", "https://example.org/video", "kB")
    )
    slides = await Material.get(title="Slides / morning")
    answer = await desk.client.get(f"/r/{anna.secret}/materials/{slides.id}")
    assert answer.content == pdf(3)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert berta.status == "waiting"
    assert "Slides" not in (await desk.client.get(f"/r/{berta.secret}")).text
    assert (await desk.client.get(f"/r/{berta.secret}/materials/{slides.id}")).status_code == 404
    assert (await desk.client.get(f"{desk.base}/{slides.id}/file")).content == pdf(3)


async def test_what_is_typed_is_not_lost(desk: Desk) -> None:
    assert "Choose a file, or give an address." in await desk.add(422, title="Nothing")
    page = await desk.add(422, title="", url="javascript:alert(1)")
    assert "Please fill this in." in page
    assert "begins with https://" in page
    assert 'value="Kept"' in await desk.add(422, title="Kept", file=b"MZ")
    assert await Material.all().count() == 0


async def test_taken_away_for_good_unless_another_event_shows_it(desk: Desk, event: Event) -> None:
    await desk.add(title="Slides", file=pdf())
    first = await Material.get()
    second = await Material.add(await make.event(event.project), ALICE, "The same", upload=pdf())
    assert first.file == second.file
    await desk.client.post(f"{desk.base}/{first.id}/removal", data={"csrf": desk.csrf})
    assert uploads.path(FOLDER, second.file).exists()
    assert (
        await desk.client.post(f"{desk.base}/{second.id}/removal", data={"csrf": desk.csrf})
    ).status_code == 404
    await second.remove(ALICE)
    assert not uploads.path(FOLDER, second.file).exists()
    assert await AuditEntry.filter(action="material.removed").count() == 2
