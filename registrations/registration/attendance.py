"""What registrations ask about attendance. checkin/ answers, through the signals in this module."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class AttendedDay:
    """Where someone was on one day, or at one session of it, and for how long."""

    day: date
    minutes: int


Days = dict[int, list[AttendedDay]]
"""By registration."""
Scans = dict[int, list[dict[str, Any]]]
"""By registration: each scan as JSON."""

choices_changed: list[Callable[[int, int], Awaitable[Any]]] = []
"""Called in the verb's transaction with the registration's id and its project's, when the sessions
that someone chose have changed: attendance may fall to another of parallel ones.
"""
attendance_sources: list[Callable[[int, Sequence[int]], Awaitable[Days]]] = []
"""Asked with a project's id and those of registrations of it; what the door saw counts."""
scan_sources: list[Callable[[int, Sequence[int]], Awaitable[Scans]]] = []
"""Asked with a project's id and those of registrations of it."""
attendee_sources: list[Callable[[int], Awaitable[set[int]]]] = []
"""Asked with an event's id: the registrations that attended it."""


async def has_rechosen(registration_id: int, project_id: int) -> None:
    """Tell those who keep attendance."""
    for hook in choices_changed:
        await hook(registration_id, project_id)


async def days_attended(project_id: int, registrations: Sequence[int]) -> Days:
    """The days that these registrations of the project attended, in order; those who were not seen
    are left out.
    """
    found: Days = {}
    for source in attendance_sources:
        found |= await source(project_id, registrations)
    return found


async def scans_of(project_id: int, registrations: Sequence[int]) -> Scans:
    """Every scan of these registrations of the project, in order, as they read it themselves."""
    found: Scans = {}
    for source in scan_sources:
        found |= await source(project_id, registrations)
    return found


async def attendees(event_id: int) -> set[int]:
    """The registrations that attended the event."""
    found: set[int] = set()
    for source in attendee_sources:
        found |= await source(event_id)
    return found
