"""Changes of a published event that those registered have not been told of, and that nobody decided
to keep quiet.
"""

from core.clock import now
from events.event import event as events
from events.event.event import Event
from events.event.history import Change
from events.programme import sessions

WHOLE = {"session_added", "session_removed", "session_restored"}
QUIET = "not_told"
"""An entry of the history: somebody decided that nobody is told of what changed before it."""


async def untold(event: Event) -> list[Change]:
    """The changes of which one mail could tell, oldest first; none for an event that is not
    published or has ended.
    """
    if event.status != "published" or event.ends_at <= now():
        return []
    later = Change.filter(event_id=event.id, revision__gt=0).order_by("-id")
    found: list[Change] = []
    for change in await later.limit(200):
        if change.action in {QUIET, "published"}:
            break
        if not change.told_at and concerns(change):
            found.append(change)
    return found[::-1]


def concerns(change: Change) -> bool:
    """Whether those who come should know."""
    if change.action == "changed":
        return bool(events.TOLD_OF & set(change.values))
    return change.action in WHOLE or (
        change.action == "session_changed" and bool(sessions.TOLD_OF & set(change.values))
    )
