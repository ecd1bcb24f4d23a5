"""A database with rows comes to the newest schema, on both engines: nothing is lost, and it is as a
new one.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.migrations.api import migrate as steps

from checkin.phone.devices import Device
from checkin.scanning.scans import Scan
from core import db, settings, sql
from core.database import schema
from core.settings import Settings
from events.event.event import Event
from registrations.registration.registration import Registration
from tests.conftest import made, migrate
from viesis.models import MODULES

FIRST = "viesis.0002_constraints"
"""The schema of the first version that anyone may have used."""
AT = datetime(2026, 5, 12, 7, 0, tzinfo=UTC)
OLD: dict[str, dict[str, Any]] = {
    "project": {"id": 1, "slug": "care", "code": "4.3-24/1", "title": {"en": "Care"}, "timezone": "Europe/Riga"},
    "organisation": {"id": 1, "project_id": 1, "name": {"en": "Town"}, "country": "LV"},
    "event": {"id": 1, "project_id": 1, "slug": "day", "title": {"en": "Day"}, "timezone": "Europe/Riga"},
    "session": {"id": 1, "event_id": 1, "title": {"en": "Talk"}},
    "person": {"id": 1, "project_id": 1, "name": "Žanete Šķēle", "email_folded": "z@example.org"},
    "registration": {"id": 1, "project_id": 1, "event_id": 1, "person_id": 1, "status": "confirmed"},
    "choice": {"id": 1, "registration_id": 1, "session_id": 1},
    "device": {"id": 1, "event_id": 1, "name": "Gate 2, Bob", "unsent": 3},
    "scan": {"id": str(uuid.uuid4()), "project_id": 1, "event_id": 1, "registration_id": 1, "result": "valid"},
    "presence": {"id": 1, "event_id": 1, "registration_id": 1, "unit": "1"},
    "attendance": {"id": 1, "project_id": 1, "event_id": 1, "registration_id": 1, "unit": "1", "minutes": 90},
    "message": {"id": 1, "kind": "confirmation", "to_email": "z@example.org"},
}  # fmt: skip


@pytest.fixture
async def old(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Settings]:
    """A database at the first schema, connected, with a row in each of its important tables."""
    url = f"sqlite://{tmp_path / 'old.db'}"
    if engine == "postgres":
        server = request.getfixturevalue("postgres")
        url = server.create_database()
        request.addfinalizer(lambda: server.drop_database(url))  # noqa: PT021 - on this branch only
    given = made(url, tmp_path)
    settings.use(given)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _first(given)).result()
    EXECUTOR_CACHE.clear()
    await db.connect(given, MODULES)
    for table, row in OLD.items():
        await _insert(table, row)
    yield given
    await db.disconnect()
    settings._current.clear()
    settings.get.cache_clear()


async def _first(given: Settings) -> None:
    try:
        await steps(config=db.config(given, MODULES), target=FIRST)
    finally:
        await Tortoise.close_connections()


async def _columns(table: str) -> list[tuple[str, str, bool]]:
    """`(name, type, whether a row must say it)` of a table."""
    if sql.is_sqlite():
        found = await db.rows(f"PRAGMA table_info({table})")
        return [
            (c["name"], c["type"].lower(), bool(c["notnull"]) and c["dflt_value"] is None)
            for c in found
        ]
    found = await db.rows(
        "SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AND column_default IS NULL AS needed "
        "FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 "
        "ORDER BY ordinal_position",
        table,
    )
    return [(c["name"], c["type"], c["needed"]) for c in found]


async def _insert(table: str, row: dict[str, Any]) -> None:
    """Write a row; what it does not say and must be said is something of the column's type."""
    whole = {name: _some(kind) for name, kind, needed in await _columns(table) if needed} | row
    names = ", ".join(whole)
    marks = ", ".join(f"${n}" for n in range(1, len(whole) + 1))
    values = [
        db.to_db(v) if sql.is_sqlite() or isinstance(v, dict | list) else v for v in whole.values()
    ]
    await db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values)


def _some(kind: str) -> Any:
    if "time" in kind:
        return AT
    if kind == "date":
        return AT.date()
    if "bool" in kind:
        return True
    if "json" in kind:
        return {}
    return 7 if "int" in kind else "x"


async def _rows(names: dict[str, list[str]]) -> dict[str, list[dict[str, Any]]]:
    return {t: await db.rows(f"SELECT {', '.join(names[t])} FROM {t} ORDER BY id") for t in OLD}


async def _to_head(given: Settings) -> None:
    await db.disconnect()
    migrate(given.database_url, Path(given.data_dir))
    EXECUTOR_CACHE.clear()
    await db.connect(given, MODULES)


async def _shape() -> dict[str, Any]:
    """Every table's columns, and every index."""
    if sql.is_sqlite():
        found = await db.rows(
            "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        )
        tables = sorted(r["name"] for r in found if r["type"] == "table")
        indexes = sorted((r["type"], r["name"]) for r in found if r["type"] != "table")
    else:
        rows = await db.rows(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
        )
        tables = sorted(r["name"] for r in rows)
        more = await db.rows(
            "SELECT indexname AS name, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
        )
        indexes = sorted((r["name"], r["indexdef"]) for r in more)
    return {"indexes": indexes, **{t: sorted(await _columns(t)) for t in tables}}


async def test_a_database_with_rows_comes_to_head_and_nothing_is_lost(old: Settings) -> None:
    names = {t: [name for name, _kind, _needed in await _columns(t)] for t in OLD}
    before = await _rows(names)
    assert all(len(rows) == 1 for rows in before.values())
    await _to_head(old)
    assert await _rows(names) == before
    scan, device, event = await Scan.get(), await Device.get(), await Event.get()
    assert [scan.marks, scan.sheet_id, scan.reviewed_at, scan.reviewed_by] == ["", None, None, ""]
    assert [device.name, device.unsent, device.clock_offset_ms] == ["Gate 2, Bob", 3, None]
    assert (event.title, event.rooms_grouped) == ({"en": "Day"}, False)
    await _once_each()
    await db.disconnect()
    assert await schema.fit(old, MODULES) is schema.Fit.CURRENT
    await db.connect(old, MODULES)


async def _once_each() -> None:
    """Nobody is registered twice, no scan is there twice. The control: without its index, the
    second one would be.
    """
    second = {**OLD["registration"], "id": 2, "ticket_identity": 2}
    for table, row in (("registration", second), ("scan", OLD["scan"])):
        with pytest.raises((IntegrityError, OperationalError)):
            await _insert(table, row)
    await db.execute("DROP INDEX registration_active")
    await _insert("registration", second)
    assert await Registration.all().count() == 2
    assert await Scan.all().count() == 1


async def test_it_is_then_as_a_new_one(old: Settings, fresh: Settings) -> None:
    await _to_head(old)
    migrated = await _shape()
    await db.disconnect()
    EXECUTOR_CACHE.clear()
    await db.connect(fresh, MODULES)
    assert await _shape() == migrated
