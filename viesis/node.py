"""One serving process: uvicorn on a socket that the parent opened."""

import os
import socket
import threading
import time

import uvicorn

from viesis.app import create


def run(descriptor: int, *, certificate: str = "", key: str = "") -> None:
    """Serve until told to stop, or until the parent is gone."""
    threading.Thread(target=_follow_parent, daemon=True).start()
    config = uvicorn.Config(
        create(),
        fd=None,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=10,
        ssl_certfile=certificate or None,
        ssl_keyfile=key or None,
        h11_max_incomplete_event_size=64 * 1024,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def _follow_parent() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
