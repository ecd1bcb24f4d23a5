"""The Nu validator of HTML, as a server: a page costs 20 ms."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.postgres import free_port

JAR = Path(__file__).resolve().parents[3] / ".cache" / "npm" / "vnu.jar"


@dataclass(frozen=True)
class Nu:
    """A running validator."""

    port: int

    async def complaints(self, html: str) -> list[str]:
        """What it finds in a page, errors and warnings, one line each."""
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(
                f"http://127.0.0.1:{self.port}/?out=json",
                content=html.encode(),
                headers={"Content-Type": "text/html; charset=utf-8"},
            )
        told = answer.raise_for_status().json()["messages"]
        return [
            f"{one.get('lastLine', '')}: {one['message']}: {one.get('extract', '').strip()}"
            for one in told
        ]


@contextmanager
def nu_server() -> Iterator[Nu]:
    """Start one (a second and a half), on loopback only."""
    port = free_port()
    options = ["-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(JAR)]
    # It lives for minutes and sees small pages: no time or memory for what makes a long-lived
    # server fast.
    frugal = ["-Xss8m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command = ["java", *frugal, *options, "nu.validator.servlet.Main", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    httpx.get(f"http://127.0.0.1:{port}/", timeout=10)
                    break
                except httpx.TransportError:
                    if process.poll() is not None or time.monotonic() > until:
                        raise
                    time.sleep(0.1)
            yield Nu(port)
        finally:
            process.terminate()
