"""The way down from a figure: by event, then who or what is behind it, then the evidence of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checkin.attendance import Attendance
from checkin.papers import Paper, of_scans
from checkin.scans import Scan
from core.i18n import fmt, text
from core.sheets import Cell
from events.events import Event
from events.sessions import Session
from indicators import words
from indicators.evaluation import Figure
from indicators.facts import Base
from indicators.items import PERSONAL, Item
from indicators.rules import Rule
from indicators.shown import amount
from registrations.registrations import Registration


@dataclass(frozen=True)
class EventLine:
    """An event's part of a figure."""

    id: int
    title: str
    when: datetime
    slug: str
    counted: int
    gross: int


@dataclass(frozen=True)
class Line:
    """One thing behind a figure. `registration` leads to its evidence; 0 where there is none."""

    name: str
    about: str
    event: str
    at: datetime | None
    amount: int | float
    reason: str
    registration: int
    email: str = ""
    country: str = ""
    weight: int = 0
    """In minutes, for hours."""


@dataclass
class Evidence:
    """What a registration's attendance rests on."""

    registration: Registration
    facts: list[Attendance]
    scans: list[Scan]
    sessions: dict[int, str] = field(default_factory=dict)
    papers: dict[int, Paper] = field(default_factory=dict)
    """The signed sheets that scans were entered from."""


async def by_event(project_id: int, figure: Figure) -> list[EventLine]:
    """Every event that a figure rests on, in order of time. A person stands at the first event that counted them."""
    found = await Event.filter(project_id=project_id, id__in=[e for e in figure.events if e]).order_by(
        "starts_at", "id"
    )
    return [
        EventLine(e.id, text(e.title), e.starts_at, e.slug, figure.events[e.id][1], figure.events[e.id][0])
        for e in found
    ]


def chosen(figure: Figure, base: Base, event: int = 0, show: str = "counted") -> list[Item]:
    """The items of an event or of all, counted ones, those with one reason, or all; in order of time."""
    wanted = [
        item
        for item in figure.items
        if (not event or item.event == event) and (show == "all" or item.reason == ("" if show == "counted" else show))
    ]
    starts = {e.id: e.starts_at for e in base.events.values()}
    return sorted(wanted, key=lambda i: (starts.get(i.event, i.at), i.event, i.registration, i.net))


async def lines(rule: Rule, base: Base, items: Iterable[Item]) -> list[Line]:
    """Items with names, in one query however many."""
    items = list(items)
    ids = list({item.registration for item in items if item.registration})
    found: dict[int, Registration] = {}
    for start in range(0, len(ids), 500):
        part = await Registration.filter(id__in=ids[start : start + 500]).prefetch_related("person", "organisation")
        found.update({one.id: one for one in part})
    return [_line(rule, base, item, found.get(item.registration)) for item in items]


def _line(rule: Rule, base: Base, item: Item, registration: Registration | None) -> Line:
    event = base.events.get(item.event)
    title = text(event.title) if event else ""
    at = item.at if event else None
    shown = amount(rule, item.weight)
    if rule.unit in {"organisations", "partners"}:
        organisation = base.organisations[item.who]
        about = " · ".join(filter(None, [words.bucket("organisation_kind", organisation.kind or words.NOT_STATED)]))
        name = text(organisation.name)
        return Line(name, about, title, at, shown, item.reason, item.registration, country=organisation.country)
    if rule.unit in PERSONAL and registration:
        organisation_name = text(registration.organisation.name) if registration.organisation else ""
        person = registration.person
        country = item.faces[1]
        return Line(
            person.name,
            organisation_name,
            title,
            at,
            shown,
            item.reason,
            item.registration,
            person.email,
            country,
            item.weight,
        )
    unit = event.units.get(str(item.net[1])) if event and rule.unit == "delivered_hours" else None
    return Line(
        title, fmt.datetime(unit.start, base.zone) if unit else "", title, at, shown, item.reason, 0, weight=item.weight
    )


def status(line: Line) -> str:
    """Counted, or why not."""
    return str(words.REASONS[line.reason]) if line.reason else ""


async def evidence(project_id: int, registration_id: int) -> Evidence | None:
    """The facts and scans of a registration of this project, or None."""
    one = await Registration.get_or_none(id=registration_id, project_id=project_id)
    if not one:
        return None
    await one.fetch_related("person", "organisation", "event")
    facts = await Attendance.filter(registration_id=one.id).order_by("starts_at", "id")
    scans = await Scan.filter(registration_id=one.id, event_id=one.event_id).order_by("scanned_at", "id")
    sessions = {s.id: text(s.title) for s in await Session.filter(event_id=one.event_id)}
    papers = await of_scans(one.event_id, [s.sheet_id for s in scans if s.sheet_id])
    return Evidence(one, facts, scans, sessions, papers)


def sheet(found: Iterable[Line], labels: dict[str, Any]) -> list[list[Cell]]:
    """Lines as rows of a spreadsheet; `labels` has the word for `counted`."""
    return [
        [
            line.name,
            line.about,
            fmt.country(line.country),
            line.email,
            line.event,
            line.at.date().isoformat() if line.at else "",
            line.amount,
            status(line) or str(labels["counted"]),
        ]
        for line in found
    ]
