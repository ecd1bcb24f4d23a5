"""`viesis serve` as processes: one where little is done, one more for much work, each started again
when it dies.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.clock import now
from core.settings import Settings
from tests.support.running import Program, load, post, program, ready
from tests.support.smtp import SmtpServer

IDLE = 150
"""Megabytes."""


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it is so."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not become so"
        time.sleep(0.1)


def megabytes(number: int) -> float:
    """What a process has in memory."""
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


async def call(served: Program, token: str, path: str, body: Any) -> Any:
    """A call of the API that succeeds."""
    [answer] = await load(served.port, [post(f"/api/v1{path}", body, token)], 1)
    assert answer.status in {200, 201, 204}, answer.body
    return answer.json if answer.body else None


async def register(served: Program, token: str, people: int) -> str:
    """An event of tomorrow with so many people: a mail for each."""
    lead = {"name": "Bench", "country": "LV", "kind": "ngo"}
    times = {
        "starts_at": f"{now().year + 1}-05-05T09:00",
        "ends_at": f"{now().year + 1}-05-05T17:00",
    }
    project = {
        "code": f"S-{people}",
        "title": "Serving",
        "timezone": "Europe/Riga",
        "languages": ["en"],
        "lead": lead,
    }
    slug = (await call(served, token, "/projects", {**project, "partners": []}))["slug"]
    event = await call(
        served, token, f"/projects/{slug}/events", {"kind": "debate", "title": "Debate", **times}
    )
    await call(served, token, f"/events/{event['slug']}/publication", {})
    bodies = [{"name": f"Guest {n}", "email": f"g{n}@example.org"} for n in range(people)]
    path = f"/api/v1/events/{event['slug']}/registrations"
    assert {
        a.status for a in await load(served.port, [post(path, b, token) for b in bodies], 8)
    } == {201}
    return str(event["slug"])


def token_of(served: Program) -> str:
    served.last_line("user", "add", "alice@example.org", "--admin")
    return served.last_line("token", "add", "alice@example.org", "--name", "test")


def test_one_process_serves_and_sends_the_little_there_is(
    fresh: Settings, tmp_path: Path, smtp: SmtpServer
) -> None:
    with program(fresh.database_url, tmp_path, smtp_url=smtp.url) as served:
        token = token_of(served)
        asyncio.run(register(served, token, 3))
        until(lambda: len(smtp.received) == 3)
        [(node, _words)] = served.children()
        assert megabytes(served.process.pid) + megabytes(node) < IDLE
        os.kill(node, signal.SIGKILL)
        until(lambda: bool(served.children()) and served.children()[0][0] != node)
        ready(served.port)
        asyncio.run(register(served, token, 4))
        until(lambda: len(smtp.received) == 7)
        assert len(served.children()) == 1


def test_much_work_is_given_to_a_process_that_stays(
    fresh: Settings, tmp_path: Path, smtp: SmtpServer
) -> None:
    with program(fresh.database_url, tmp_path, smtp_url=smtp.url) as served:
        token = token_of(served)
        smtp.stall(0.2)
        asyncio.run(register(served, token, 150))
        until(lambda: len(served.children()) == 2)
        smtp.misbehaviours.clear()
        until(lambda: len(smtp.received) == 150)
        served.kill("worker")
        served.kill("node")
        until(lambda: len(served.children()) == 2)
        ready(served.port)
        asyncio.run(register(served, token, 5))
        until(lambda: len(smtp.received) == 155)
        left = [number for number, _words in served.children()]
    assert [number for number in left if Path(f"/proc/{number}").exists()] == []
