"""Rows of a table by its model: every column, so that no statement can forget one.

Statements that must be fast are written by hand; which columns they write is read from the model.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from tortoise.fields.base import Field
from tortoise.fields.data import JSON_DUMPS
from tortoise.models import Model


@cache
def fields_of(model: type[Model]) -> dict[str, Field[Any]]:
    """The fields of a table by column, in the model's order, without a key that the database gives
    out.
    """
    meta = model._meta  # noqa: SLF001 - Tortoise has no public name for it
    return {
        column: meta.fields_map[name]
        for name, column in meta.fields_db_projection.items()
        if not (name == meta.pk_attr and meta.pk.generated)
    }


@cache
def _defaults(model: type[Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """The defaults that are the same for each row, and those that are made anew. A column that may
    be empty is empty.
    """
    same, made = {}, {}
    for column, field in fields_of(model).items():
        if callable(field.default):
            made[column] = field.default
        elif field.default is not None or field.null:
            same[column] = field.default
    return same, made


def row(model: type[Model], **given: Any) -> dict[str, Any]:
    """A whole row, in the order of the columns: what is given, else the model's default.

    Raises ValueError for a name that is no column, and for a column without a default that is not
    given.
    """
    same, made = _defaults(model)
    whole = {**same, **given}
    for column, default in made.items():
        if column not in whole:
            whole[column] = default()
    if whole.keys() != fields_of(model).keys():
        wrong = sorted(whole.keys() ^ fields_of(model).keys())
        raise ValueError(f"{model.__name__}: {', '.join(wrong)}")
    return {column: whole[column] for column in fields_of(model)}


def stored(value: Any) -> Any:
    """A value as both drivers take it: JSON as the text that Tortoise writes."""
    return JSON_DUMPS(value) if isinstance(value, dict | list) else value


def bound(prefix: str, whole: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row by the names of their parameters: the prefix, then the column."""
    return {f"{prefix}{column}": stored(value) for column, value in whole.items()}


def insert(
    model: type[Model], prefix: str, computed: Mapping[str, str], *, casts: bool
) -> tuple[str, str]:
    """The two halves of an INSERT: `(INSERT INTO table (columns), the expressions to select)`.

    A column is computed by the statement, or a parameter named by the prefix and the column.
    `casts`: say the type of each parameter, as PostgreSQL needs in a SELECT.
    """
    if unknown := sorted(computed.keys() - fields_of(model).keys()):
        raise ValueError(f"{model.__name__}: {', '.join(unknown)}")
    expressions = [
        computed.get(column) or f":{prefix}{column}{_cast(field) if casts else ''}"
        for column, field in fields_of(model).items()
    ]
    head = f"INSERT INTO {model._meta.db_table} ({', '.join(fields_of(model))})"  # noqa: SLF001
    return head, ", ".join(expressions)


def _cast(field: Field[Any]) -> str:
    kind = str(field.get_for_dialect("postgres", "SQL_TYPE"))
    # a cast to a limited text would cut what is too long, instead of refusing it
    return "::text" if kind.startswith("VARCHAR") else f"::{kind.lower()}"


def numbered(sql: str) -> tuple[str, list[str]]:
    """`:name` as `$1`, `$2`, …, and the names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return re.sub(r"(?<!:):([a-z]\w*)", number, sql), names
