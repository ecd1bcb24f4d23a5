"""SQLite only: transactions that are written together, each on its own savepoint."""

import asyncio
import sqlite3
from typing import cast

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from core import db
from core.database.sqlite import Client, Work
from core.settings import Settings

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def client() -> Client:
    return cast("Client", db.connection())


def writes(key: str, *more: str) -> Work:
    def work(raw: sqlite3.Connection) -> str:
        for one in (key, *more):
            raw.execute(
                "INSERT INTO limit_count (key, hits, ends_at) VALUES (?, 1, '2030-01-01')", [one]
            )
        return key

    return work


async def stored() -> list[str]:
    return [row["key"] for row in await db.rows("SELECT key FROM limit_count ORDER BY key")]


async def test_one_that_fails_takes_back_its_own_and_nothing_else(database: Settings) -> None:
    works = [writes("a"), writes("b"), writes("c", "a"), writes("d")]
    found = await asyncio.gather(*(client().whole(work) for work in works), return_exceptions=True)
    assert [type(one) for one in found] == [str, str, IntegrityError, str]
    assert await stored() == ["a", "b", "d"]


async def test_when_the_whole_is_undone_nobody_is_told_that_it_was_kept(database: Settings) -> None:
    def undoes(raw: sqlite3.Connection) -> None:
        # as SQLite itself does when the disk is full
        raw.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    first = asyncio.create_task(client().whole(writes("a")))
    found = await asyncio.gather(
        first, client().whole(undoes), client().whole(writes("c")), return_exceptions=True
    )
    kept = await stored()
    told = [one for one in found if isinstance(one, str)]
    assert (kept, [type(one) for one in found if one not in told]) == (
        told,
        [OperationalError] * (3 - len(told)),
    )
    assert await client().whole(writes("z")) == "z"


async def test_what_was_asked_for_is_done_though_nobody_waits_for_it(database: Settings) -> None:
    tasks = [asyncio.create_task(client().whole(writes(key))) for key in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.wait(tasks)
    assert await client().whole(writes("d")) == "d"
    assert await stored() == ["a", "b", "c", "d"]
