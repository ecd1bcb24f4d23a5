"""`viesis check`: settings, database, SMTP, clock and disk, each with ok or what to do."""

import shutil
import time
from collections.abc import Awaitable, Callable

import aiosmtplib
import click

from core import clock, db, settings, sql
from core.database import schema
from core.database.schema import Fit
from core.settings import Settings, SettingsError
from notifications.delivery.smtp import Server
from viesis.models import MODULES

Finding = tuple[bool, str]

_SECRET = {"secret_key", "private_keys"}
_ADVICE = {
    Fit.EMPTY: "is empty: `viesis serve` or `viesis migrate` fills it",
    Fit.OLDER: "is older than this program: run `viesis migrate`",
    Fit.NEWER: "is newer than this program: install the newer program",
    Fit.HALF: "is half-migrated: restore a backup into an empty one",
}


async def run() -> int:
    """Print every finding; answer 0 when all is well, 1 else."""
    try:
        current = settings.load()
    except SettingsError as error:
        click.echo(f"settings   {error}")
        return 1
    settings.use(current)
    _list(current)
    fine = True
    parts: dict[str, Callable[[Settings], Awaitable[Finding]]] = {
        "database": _database,
        "mail": _mail,
        "clock": _clock,
        "disk": _disk,
    }
    for name, part in parts.items():
        try:
            ok, said = await part(current)
        except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
            ok, said = False, f"{type(error).__name__}: {error}"
        click.echo(f"{name:<10} {'ok' if ok else 'TO DO'}: {said}")
        fine = fine and ok
    return 0 if fine else 1


def _list(current: Settings) -> None:
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        shown = (
            ("set" if value else "not set") if name in _SECRET else _without_password(str(value))
        )
        click.echo(f"VIESIS_{name.upper()} = {shown}\n    {field.description}")
    if not current.private_keys:
        click.echo("    without private keys no dietary or access needs are asked for")


def _without_password(value: str) -> str:
    head, at, tail = value.rpartition("@")
    return f"{head.split('://')[0]}://…@{tail}" if at and "://" in head else value


async def _database(current: Settings) -> Finding:
    found = await schema.fit(current, MODULES)
    if found is not Fit.CURRENT:
        return found is Fit.EMPTY, f"the database {_ADVICE[found]}"
    await db.connect(current, MODULES)
    try:
        started = time.perf_counter()
        await db.row("SELECT 1 AS one")
        took = (time.perf_counter() - started) * 1000
        return True, f"{sql.engine()}, answers in {took:.1f} ms"
    finally:
        await db.disconnect()


async def _mail(current: Settings) -> Finding:
    if not current.smtp_url:
        return True, "no VIESIS_SMTP_URL: mails are kept under /desk/outbox and nothing is sent"
    server = Server.parse(current.smtp_url)
    connection = await server.connect()
    try:
        await connection.noop()
    except aiosmtplib.SMTPException as error:
        return False, str(error)
    finally:
        connection.close()
    return True, f"{server.host}:{server.port} takes mail"


async def _clock(current: Settings) -> Finding:
    if current.sqlite_path:
        return True, f"{clock.now():%Y-%m-%d %H:%M:%S} UTC"
    connection = await db.plain(current)
    try:
        theirs = await connection.fetchval("SELECT clock_timestamp()")
    finally:
        await connection.close()
    apart = abs((clock.now() - theirs).total_seconds())
    return apart < 2, f"{apart:.1f} s from the database's" + (
        "" if apart < 2 else ": set this machine's clock (NTP)"
    )


async def _disk(current: Settings) -> Finding:
    current.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(current.data_dir).free / 2**30
    return free > 1, f"{free:.1f} GiB free for {current.data_dir}" + (
        "" if free > 1 else ": make room"
    )
