"""Mail, with its QR and .ics: rendered and delivered over kept-open connections, to a server that
only takes it in.
"""

import asyncio
import multiprocessing
import time
from multiprocessing.synchronize import Event as Signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tortoise.backends.base.executor import EXECUTOR_CACHE

from core import db, settings
from core.database import schema
from core.settings import Settings
from notifications.delivery.postman import Postman
from notifications.delivery.smtp import Connection
from notifications.outbox import letters
from notifications.outbox.message import Message
from registrations.form.entry import Entry
from registrations.placing.register import place
from tests.support import factories
from tests.support.postgres import free_port
from viesis import wiring
from viesis.models import MODULES

_ANSWERS = {
    b"DATA": b"354 Go on\r\n",
    b"QUIT": b"221 Bye\r\n",
    b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
}


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
        entry = Entry(
            name=f"Jānis Bērziņš {n}", email=f"guest{n}@example.org", organisation_name="Daugavpils"
        )
        await place(event, entry, source="web", language="lv")
    postman = Postman()
    wall, cpu = time.perf_counter(), time.process_time()
    while await postman.round():
        pass
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    ready = await _ceiling(postman, count)
    await postman.close()
    sent = await Message.filter(state="sent").count()
    assert sent == count, f"{sent} of {count} mails sent"
    each = round(wall * 1000 / count, 2)
    found = {
        "per_second": round(count / wall),
        "per_core_second": round(count / cpu),
        "ms_each": each,
    }
    return found | {"ceiling_per_second": ready, "ratio": round(count / cpu / ready, 2)}


async def _ceiling(postman: Postman, count: int) -> int:
    """Mails a second of processor time over the same connections, of one mail written
    beforehand.
    """
    message = await Message.all().order_by("id").first()
    rendered = await letters.render(message) if message else None
    assert message, "no mail was queued"
    assert rendered, "the mail is no longer due"
    data, cpu = rendered.mime(message), time.process_time()

    async def run(link: Connection) -> None:
        for _n in range(count // len(postman.links)):
            await link.deliver(postman.sender, message.to_email, data)

    await asyncio.gather(*(run(link) for link in postman.links))
    return round(count / (time.process_time() - cpu))


def _key(folder: str) -> str:
    path = Path(folder) / "dkim.pem"
    form = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(*form)
    )
    return str(path)


def rate(database_url: str = "", count: int = 1000, *, signed: bool = False) -> dict[str, Any]:
    """Confirmations a second of one worker, on an empty database (a SQLite file by default),
    migrated here.

    `signed`: each with its DKIM signature, by an RSA key of 2048 bits.
    """
    assert wiring.MAIL_MODULES
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
            dkim_key=_key(folder) if signed else "",
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
    print(rate(signed=True))
