"""A door that is open now."""

from datetime import timedelta

import httpx
import pytest

from core.clock import now
from events.event.event import Event
from tests.browser.support.daytime import zone
from tests.support import factories


@pytest.fixture
async def door(client: httpx.AsyncClient) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    return await factories.event(
        await factories.project(),
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        timezone=zone(),
    )
