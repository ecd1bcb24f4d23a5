"""Two nodes of one database share limits and answers."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from accounts.sessions.api_tokens import ApiToken
from core import ROOT, db
from core.settings import Settings
from events.projects.projects import Project
from tests.support import factories
from tests.support.postgres import free_port

NODE = """
import sys
from core import settings
from viesis.processes import node
settings.use(settings.load())
node.run(int(sys.argv[1]))
"""


@pytest.fixture
async def nodes(database: Settings, engine: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Two serving processes on PostgreSQL (one on SQLite, where more are refused)."""
    given = {
        **os.environ,
        "VIESIS_DATABASE_URL": database.database_url,
        "VIESIS_SECRET_KEY": database.secret_key,
        "VIESIS_DATA_DIR": str(database.data_dir),
        "VIESIS_BASE_URL": database.base_url,
        "PYTHONPATH": str(ROOT),
    }
    running, clients = [], []
    for _ in range(2 if engine == "postgres" else 1):
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", free_port()))
            listening.listen(128)
            os.set_inheritable(listening.fileno(), True)
            command = [sys.executable, "-c", NODE, str(listening.fileno())]
            fds = [listening.fileno()]
            process = await asyncio.create_subprocess_exec(
                *command, env=given, pass_fds=fds, cwd=database.data_dir.parent
            )
            running.append(process)
            clients.append(
                httpx.AsyncClient(
                    base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30
                )
            )
    yield clients
    for client in clients:
        await client.aclose()
    for process in running:
        process.terminate()
        await process.wait()


async def test_twenty_at_once_on_two_nodes_are_one(nodes: list[httpx.AsyncClient]) -> None:
    head = await factories.bearer(await factories.user(admin=True)) | {"Idempotency-Key": "one"}
    body = {
        "code": "X-1",
        "title": "Bridges",
        "timezone": "Europe/Riga",
        "languages": ["en"],
        "lead": {"name": "Liepāja", "country": "LV", "kind": "municipality"},
        "partners": [],
    }
    sent = [
        nodes[n % len(nodes)].post("/api/v1/projects", json=body, headers=head) for n in range(20)
    ]
    answers = await asyncio.gather(*sent)
    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1
    assert sum("idempotent-replayed" not in a.headers for a in answers) == 1
    assert await Project.all().count() == 1


async def test_limits_are_of_all_nodes_together(nodes: list[httpx.AsyncClient]) -> None:
    head = {"Authorization": "Bearer vsa_wrong"}
    sent = [nodes[n % len(nodes)].get("/api/v1/projects", headers=head) for n in range(30)]
    statuses = sorted([a.status_code for a in await asyncio.gather(*sent)])
    assert statuses == [401] * 20 + [429] * 10
    assert await ApiToken.all().count() == 0
    assert await db.rows("SELECT hits FROM limit_count") == [{"hits": 30}]
