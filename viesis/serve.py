"""`viesis serve`: checks the database, opens the socket, then becomes the small parent of its nodes and its worker."""

import fcntl
import json
import os
import socket
import sys
from pathlib import Path
from typing import IO

from core import schema, settings
from core.schema import Fit
from viesis.models import MODULES


class Refused(Exception):  # noqa: N818 - said to a person: not an error of the program
    """The program does not start; the text says why and what to do."""


def hold(role: str) -> IO[str] | None:
    """On SQLite, take the one place of this role ("serve" or "work") until the process ends. Raises Refused."""
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
        raise Refused(f"Another process already {doing} this SQLite database; several need PostgreSQL.") from error
    os.set_inheritable(file.fileno(), True)
    return file


async def prepare() -> None:
    """Migrate an empty database; refuse one that does not fit. Raises Refused."""
    current = settings.get()
    found = await schema.fit(current, MODULES)
    if found is Fit.EMPTY:
        await schema.migrate(current, MODULES)
    elif found is Fit.OLDER:
        raise Refused("The database is older than this program: run `viesis migrate` (after `viesis backup FILE`).")
    elif found is Fit.NEWER:
        raise Refused("The database is newer than this program: install the newer program.")
    elif found is Fit.HALF:
        raise Refused("The database is half-migrated: restore a backup into an empty one with `viesis restore FILE`.")


def bound(host: str, port: int) -> socket.socket:
    """A listening socket that the children inherit. Raises Refused when the port is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise Refused(f"{host}:{port} cannot be opened: {error.strerror}.") from error
    listening.listen(2048)
    os.set_inheritable(listening.fileno(), True)
    return listening


def become_parent(
    listening: socket.socket, *, workers: int, worker: bool, options: list[str], throwaway: str = ""
) -> None:
    """Replace this process by the parent, which needs none of what has been imported here. Does not return.

    The folder `throwaway` is removed at the end.
    """
    descriptor = str(listening.fileno())
    commands = [[sys.executable, "-m", "viesis", "node", descriptor, *options]] * workers
    if worker:
        commands.append([sys.executable, "-m", "viesis", "worker", "--wait"])
    given = json.dumps({"commands": commands, "descriptor": listening.fileno(), "throwaway": throwaway})
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "viesis.parent", given])  # noqa: S606 - our own program
