"""Runs the worker's tasks inside a single node while there is little to do, so that a small
installation is one process.

As soon as there is much, which would keep people waiting for their pages, the parent is asked for a
process for it.
"""

import asyncio
import contextlib
import os
import signal

from core import db, settings
from core.clock import now
from indicators.report.warm_up import large
from viesis.processes import serve, worker

LOOK = 1.0
"""Seconds between two looks at how much there is."""
MAILS, SCANS = 40, 200
"""Mails due, and scans not yet in attendance, that are much."""

_MAILS = f"""
SELECT 1 AS one FROM message WHERE state IN ('queued', 'sending') AND due_at <= $1::timestamptz LIMIT {MAILS + 1}
"""
_SCANS = f"SELECT 1 AS one FROM scan WHERE NOT settled LIMIT {SCANS + 1}"


async def work(stop: asyncio.Event) -> None:
    """Work until told to stop, or until there is much; then ask for a process until this one
    ends.
    """
    await _little(stop)
    while not stop.is_set():
        os.kill(os.getppid(), signal.SIGUSR1)
        await _rest(stop, 5)


async def _little(stop: asyncio.Event) -> None:
    """Work as long as there is little. On SQLite, once no other process works."""
    held = None
    while settings.get().sqlite_path and not held:
        try:
            held = serve.hold("work")
        except serve.Refused:
            await _rest(stop, 2)
            if stop.is_set():
                return
    enough, looks = asyncio.Event(), 0
    working = None
    while not stop.is_set() and not await _much(looks):
        working = working or asyncio.create_task(worker.work(enough))
        looks += 1
        await _rest(stop, LOOK)
    enough.set()
    if working:
        await working
    if held:
        held.close()


async def _much(looks: int) -> bool:
    """Whether there is more to do than can be done beside serving. While the database is away there
    is nothing.
    """
    try:
        if settings.get().smtp_url and len(await db.rows(_MAILS, now())) > MAILS:
            return True
        if len(await db.rows(_SCANS)) > SCANS:
            return True
        return looks % 60 == 0 and bool(await large())
    except Exception:  # noqa: BLE001 - whatever it is, whoever asks for a page is told
        return False


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
