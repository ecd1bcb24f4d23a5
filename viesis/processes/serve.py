"""`viesis serve`: checks the database, opens the socket, then becomes the small parent of its nodes
and its worker.
"""

import asyncio
import fcntl
import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click

from core import settings
from core.database import schema
from core.database.schema import Fit
from viesis.models import MODULES


class Refused(Exception):  # noqa: N818 - said to a person: not an error of the program
    """The program does not start; the text says why and what to do."""


def hold(role: str) -> IO[str] | None:
    """On SQLite, take the one place of this role ("serve" or "work") until the process ends. Raises
    Refused.
    """
    path = settings.get().sqlite_path
    if not path:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    file = Path(f"{path}.{role}").open("w")  # noqa: SIM115 - held until the process ends
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        doing = {"serve": "serves", "work": "works on"}[role]
        raise Refused(
            f"Another process already {doing} this SQLite database; several need PostgreSQL."
        ) from error
    os.set_inheritable(file.fileno(), True)
    return file


async def prepare() -> None:
    """Migrate an empty database; refuse one that does not fit. Raises Refused."""
    current = settings.get()
    found = await schema.fit(current, MODULES)
    if found is Fit.EMPTY:
        await schema.migrate(current, MODULES)
    elif found is Fit.OLDER:
        raise Refused(
            "The database is older than this program: run `viesis migrate` (after `viesis backup FILE`)."
        )
    elif found is Fit.NEWER:
        raise Refused("The database is newer than this program: install the newer program.")
    elif found is Fit.HALF:
        raise Refused(
            "The database is half-migrated: restore a backup into an empty one with `viesis restore FILE`."
        )


def fill_empty() -> None:
    """Make the tables of an empty database, in a copy of this process: what that takes in memory
    goes with it.
    """
    if asyncio.run(schema.fit(settings.get(), MODULES)) is not Fit.EMPTY:
        return
    sys.stdout.flush()
    number = os.fork()
    if number:
        os.waitpid(number, 0)
        return
    try:
        asyncio.run(schema.migrate(settings.get(), MODULES))
    except BaseException:  # noqa: BLE001 - nothing may come back to what this is a copy of
        traceback.print_exc()
    finally:
        os._exit(0)


def bound(host: str, port: int) -> socket.socket:
    """A listening socket that the children inherit. Raises Refused when the port is taken."""
    listening = socket.socket(
        socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM
    )
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise Refused(f"{host}:{port} cannot be opened: {error.strerror}.") from error
    listening.listen(2048)
    os.set_inheritable(listening.fileno(), True)
    return listening


def become_parent(
    listening: socket.socket,
    held: IO[str] | None,
    *,
    workers: int = 1,
    worker: bool = True,
    options: Sequence[str] = (),
    copies: bool = True,
    throwaway: str = "",
) -> None:
    """Begin to serve, then replace this process by the parent, which needs none of what was
    imported. Does not return.

    With `copies` the first children are copies of this process: nothing is imported twice, and what
    was is kept in memory once. A single node does the worker's work too, and asks for a process for
    it when there is much (viesis/processes/embedded_worker.py). The folder `throwaway` is removed
    at the end.
    """
    descriptor = str(listening.fileno())
    node_command = [sys.executable, "-m", "viesis", "node", descriptor, *options]
    worker_command = [sys.executable, "-m", "viesis", "worker", "--wait"]
    inside = worker and workers == 1
    commands = [[*node_command, "--work"] if inside else node_command] * workers
    if worker and not inside:
        commands.append(worker_command)
    # until the parent listens, whoever asks it for something asks again
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    sys.stdout.flush()
    gc.collect()
    gc.freeze()
    started = [_copy(words, listening, held) for words in commands] if copies else []
    given = {
        "commands": commands,
        "later": worker_command if inside else [],
        "descriptor": listening.fileno(),
    }
    given |= {"started": started, "throwaway": throwaway}
    os.execv(sys.executable, [sys.executable, "-m", "viesis.processes.parent", json.dumps(given)])  # noqa: S606 - our own program


def _copy(words: list[str], listening: socket.socket, held: IO[str] | None) -> int:
    """A copy of this process that runs one of our commands instead; its number."""
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        if held:
            held.close()  # the parent holds it
        if "node" not in words:
            listening.close()
        click.get_current_context().find_root().command.main(words[3:], standalone_mode=False)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        code = 130
    except BaseException:  # noqa: BLE001 - nothing may come back to what this is a copy of
        traceback.print_exc()
    finally:
        os._exit(code)
