"""An event that changes its time zone: what its clocks show stays, for it and for its programme."""

from typing import Any

from core import times
from core.errors import DomainError
from core.i18n import _, text

ENDS = ("starts_at", "ends_at")


async def following(event: Any, zone: str) -> list[Any]:
    """The sessions that go along into a new zone, with their new times, not saved yet.

    An end of a session that has a zone of its own keeps its moment. Raises a 422 on `timezone` that
    names the session, with `choices`, where the new zone has its time twice or not at all, or where
    it would end before it begins.
    """
    if zone == event.timezone:
        return []
    return [
        s
        for s in await event.sessions.all().order_by("starts_at", "id")
        if _taken_along(event, s, zone)
    ]


def _taken_along(event: Any, session: Any, zone: str) -> bool:
    before = session.starts_at, session.ends_at
    for name, own in zip(
        ENDS, (session.timezone, session.end_timezone or session.timezone), strict=True
    ):
        if not own:
            setattr(session, name, _moved(event, session, name, zone))
    if session.ends_at <= session.starts_at and not session.removed_at:
        said = _(
            "“%(title)s” would end before it begins. Please give it its own time zones first.",
            title=_name(session),
        )
        raise DomainError(said, 422, {"timezone": said}, extra={"session": str(session.id)})
    return (session.starts_at, session.ends_at) != before


def _moved(event: Any, session: Any, name: str, zone: str) -> Any:
    moment = getattr(session, name)
    try:
        return times.rezoned(moment, event.timezone, zone, name)
    except DomainError as error:
        if session.removed_at:
            return moment
        said = _(
            "“%(title)s”: %(why)s Or change this session first.",
            title=_name(session),
            why=str(error.message),
        )
        raise DomainError(
            said, 422, {"timezone": said}, extra={**error.extra, "session": str(session.id)}
        ) from error


def _name(session: Any) -> str:
    return text(session.title)
