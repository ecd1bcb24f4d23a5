"""A browser for the whole run, windows for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Playwright, async_playwright

from core.settings import Settings
from events.event.event import Event
from tests.browser.support.at_door import conference
from tests.browser.support.chromium import launch
from tests.browser.support.nu import Nu, nu_server
from tests.browser.support.visitor import Arrive, Visitor
from tests.support.running import Program, program


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """Playwright itself."""
    async with async_playwright() as started:
        yield started


@pytest.fixture(scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """A browser without a camera."""
    started = await launch(playwright)
    yield started
    await started.close()


@pytest.fixture(scope="session")
def nu() -> Iterator[Nu]:
    """The HTML validator: `assert await nu.complaints(html) == []`."""
    with nu_server() as started:
        yield started


@pytest.fixture
async def visitor(browser: Browser) -> AsyncIterator[Arrive]:
    """Open windows: `await visitor(device="phone", locale="lv-LV", base_url=…)`. They are judged at
    the end.
    """
    there: list[Visitor] = []

    async def arrive(**options: object) -> Visitor:
        there.append(await Visitor.arrives(browser, **options))  # type: ignore[arg-type]  # as Visitor.arrives has them
        return there[-1]

    yield arrive
    for one in there:
        await one.leaves()


@pytest.fixture
async def phone(visitor: Arrive) -> Page:
    """The page of a phone."""
    return (await visitor(device="phone")).page


@pytest.fixture
async def desktop(visitor: Arrive) -> Page:
    """The page of a desktop."""
    return (await visitor(device="desktop")).page


@pytest.fixture
async def filming(playwright: Playwright) -> AsyncIterator[Arrive]:
    """Phones whose camera plays a film: `await filming(film=path, base_url=…)`. Each is a browser
    of its own.
    """
    there: list[tuple[Browser, Visitor]] = []

    async def arrive(film: Path, **options: object) -> Visitor:
        started = await launch(playwright, film)
        one = await Visitor.arrives(started, permissions=["camera"], **options)  # type: ignore[arg-type]  # as above
        there.append((started, one))
        return one

    yield arrive
    for started, one in there:
        try:
            await one.leaves()
        finally:
            await started.close()


@pytest.fixture
def served(database: Settings, tmp_path: Path) -> Iterator[Program]:
    """The program, serving the database of the test, with no worker."""
    with program(database.database_url, tmp_path, "--no-worker") as running:
        yield running


@pytest.fixture
async def event(database: Settings) -> Event:
    """A conference that began an hour ago, with a session that runs."""
    return await conference()
