"""Doors of running events."""

from tests.acceptance.outside import at

DAY = -3
"""The events of these tests were three days ago, unless they are running."""


def time(hour: int, minute: int = 0, day: int = DAY) -> str:
    """A time of the event's day, as a phone sends it."""
    return at(day, hour, minute).isoformat()
