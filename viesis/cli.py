"""The command line."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import click

import viesis.wiring  # noqa: F401 - connects the signals, for every command
from accounts.management.sign_ins import first_link
from accounts.users.roles import ProjectRole
from core import db, settings
from core.database import schema
from core.errors import DomainError
from core.settings import SettingsError
from events.projects.toml_file import import_projects
from viesis.commands import accounts, check, mail_check, recount
from viesis.commands import backup as copies
from viesis.models import MODULES
from viesis.processes import node, serve, worker

T = TypeVar("T")


class _Words(click.Group):
    """What goes wrong is one line, not a traceback. What only the demo needs is not loaded for the
    others.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "demo"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "demo":
            found: click.Command = import_module("viesis.commands.demo").command
            return found
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (SettingsError, serve.Refused, DomainError, copies.BackupError) as error:
            click.echo(f"viesis: {error}", err=True)
            sys.exit(2)


@click.group(cls=_Words, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Events of cross-border projects: registration, check-in, calendars, mail, and totals a funder
    can audit.
    """


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="serving processes (one on SQLite)")
@click.option("--no-worker", is_flag=True, help="send no mail from here: `viesis worker` does")
def serve_(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the pages and the JSON, with a worker inside."""
    settings.use(settings.load())
    if workers > 1 and settings.get().sqlite_path:
        raise serve.Refused("On SQLite one process serves: leave --workers out, or use PostgreSQL.")
    held = serve.hold("serve")
    serve.fill_empty()
    link = asyncio.run(_first_start())
    listening = serve.bound(host, port)
    click.echo(f"Viesis serves {settings.get().base_url} (http://{host}:{port})")
    if link:
        click.echo(f"No administrator yet. Open this link once to become the first:\n{link}")
    serve.become_parent(listening, held, workers=workers, worker=not no_worker)


async def _first_start() -> str | None:
    await serve.prepare()
    return await _connected(first_link)


@main.command("node", hidden=True)
@click.argument("descriptor", type=int)
@click.option("--certificate", default="")
@click.option("--key", default="")
@click.option("--work", is_flag=True)
def node_(descriptor: int, certificate: str, key: str, work: bool) -> None:
    """One serving process, started by `serve`."""
    settings.use(settings.load())
    node.run(descriptor, certificate=certificate, key=key, work=work)


@main.command("worker")
@click.option(
    "--wait",
    is_flag=True,
    hidden=True,
    help="on SQLite, wait for another worker to end instead of refusing",
)
def worker_(wait: bool) -> None:
    """Send mail and reminders, expire offers, delete on time."""
    settings.use(settings.load())
    held = None
    while not held and settings.get().sqlite_path:
        try:
            held = serve.hold("work")
        except serve.Refused:
            if not wait:
                raise
            time.sleep(2)
    asyncio.run(worker.run(follow_parent=wait))


@main.command("migrate")
def migrate_() -> None:
    """Bring the database's schema to head."""
    settings.use(settings.load())
    asyncio.run(schema.migrate(settings.get(), MODULES))
    click.echo("The schema is at head.")


@main.command("check")
@click.option(
    "--mail",
    metavar="YOU@EXAMPLE",
    help="send one mail there, and explain SPF, DKIM and DMARC as found",
)
def check_(mail: str | None) -> None:
    """Settings, database, SMTP, clock and disk, each with ok or what to do."""
    if mail:
        settings.use(settings.load())
        sys.exit(asyncio.run(mail_check.run(mail)))
    sys.exit(asyncio.run(check.run()))


@main.command("recount")
def recount_() -> None:
    """Compare every summary with a full count; exit 1 if one differs."""
    settings.use(settings.load())
    sys.exit(asyncio.run(_connected(recount.run)))


@main.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_(file: Path) -> None:
    """Write everything to FILE; consistent while serving."""
    settings.use(settings.load())
    asyncio.run(copies.backup(file))


@main.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore_(file: Path) -> None:
    """Fill an empty database from FILE; unsent mail is held until released."""
    settings.use(settings.load())
    asyncio.run(copies.restore(file))


@main.group("user")
def user_() -> None:
    """People who run it."""


@user_.command("add")
@click.argument("email")
@click.option("--admin", is_flag=True, help="administrator of the installation")
@click.option("--role", type=click.Choice(list(ProjectRole.labels())))
@click.option("--project", help="the project of the role")
def user_add(email: str, admin: bool, role: str | None, project: str | None) -> None:
    """Add a user; the last line is a sign-in link."""
    settings.use(settings.load())
    click.echo(
        asyncio.run(
            _connected(lambda: accounts.add_user(email, admin=admin, role=role, project=project))
        )
    )


@main.group("token")
def token_() -> None:
    """API tokens."""


@token_.command("add")
@click.argument("email")
@click.option("--name", required=True, help="what it is for")
@click.option("--project", help="only for this project")
def token_add(email: str, name: str, project: str | None) -> None:
    """Make a token of a user; the last line is the token, shown once."""
    settings.use(settings.load())
    click.echo(
        asyncio.run(_connected(lambda: accounts.add_token(email, name=name, project=project)))
    )


@main.group("import")
def import_() -> None:
    """Bring in what exists."""


@import_.command("projects")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_projects_(file: Path) -> None:
    """Projects from a TOML file; again with the same file changes nothing."""
    settings.use(settings.load())
    click.echo(asyncio.run(_connected(lambda: import_projects(file))))


async def _connected(work: Callable[[], Awaitable[T]]) -> T:
    await serve.prepare()
    await db.connect(settings.get(), MODULES)
    try:
        return await work()
    finally:
        await db.disconnect()
