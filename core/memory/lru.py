"""A bounded cache: what was not used for longest goes first."""

from collections.abc import Callable
from typing import TypeVar

from cachetools import LRUCache

K = TypeVar("K")
V = TypeVar("V")

MEGABYTE = 1_000_000


class LRU(LRUCache[K, V]):
    """At most `most` values; with `size`, values of together at most `most` as it measures them.

    A value that alone is larger than `most` is not kept. Like a dict, it is for one thread.
    """

    def __init__(self, most: int, size: Callable[[V], float] | None = None) -> None:
        super().__init__(most, size)

    def __setitem__(self, key: K, value: V) -> None:
        """Keep a value, as the one used last."""
        if self.getsizeof(value) > self.maxsize:
            self.pop(key, None)
            return
        super().__setitem__(key, value)
