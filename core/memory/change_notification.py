"""Change notification: whether anything that feeds show may have changed, answered without a query.

On PostgreSQL every node listens (a NOTIFY is delivered when its change commits); on SQLite the
write-ahead log's file tells. Where neither can be trusted at the moment, there is no stamp and the
caller reads as usual.
"""

import asyncio
import contextlib
import logging
import os
import time
from pathlib import Path

import asyncpg

from core import db, settings
from core.settings import Settings

CHANNEL = "viesis"
SETTLED = 50_000_000
"""Nanoseconds after which a file's time is trusted: two writes in one tick of the kernel's clock
look the same.
"""

log = logging.getLogger("viesis.news")


class News:
    """What this process knows of changes."""

    def __init__(self) -> None:
        self.heard = 0
        self.telling = 0
        """Transactions of this process that change what is shown, and have not ended."""
        self.listening = False
        self.log: Path | None = None
        self.task: asyncio.Task[None] | None = None

    def start(self, given: Settings) -> None:
        """Begin to listen, inside the node's loop."""
        self.log = Path(f"{given.sqlite_path}-wal") if given.sqlite_path else None
        if not self.log:
            self.task = asyncio.create_task(self._listen(given))

    async def stop(self) -> None:
        """Stop listening."""
        self.listening = False
        if self.task:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        self.task, self.log = None, None

    def stamp(self) -> object | None:
        """Equal as long as nothing has changed; None when that cannot be known."""
        if self.listening:
            return None if self.telling else self.heard
        if not self.log:
            return None
        try:
            found = os.stat(self.log)  # noqa: PTH116 - the hot path of every feed
        except OSError:
            return None
        return (
            None
            if time.time_ns() - found.st_mtime_ns < SETTLED
            else (found.st_mtime_ns, found.st_size)
        )

    async def _listen(self, given: Settings) -> None:
        pause = 0.5
        while True:
            try:
                connection = await db.plain(given)
                try:
                    lost = asyncio.Event()
                    connection.add_termination_listener(lambda *_given, lost=lost: lost.set())
                    await connection.add_listener(CHANNEL, self._hear)
                    self.heard += 1
                    self.listening, pause = True, 0.5
                    await lost.wait()
                finally:
                    self.listening = False
                    await asyncio.shield(connection.close(timeout=2))
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("not listening: %s", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30)

    def begin(self) -> None:
        """A transaction of this process changes what is shown: its own later answers need not wait
        for the notice.
        """
        self.telling += 1
        db.afterwards(self._ended)

    def _ended(self) -> None:
        self.telling -= 1
        self.heard += 1

    def _hear(self, *_given: object) -> None:
        self.heard += 1


news = News()


async def tell() -> None:
    """Say, in the transaction of a change, that what feeds and pages show has changed."""
    if not settings.get().sqlite_path:
        news.begin()
        await db.execute("SELECT pg_notify($1, '')", CHANNEL)
