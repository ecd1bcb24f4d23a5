"""`viesis demo`: makes the database, fills it, says where to look, and serves it."""

import asyncio
import hashlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import click
import qrcode

from core import db, settings
from core.database import schema
from core.database.schema import Fit
from demo import demo
from events.projects.projects import Project
from viesis.commands import certificate
from viesis.models import MODULES
from viesis.processes import serve

FILLED = "demo"
"""The file in the data folder that says that the demo was filled to the end."""


@click.command("demo")
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--people", default=0, metavar="N", type=click.IntRange(0), help="so many more invented people"
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="keep it in this folder, and take it up again",
)
@click.option(
    "--lan", is_flag=True, help="serve to phones in this network, over HTTPS (a camera needs it)"
)
def command(port: int, people: int, data: Path | None, lan: bool) -> None:
    """Five finished projects, invented people and a door open now, in a throwaway database."""
    folder = (data or Path(tempfile.mkdtemp(prefix="viesis-demo-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    hosts = certificate.addresses()
    listening = serve.bound("0.0.0.0" if lan else "127.0.0.1", port)  # noqa: S104 - asked for with --lan
    port = listening.getsockname()[1]
    surround(folder, f"https://{hosts[0]}:{port}" if lan else f"http://127.0.0.1:{port}")
    held = serve.hold("serve")
    try:
        links = asyncio.run(ready(folder, people))
    except BaseException:
        if not data:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    say(folder, links, code=lan, throwaway=not data)
    options = []
    if lan:
        signed, key = certificate.made(folder / "certificates", hosts)
        options = ["--certificate", str(signed), "--key", str(key)]
    gone = "" if data else str(folder)
    # new processes: this one is full of what was invented
    serve.become_parent(listening, held, options=options, copies=False, throwaway=gone)


def surround(folder: Path, base_url: str) -> None:
    """Settings of the demo, for this process and those it starts: nothing of a real installation's,
    but its database and its mail server where the environment (not a `.env` file) names them.
    """
    secret = _secret(folder)
    os.environ.setdefault("VIESIS_DATABASE_URL", f"sqlite://{folder / 'viesis.db'}")
    os.environ.setdefault("VIESIS_SMTP_URL", "")
    os.environ |= {
        "VIESIS_BASE_URL": base_url,
        "VIESIS_DATA_DIR": str(folder),
        "VIESIS_SECRET_KEY": secret,
        "VIESIS_PRIVATE_KEYS": hashlib.sha256(f"private answers {secret}".encode()).hexdigest(),
        "VIESIS_TRUSTED_PROXIES": "",
    }
    settings.use(settings.load())


def _secret(folder: Path) -> str:
    """The demo's own, kept beside its data: tickets and links stay good when the folder is taken up
    again.
    """
    path = folder / "demo_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


async def ready(folder: Path, people: int) -> demo.Links:
    """Fill the database, or take up one that this folder's demo filled; answers where to look."""
    await serve_ready()
    await db.connect(settings.get(), MODULES)
    try:
        known = (folder / FILLED).exists() and (folder / FILLED).read_text() == _database()
        if not known and await Project.exists():
            raise serve.Refused(
                "The demo fills an empty database only. This one holds projects that it did not finish: name another "
                "with VIESIS_DATABASE_URL, or another folder with --data."
            )
        with click.progressbar(
            length=demo.steps(people, again=known), label="Inventing", width=30
        ) as bar:
            await demo.fill(people, lambda steps, what: _tick(bar, steps, what), again=known)
        (folder / FILLED).write_text(_database())
        return await demo.links()
    finally:
        await db.disconnect()


async def serve_ready() -> None:
    """Make the tables of an empty database. Raises Refused for one that does not fit."""
    if await schema.fit(settings.get(), MODULES) is Fit.EMPTY:
        click.echo("Making a database …")
    await serve.prepare()


def _database() -> str:
    return hashlib.sha256(settings.get().database_url.encode()).hexdigest()


def _tick(bar: "click._termui_impl.ProgressBar[int]", steps: int, what: str) -> None:
    bar.label = f"{what:24.24}"
    bar.update(steps)


def say(folder: Path, links: demo.Links, *, code: bool, throwaway: bool) -> None:
    """Print where to look; with `code`, a QR too that makes a phone the door."""
    base = settings.get().base_url
    click.echo(f"\nViesis serves {base}, in a moment.")
    click.echo(f"\n  An organiser signs in here, once:    {links.sign_in}")
    click.echo(f"  A phone at the door is paired here:  {links.pairing}")
    kept = (
        f"It ends with Ctrl+C, and {folder} goes with it"
        if throwaway
        else f"Kept in {folder}; Ctrl+C ends it"
    )
    click.echo(f"\nToday: {links.today}. {kept}.")
    if code:
        picture = qrcode.QRCode(border=2)
        picture.add_data(links.pairing)
        picture.print_ascii(invert=True)
        click.echo(
            "With this code one phone in the same network becomes the door.\n"
            "The certificate is of this machine's own making: the phone asks whether to go on. Go on."
        )
