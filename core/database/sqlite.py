"""Tortoise's SQLite engine with transactions that take the write lock at once.

A deferred BEGIN that reads and then writes fails with "database is locked" as soon as a second
process writes, whatever the busy timeout; BEGIN IMMEDIATE waits its turn.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar, cast

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.exceptions import OperationalError

from core.database.futures import answer

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], object]

MOST = 100
"""Pieces of work that are written together."""


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that begins with the write lock."""

    async def begin(self) -> None:
        """Begin with the write lock."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class ImmediateContext(SqliteTransactionContext):
    """Releases the process's lock when the beginning fails, which the parent does not."""

    async def __aenter__(self) -> "ImmediateTransaction":
        try:
            return await super().__aenter__()  # type: ignore[return-value]  # it returns what it was given
        except BaseException:
            if self._trxlock.locked():
                self._trxlock.release()
            raise


class Client(SqliteClient):
    """One connection to one file."""

    def __init__(self, file_path: str, **kwargs: object) -> None:
        super().__init__(file_path, **kwargs)
        self._lock = asyncio.Lock()
        self._wanted: list[tuple[Work, asyncio.Future[object]]] = []
        self._turns: asyncio.Task[None] | None = None

    @translate_exceptions
    async def whole(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a whole transaction in one go on the connection's own thread: no hop between its
        statements.

        What is wanted while another one is written waits and is written together, each piece of
        work on its own savepoint: one write to disk for all. It commits or is undone whatever
        becomes of who asked for it.
        """
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._wanted.append((work, future))
        if self._turns is None or self._turns.done():
            self._turns = asyncio.create_task(self._take_turns())
        return cast("T", await asyncio.shield(future))

    async def _take_turns(self) -> None:
        while self._wanted:
            async with self.acquire_connection() as connection:
                batch, self._wanted = self._wanted[:MOST], self._wanted[MOST:]
                works = [work for work, _future in batch]
                try:
                    found = await connection._execute(_together, connection._conn, works)  # noqa: SLF001 - to its thread
                except Exception as error:  # noqa: BLE001 - it is told to everyone who asked
                    found = [error] * len(batch)
            for (_work, future), one in zip(batch, found, strict=True):
                answer(future, one)

    def _in_transaction(self) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self), self._lock)


def _together(raw: sqlite3.Connection, works: list[Work]) -> list[object]:
    """One transaction; the answer of each work, or what it raised. Raises when all of it is
    undone.
    """
    raw.execute("BEGIN IMMEDIATE")
    try:
        found = [_one(raw, work) for work in works]
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return found


def _one(raw: sqlite3.Connection, work: Work) -> object:
    raw.execute("SAVEPOINT one")
    try:
        done = work(raw)
    except Exception as error:
        if not raw.in_transaction:
            # a full disk and the like undo the whole transaction, what others wrote in it too
            raise
        raw.execute("ROLLBACK TO one")
        done = error
    raw.execute("RELEASE one")
    return done


client_class = Client
