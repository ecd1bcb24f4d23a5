"""Thousands of mails while the worker that sends them dies by kill -9, again and again."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from core import db, settings
from core.clock import now
from core.database import schema
from core.settings import Settings
from notifications.delivery.postman import CONNECTIONS
from notifications.outbox.message import Message, Recipient
from tests.support import factories
from tests.support.running import PRIVATE, SECRET
from tests.support.smtp import SmtpServer, smtp_server
from viesis.models import MODULES

Finding = list[str]


async def ten_thousand(url: str, place: Path, _workers: int) -> Finding:
    """10,000 mails, a worker killed ten times; what the dead held is taken up when its lease
    ends.
    """
    with smtp_server() as smtp:
        given = Settings(
            _env_file=None,
            database_url=url,
            secret_key=SECRET,
            private_keys=PRIVATE,
            smtp_url=smtp.url,
            mail_from="Viesis <viesis@example.org>",
            data_dir=place,
        )
        settings.use(given)
        await schema.migrate(given, MODULES)
        await db.connect(given, MODULES)
        try:
            return await killed(given, smtp, 10_000, 10)
        finally:
            await db.disconnect()


async def killed(
    given: Settings, smtp: SmtpServer, count: int, kills: int, *, patient: bool = True
) -> Finding:
    """Queue so many mails, kill so many workers at their work, then let one finish. Answers what
    does not hold.

    The database is connected, the settings name the mail server. Not `patient`: the leases of the
    dead are ended at once, as if their 90 seconds had gone by.
    """
    event = await factories.event(await factories.project())
    people = [
        Recipient(f"p{n}@example.org", f"P {n}", "en", {"event": event.id}, f"x:{n}")
        for n in range(count)
    ]
    await Message.queue_all("event_invitation", people)
    for n in range(kills):
        enough = int(count * (n + random.random()) / (kills + 1))
        working = await asyncio.to_thread(_worker, given)
        await _until(lambda enough=enough: len(smtp.received) >= enough, 300)  # type: ignore[misc]  # a bound default
        os.kill(working.pid, signal.SIGKILL)
        await asyncio.to_thread(working.wait)
        if not patient:
            await Message.filter(state="sending").update(due_at=now(), lease_ends_at=now())
    last = await asyncio.to_thread(_worker, given)
    try:
        everyone = {p.to_email for p in people}
        await _until(lambda: everyone <= {m.recipients[0] for m in smtp.received}, 900)
        await _settled(60)
    finally:
        last.send_signal(signal.SIGTERM)
        await asyncio.to_thread(last.wait)
    return await _wrong(smtp, everyone, kills)


async def _wrong(smtp: SmtpServer, everyone: set[str], kills: int) -> Finding:
    times = Counter(m.recipients[0] for m in smtp.received)
    doubled = sum(n - 1 for n in times.values())
    print(
        f"    {kills} kills, {len(smtp.received)} mails for {len(everyone)} people, {doubled} doubled"
    )
    found = [f"{len(everyone - set(times))} never got their mail"] if everyone - set(times) else []
    if doubled > kills * CONNECTIONS:
        found.append(f"{doubled} doubled by {kills} kills of {CONNECTIONS} connections each")
    identities = {(m.recipients[0], str(m.message["Message-ID"])) for m in smtp.received}
    if len(identities) != len(times):
        found.append("a mail sent twice did not keep its Message-ID")
    states = Counter(await Message.all().values_list("state", flat=True))
    if states != {"sent": len(everyone)}:
        found.append(f"the outbox says {dict(states)}")
    return found


def _worker(given: Settings) -> "subprocess.Popen[bytes]":
    """`viesis worker` on this database."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("VIESIS_")}
    named = (
        "database_url",
        "base_url",
        "secret_key",
        "private_keys",
        "smtp_url",
        "mail_from",
        "data_dir",
    )
    env |= {f"VIESIS_{name.upper()}": str(getattr(given, name)) for name in named}
    with (given.data_dir / "worker.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "viesis", "worker"], env=env, stdout=out, stderr=out
        )


async def _settled(seconds: float) -> None:
    """Wait until no mail is on its way any more."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not await Message.filter(state__in=("queued", "sending")).exists():
            return
        await asyncio.sleep(0.2)


async def _until(true: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return
        await asyncio.sleep(0.02)
