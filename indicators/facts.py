"""What counting needs of a project, in few queries: its attendance facts, events, schemes and organisations."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from core import db
from events.projects import Project
from indicators.spans import Bounds
from indicators.units import Unit, day_units, session_unit


class Fact(NamedTuple):
    """An attendance fact with what was said of the person; or, coarse, all of one registration at one event.

    A coarse one has an empty `unit`, the first start and the minutes of all. `person` is as registered, `root` after
    merges. `registration` 0: an organiser marked the event as held.
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
    """An organisation: `root` is the one it is a department of, or itself; kind and country are the root's."""

    root: int
    kind: str
    country: str
    name: Any


@dataclass(slots=True)
class Gathering:
    """An event as counting sees it. `scheme` is 0 outside any training scheme; `units` are counted sessions or days."""

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


@dataclass(slots=True)
class Base:
    """A project without its facts: events and organisations by id, partners' organisation ids, schemes' events."""

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


async def load_facts(
    project: Project, bounds: Bounds, *, coarse: bool, before: bool, events: list[int] | None = None
) -> list[Fact]:
    """The facts up to the end of the bounds, in order of time; from their start, or with `before` from their floor.

    `coarse` sums up each registration's facts at an event: enough where neither sessions nor single facts matter.
    With `events` only theirs.
    """
    if bounds.empty or events == []:
        return []
    found: list[Fact] = []
    spans = [(bounds.start, bounds.end)]
    if before and bounds.floor < bounds.start:
        spans.append((bounds.floor, bounds.start))
    sql = (_COARSE if coarse else _FINE).format(
        among=f"AND {among('a.event_id' if not coarse else 'event_id', '$4')}" if events else ""
    )
    for start, end in spans:
        found += _facts(await db.rows(sql, project.id, start, end, *([events] if events else [])))
    found.sort(key=lambda fact: (fact.at, fact.registration, fact.unit))
    return found


def held_without_facts(base: Base, bounds: Bounds) -> list[Fact]:
    """The facts that stand for an organiser's word that an event was held."""
    return [
        Fact(0, event.id, "held", event.starts_at, 0, False, 0, 0, "", 0, "", "", None, "")
        for event in base.events.values()
        if event.held and bounds.start <= event.starts_at < bounds.end
    ]


def among(column: str, marker: str) -> str:
    """A condition that the column is one of a list, on either engine."""
    if db.is_sqlite():
        return f"{column} IN (SELECT value FROM json_each({marker}))"  # noqa: S608 - a column of ours
    return f"{column} = ANY({marker}::bigint[])"


def _facts(found: Iterable[dict[str, Any]]) -> list[Fact]:
    text = db.is_sqlite()
    return [
        Fact(
            row["registration_id"],
            row["event_id"],
            row["unit"],
            datetime.fromisoformat(row["starts_at"]) if text else row["starts_at"],
            row["minutes"],
            bool(row["signed"]),
            row["person_id"],
            row["root"],
            row["role"],
            row["organisation_id"] or 0,
            row["country"] or "",
            row["gender"] or "",
            row["birth_year"],
            row["target_group"] or "",
        )
        for row in found
    ]


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
        title=_words(row["title"]),
        slug=row["slug"],
    )


def _words(value: Any) -> Any:
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
            top["id"], top["kind"] or row["kind"], top["country"] or row["country"], _words(top["name"])
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
_SAID = """
       r.person_id, COALESCE(p.merged_into_id, p.id) AS root, r.role,
       COALESCE(r.organisation_id, p.organisation_id) AS organisation_id,
       COALESCE(NULLIF(r.country, ''), p.country) AS country, COALESCE(NULLIF(r.gender, ''), p.gender) AS gender,
       COALESCE(r.birth_year, p.birth_year) AS birth_year,
       COALESCE(NULLIF(r.target_group, ''), p.target_group) AS target_group
"""
_JOINED = "JOIN registration r ON r.id = a.registration_id JOIN person p ON p.id = r.person_id"
_FINE = f"""
SELECT a.registration_id, a.event_id, a.unit, a.starts_at, a.minutes, a.signed, {_SAID}
FROM attendance a {_JOINED}
WHERE a.project_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 {{among}}
"""  # noqa: S608 - constants of ours
_COARSE = f"""
SELECT a.*, {_SAID} FROM (
  SELECT registration_id, event_id, '' AS unit, MIN(starts_at) AS starts_at, SUM(minutes) AS minutes, 0 AS signed
  FROM attendance WHERE project_id = $1 AND starts_at >= $2 AND starts_at < $3 {{among}}
  GROUP BY registration_id, event_id
) a {_JOINED}
"""  # noqa: S608 - constants of ours
