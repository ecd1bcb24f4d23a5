"""What of an event and of its sessions stands in a calendar: one Entry each, whoever subscribes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.i18n import _, fmt, speaking, text
from events.event.event import Event
from events.feeds.ics import Entry, uid
from events.programme.sessions import Session

NIGHT = timedelta(hours=12)
"""What is no longer than this and ends on the next day is an evening, not an event of two days."""
DAY = timedelta(days=1)
MEETS = ("talk", "workshop")
"""Kinds of session that one can join from elsewhere."""


def event_entry(
    event: Event,
    code: str,
    *,
    sessions: bool,
    sequence: int = 0,
    status: str = "",
    online: bool = False,
    timed: bool = False,
) -> Entry:
    """The event itself; over several days by dates, unless `timed`. With `sessions` it is a banner
    over them.

    `online`: for those who may know where to join.
    """
    zone = ZoneInfo(event.timezone)
    days = (
        None if timed else _days(event.starts_at.astimezone(zone), event.ends_at.astimezone(zone))
    )
    said = text(event.description, code)
    if days and not sessions:
        with speaking(code):
            hours = fmt.span(event.starts_at, event.ends_at, event.timezone)
        said = f"{hours}\n\n{said}"
    start, end = days or (event.starts_at, event.ends_at)
    return Entry(
        uid=uid("event", event.id, event.created_at),
        sequence=event.revision + sequence,
        changed=event.changed_at,
        created=event.created_at,
        summary=text(event.title, code),
        start=start,
        end=end,
        zone=event.timezone,
        end_zone=event.timezone,
        status=status or _status(event),
        place=_place(event, code, online),
        description=said,
        url=event.url,
        category=event.kind,
        transparent=sessions,
        geo=_geo(event),
        conference=event.online_url if online else "",
    )


def session_entry(
    event: Event,
    session: Session,
    code: str,
    *,
    sequence: int = 0,
    status: str = "",
    online: bool = False,
) -> Entry:
    """One item of the programme. Its own changes and the event's both raise its sequence. A stay of
    nights is dates.
    """
    gone = session.removed_at is not None
    zone = session.timezone or event.timezone
    end_zone = session.end_timezone or zone
    first, last = (
        session.starts_at.astimezone(ZoneInfo(zone)),
        session.ends_at.astimezone(ZoneInfo(end_zone)),
    )
    days = _days(first, last, stay=session.kind == "stay") if zone == end_zone else None
    hours = ""
    if days:
        with speaking(code):
            hours = fmt.span(session.starts_at, session.ends_at, zone)
    start, end = days or (session.starts_at, session.ends_at)
    return Entry(
        uid=uid("session", session.id, session.created_at),
        sequence=event.revision + session.revision + sequence,
        changed=max(event.changed_at, session.changed_at),
        created=session.created_at,
        summary=text(session.title, code),
        start=start,
        end=end,
        zone=zone,
        end_zone=end_zone,
        status="CANCELLED" if gone else status or _status(event),
        place=session.place or ("" if session.kind == "travel" else _place(event, code, online)),
        description="\n".join(
            filter(None, [hours, *session.speakers, text(session.description, code)])
        ),
        url=event.url,
        category=session.kind,
        transparent=session.kind == "stay",
        geo=_geo(event) if not session.place and session.kind != "travel" else None,
        conference=event.online_url if online and session.kind in MEETS else "",
    )


def _days(first: datetime, last: datetime, *, stay: bool = False) -> tuple[date, date] | None:
    """Begin and (exclusive) end as dates, for what lasts whole days or several of them; None for
    what has an hour.
    """
    start, end = first.date(), (last - timedelta(microseconds=1)).date()
    whole = not (first.hour or first.minute) and (last.hour, last.minute) in {(0, 0), (23, 59)}
    if not whole and (start == end or (not stay and last - first <= NIGHT)):
        return None
    return start, end + DAY


def _place(event: Event, code: str, online: bool) -> str:
    """Where it is; of an event without a place that it is online, and to whom it concerns the
    address.
    """
    if event.place or not event.online_url:
        return event.place
    with speaking(code):
        return event.online_url if online else str(_("Online"))


def _geo(event: Event) -> tuple[float, float] | None:
    known = event.latitude is not None and event.longitude is not None
    return (event.latitude or 0.0, event.longitude or 0.0) if known else None


def _status(event: Event) -> str:
    return {"cancelled": "CANCELLED", "draft": "TENTATIVE"}.get(event.status, "CONFIRMED")
