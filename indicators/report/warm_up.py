"""Counts the figures of large projects after a change, so that nobody waits for them. Run by the
worker.
"""

from core import db, settings
from events.projects.projects import Project
from indicators.cache import unit_rows
from indicators.cache.figure_rows import stamp_of
from indicators.cache.figures import Counting
from indicators.report import overview
from indicators.rules.indicators import Indicator

LARGE = 20_000
"""Attendance facts; a smaller project is counted while the page is made."""

_done: dict[tuple[str, int], int] = {}


async def warm() -> int:
    """Count every indicator of the large projects that changed since the last time. Answers how
    many projects.
    """
    counted = 0
    for row in await db.rows("SELECT DISTINCT project_id FROM indicator ORDER BY project_id"):
        key = settings.get().database_url, row["project_id"]
        stamp = await stamp_of(row["project_id"])
        if _done.get(key) != stamp and await _is_large(row["project_id"]):
            project = await Project.get(id=row["project_id"])
            counting = await Counting.of(project)
            rules = [one.counting for one in await Indicator.filter(project_id=project.id)]
            for rule in rules:
                await counting.ahead(rule)
            await overview.with_columns(await overview.cards(project, counting), counting)
            await counting.finish()
            await unit_rows.forget(project.id, rules)
            _done[key] = counting.stamp
            counted += 1
    return counted


async def large() -> list[int]:
    """The projects whose figures are counted ahead."""
    found = await db.rows("SELECT DISTINCT project_id FROM indicator ORDER BY project_id")
    return [row["project_id"] for row in found if await _is_large(row["project_id"])]


async def _is_large(project_id: int) -> bool:
    beyond = "SELECT id FROM attendance WHERE project_id = $1 LIMIT 1 OFFSET $2"
    return bool(await db.rows(beyond, project_id, LARGE))
