"""`viesis backup` and `viesis restore`: every row in one file, the same for both engines,
consistent while serving.

A zip with `viesis.json` (migrations, when, a fingerprint of the secret key), one JSON line a row in
`tables/`, and the uploaded files. Secret keys are not in it: keep VIESIS_SECRET_KEY and
VIESIS_PRIVATE_KEYS beside it, apart; and keep erased.jsonl of the data folder beside it too:
whoever is in it is erased again by a restore.
"""

import asyncio
import json
import sqlite3
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import click
from tortoise import Tortoise
from tortoise.fields import BooleanField, JSONField

from core import clock, db, settings, tokens
from core.database import schema
from core.database.schema import Fit
from core.http import uploads
from registrations.people.erasure import erase_again
from viesis.models import MODULES

CHUNK = 1000


class BackupError(Exception):
    """A backup cannot be written or restored; the text says why."""


Columns = dict[str, dict[str, type]]
"""Table → column → the class of its field, for those that the engines keep differently."""


def _columns() -> Columns:
    found: Columns = {}
    for model in Tortoise.apps[db.APP].values():
        meta = model._meta  # noqa: SLF001 - Tortoise's only way to the columns
        found[meta.db_table] = {
            meta.fields_db_projection[n]: type(meta.fields_map[n])
            for n in meta.fields_db_projection
        }
    return found


