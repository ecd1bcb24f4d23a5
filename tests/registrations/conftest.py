"""Alice at the desk of an event."""

import httpx
import pytest

from accounts.users.users import User
from events.event.event import Event
from tests.support import factories


@pytest.fixture
async def alice(event: Event, client: httpx.AsyncClient) -> User:
    """Alice organises, and is signed in."""
    found = await factories.organiser(event.project, "alice@example.org")
    await factories.sign_in(client, found)
    return found
