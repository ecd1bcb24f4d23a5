"""Notices of changes. Who receives them, and their text, is registered by registrations/."""

from collections.abc import Awaitable, Callable
from typing import Any

from core.clock import now
from events.event.history import Change

event_changed: list[Callable[[Any, Change | None, str], Awaitable[int]]] = []
"""Each is called in the verb's transaction with the event, its change and what happened
(`published`, `changed`, `cancelled`); answers how many messages it queued.
"""


async def tell(event: Any, change: Change | None, what: str) -> int:
    """Tell everyone concerned; nobody once the event has ended. Answers how many were told."""
    if event.ends_at <= now():
        return 0
    count = 0
    for hook in event_changed:
        count += await hook(event, change, what)
    if count and change:
        change.told_at = now()
        await change.save(update_fields=["told_at"])
    return count
