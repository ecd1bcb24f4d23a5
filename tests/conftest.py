"""Both databases, migrated once and copied for each test, and a client on the application
itself.
"""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
from fastapi import FastAPI
from tortoise.backends.base.executor import EXECUTOR_CACHE
from xdist.scheduler import LoadScopeScheduling

from core import db, settings
from core.database import schema
from core.settings import Settings
from tests.browser.support.remote import missing
from tests.support.emptied import Emptied
from tests.support.postgres import Server, locked, postgres_server
from tests.support.smtp import SmtpServer, smtp_server
from viesis import app as program
from viesis.models import MODULES

BASE_URL = "http://127.0.0.1:8000"


def pytest_configure(config: pytest.Config) -> None:
    """Words of our own on tests; a property is not wrong because the machine was busy."""
    hypothesis.settings.register_profile("patient", hypothesis.settings.default, deadline=None)
    hypothesis.settings.load_profile("patient")
    config.addinivalue_line("markers", "figures: measures the phone at the door; in `make phone`")
    config.addinivalue_line(
        "markers", "last: waits for what began with the first test of its folder"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a browser that cannot be brought here."""
    names = missing()
    if left := [item for item in items if any(f"[{name}-" in item.name for name in names)]:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)


def pytest_collection_finish() -> None:
    """What was imported stays: a third of the time would go into searching it for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it at the end: the tests ran without these."""
    for name in missing():
        terminalreporter.write_line(
            f"Left out, for want of the browser: the door in {name.title()}", yellow=True
        )


class Balanced(LoadScopeScheduling):  # type: ignore[misc]  # xdist comes without types
    """Each test goes to the process that is free; those of one program (tests/acceptance, by
    engine) to one.
    """

    def _split_scope(self, nodeid: str) -> str:
        if not nodeid.startswith("tests/acceptance/"):
            return nodeid
        return f"acceptance {'postgres' if 'postgres' in nodeid.partition('[')[2] else 'sqlite'}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Balanced:
    """Whatever --dist says."""
    return Balanced(config, log)


def made(database_url: str, data_dir: Path) -> Settings:
    """Settings of a test; nothing of the surroundings' `.env`."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        base_url=BASE_URL,
        secret_key="for-tests-only-" + "x" * 32,
        private_keys="for-tests-only-" + "y" * 32,
        data_dir=data_dir,
    )


def migrate(url: str, folder: Path) -> None:
    """Bring a database to head, from whichever thread, in a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, schema.migrate(made(url, folder), MODULES)).result()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the database engine: a test that asks for it, or for `database`, runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The PostgreSQL of this run."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A mail server that accepts everything until told otherwise."""
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A migrated, empty SQLite file, for all processes of this run."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent
    path = folder / "template.db"
    with locked(folder / "template.lock"):
        if not path.exists():
            migrate(f"sqlite://{folder / 'migrated.db'}", folder)
            (folder / "migrated.db").rename(path)
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated, empty PostgreSQL database, for all processes of this run."""
    folder = tmp_path_factory.mktemp("template")
    return postgres.template("viesis_template", lambda url: migrate(url, folder))


@pytest.fixture(scope="session")
def postgres_database(postgres: Server, postgres_template: str) -> Iterator[Emptied]:
    """The database of this process; whoever asks for `fresh` has it empty."""
    one = Emptied(postgres, postgres_template)
    yield one
    one.drop()


@pytest.fixture
def fresh(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings that name a migrated, empty database, not connected: for tests that start the
    program as a process.
    """
    if engine == "sqlite":
        path = tmp_path / "viesis.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite://{path}"
    else:
        one: Emptied = request.getfixturevalue("postgres_database")
        url = one.url
        request.addfinalizer(one.empty)  # noqa: PT021 - on this branch only
    given = made(url, tmp_path / "data")
    settings.use(given)
    yield given
    settings._current.clear()
    settings.get.cache_clear()


@pytest.fixture
async def database(fresh: Settings) -> AsyncIterator[Settings]:
    """A migrated, empty database, connected."""
    # Tortoise keeps statements by the connection's name, and ours changes its engine from test to
    # test.
    EXECUTOR_CACHE.clear()
    await db.connect(fresh, MODULES)
    yield fresh
    await db.disconnect()


@pytest.fixture(scope="session")
def application() -> FastAPI:
    """The application, not started. FastAPI prepares a route when it is first asked for: once for
    all tests. Whoever adds routes makes one of their own.
    """
    return program.create()


@pytest.fixture
async def app(application: FastAPI, database: Settings) -> AsyncIterator[FastAPI]:
    """The application, started."""
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser, or a machine, at the application."""
    async with browser(app) as one:
        yield one


@pytest.fixture
async def other(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A second browser, with cookies of its own."""
    async with browser(app) as one:
        yield one


def browser(app: FastAPI) -> httpx.AsyncClient:
    """A client with cookies of its own."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL)
