"""What follows when the sessions that someone chose have changed: attendance may fall to another of
parallel ones.
"""

from collections.abc import Awaitable, Callable
from typing import Any

choices_changed: list[Callable[[int, int], Awaitable[Any]]] = []
"""Called in the verb's transaction with the registration's id and its project's."""


async def has_rechosen(registration_id: int, project_id: int) -> None:
    """Tell those who keep attendance."""
    for hook in choices_changed:
        await hook(registration_id, project_id)
