"""The database: connections, transactions, times, and the few raw statements that must be fast.

Both engines take the same SQL, which core/sql.py turns into what SQLite reads.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import asyncpg
from tortoise import Tortoise, fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from core.settings import Settings
from core.sql import for_sqlite, is_sqlite

P = ParamSpec("P")
T = TypeVar("T")

APP = "viesis"

_inside: ContextVar[bool] = ContextVar("inside_transaction", default=False)
_running: set[asyncio.Task[Any]] = set()
_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar(
    "after_transaction", default=None
)


class UtcField(fields.DatetimeField[datetime]):
    """A moment. Stored in UTC, so that SQLite, which compares text, orders moments rightly."""

    def to_db_value(self, value: Any, instance: Any) -> Any:
        """Refuses a time without a zone: it would pass as UTC silently."""
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"a time without a zone for {self.model_field_name}")
            value = value.astimezone(UTC)
        return super().to_db_value(value, instance)


def config(settings: Settings, modules: Sequence[str]) -> dict[str, Any]:
    """Tortoise's configuration: one app, one migrations folder, one connection."""
    return {
        "connections": {"default": _connection(settings)},
        "apps": {
            APP: {
                "models": list(modules),
                "default_connection": "default",
                "migrations": "migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(settings: Settings) -> dict[str, Any]:
    if path := settings.sqlite_path:
        pragmas = {
            "journal_mode": "WAL",
            "synchronous": "FULL",
            "busy_timeout": 20000,
            "foreign_keys": "ON",
        }
        given = dict(parse_qsl(urlsplit(settings.database_url).query))
        return {
            "engine": "core.database.sqlite",
            "credentials": {"file_path": str(path), **pragmas, **given},
        }
    parts = urlsplit(settings.database_url)
    query = dict(parse_qsl(parts.query))
    credentials: dict[str, Any] = {
        "host": query.pop("host", parts.hostname or "localhost"),
        "port": parts.port or 5432,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.lstrip("/")),
        "minsize": int(query.pop("minsize", 1)),
        "maxsize": int(query.pop("maxsize", 5)),
        # a nightly backup or a long export never makes the planner choose an interpreted plan for
        # the hot paths
        "server_settings": {"jit": "off"},
        "reset": _as_it_is,
    }
    if "statement_cache_size" in query:
        credentials["statement_cache_size"] = int(query.pop("statement_cache_size"))
    return {"engine": "tortoise.backends.asyncpg", "credentials": {**credentials, **query}}


_OF_POOLS = {"minsize", "maxsize", "reset"}


async def _as_it_is(_connection: Any) -> None:
    """Give a connection back without a statement that resets it, a fifth of what a scan costs.

    Nothing on these connections changes a session: no SET, LISTEN, temporary table or session lock.
    asyncpg itself rolls back what was left open.
    """


async def connect(settings: Settings, modules: Sequence[str]) -> None:
    """Open the database of the settings."""
    await Tortoise.init(config=config(settings, modules), _enable_global_fallback=True)


async def plain(settings: Settings) -> "asyncpg.Connection[asyncpg.Record]":
    """A PostgreSQL connection of one's own, beside the pool: for locks and copies."""
    given = {k: v for k, v in _connection(settings)["credentials"].items() if k not in _OF_POOLS}
    return await asyncpg.connect(**given)


async def disconnect() -> None:
    """Finish what is in a transaction, then close the connections."""
    if _running:
        await asyncio.wait(_running, timeout=10)
    await Tortoise.close_connections()


def connection() -> BaseDBAsyncClient:
    """The connection, or the transaction's where one is open."""
    return get_connection("default")


def inside() -> bool:
    """Whether this runs in a transaction of a verb."""
    return _inside.get()


def atomic(work: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Run a verb in one transaction; inside another one, as part of it.

    The unit of work runs in a task of its own, shielded: a request that is cancelled while it
    enters or leaves a transaction would leak the connection and hang every later query.
    """

    @wraps(work)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if _inside.get():
            return await work(*args, **kwargs)

        async def unit() -> T:
            _inside.set(True)
            ends: list[Callable[[], None]] = []
            _afterwards.set(ends)
            try:
                async with in_transaction("default"):
                    return await work(*args, **kwargs)
            finally:
                for one in ends:
                    one()

        task = asyncio.create_task(unit())
        _running.add(task)
        task.add_done_callback(_running.discard)
        return await asyncio.shield(task)

    return run


def afterwards(work: Callable[[], None]) -> None:
    """Run this when the verb's transaction has ended, whichever way; at once outside of one."""
    ends = _afterwards.get()
    if ends is None:
        work()
    else:
        ends.append(work)


async def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows that a statement answers, also one that writes with RETURNING."""
    if is_sqlite():
        return await connection().execute_query_dict(for_sqlite(sql), [to_db(v) for v in values])
    return await connection().execute_query_dict(sql, list(values))


async def row(sql: str, *values: Any) -> dict[str, Any] | None:
    """The first row that a statement answers, or None."""
    found = await rows(sql, *values)
    return found[0] if found else None


async def execute(sql: str, *values: Any) -> None:
    """Run a statement for what it does."""
    await rows(sql, *values)


async def many(sql: str, lines: Sequence[Sequence[Any]]) -> None:
    """Run a statement once for each line of values, at once. In a verb's transaction only: alone it
    begins one.
    """
    assert inside(), "in a verb's transaction"
    if is_sqlite():
        values = [[to_db(v) for v in line] for line in lines]
        await connection().execute_many(for_sqlite(sql), values)
    else:
        await connection().execute_many(sql, [list(line) for line in lines])


def to_db(value: Any) -> Any:
    """A value as SQLite stores it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def moment(value: datetime | str) -> datetime:
    """A moment that a raw statement answered, on either engine."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)
