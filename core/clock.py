"""The one clock: every time in the program comes from here, in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_shift = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _shift


def today(zone: str) -> date:
    """The calendar date at this moment in the named zone."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def travelled(to: datetime | timedelta) -> Iterator[None]:
    """Move the clock to a moment, or by a span, for the length of the block. For tests and the
    demo's past events.
    """
    global _shift  # noqa: PLW0603 - the clock is one for the process, so that tasks started inside see it too
    before = _shift
    _shift = to if isinstance(to, timedelta) else to - datetime.now(UTC)
    try:
        yield
    finally:
        _shift = before
