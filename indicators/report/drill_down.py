"""The way down from a figure: to its events, to who or what was counted, to the evidence for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from checkin.attendance.attendance import Attendance
from checkin.review.papers import Paper, of_scans
from checkin.scanning.scans import Scan
from core import db
from core.http.spreadsheets import Cell
from core.i18n import Lazy, _, fmt, text
from events.programme.sessions import Session
from indicators.counting.evaluation import Figure
from indicators.counting.facts import Base, words_of
from indicators.counting.items import PERSONAL, Item
from indicators.report.serializers import amount
from indicators.rules import words
from indicators.rules.rules import Rule
from registrations.registration.registration import Registration


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


async def by_event(project_id: int, figure: Figure, most: int) -> list[EventLine]:
    """The events that a figure counts something of, in order of time, at most so many.

    A person stands at the first event that counted them.
    """
    counted = [event for event, counts in figure.events.items() if event and counts.get("")]
    found = await db.rows(
        "SELECT id, title, starts_at, slug FROM event WHERE project_id = $1 AND id = ANY($2::bigint[]) "
        "ORDER BY starts_at, id LIMIT $3::bigint",
        *(project_id, counted, most),
    )
    return [
        EventLine(
            *(row["id"], text(words_of(row["title"])), db.moment(row["starts_at"]), row["slug"]),
            *(figure.events[row["id"]][""], sum(figure.events[row["id"]].values())),
        )
        for row in found
    ]


def chosen(figure: Figure, base: Base, event: int = 0, show: str = "counted") -> list[Item]:
    """The items of an event or of all, counted ones, those with one reason, or all; in order of
    time.
    """
    wanted = [
        item
        for item in figure.items
        if (not event or item.event == event) and _shown(item.reason, show)
    ]
    starts = {e.id: e.starts_at for e in base.events.values()}
    return sorted(wanted, key=lambda i: (starts.get(i.event, i.at), i.event, i.registration, i.net))


def _shown(reason: str, show: str) -> bool:
    return show == "all" or reason == ("" if show == "counted" else show)


def number(figure: Figure, event: int, show: str) -> int:
    """How many things are behind a figure, of an event or of all: counted ones, those with one
    reason, or all.
    """
    found = [figure.things.get(event, {})] if event else figure.things.values()
    return sum(
        count for counts in found for reason, count in counts.items() if _shown(reason, show)
    )


@dataclass(frozen=True)
class Window:
    """Where a piece of a list lies: the events that it is of, and how many things of them come
    before it.
    """

    events: list[int]
    skip: int


def window(figure: Figure, base: Base, show: str, first: int, most: int) -> Window:
    """Where the things from number `first` on lie in the list of all events, in order of time."""
    passed = skip = 0
    events: list[int] = []
    for event in sorted(
        (base.events[e] for e in figure.things if e in base.events),
        key=lambda e: (e.starts_at, e.id),
    ):
        here = number(figure, event.id, show)
        if passed + here > first and here:
            if not events:
                skip = first - passed
            events.append(event.id)
        passed += here
        if passed >= first + most:
            break
    return Window(events, skip)


async def lines(rule: Rule, base: Base, items: Iterable[Item]) -> list[Line]:
    """Items with names, in few queries however many; titles and names as they are now."""
    items = list(items)
    titles = await names("event", "title", {item.event for item in items})
    organised = rule.unit in {"organisations", "partners"}
    organisations = await names(
        "organisation", "name", {item.who for item in items} if organised else set()
    )
    ids = list({item.registration for item in items if item.registration})
    found: dict[int, Registration] = {}
    for start in range(0, len(ids), 500):
        part = await Registration.filter(id__in=ids[start : start + 500]).prefetch_related(
            "person", "organisation"
        )
        found.update({one.id: one for one in part})
    return [
        _line(
            rule,
            base,
            item,
            titles.get(item.event, ""),
            organisations.get(item.who, ""),
            found.get(item.registration),
        )
        for item in items
    ]


async def names(
    table: Literal["event", "organisation"], column: Literal["title", "name"], ids: set[int]
) -> dict[int, str]:
    """What these are called, in the reader's language."""
    if not ids - {0}:
        return {}
    sql = f"SELECT id, {column} AS said FROM {table} WHERE id = ANY($1::bigint[])"
    return {row["id"]: text(words_of(row["said"])) for row in await db.rows(sql, sorted(ids))}


def _line(
    rule: Rule,
    base: Base,
    item: Item,
    title: str,
    organisation_is: str,
    registration: Registration | None,
) -> Line:
    event = base.events.get(item.event)
    at = item.at if event else None
    shown = amount(rule, item.weight)
    if rule.unit in {"organisations", "partners"}:
        organisation = base.organisations[item.who]
        about = " · ".join(
            filter(None, [words.bucket("organisation_kind", organisation.kind or words.NOT_STATED)])
        )
        return Line(
            organisation_is,
            about,
            title,
            at,
            shown,
            item.reason,
            item.registration,
            country=organisation.country,
        )
    if rule.unit in PERSONAL and registration:
        organisation_name = (
            text(registration.organisation.name) if registration.organisation else ""
        )
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
        title,
        fmt.datetime(unit.start, base.zone) if unit else "",
        title,
        at,
        shown,
        item.reason,
        0,
        weight=item.weight,
    )


def headings(rule: Rule) -> tuple[Lazy, Lazy]:
    """What a line's `name` and `about` are, by what the rule counts."""
    if rule.unit in {"organisations", "partners"}:
        return _("Organisation"), _("Kind of organisation")
    return (_("Name"), _("Organisation")) if rule.unit in PERSONAL else (_("What"), _("When"))


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
    scans = await Scan.filter(registration_id=one.id, event_id=one.event_id).order_by(
        "scanned_at", "id"
    )
    sessions = {s.id: text(s.title) for s in await Session.filter(event_id=one.event_id)}
    papers = await of_scans(one.event_id, [s.sheet_id for s in scans if s.sheet_id])
    return Evidence(one, facts, scans, sessions, papers)


def sheet(
    found: Iterable[Line], labels: dict[str, Any], *, minutes: bool = False
) -> list[list[Cell]]:
    """Lines as rows of a spreadsheet; `labels` has the word for `counted`. With `minutes` these
    too: they add up.
    """
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
            *([line.weight] if minutes else []),
        ]
        for line in found
    ]
