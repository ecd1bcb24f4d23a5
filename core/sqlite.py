"""Tortoise's SQLite engine with transactions that take the write lock at once.

A deferred BEGIN that reads and then writes fails with "database is locked" as soon as a second process writes,
whatever the busy timeout; BEGIN IMMEDIATE waits its turn.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.exceptions import OperationalError

T = TypeVar("T")


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

    @translate_exceptions
    async def whole(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a whole transaction in one go on the connection's own thread: no hop between its statements.

        It commits or is undone whatever becomes of who asked for it.
        """

        def unit(raw: sqlite3.Connection) -> T:
            raw.execute("BEGIN IMMEDIATE")
            try:
                done = work(raw)
            except BaseException:
                raw.execute("ROLLBACK")
                raise
            raw.execute("COMMIT")
            return done

        async with self.acquire_connection() as connection:
            done: T = await connection._execute(unit, connection._conn)  # noqa: SLF001 - its only way to its thread
            return done

    def _in_transaction(self) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self), self._lock)


client_class = Client
