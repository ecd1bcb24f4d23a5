"""The sessions that a participant can choose: those with seats of their own."""

from dataclasses import dataclass

from core.i18n import _, fmt, plural, text
from events.event.event import Event
from events.programme.sessions import Session


@dataclass(frozen=True)
class Choosable:
    """A session to choose, written out. `left` is None without a limit."""

    id: int
    title: str
    when: str
    left: int | None

    @property
    def seats(self) -> str:
        """How many seats are left, in words."""
        if self.left is None:
            return ""
        if not self.left:
            return str(_("Full"))
        return str(plural("%(n)s seat left", "%(n)s seats left", self.left))


async def to_choose(event: Event) -> list[Choosable]:
    """The sessions of this event that have seats of their own, in order."""
    found = Session.filter(event_id=event.id, removed_at=None).exclude(capacity=None)
    return [
        Choosable(
            session.id,
            text(session.title),
            fmt.span(
                session.starts_at,
                session.ends_at,
                session.timezone or event.timezone,
                session.end_timezone,
            ),
            None if session.capacity is None else max(0, session.capacity - session.seats_taken),
        )
        for session in await found.order_by("starts_at", "id")
    ]