async def backup(file: Path) -> None:
    """Write everything to `file`. Raises BackupError when the database does not fit this
    program.
    """
    current = settings.get()
    if await schema.fit(current, MODULES) is not Fit.CURRENT:
        raise BackupError("The database is not at this program's schema; run `viesis check`.")
    await db.connect(current, MODULES)
    columns = _columns()
    await db.disconnect()
    part = file.with_name(file.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {
            "migrations": schema.known(),
            "at": clock.now().isoformat(),
            "key": tokens.hashed(current.secret_key)[:16],
        }
        archive.writestr("viesis.json", json.dumps(about))
        if current.sqlite_path:
            await asyncio.to_thread(_from_sqlite, archive, current.sqlite_path, columns)
        else:
            await _from_postgres(archive, columns)
        for folder in uploads.FOLDERS:
            for upload in sorted((current.data_dir / folder).glob("*")):
                archive.write(upload, f"files/{folder}/{upload.name}")
    part.replace(file)
    click.echo(
        f"Everything is in {file}. Keep VIESIS_SECRET_KEY and VIESIS_PRIVATE_KEYS too: they are not in it."
    )


def _from_sqlite(archive: zipfile.ZipFile, path: Path, columns: Columns) -> None:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("BEGIN")  # one snapshot for all tables
        for table, kinds in columns.items():
            with archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as out:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    out.write(_line({name: _plain(kinds[name], row[name]) for name in row.keys()}))  # noqa: SIM118 - a Row iterates values
    finally:
        connection.close()


def _plain(kind: type, value: Any) -> Any:
    if value is None:
        return None
    if issubclass(kind, JSONField):
        return json.loads(value)
    return bool(value) if issubclass(kind, BooleanField) else value


async def _from_postgres(archive: zipfile.ZipFile, columns: Columns) -> None:
    connection = await db.plain(settings.get())
    try:
        await connection.execute("SET TIME ZONE 'UTC'")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for table in columns:
                with archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as out:
                    rows = f'SELECT row_to_json(t)::text AS line FROM "{table}" t'
                    async for row in connection.cursor(rows, prefetch=CHUNK):
                        out.write(row["line"].encode() + b"\n")
    finally:
        await connection.close()


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


async def restore(file: Path) -> None:
    """Fill an empty database from `file`; mail not yet sent is held. Raises BackupError."""
    current = settings.get()
    try:
        archive = zipfile.ZipFile(file)
        about = json.loads(archive.read("viesis.json"))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupError(f"{file} is not a backup of Viesis.") from error
    if await schema.fit(current, MODULES) is not Fit.EMPTY:
        raise BackupError("The database is not empty: name an empty one in VIESIS_DATABASE_URL.")
    if about["migrations"] != schema.known():
        raise BackupError(
            "The backup is from another version: restore it with that version, then upgrade."
        )
    if about["key"] != tokens.hashed(current.secret_key)[:16]:
        click.echo(
            "Note: VIESIS_SECRET_KEY is not the one of the backup; tickets and links already sent will not work.",
            err=True,
        )
    await schema.migrate(current, MODULES)
    await db.connect(current, MODULES)
    columns = _columns()
    await db.disconnect()
    if current.sqlite_path:
        await asyncio.to_thread(_into_sqlite, archive, current.sqlite_path, columns)
    else:
        await _into_postgres(archive, columns)
    _files(archive, current.data_dir)
    await db.connect(current, MODULES)
    again = await erase_again()
    await db.disconnect()
    if again:
        click.echo(f"Erased again: {again}, who had asked for it after this backup was made.")
    click.echo("Restored. Mail that was not yet sent is held: release it under /desk/outbox.")


def _files(archive: zipfile.ZipFile, folder: Path) -> None:
    for name in archive.namelist():
        top, _slash, kept = name.removeprefix("files/").partition("/")
        if name.startswith("files/") and top in uploads.FOLDERS:
            target = folder / top / Path(kept).name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    with archive.open(f"tables/{table}.jsonl") as lines:
        for line in lines:
            chunk.append(json.loads(line))
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    yield chunk


def _into_sqlite(archive: zipfile.ZipFile, path: Path, columns: Columns) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for table, kinds in columns.items():
            names = list(kinds)
            connection.execute(f'DELETE FROM "{table}"')
            quoted, marks = ", ".join(f'"{n}"' for n in names), ", ".join("?" * len(names))
            for chunk in _lines(archive, table):
                rows = [[_stored(kinds[n], row.get(n)) for n in names] for row in chunk]
                connection.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', rows)
        connection.execute(_HOLD)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupError("The backup has rows that point nowhere; nothing was restored.")
        connection.execute("COMMIT")
    finally:
        connection.close()


_HOLD = "UPDATE message SET state = 'held' WHERE state IN ('queued', 'sending')"


def _stored(kind: type, value: Any) -> Any:
    if value is None:
        return None
    if issubclass(kind, JSONField):
        return json.dumps(value, ensure_ascii=False)
    if issubclass(kind, db.UtcField):
        return db.to_db(db.moment(value))
    return str(value) if isinstance(value, float) else value


async def _into_postgres(archive: zipfile.ZipFile, columns: Columns) -> None:
    connection = await db.plain(settings.get())
    try:
        async with connection.transaction():
            keys = [k async for k in _foreign_keys(connection)]
            for table, name, _definition in keys:
                await connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            for table in columns:
                await connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for table in columns:
                for chunk in _lines(archive, table):
                    sql = f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(null::"{table}", $1)'
                    await connection.execute(sql, json.dumps(chunk))
                if serial := await _serial(connection, table, columns):
                    top = (
                        f'SELECT setval($1::regclass, greatest(1, (SELECT max(id) FROM "{table}")))'
                    )
                    await connection.execute(top, serial)
            for table in columns:
                await connection.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            for table, name, definition in keys:
                await connection.execute(
                    f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
                )
            await connection.execute(_HOLD)
    finally:
        await connection.close()


async def _serial(connection: Any, table: str, columns: Columns) -> str | None:
    if "id" not in columns[table]:
        return None
    return cast(
        str | None,
        await connection.fetchval("SELECT pg_get_serial_sequence($1, 'id')", f'"{table}"'),
    )


async def _foreign_keys(connection: Any) -> AsyncIterator[tuple[str, str, str]]:
    sql = (
        "SELECT conrelid::regclass::text AS t, conname AS n, pg_get_constraintdef(oid) AS d "
        "FROM pg_constraint WHERE contype = 'f'"
    )
    for row in await connection.fetch(sql):
        yield row["t"], row["n"], row["d"]
