"""The ceilings: the barest server that does one thing, on the same machine, engine and client.

Run as `python -m tests.benchmarks.ceiling PORT DATABASE_URL`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiosqlite
import asyncpg
import uvicorn
from fastapi import FastAPI, Request
from jinja2 import DictLoader, Environment
from starlette.responses import HTMLResponse, JSONResponse, Response

TABLES = (
    "CREATE TABLE IF NOT EXISTS ceiling_scan (id bigint, a text, b text, c text, d double precision)",
    "CREATE TABLE IF NOT EXISTS ceiling_person (id bigint PRIMARY KEY, a text, b text, c text)",
    "CREATE TABLE IF NOT EXISTS ceiling_registration (id bigint PRIMARY KEY, a text, b text, c text, d real)",
    "CREATE TABLE IF NOT EXISTS ceiling_message (id bigint PRIMARY KEY, a text, b text, c text)",
)
SCAN = "INSERT INTO ceiling_scan VALUES ($1, $2, $3, $4, $5)"
INSERTS = (
    "INSERT INTO ceiling_person VALUES ($1, $2, $3, $4)",
    "INSERT INTO ceiling_registration VALUES ($1, $2, $3, $4, 0.5)",
    "INSERT INTO ceiling_message VALUES ($1, $2, $3, $4)",
)
PAGE = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<ul>{% for row in rows %}<li><strong>{{ row.time }}</strong> {{ row.title }} <em>{{ row.place }}</em></li>
{% endfor %}</ul>
</body></html>"""


class Postgres:
    """asyncpg as it is."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def open(self) -> None:
        self.pool = await asyncpg.create_pool(self.url, min_size=5, max_size=5)
        for table in TABLES:
            await self.pool.execute(table)

    async def one(self, sql: str, *values: Any) -> None:
        await self.pool.execute(sql, *values)

    async def all(self, *values: Any) -> None:
        async with self.pool.acquire() as connection, connection.transaction():
            for sql in INSERTS:
                await connection.execute(sql, *values)


class Sqlite:
    """aiosqlite as it is, with the log written through."""

    def __init__(self, url: str) -> None:
        self.path = url.removeprefix("sqlite://")
        self.lock = asyncio.Lock()

    async def open(self) -> None:
        self.connection = await aiosqlite.connect(self.path, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *TABLES):
            await self.connection.execute(statement)

    async def one(self, sql: str, *values: Any) -> None:
        await self.connection.execute(sql.replace("$", "?"), values)

    async def all(self, *values: Any) -> None:
        async with self.lock:
            await self.connection.execute("BEGIN IMMEDIATE")
            for sql in INSERTS:
                await self.connection.execute(sql.replace("$", "?"), values)
            await self.connection.execute("COMMIT")


def create(url: str) -> FastAPI:
    """The application."""
    engine = Sqlite(url) if url.startswith("sqlite") else Postgres(url)
    number = count(1)
    page = Environment(autoescape=True, loader=DictLoader({"page": PAGE})).get_template("page")
    rows = [
        {"time": f"9.{n:02}", "title": f"A talk about something {n}", "place": "Great hall"}
        for n in range(12)
    ]

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        await engine.open()
        yield

    app = FastAPI(lifespan=life)

    @app.get("/health")
    async def health() -> Response:
        return JSONResponse({})

    @app.get("/bare")
    async def bare() -> Response:
        return JSONResponse({"status": "ok"})

    @app.get("/page")
    async def plain() -> Response:
        return HTMLResponse(page.render(title="A conference", rows=rows))

    @app.post("/statement")
    async def statement(request: Request) -> Response:
        await request.json()
        await engine.one(SCAN, next(number), "a" * 16, "valid", "qr", 0.5)
        return JSONResponse([{"result": "valid"}])

    @app.post("/transaction")
    async def transaction(request: Request) -> Response:
        given = await request.json()
        await engine.all(next(number), given["name"], given["email"], "x" * 60)
        return JSONResponse({"status": "confirmed"}, 201)

    return app


if __name__ == "__main__":
    uvicorn.run(
        create(sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
    )
