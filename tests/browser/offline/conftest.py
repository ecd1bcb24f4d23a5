"""Bob's phone without the page around it, at a program that runs within the test."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.clock import now
from core.settings import Settings
from events.event.event import Event
from tests.browser.support.bob import Bob, paired
from tests.browser.support.daytime import zone
from tests.browser.support.visitor import Arrive
from tests.browser.support.within import serving
from tests.support import factories


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What a phone keeps does not depend on the database."""
    return str(request.param)


@pytest.fixture
async def served(database: Settings) -> AsyncIterator[str]:
    """The program, serving the database of the test, at this address."""
    async with serving() as url:
        yield url


@pytest.fixture
async def event(database: Settings) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(second=0, microsecond=0) - timedelta(hours=1)
    return await factories.event(
        await factories.project(),
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        timezone=zone(),
        walk_ins="yes",
        title={"en": "Care at home"},
    )


@pytest.fixture
async def bob(served: str, visitor: Arrive, event: Event) -> Bob:
    """Bob's paired phone at an address of the program that shows nothing."""
    there = await visitor(base_url=served)
    await paired(there.context, event, served)
    await there.page.goto("/health")
    return Bob(there.page, event)
