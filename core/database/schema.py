"""The schema: migrations under a lock, and whether a database fits this program."""

import asyncio
import fcntl
import gc
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from enum import Enum
from pathlib import Path

from tortoise import Tortoise
from tortoise.exceptions import OperationalError
from tortoise.migrations.api import migrate as tortoise_migrate

from core import ROOT, db, sql
from core.settings import Settings

_LOCK = 0x76696573  # "vies"; one number of PostgreSQL's advisory locks


class Fit(Enum):
    """How a database stands to this program."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    HALF = "half"


def known() -> list[str]:
    """The migrations that this program carries, in order."""
    return sorted(p.stem for p in (ROOT / "migrations").glob("[0-9]*.py"))


async def fit(settings: Settings, modules: Sequence[str]) -> Fit:
    """How the database stands to this program. Opens and closes a connection of its own."""
    if (path := settings.sqlite_path) and not path.exists():
        return Fit.EMPTY
    await db.connect(settings, modules)
    try:
        tables = await _tables()
        applied = await _applied() if "tortoise_migrations" in tables else []
    finally:
        await db.disconnect()
    if not applied:
        return Fit.HALF if "project" in tables else Fit.EMPTY
    if set(applied) - set(known()):
        return Fit.NEWER
    return Fit.CURRENT if applied == known() else Fit.OLDER


async def migrate(settings: Settings, modules: Sequence[str]) -> None:
    """Bring the schema to head; several nodes that start at once take turns."""
    path = settings.sqlite_path
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    async with _alone(settings):
        config = db.config(settings, modules)
        if path:
            given = config["connections"]["default"]["credentials"]
            # a table that SQLite rebuilds would take its children with it
            given["foreign_keys"] = "OFF"
            if not path.exists():
                # nothing can be lost yet: one write to disk at the end instead of hundreds
                given["synchronous"] = "OFF"
        try:
            with _rare_collection():
                await tortoise_migrate(config=config)
            if settings.sqlite_path and await db.rows("PRAGMA foreign_key_check"):
                raise OperationalError("the migration left rows that point nowhere")
        finally:
            await Tortoise.close_connections()
        if path:
            await asyncio.to_thread(_to_disk, path)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Tortoise builds every model anew before every operation. Searching for garbage as often as
    usual would take half of the time; not at all, 700 MB.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 2, 2)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


async def _tables() -> set[str]:
    if sql.is_sqlite():
        found = await db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    else:
        found = await db.rows(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
        )
    return {row["name"] for row in found}


async def _applied() -> list[str]:
    return [
        row["name"]
        for row in await db.rows(
            "SELECT name FROM tortoise_migrations WHERE app = $1 ORDER BY name", db.APP
        )
    ]


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[None]:
    """Hold the one right to migrate this database: Tortoise takes no lock itself."""
    if path := settings.sqlite_path:
        with Path(f"{path}.migrate").open("w") as file:  # noqa: ASYNC230 - a lock file, empty
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
            yield
        return
    connection = await db.plain(settings)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        yield
    finally:
        await connection.close()
