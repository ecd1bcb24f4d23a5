"""The program as real processes, and a client that costs little: for the browser, benchmarks and
faults.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.postgres import free_port

SECRET = "for-tests-only-" + "x" * 32
PRIVATE = "for-tests-only-" + "y" * 32


@dataclass
class Program:
    """A running `viesis serve`. `env` starts other commands on the same database."""

    url: str
    port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path = Path(os.devnull)

    def stop(self) -> None:
        """End it as an administrator would."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def start(self) -> None:
        """Serve again what was stopped, on the same port; ready when it answers."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(self.process.args, env=self.env, stdout=out, stderr=out)
        ready(self.port, self.process)

    def command(self, *words: str) -> str:
        """Run a command to its end; answers what it printed. Raises when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "viesis", *words], env=self.env, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode()

    def last_line(self, *words: str) -> str:
        """The last line of what a command printed: a link or a token alone."""
        return self.command(*words).strip().splitlines()[-1]

    def children(self) -> list[tuple[int, str]]:
        """The living children of the parent: process number and command line."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = (folder / "stat").read_text()
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == self.process.pid:
                found.append((int(folder.name), " ".join(words)))
        return sorted(found)

    def kill(self, kind: str) -> int:
        """kill -9 of one child that does this ("node", "worker"). Answers its number.

        A child that began as a copy of `viesis serve` is a node.
        """
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            for number, words in self.children():
                if f" {kind}" in words or (kind == "node" and " serve" in words):
                    os.kill(number, signal.SIGKILL)
                    return number
            time.sleep(0.02)
        raise TimeoutError(f"no {kind} to kill")


@contextmanager
def program(
    database_url: str, folder: Path, *options: str, log: Path | None = None, **settings: str
) -> Iterator[Program]:
    """Serve this database on a free port until the end of the block; ready when the block
    begins.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    given = {
        "database_url": database_url,
        "base_url": url,
        "secret_key": SECRET,
        "private_keys": PRIVATE,
    }
    given |= {"data_dir": str(folder), "limits": "off", **settings}
    env = {k: v for k, v in os.environ.items() if not k.startswith("VIESIS_")}
    env |= {f"VIESIS_{name.upper()}": value for name, value in given.items()}
    words = [sys.executable, "-m", "viesis", "serve", "--port", str(port), *options]
    log = log or folder / "serve.log"
    with log.open("ab") as out:
        running = Program(
            url, port, env, subprocess.Popen(words, env=env, stdout=out, stderr=out), log
        )
    try:
        ready(port, running.process)
        yield running
    finally:
        running.stop()


def ready(port: int, process: subprocess.Popen[bytes] | None = None, seconds: float = 120) -> None:
    """Wait until /health answers."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        assert process is None or process.poll() is None, "the program ended before it served"
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as one:
                one.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                if b" 200 " in one.recv(100):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError("no answer from /health")


async def listening(port: int) -> None:
    """Wait until somebody listens on this port of 127.0.0.1."""
    (await _open(port, patient=True))[1].close()


@dataclass
class Answer:
    """One answer: when it was asked (monotonic), how long it took (seconds), status 0 when none
    came.
    """

    asked: float
    took: float
    status: int
    body: bytes = field(repr=False, default=b"")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def post(path: str, body: Any, token: str = "", **headers: str) -> bytes:
    """The bytes of a POST with JSON."""
    return request(
        "POST",
        path,
        json.dumps(body).encode(),
        token,
        **{"Content-Type": "application/json", **headers},
    )


def request(method: str, path: str, body: bytes = b"", token: str = "", **headers: str) -> bytes:
    """The bytes of a request; underscores in names of headers become hyphens."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def load(
    port: int, requests: Sequence[bytes], at_once: int, *, patient: bool = False
) -> list[Answer]:
    """Send all over `at_once` kept-open connections; answers in the order of the requests.

    Without an answer (the server died) the status is 0 and the connection is opened again;
    `patient` waits for it.
    """
    answers: list[Answer] = [Answer(0, 0, 0)] * len(requests)
    todo = iter(range(len(requests)))

    async def one() -> None:
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        for index in todo:
            asked = time.monotonic()
            try:
                connection = connection or await _open(port, patient=patient)
                asked = time.monotonic()
                connection[1].write(requests[index])
                status, body, lasts = await _read(connection[0])
                answers[index] = Answer(asked, time.monotonic() - asked, status, body)
                if not lasts:
                    connection[1].close()
                    connection = None
            except (OSError, asyncio.IncompleteReadError, ValueError):
                answers[index] = Answer(asked, time.monotonic() - asked, 0)
                if connection:
                    connection[1].close()
                connection = None
        if connection:
            connection[1].close()

    await asyncio.gather(*(one() for _ in range(at_once)))
    return answers


async def _open(port: int, *, patient: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(200 if patient else 1):
        try:
            return await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        except OSError:
            await asyncio.sleep(0.05)
    raise ConnectionRefusedError(port)


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    lasts = b"connection: close" not in head
    if b"content-length: " in head:
        size = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        return status, await reader.readexactly(size), lasts
    body = b""
    while b"chunked" in head:
        size = int((await reader.readline()).strip(), 16)
        body += (await reader.readexactly(size + 2))[:-2]
        if not size:
            break
    return status, body, lasts


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="viesis-") as name:
        yield Path(name)
