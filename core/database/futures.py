"""Completing a future from another task or thread."""

import asyncio
from typing import TypeVar

T = TypeVar("T")


def answer(future: asyncio.Future[T], found: "T | BaseException") -> None:
    """Answer whoever waits, with what was found or with the exception that it is; nobody, when they
    have left.
    """
    if future.cancelled():
        return
    if isinstance(found, BaseException):
        future.set_exception(found)
        future.exception()  # whoever asked may have left
    else:
        future.set_result(found)
