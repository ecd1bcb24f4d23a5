"""What the pages of indicators share: breadcrumbs, and the indicator in the address."""

from typing import Any

from core.errors import not_found
from core.http.api import identity
from core.i18n import _
from events.event.access import Scope
from events.presentation.navigation import shell
from indicators.rules.indicators import Indicator


def here(scope: Scope, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """What surrounds a page about indicators."""
    base = f"/desk/p/{scope.project.slug}/indicators"
    return {**shell(scope, [(str(_("Indicators")), base), *crumbs], "indicators"), "base": base}


async def one_of(scope: Scope, given: str) -> Indicator:
    """The indicator of this project with this id, or 404."""
    found = await Indicator.get_or_none(id=identity(given), project_id=scope.project.id)
    if not found:
        raise not_found()
    return found
