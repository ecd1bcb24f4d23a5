"""A PostgreSQL database that tests use one after the other.

A copy of the template costs the disk hundreds of files, up to half a second a test; taking the rows
out again costs milliseconds. What cannot be taken back that way, another shape or very many rows,
gets a new copy.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import asyncpg

from tests.support.postgres import Server

MANY = 2000
"""So many rows that what is left of them on the disk would slow down the tests that follow."""

SHAPE = """SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_attribute WHERE attrelid::regclass::text !~ '^pg_' AND NOT attisdropped),
    (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc),
    (SELECT count(*) FROM tortoise_migrations)"""
OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'"
FROM_ONE = """SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences
    WHERE last_value IS NOT NULL"""


class Emptied:
    """A copy of `template` on `server`, at `url` until the next `empty()`: each test has an address
    of its own.
    """

    def __init__(self, server: Server, template: str) -> None:
        self.server, self.template = server, template
        self.url = server.create_database(template)
        self.shape: tuple[int, ...] = ()
        self._run()

    def empty(self) -> None:
        """Make it as it was, whoever is still connected; what a process holds by the address is not
        held of it.
        """
        if self._run():
            self.url = self.server.renamed(self.url)
            return
        self.drop()
        self.url = self.server.create_database(self.template)

    def drop(self) -> None:
        """Remove it."""
        self.server.drop_database(self.url)

    def _run(self) -> bool:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, self._emptied()).result()

    async def _emptied(self) -> bool:
        connection = await asyncpg.connect(self.url, timeout=10)
        try:
            shape = tuple(await connection.fetchrow(SHAPE))
            self.shape = self.shape or shape
            if shape != self.shape:
                return False
            await connection.execute(OTHERS)
            # Without triggers, those of foreign keys are ones: the order does not matter.
            await connection.execute("SET session_replication_role = replica")
            tables = [row["tablename"] for row in await connection.fetch(TABLES)]
            gone = [await connection.execute(f'DELETE FROM "{table}"') for table in tables]
            await connection.execute(FROM_ONE)
            return sum(int(told.removeprefix("DELETE ")) for told in gone) <= MANY
        finally:
            await connection.close()
