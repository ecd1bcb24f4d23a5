"""What differs between the two engines. Nothing else asks which one it is.

Statements are written as PostgreSQL reads them, with `$1` placeholders. `for_sqlite` turns one into
what SQLite reads; `core.db` does so for every statement that it runs.
"""

import re
from collections.abc import Mapping

from tortoise.connection import get_connection

_LIST = re.compile(r"=\s*ANY\s*\(\$(\d+)(?:::\w+\[\])?\)")
_RECORDS = re.compile(r"jsonb_to_recordset\(\$(\d+)::text::jsonb\) AS (\w+)\s*\(([^()]*)\)")
_ROW_LOCK = re.compile(r"\s+FOR UPDATE(?:\s+SKIP LOCKED)?\b")
_PLACEHOLDER = re.compile(r"\$(\d+)(?:::\w+(?:\[\])?)?|::\w+(?:\[\])?")
_translated: dict[str, str] = {}


def is_sqlite() -> bool:
    """Whether this is SQLite. For `core` alone: others ask for what they need."""
    return get_connection("default").capabilities.dialect == "sqlite"


def engine() -> str:
    """The engine's name, for people."""
    return "SQLite" if is_sqlite() else "PostgreSQL"


def writes_in_with() -> bool:
    """Whether one statement may write several tables: SQLite's WITH only reads."""
    return not is_sqlite()


def takes_turns() -> bool:
    """Whether transactions that write take turns anyway, so that a lock among them is none."""
    return is_sqlite()


def json_rows(columns: Mapping[str, str], name: str = "x") -> str:
    """The JSON list `$1` as a table of this name, with these columns and their types."""
    described = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    return f"jsonb_to_recordset($1::text::jsonb) AS {name}({described})"


def for_sqlite(statement: str) -> str:
    """A statement as SQLite reads it.

    `= ANY($1::bigint[])` becomes a look into a JSON list, `jsonb_to_recordset` a look into a list
    of objects, `$1::bigint` becomes `?1`. Other casts and row locks fall away.
    """
    if statement not in _translated:
        text = _LIST.sub(r"IN (SELECT value FROM json_each($\1))", statement)
        text = _ROW_LOCK.sub("", _RECORDS.sub(_records, text))
        _translated[statement] = _PLACEHOLDER.sub(lambda m: f"?{m[1]}" if m[1] else "", text)
    return _translated[statement]


def _records(match: re.Match[str]) -> str:
    marker, name, described = match.groups()
    columns = [column.split()[0] for column in described.split(",")]
    extracted = ", ".join(f"value ->> '$.{column}' AS {column}" for column in columns)
    return f"(SELECT {extracted} FROM json_each(${marker})) AS {name}"
