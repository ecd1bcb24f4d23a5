"""Alice in her browser, a machine with her rights, and whoever is told of what she changes."""

import httpx
import pytest

from accounts.sessions.access import Actor
from events.event import event as events_module
from events.event import notices
from events.event.event import Event
from events.event.history import Change
from events.projects.projects import Project
from tests.events.alice import LEAD, Alice, Fields
from tests.support import factories as make


@pytest.fixture
async def alice(client: httpx.AsyncClient) -> Alice:
    user = await make.user("alice@example.org", admin=True)
    about: Fields = {
        "code": "INP-004",
        "title": {"en": "Smart governance"},
        "timezone": "Europe/Riga",
    }
    project = await Project.begin(
        Actor(user.email, user), languages=["en", "lv"], lead=LEAD, partners=[], **about
    )
    return Alice(client, project, await make.sign_in(client, user))


@pytest.fixture
async def api(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A machine with an administrator's token."""
    client.headers.update(await make.bearer(await make.user(admin=True)))
    return client


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the packages above would be told."""
    found: list[str] = []

    async def told(_event: Event, _change: Change | None, what: str) -> int:
        found.append(what)
        return 3

    async def seats(_event: Event) -> None:
        found.append("seats")

    async def moved(_event_id: int) -> None:
        found.append("moved")

    monkeypatch.setattr(notices, "event_changed", [told])
    monkeypatch.setattr(events_module, "seats_freed", [seats])
    monkeypatch.setattr(events_module, "event_moved", [moved])
    return found
