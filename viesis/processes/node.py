"""One serving process: uvicorn on a socket that the parent opened."""

import gc
import os
import socket
import threading
import time

import uvicorn

from viesis.app import create
from viesis.processes import embedded_worker


def run(descriptor: int, *, certificate: str = "", key: str = "", work: bool = False) -> None:
    """Serve until told to stop, or until the parent is gone; with `work` send mail and keep the
    timetable too.
    """
    threading.Thread(target=_follow_parent, daemon=True).start()
    config = uvicorn.Config(
        create(beside=embedded_worker.work if work else None),
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
    _settle_down()
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def _settle_down() -> None:
    """Take what has been loaded out of Python's search for garbage, which would hold up every
    request for 100 ms.

    The oldest of its generations is searched when it has grown by a quarter, so that rare is enough
    for the rest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 50)


def _follow_parent() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
