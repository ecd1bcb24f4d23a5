"""Single flight: callers that ask the same at the same moment share one query.

A look answers only those who asked before it began, so whatever was acknowledged before someone
asked is in the answer. Whoever asks while one is under way waits for the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from core import db

T = TypeVar("T")


class Looks(Generic[T]):
    """Looks of one kind, by what is asked for. What they answer is shared: nobody may change it."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, asyncio.Task[T]] = {}
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}

    async def look(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` answers, begun after this call. Inside a transaction, which sees more, it is
        one's own.
        """
        if db.inside():
            return await work()
        if key not in self._waiting:
            self._waiting[key] = asyncio.create_task(self._turn(key, work))
        return await asyncio.shield(self._waiting[key])

    async def _turn(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        if before := self._under_way.get(key):
            await asyncio.wait([before])
        mine = self._under_way[key] = self._waiting.pop(key)
        try:
            return await work()
        finally:
            if self._under_way.get(key) is mine:
                del self._under_way[key]
