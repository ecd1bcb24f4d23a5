"""The worker: one timetable of periodic work, and the postman who sends mail all the time.

Every entry of the timetable has a lease, so that one of many workers does it; as many may run as
one likes.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta

from accounts.management import sign_ins
from accounts.sessions.sessions import WebSession
from checkin.attendance.settlement import settle
from checkin.review import papers
from core import db, settings
from core.clock import now
from core.http import idempotency, limits
from indicators.report.warm_up import warm
from notifications.delivery.postman import Postman
from notifications.incoming import server
from registrations.form.answers import forget_private
from registrations.mail.notices import ahead
from registrations.people.erasure import forget_addresses, forget_people
from registrations.people.pairs import compare_all
from registrations.registration.waiting_list import expire_offers
from viesis import wiring
from viesis.models import MODULES

log = logging.getLogger("viesis.worker")

BEAT = 5.0
"""Seconds between two signs of life, and between two looks at the timetable."""
LONGEST = timedelta(minutes=10)
"""How long one piece of work may hold its lease: after that another worker follows one that died in
it.
"""


async def settle_projects() -> int:
    """Bring attendance up to date with all scans, project by project."""
    found = await db.rows("SELECT DISTINCT project_id FROM scan WHERE NOT settled")
    for row in found:
        await settle(row["project_id"])
    return len(found)


TIMETABLE: dict[str, tuple[timedelta, Callable[[], Awaitable[object]]]] = {
    "offers": (timedelta(seconds=30), lambda: expire_offers(now())),
    "attendance": (timedelta(seconds=30), settle_projects),
    "figures": (timedelta(minutes=1), warm),
    "duplicates": (timedelta(minutes=1), compare_all),
    "ahead": (timedelta(minutes=5), ahead),
    "private": (timedelta(hours=1), forget_private),
    "retention": (timedelta(hours=1), forget_people),
    "last_mails": (timedelta(minutes=10), forget_addresses),
    "papers": (timedelta(hours=1), papers.sweep),
    "limits": (timedelta(minutes=10), limits.sweep),
    "idempotency": (timedelta(minutes=10), idempotency.sweep),
    "signins": (timedelta(hours=1), sign_ins.sweep),
    "sessions": (timedelta(hours=1), WebSession.sweep),
}
"""Name → how often, and what. Every piece may be done twice without harm."""


class Worker:
    """One worker, by the name that stands on its leases."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"

    async def keep_time(self, stop: asyncio.Event) -> None:
        """Give signs of life and do what is due, until told to stop."""
        while not stop.is_set():
            try:
                await beat(self.name)
                for name in TIMETABLE:
                    if not stop.is_set():
                        await self.do(name)
            except Exception:
                # the database is away: the next look may find it
                log.exception("the timetable could not be looked at")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), BEAT)

    async def do(self, name: str) -> bool:
        """Do one piece of work if it is due and nobody else does it. Answers whether it was
        done.
        """
        every, work = TIMETABLE[name]
        if not await self._take(name, every):
            return False
        try:
            await work()
        except Exception:
            log.exception("%s went wrong; it is tried again at its next time", name)
        moment = now()
        await db.execute(
            "UPDATE lease SET ends_at = $3::timestamptz, last_done_at = $3::timestamptz "
            "WHERE name = $1 AND holder = $2",
            *(name, self.name, moment),
        )
        await beat(self.name)
        return True

    async def _take(self, name: str, every: timedelta) -> bool:
        """Take the lease in one statement, so that of several workers one has it."""
        moment = now()
        taken = await db.row(
            """
            INSERT INTO lease (name, holder, ends_at, last_done_at) VALUES ($1, $2, $3::timestamptz, NULL)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
            WHERE lease.ends_at <= $4::timestamptz
              AND (lease.last_done_at IS NULL OR lease.last_done_at <= $5::timestamptz)
            RETURNING name
            """,
            *(name, self.name, moment + LONGEST, moment, moment - every),
        )
        return taken is not None


async def beat(name: str) -> None:
    """A sign of life, which /health reads."""
    moment = now()
    await db.execute(
        "INSERT INTO lease (name, holder, ends_at, last_done_at) "
        "VALUES ('worker', $1, $2::timestamptz, $2::timestamptz) "
        "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at, "
        "last_done_at = excluded.last_done_at",
        *(name, moment),
    )


async def work(stop: asyncio.Event) -> None:
    """Work until `stop` is set, then finish what is in hand. The database is connected."""
    log.info("%s modules of mail", len(wiring.MAIL_MODULES))
    await asyncio.gather(Worker().keep_time(stop), Postman().work(stop), server.work(stop))


async def run(*, follow_parent: bool = False) -> None:
    """A whole process: connect, work until told to stop (or until the parent is gone),
    disconnect.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await db.connect(settings.get(), MODULES)
    following = asyncio.create_task(_follow(stop)) if follow_parent else None
    try:
        await work(stop)
    finally:
        if following:
            following.cancel()
        await db.disconnect()


async def _follow(stop: asyncio.Event) -> None:
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - the system tells nobody
        await asyncio.sleep(0.5)
    stop.set()
