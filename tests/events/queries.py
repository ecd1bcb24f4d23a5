"""Counting what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from core import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside the block, on either engine."""
    found: list[str] = []
    client = type(db.connection())
    patches = []
    for name in ("execute_query", "execute_query_dict", "execute_insert"):
        real = getattr(client, name)

        async def noted(self: Any, sql: str, *values: Any, _real: Any = real, **more: Any) -> Any:
            found.append(sql)
            return await _real(self, sql, *values, **more)

        patches.append(patch.object(client, name, noted))
    for one in patches:
        one.start()
    try:
        yield found
    finally:
        for one in patches:
            one.stop()
