"""The frame of the organisers' pages of the door, and who may open them."""

from typing import Annotated, Any

from fastapi import Depends

from accounts.sessions.access import meets
from checkin.scanning import words
from core.i18n import _
from events.event.access import Scope, desk_event
from events.presentation.navigation import shell

AtDoor = Annotated[Scope, Depends(desk_event("door"))]
Organiser = Annotated[Scope, Depends(desk_event("organiser"))]


def base_of(scope: Scope) -> str:
    """The address of the event's door."""
    return f"/desk/e/{scope.event.slug}/door"


def frame(scope: Scope, *crumbs: tuple[str, str], within: bool = True) -> dict[str, Any]:
    """What every page of the door needs: `base`, what this role may do, and what surrounds the
    page.
    """
    trail = [(str(_("Door")), base_of(scope)), *crumbs] if within else []
    return {
        "base": base_of(scope),
        "organises": meets(scope.role, "organiser"),
        "reads_people": meets(scope.role, "viewer"),
        "words": words,
        **shell(scope, trail, tab="door"),
    }
