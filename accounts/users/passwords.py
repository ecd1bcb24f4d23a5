"""Passwords: argon2id (RFC 9106), hashed in threads so that no other request waits."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from core.errors import invalid
from core.i18n import _
from core.text import fold

SHORTEST, LONGEST = 12, 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(2, "password")
"""Two at a time: each takes 19 MiB."""


def check(password: str, *about: str) -> None:
    """Raise a 422 for a password that is easily guessed: short, one character, or from what is
    known of the person.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise invalid(
            password=_(
                "Please choose %(least)s characters or more. A few words are easy to keep.",
                least=SHORTEST,
            )
        )
    bare = fold(password)
    easy = [
        fold(part) for part in ("viesis", "password", "qwerty", "123456", *about) if len(part) > 3
    ]
    for part in easy:
        bare = bare.replace(part, "")
    if len(set(bare)) < 5:
        raise invalid(
            password=_("This is easy to guess. Please choose something that only you know.")
        )


async def hashed(password: str) -> str:
    """What is stored of a password."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def matches(stored: str, password: str) -> bool:
    """Whether it is this password. Takes as long when nothing is stored."""
    good = await asyncio.get_running_loop().run_in_executor(
        _threads, _verify, stored or _nobody(), password[:LONGEST]
    )
    return good and bool(stored) and len(password) <= LONGEST


def outdated(stored: str) -> bool:
    """Whether it was hashed with weaker settings than ours."""
    return _hasher.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
