"""Events in words for people: when, by day, and whether one can still register. No queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from core.clock import now
from core.i18n import _, fmt, text
from events.event.event import Event
from events.programme.sessions import Session

FEW = 10
"""From how many free seats on they are told."""


@dataclass(frozen=True)
class Standing:
    """Whether one can register. `state`: draft, cancelled, over, invitation, soon, closed, full,
    list, open.

    `free` are the seats left (None without a limit), `before` those already on the waiting list.
    """

    state: str
    free: int | None = None
    before: int = 0

    @property
    def open(self) -> bool:
        """Whether the form takes someone."""
        return self.state in {"open", "list"}

    @property
    def few(self) -> int:
        """The free seats where they are few, else 0."""
        return self.free if self.state == "open" and self.free and self.free <= FEW else 0


def standing(event: Event, moment: datetime | None = None) -> Standing:
    """Whether one can register for this event at a moment (now)."""
    moment = moment or now()
    free = None if event.capacity is None else max(0, event.capacity - event.seats_taken)
    return Standing(_state(event, moment, free), free, event.waiting)


def _state(event: Event, moment: datetime, free: int | None) -> str:
    if event.status in {"draft", "cancelled"}:
        return event.status
    if event.status == "held" or event.ends_at <= moment:
        return "over"
    if event.invitation_only:
        return "invitation"
    return _window(event, moment) or _seats(event, free)


def _window(event: Event, moment: datetime) -> str:
    if event.registration_opens_at and moment < event.registration_opens_at:
        return "soon"
    return (
        "closed" if event.registration_closes_at and moment >= event.registration_closes_at else ""
    )


def _seats(event: Event, free: int | None) -> str:
    if event.waiting_list and (free == 0 or event.waiting):
        return "list"
    return "full" if free == 0 else "open"


@dataclass(frozen=True)
class Leaf:
    """An event in a list: a calendar leaf, its title, and what one wants to know of it."""

    event: Event
    href: str
    title: str
    day: str
    month: str
    when: str
    standing: Standing
    status: str


def leaf(event: Event, href: str) -> Leaf:
    """An event as a line of a list, leading to `href`."""
    day = event.starts_at.astimezone(ZoneInfo(event.timezone)).date()
    month = format_date(day, "LLL", locale=fmt.locale)
    here = standing(event)
    return Leaf(
        event, href, text(event.title), str(day.day), month, when(event), here, pill_of(event, here)
    )


def pill_of(event: Event, here: Standing) -> str:
    """The word that stands beside an event in a list for the public, if any."""
    if event.status == "cancelled":
        return "cancelled"
    return {"list": "full", "full": "full", "closed": "closed"}.get(here.state, "")


def when(event: Event) -> str:
    """The time of an event that lasts a day; the dates of a longer one, and when it begins."""
    zone = event.timezone
    same = (
        event.starts_at.astimezone(ZoneInfo(zone)).date()
        == event.ends_at.astimezone(ZoneInfo(zone)).date()
    )
    if same:
        return fmt.span(event.starts_at, event.ends_at, zone)
    begins = _("begins at %(time)s", time=fmt.time(event.starts_at, zone))
    return f"{fmt.days(event.starts_at, event.ends_at, zone)}, {begins}"


@dataclass(frozen=True)
class ShownSession:
    """A session written out for components/programme.html."""

    id: int
    kind: str
    title: str
    text: str
    start: str
    end: str
    starts_at: str
    zone: str
    end_zone: str
    place: str
    speakers: list[str]
    cancelled: bool
    row: Session


@dataclass
class ShownDay:
    """A day of the programme, in the event's zone."""

    date: str
    key: str
    sessions: list[ShownSession] = field(default_factory=list)


def programme_days(event: Event, sessions: Iterable[Session]) -> list[ShownDay]:
    """The programme by day, in order of time. A session stands on the day on which it starts where
    it starts.
    """
    days: dict[str, ShownDay] = {}
    for session in sorted(sessions, key=lambda s: (s.starts_at, s.ends_at, s.id)):
        zone = session.timezone or event.timezone
        local = session.starts_at.astimezone(ZoneInfo(zone)).date()
        day = days.setdefault(local.isoformat(), ShownDay(fmt.date(local), local.isoformat()))
        day.sessions.append(shown_session(event, session))
    return [days[key] for key in sorted(days)]


def shown_session(event: Event, session: Session) -> ShownSession:
    """A session written out; zones are said where they differ from the event's."""
    zone = session.timezone or event.timezone
    end_zone = session.end_timezone or zone
    start = session.starts_at.astimezone(ZoneInfo(zone))
    end = session.ends_at.astimezone(ZoneInfo(end_zone))
    same = start.date() == end.date()
    last = fmt.time(session.ends_at, end_zone)
    return ShownSession(
        id=session.id,
        kind=session.kind,
        title=text(session.title),
        text=text(session.description),
        start=fmt.time(session.starts_at, zone),
        end=last if same else f"{format_skeleton('MMMEd', end.date(), locale=fmt.locale)}, {last}",
        starts_at=start.isoformat(),
        zone=fmt.zone(zone) if zone != event.timezone or end_zone != zone else "",
        end_zone=fmt.zone(end_zone) if end_zone != zone else "",
        place=session.place,
        speakers=list(session.speakers),
        cancelled=session.removed_at is not None,
        row=session,
    )
