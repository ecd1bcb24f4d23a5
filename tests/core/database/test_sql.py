import json

from core import db, sql
from core.settings import Settings
from core.sql import for_sqlite, json_rows


async def test_lists_rows_and_locks_say_the_same_on_both_engines(database: Settings) -> None:
    columns = {"key": "text", "hits": "int"}
    given = [{"key": key, "hits": hits} for key, hits in (("a", 1), ("b", 2), ("c", None))]
    assert await db.rows(
        f"SELECT x.key, x.hits FROM {json_rows(columns)} WHERE x.key = ANY($2::text[]) ORDER BY x.key",
        *(json.dumps(given), ["a", "c", "d"]),
    ) == [{"key": "a", "hits": 1}, {"key": "c", "hits": None}]
    await db.execute("INSERT INTO lease (name, holder, ends_at) VALUES ('one', 'me', '2026-01-01')")
    found = "SELECT name FROM lease WHERE holder = $1::text LIMIT $2::bigint FOR UPDATE SKIP LOCKED"
    assert await db.rows(found, "me", 5) == [{"name": "one"}]
    assert await db.rows("SELECT name FROM lease WHERE name = ANY($1::text[]) FOR UPDATE", []) == []


def test_what_sqlite_reads() -> None:
    assert (
        for_sqlite("UPDATE scan SET marks = $2::text WHERE id = ANY($1::uuid[]) AND at::date = $3")
        == "UPDATE scan SET marks = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND at = ?3"
    )
    assert for_sqlite(f"SELECT f.n FROM {json_rows({'n': 'int', 'at': 'timestamptz'}, 'f')}") == (
        "SELECT f.n FROM "
        "(SELECT value ->> '$.n' AS n, value ->> '$.at' AS at FROM json_each(?1)) AS f"
    )
    assert for_sqlite("SELECT id FROM scan FOR UPDATE") == "SELECT id FROM scan"


async def test_an_engine_is_asked_what_it_can_do(database: Settings, engine: str) -> None:
    sqlite = engine == "sqlite"
    assert (sql.engine(), sql.writes_in_with(), sql.takes_turns()) == (
        ("SQLite", False, True) if sqlite else ("PostgreSQL", True, False)
    )
