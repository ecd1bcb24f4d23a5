"""Group commit: registrations for one event that arrive while others are being written share the
next transaction.

On PostgreSQL the event's row is held until the disk has the transaction, so those who want its
seats pass one for each write to disk. In one transaction many pass; nobody is answered before it is
on the disk.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg
from tortoise.exceptions import IntegrityError

from core.database.futures import answer
from core.db import atomic

MOST = 32
"""Registrations in one transaction: other nodes wait for the row no longer than some 20 ms."""

Values = Sequence[Any]
Found = dict[str, Any] | None
Write = Callable[[Values], Awaitable[Found]]
_ALONE = (IntegrityError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""One of them is registered, or stands in the way of another node's: each is tried by itself."""


class Turns:
    """The turns at each event. `write` runs one registration's statement."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: dict[int, list[tuple[Values, asyncio.Future[Found]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, event_id: int, values: Values) -> Found:
        """What the statement answers for these values, once it is kept. Raises what it raises."""
        future: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        if event_id in self._waiting:
            self._waiting[event_id].append((values, future))
        else:
            self._waiting[event_id] = [(values, future)]
            task = asyncio.create_task(self._go_on(event_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(future)

    async def _go_on(self, event_id: int) -> None:
        while waiting := self._waiting[event_id]:
            batch = waiting[:MOST]
            del waiting[:MOST]
            found = await self._written([values for values, _future in batch])
            for (_values, future), one in zip(batch, found, strict=True):
                answer(future, one)
        del self._waiting[event_id]

    async def _written(self, several: list[Values]) -> "list[Found | Exception]":
        if len(several) > 1:
            try:
                return [*await self._together(several)]
            except _ALONE:
                pass
            except Exception as error:  # noqa: BLE001 - it is told to everyone
                return [error] * len(several)
        return [await self._by_itself(values) for values in several]

    @atomic
    async def _together(self, several: list[Values]) -> list[Found]:
        return [await self._write(values) for values in several]

    async def _by_itself(self, values: Values) -> "Found | Exception":
        try:
            return await self._write(values)
        except Exception as error:  # noqa: BLE001 - it is told to whoever asked
            return error
