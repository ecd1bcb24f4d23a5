"""Names of projects and events in addresses: made from a title or a code, each given once."""

import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from core import db
from core.text import slug as slugged

T = TypeVar("T")
TRIES = 5


async def free(model: type[Model], wanted: str) -> str:
    """The address for a wanted name, with a number behind it when others have it."""
    base = slugged(wanted)
    for name in (base, *(f"{base}-{number}" for number in range(2, 10))):
        if not await model.exists(slug=name):
            return name
    return other(base)


def other(base: str) -> str:
    """An address that nobody has."""
    return f"{base[:60]}-{secrets.token_hex(4)}"


async def retried(name: str, make: Callable[[str], Awaitable[T]]) -> T:
    """Make something under this address, or under another one if someone took it in the
    meantime.
    """
    for _try in range(TRIES):
        try:
            return await make(name)
        except IntegrityError as error:
            if "slug" not in str(error) or db.inside():
                raise
            name = other(name)
    return await make(other(name))
