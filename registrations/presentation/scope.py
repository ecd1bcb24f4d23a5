"""Who may open the organisers' pages of registrations: viewers read, organisers act."""

from typing import Annotated

from fastapi import Depends

from events.event.access import Scope, desk_event

Viewer = Annotated[Scope, Depends(desk_event("viewer"))]
Organiser = Annotated[Scope, Depends(desk_event("organiser"))]
