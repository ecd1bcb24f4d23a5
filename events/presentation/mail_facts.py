"""What every e-mail of a project carries: the sender, the funder's statement and emblem, and an
event's facts.
"""

from functools import lru_cache
from pathlib import Path

from core.i18n import Lazy, _, fmt, text
from events.event.event import Event
from events.presentation.display import when
from events.projects import logos
from events.projects.projects import Project
from notifications.outbox.letters import Letterhead
from notifications.outbox.mime import Attachment

Fact = tuple[Lazy, str, str]
"""What it is, its value, and small print beside it."""


def letterhead(project: Project) -> Letterhead:
    """The project as the sender of a mail, in the current language."""
    logo = _picture(logos.path(project.logo)) if project.logo else None
    return Letterhead(
        project.name,
        project.url,
        project.statement_text,
        project.contact_email,
        project.accent,
        logo,
    )


def facts(event: Event, *, online: bool = True) -> list[Fact]:
    """When and where, for a mail; the address of an online event only for those who may come."""
    return [
        (_("When"), when(event), fmt.zone(event.timezone)),
        (_("Where"), event.place, fmt.country(event.country) if event.place else ""),
        (_("Online"), event.online_url if online else "", ""),
    ]


def title(event: Event) -> str:
    """The event's title in the current language."""
    return text(event.title)


def list_id(event: Event) -> str:
    """The name of this event for mail filters (RFC 2919), before the domain."""
    return f"{event.slug}.events"


@lru_cache(maxsize=64)
def _picture(path: Path) -> Attachment | None:
    return Attachment("logo.png", "image/png", path.read_bytes()) if path.exists() else None
