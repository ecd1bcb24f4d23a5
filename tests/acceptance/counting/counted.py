"""What figures are counted of."""

from typing import Any

from tests.acceptance.outside import Event, Project, at

CITY = {"name": "Riga City", "country": "LV", "kind": "municipality"}
NGO = {"name": "Green Club", "country": "NO", "kind": "ngo"}


def past(project: Project, days: int = -3, **more: Any) -> Event:
    """An event that was."""
    return project.event(at(days, 9), **more)
