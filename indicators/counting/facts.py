"""What counting needs to know of a project, in few queries: facts, events, schemes and
organisations.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from core import db
from events.projects.projects import Project
from indicators.counting.units import Unit, day_units, session_unit


class Fact(NamedTuple):
    """An attendance fact with what was said of the person; or, coarse, all of one registration at
    one event.

    A coarse one has an empty `unit`, the first start and the minutes of all. `person` is as
    registered, `root` after merges. `registration` 0: an organiser marked the event as held.
    """

    registration: int
    event: int
    unit: str
    at: datetime
    minutes: int
    signed: bool
    person: int
    root: int
    role: str
    organisation: int
    country: str
    gender: str
    birth_year: int | None
    target_group: str


class Organised(NamedTuple):
    """An organisation: `root` is the one it is a department of, or itself; kind and country are the
    root's.
    """

    root: int
    kind: str
    country: str
    name: Any


@dataclass(slots=True)
class Gathering:
    """An event as counting sees it. `scheme` is 0 outside any training scheme; `units` are counted
    sessions or days.
    """

    id: int
    kind: str
    status: str
    starts_at: datetime
    country: str
    open_to_public: bool
    internal: bool
    direction: tuple[str, str]
    activity: str
    series: int
    scheme: int
    scheme_threshold: int | None
    held: bool
    title: Any = None
    slug: str = ""
    organisers: set[str] = field(default_factory=set)
    units: dict[str, Unit] = field(default_factory=dict)

    @property
    def counts(self) -> tuple[object, ...]:
        """Everything that a figure could rest on: all but its title and address."""
        said = [
            self.kind,
            self.status,
            self.starts_at.timestamp(),
            self.country,
            self.open_to_public,
            self.internal,
        ]
        placed = [
            self.direction,
            self.activity,
            self.series,
            self.scheme,
            self.scheme_threshold,
            self.held,
        ]
        units = [
            (key, u.start.timestamp(), u.end.timestamp(), u.minutes, u.day)
            for key, u in sorted(self.units.items())
        ]
        return (*said, *placed, sorted(self.organisers), units)


@dataclass(slots=True)
class Base:
    """A project without its facts: events and organisations by id, partners' organisation ids,
    schemes' events.
    """

    zone: str
    events: dict[int, Gathering]
    organisations: dict[int, Organised]
    partners: list[int]
    schemes: dict[int, list[Gathering]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather the events of each scheme."""
        for event in self.events.values():
            if event.scheme:
                self.schemes.setdefault(event.scheme, []).append(event)


async def load_base(project: Project) -> Base:
    """Everything but the facts."""
    rows = await db.rows(_EVENTS, project.id)
    events = {row["id"]: _gathering(row) for row in rows}
    for row in await db.rows(_ORGANISERS, project.id):
        if row["event_id"] in events and row["country"]:
            events[row["event_id"]].organisers.add(row["country"])
    for row in await db.rows(_SESSIONS, project.id):
        unit = session_unit(row)
        events[row["event_id"]].units[unit.key] = unit
    for row in rows:
        event = events[row["id"]]
        if not event.units:
            days = day_units(event.starts_at, db.moment(row["ends_at"]), row["timezone"])
            event.units = {unit.key: unit for unit in days}
    partners = [row["organisation_id"] for row in await db.rows(_PARTNERS, project.id)]
    return Base(project.timezone, events, await load_organisations(project), partners)


async def load_organisations(project: Project) -> dict[int, Organised]:
    """Every organisation that the project knows, by id."""
    return _organisations(await db.rows(_ORGANISATIONS, project.id))


def _gathering(row: dict[str, Any]) -> Gathering:
    scheme = row["series_id"] if row["series_kind"] == "scheme" else 0
    return Gathering(
        id=row["id"],
        kind=row["kind"],
        status=row["status"],
        starts_at=db.moment(row["starts_at"]),
        country=row["country"],
        open_to_public=bool(row["open_to_public"]),
        internal=bool(row["internal"]),
        direction=(row["direction_from"], row["direction_to"]),
        activity=row["activity"] or "",
        series=row["series_id"] or 0,
        scheme=scheme or 0,
        scheme_threshold=row["threshold_percent"] if scheme else None,
        held=bool(row["held_reason"]),
        title=words_of(row["title"]),
        slug=row["slug"],
    )


def words_of(value: Any) -> Any:
    """A translatable text as a raw statement answers it."""
    return json.loads(value) if isinstance(value, str) else value


def _organisations(found: list[dict[str, Any]]) -> dict[int, Organised]:
    rows = {row["id"]: row for row in found}

    def root(identity: int) -> int:
        seen = {identity}
        while (parent := rows[identity]["parent_id"]) and parent in rows and parent not in seen:
            seen.add(parent)
            identity = parent
        return identity

    answer = {}
    for identity, row in rows.items():
        top = rows[root(identity)]
        answer[identity] = Organised(
            top["id"],
            top["kind"] or row["kind"],
            top["country"] or row["country"],
            words_of(top["name"]),
        )
    return answer


_EVENTS = """
SELECT e.id, e.slug, e.title, e.kind, e.status, e.starts_at, e.ends_at, e.timezone, e.country, e.open_to_public,
       e.internal, e.direction_from, e.direction_to, e.held_reason, e.series_id, a.number AS activity,
       s.kind AS series_kind, s.threshold_percent
FROM event e LEFT JOIN activity a ON a.id = e.activity_id LEFT JOIN series s ON s.id = e.series_id
WHERE e.project_id = $1 ORDER BY e.id
"""
_ORGANISERS = """
SELECT o.event_id, g.country FROM event_organiser o
JOIN partner p ON p.id = o.partner_id JOIN organisation g ON g.id = p.organisation_id
WHERE p.project_id = $1
"""
_SESSIONS = """
SELECT s.id, s.event_id, s.starts_at, s.ends_at, COALESCE(NULLIF(s.timezone, ''), e.timezone) AS timezone
FROM session s JOIN event e ON e.id = s.event_id
WHERE e.project_id = $1 AND s.counted AND s.removed_at IS NULL
"""
_ORGANISATIONS = "SELECT id, name, country, kind, parent_id FROM organisation WHERE project_id = $1"
_PARTNERS = "SELECT organisation_id FROM partner WHERE project_id = $1 ORDER BY position, id"
