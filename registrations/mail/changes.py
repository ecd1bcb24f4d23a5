"""A change of an event in words: what it is, what it was, what it is now."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.i18n import _, fmt, text
from events.event import history
from events.event.event import Event
from events.event.history import LABELS, Change
from events.programme.sessions import Session

TOLD = (
    "title",
    "starts_at",
    "ends_at",
    "timezone",
    "end_timezone",
    "place",
    "online_url",
    "country",
    "speakers",
)
"""What concerns those who come; the rest of the history is the organisers'."""

_ZONE = {"starts_at": "timezone", "ends_at": "end_timezone"}
"""Where a time's zone stands beside it; an event has one for both."""


@dataclass(frozen=True)
class Said:
    """One line of the mail."""

    what: str
    old: str
    new: str


async def said(event: Event, changes: Iterable[Change]) -> list[Said]:
    """The changes that concern those who come, first and last state of each thing, in the current
    language.
    """
    found = list(changes)
    ids = {c.session_id for c in found if c.session_id}
    rezoned = any(not c.session_id and "timezone" in c.values for c in found)
    sessions = {s.id: s for s in await Session.filter(id__in=ids)} if ids else {}
    lines: dict[tuple[int, str], Said] = {}
    for change in found:
        for key, line in _lines(event, sessions.get(change.session_id or 0), change):
            before = lines.get(key)
            lines[key] = Said(line.what, before.old, line.new) if before else line
    if rezoned and await Session.exists(event_id=event.id, removed_at=None, timezone=""):
        new = _(
            "Everything at the same time of day as before, now in %(zone)s.",
            zone=fmt.zone(event.timezone),
        )
        lines[0, "programme"] = Said(str(_("Programme")), "", str(new))
    return [line for line in lines.values() if line.old != line.new]


def _lines(
    event: Event, session: Session | None, change: Change
) -> Iterable[tuple[tuple[int, str], Said]]:
    if session and change.action in {"session_added", "session_restored"}:
        yield (session.id, ""), Said(str(_("New in the programme")), "", _whole(event, session))
        return
    if session and change.action == "session_removed":
        yield (
            (session.id, ""),
            Said(str(_("No longer in the programme")), _whole(event, session), ""),
        )
        return
    for name in TOLD:
        if name in change.values:
            old, new = change.values[name]
            word = f"{text(session.title)}: {LABELS[name]}" if session else str(LABELS[name])
            olds, news = _zones(change, name)
            yield (
                (change.session_id or 0, name),
                Said(word, _value(name, old, olds), _value(name, new, news)),
            )


def _zones(change: Change, name: str) -> tuple[object, object]:
    """The zones of a time before and after, where they differ."""
    zone = _ZONE[name] if change.session_id and name in _ZONE else "timezone"
    old, new = change.values.get(zone, ("", "")) if name in _ZONE else ("", "")
    return old, new


def _whole(event: Event, session: Session) -> str:
    zone = session.timezone or event.timezone
    return f"{text(session.title)}, {fmt.span(session.starts_at, session.ends_at, zone, session.end_timezone)}"


def _value(name: str, value: object, zone: object = "") -> str:
    """In words; a time with the name of its zone, where that has changed with it."""
    if name.endswith("timezone") and value:
        return fmt.zone(str(value))
    return (
        f"{history.said(value, name)} ({fmt.zone(str(zone))})"
        if zone
        else history.said(value, name)
    )
