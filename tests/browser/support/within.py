"""The program within the test's own process: there in a moment, and the test sees what it sees."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from tests.support.postgres import free_port
from viesis import app as program


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """Serve the database that is connected, at the address that this answers."""
    port = free_port()
    config = uvicorn.Config(
        program.create(),
        host="127.0.0.1",
        port=port,
        log_level="error",
        ws="none",
        lifespan="on",
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done(), "the program ended before it served"
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running
