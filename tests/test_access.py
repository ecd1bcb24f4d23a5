"""Who may what: the table of every route × every role, compared with the program and asked of
it.
"""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI

from core import db, settings
from core.settings import Settings
from tests.access import STRANGER, asked, routes, table, word, write
from tests.access_world import ROLES, made
from viesis.models import MODULES


def test_every_route_is_in_the_table() -> None:
    assert sorted(set(routes()) - set(table())) == []


def test_the_table_has_no_route_that_is_gone() -> None:
    assert sorted(set(table()) - set(routes())) == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_everyone_may_what_the_table_says(app: FastAPI, database: Settings) -> None:
    """On one database: rights do not depend on it, and there are thousands of answers to wait
    for.
    """
    settings.use(database.model_copy(update={"limits": "off"}))
    expected: dict[str, dict[str, str]] = table()
    found: dict[str, dict[str, str]] = {}
    world = await made()
    before = await kept(database)
    for route in routes():
        found[route] = {}
        for role in ROLES:
            answer = await asked(app, world, role, route)
            found[route][role] = word(answer)
            if answer.status_code < 400 and not route.startswith("GET"):
                # It did something: the next one finds a world in which it has not been done.
                await back(database, before)
    if os.environ.get("VIESIS_WRITE_ACCESS"):
        write(found)
    differing = {
        f"{route} · {role}": f"{expected[route][role]} → {row[role]}"
        for route, row in found.items()
        for role in ROLES
        if route in expected and expected[route][role] != row[role]
    }
    assert differing == {}


async def kept(database: Settings) -> Path:
    """A copy of the database as it is."""
    path = Path(f"{database.sqlite_path}.kept")
    await db.execute("VACUUM INTO $1", str(path))
    return path


async def back(database: Settings, before: Path) -> None:
    """Make the database what it was."""
    await db.disconnect()
    await asyncio.to_thread(replace, Path(str(database.sqlite_path)), before)
    await db.connect(database, MODULES)


def replace(path: Path, before: Path) -> None:
    """Put a copy in the place of a database that nobody has open."""
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    shutil.copy(before, path)


async def test_strangers_find_nothing_on_either_database(app: FastAPI, database: Settings) -> None:
    settings.use(database.model_copy(update={"limits": "off"}))
    expected, world = table(), await made()
    hidden = [route for route, row in expected.items() if row[STRANGER] == "not there"]
    found = {route: word(await asked(app, world, STRANGER, route)) for route in hidden}
    assert {route: said for route, said in found.items() if said != "not there"} == {}


async def test_ones_own_project_opens_nothing_of_another(app: FastAPI) -> None:
    """Charlie's own project in the address, and something of Alice's project behind it: there is no
    such thing.
    """
    alices, charlies = await made(), await made()
    charlies.cookies[STRANGER], charlies.bearers[STRANGER] = (
        charlies.cookies["manager"],
        charlies.bearers["manager"],
    )
    alices.cookies[STRANGER], alices.bearers[STRANGER] = (
        charlies.cookies["manager"],
        charlies.bearers["manager"],
    )
    own = {"project": charlies.ids["project"], "event": charlies.ids["event"]}
    several = [r for r in routes() if any(f"{{{name}}}" in r for name in own) and r.count("{") > 1]
    answers = {route: word(await asked(app, alices, STRANGER, route, **own)) for route in several}
    assert {route: said for route, said in answers.items() if said != "not there"} == {}
