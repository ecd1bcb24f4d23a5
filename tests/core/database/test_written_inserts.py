"""Statements written by hand: an INSERT names every column of its table, so that a column that is
added to a model cannot be forgotten there in silence.
"""

import ast
import re
from pathlib import Path

import pytest
from tortoise import Tortoise

from core import ROOT
from core.database.rows import fields_of
from core.db import APP

PACKAGES = (
    *("accounts", "checkin", "core", "demo", "events", "indicators", "notifications"),
    *("registrations", "viesis"),
)
_INSERT = re.compile(r"INSERT INTO (\w+)(?: AS \w+)? \(([^){}]*)\)")


def written_by_hand(source: str) -> list[tuple[str, set[str]]]:
    """The table and the columns of each INSERT in the constants of a module."""
    constants = (
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [
        (table, {column.strip() for column in columns.split(",")})
        for constant in constants
        for table, columns in _INSERT.findall(constant)
    ]


def files() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_every_insert_names_every_column_of_its_table(database: object) -> None:
    columns = {model._meta.db_table: set(fields_of(model)) for model in Tortoise.apps[APP].values()}
    found = [(path, *one) for path in files() for one in written_by_hand(path.read_text())]
    missed = {
        f"{path.relative_to(ROOT)}: {table}": sorted(columns[table] ^ named)
        for path, table, named in found
        if table in columns and columns[table] != named
    }
    assert missed == {}
    assert {table for _path, table, _named in found} > {"scan", "presence", "lease"}


def test_control_a_forgotten_column_is_seen() -> None:
    source = 'SQL = f"""INSERT INTO lease AS l (name, holder) VALUES ($1, {name})"""'
    assert written_by_hand(source) == [("lease", {"name", "holder"})]
