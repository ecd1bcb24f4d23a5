"""Mail, with its QR and .ics: rendered and delivered over kept-open connections, to a server that only takes it in."""

import asyncio
import multiprocessing
import time
from multiprocessing.synchronize import Event as Signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tortoise.backends.base.executor import EXECUTOR_CACHE

from core import db, schema, settings
from core.settings import Settings
from notifications.delivery import Postman
from notifications.outbox import Message
from registrations.entries import Entry
from registrations.places import place
from tests import factories
from tests.postgres import free_port
from viesis import mails
from viesis.models import MODULES

_ANSWERS = {b"DATA": b"354 Go on\r\n", b"QUIT": b"221 Bye\r\n", b"EHLO": b"250-sink\r\n250 8BITMIME\r\n"}


async def _take_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink ESMTP\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        writer.write(_ANSWERS.get(command, b"250 OK\r\n"))
        if command == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 Taken\r\n")
        if command == b"QUIT":
            break
    writer.close()


def _sink(port: int, ready: Signal) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_take_in, "127.0.0.1", port, limit=2**24)
        ready.set()
        await server.serve_forever()

    asyncio.run(serve())


async def _measured(count: int) -> dict[str, Any]:
    event = await factories.event(await factories.project(), capacity=None)
    for n in range(count):
        entry = Entry(name=f"Jānis Bērziņš {n}", email=f"guest{n}@example.org", organisation_name="Daugavpils")
        await place(event, entry, source="web", language="lv")
    postman = Postman()
    wall, cpu = time.perf_counter(), time.process_time()
    while await postman.round():
        pass
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    await postman.close()
    sent = await Message.filter(state="sent").count()
    assert sent == count, f"{sent} of {count} mails sent"
    each = round(wall * 1000 / count, 2)
    return {"per_second": round(count / wall), "per_core_second": round(count / cpu), "ms_each": each}


def rate(database_url: str = "", count: int = 1000) -> dict[str, Any]:
    """Confirmations a second of one worker, on an empty database (a SQLite file by default), migrated here."""
    assert mails.kinds()
    ready, port = multiprocessing.Event(), free_port()
    sink = multiprocessing.Process(target=_sink, args=(port, ready), daemon=True)
    sink.start()
    with TemporaryDirectory() as folder:
        given = Settings(
            _env_file=None,
            database_url=database_url or f"sqlite://{folder}/bench.db",
            secret_key="for-benchmarks-only-" + "x" * 32,
            smtp_url=f"smtp://127.0.0.1:{port}",
            mail_from="Viesis <viesis@example.org>",
            data_dir=Path(folder),
        )
        settings.use(given)
        EXECUTOR_CACHE.clear()

        async def run() -> dict[str, Any]:
            await schema.migrate(given, MODULES)
            await db.connect(given, MODULES)
            try:
                return await _measured(count)
            finally:
                await db.disconnect()

        try:
            ready.wait(10)
            return asyncio.run(run())
        finally:
            sink.terminate()


if __name__ == "__main__":
    print(rate())
