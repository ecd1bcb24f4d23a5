"""Loads attendance facts, no finer than a rule needs: the database adds up what it can."""

from collections.abc import Iterable, Sequence
from typing import Any

from core import db
from events.projects.projects import Project
from indicators.counting.facts import Base, Fact
from indicators.counting.spans import Bounds
from indicators.rules.rules import Rule

Shared = dict[tuple[object, ...], list[Fact]]
"""Facts that several rules of a request asked for."""
FEW = 5
"""Of so few events all rules share single facts: one look costs less than a sum for each rule."""


def grain(rule: Rule) -> str:
    """How fine facts must be: `fine` single ones, `coarse` a registration's at an event, `thin`
    without persons.
    """
    shares = rule.unit == "completions" or rule.threshold_percent is not None or rule.all_sessions
    if shares or rule.evidence == "signed" or rule.unit == "participant_hours":
        return "fine"
    if rule.unit in {"events", "delivered_hours"}:
        attended = rule.joint == "organised_and_attended"
        return "thin" if not attended else "fine" if rule.unit == "delivered_hours" else "coarse"
    return "coarse"


async def load_facts(
    project: Project,
    rule: Rule,
    bounds: Bounds,
    *,
    before: bool,
    events: list[int] | None = None,
    shared: Shared | None = None,
) -> list[Fact]:
    """The facts up to the end of the bounds, in order of time; from their start, or with `before`
    from their floor.

    As fine as `grain(rule)` says, or finer; with `events` only theirs.
    """
    if bounds.empty or events == []:
        return []
    few = events is not None and len(events) <= FEW
    sql = _sql(rule, "fine" if few else grain(rule), _OF_EVENTS if events else "TRUE")
    key = (sql, bounds, before, tuple(events or []))
    if few and shared is not None and key in shared:
        return shared[key]
    found = await _between(project, sql, bounds, [events] if events else [], before=before)
    if few and shared is not None:
        shared[key] = found
    return found


async def facts_of(
    project: Project,
    rule: Rule,
    bounds: Bounds,
    people: Sequence[int],
    organisations: Sequence[int],
) -> list[Fact]:
    """All facts of these people (after merges), or of these organisations, from the bounds' floor
    to their end.
    """
    chosen, ids = (_OF_PEOPLE, people) if people else (_OF_ORGANISATIONS, organisations)
    statement = _sql(rule, grain(rule), f"a.registration_id IN ({chosen})")
    return await _between(project, statement, bounds, [ids], before=True)


async def _between(
    project: Project, sql: str, bounds: Bounds, given: Sequence[object], *, before: bool
) -> list[Fact]:
    found: list[Fact] = []
    spans = [(bounds.start, bounds.end)]
    if before and bounds.floor < bounds.start:
        spans.append((bounds.floor, bounds.start))
    for start, end in spans:
        found += _facts(await db.rows(sql, project.id, start, end, *given))
    found.sort(key=lambda fact: (fact.at, fact.registration, fact.unit))
    return found


def with_held(
    rule: Rule, base: Base, limits: Bounds, facts: list[Fact], events: list[int] | None = None
) -> list[Fact]:
    """The facts, and for `events` those that stand for an organiser's word that one was held."""
    if rule.unit != "events":
        return facts
    held = [
        Fact(0, event.id, "held", event.starts_at, 0, False, 0, 0, "", 0, "", "", None, "")
        for event in base.events.values()
        if event.held
        and limits.start <= event.starts_at < limits.end
        and (events is None or event.id in events)
    ]
    return sorted([*facts, *held], key=lambda fact: fact.at) if held else facts


def _facts(found: Iterable[dict[str, Any]]) -> list[Fact]:
    return [
        Fact(
            row["registration_id"],
            row["event_id"],
            row["unit"],
            db.moment(row["starts_at"]),
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


_ROOT = "COALESCE(p.merged_into_id, p.id)"
_ORGANISATION = "COALESCE(r.organisation_id, p.organisation_id)"
_COUNTRY = "COALESCE(NULLIF(r.country, ''), p.country)"
_GROUP = "COALESCE(NULLIF(r.target_group, ''), p.target_group)"
_SAID = f"""r.person_id, {_ROOT} AS root, r.role, {_ORGANISATION} AS organisation_id, {_COUNTRY} AS country,
  COALESCE(NULLIF(r.gender, ''), p.gender) AS gender, COALESCE(r.birth_year, p.birth_year) AS birth_year,
  {_GROUP} AS target_group"""
_OF_EVENTS = "a.event_id = ANY($4::bigint[])"
_OF_PEOPLE = """SELECT r.id FROM registration r WHERE r.person_id IN (SELECT p.id FROM person p
  WHERE p.project_id = $1 AND (p.id = ANY($4::bigint[]) OR p.merged_into_id = ANY($4::bigint[])))"""
_OF_ORGANISATIONS = f"""SELECT r.id FROM registration r JOIN person p ON p.id = r.person_id
  WHERE r.project_id = $1 AND {_ORGANISATION} = ANY($4::bigint[])"""
_JOINED = "JOIN registration r ON r.id = a.registration_id JOIN person p ON p.id = r.person_id"
_WHERE = "WHERE a.project_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 AND"
_WHERE_OF = "WHERE +a.project_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 AND"
"""Of some events or people: the plus keeps SQLite from reading all of the project's."""


def _sql(rule: Rule, grain: str, condition: str) -> str:
    where = _WHERE if condition == "TRUE" else _WHERE_OF
    match grain:
        case "fine":
            columns = "a.registration_id, a.event_id, a.unit, a.starts_at, a.minutes, a.signed"
            return f"SELECT {columns}, {_SAID} FROM attendance a {_JOINED} {where} {condition}"
        case "coarse":
            summed = "MIN(a.starts_at) AS starts_at, SUM(a.minutes) AS minutes, 0 AS signed"
            inner = f"SELECT a.registration_id, a.event_id, '' AS unit, {summed} FROM attendance a"
            grouped = f"{inner} {where} {condition} GROUP BY a.registration_id, a.event_id"
            return f"SELECT a.*, {_SAID} FROM ({grouped}) a {_JOINED}"
        case _:
            return _thin(rule, f"{where} {condition}")


def _thin(rule: Rule, where: str) -> str:
    """One row for each event or session and each kind of visitor that the rule tells apart; nobody
    in particular.
    """
    wanted = {
        "unit": ("a.unit", rule.unit == "delivered_hours", "''"),
        "role": ("r.role", bool(rule.roles), "''"),
        "organisation_id": (_ORGANISATION, bool(rule.organisation_kinds or rule.countries), "0"),
        "country": (_COUNTRY, bool(rule.countries), "''"),
        "target_group": (_GROUP, bool(rule.target_groups), "''"),
    }
    told = [
        f"{column} AS {name}" if told else f"{none} AS {name}"
        for name, (column, told, none) in wanted.items()
    ]
    groups = ["a.event_id", *[column for column, told, _none in wanted.values() if told]]
    return (
        "SELECT MIN(a.registration_id) AS registration_id, a.event_id, MIN(a.starts_at) AS starts_at, "
        f"0 AS minutes, 0 AS signed, 0 AS person_id, 0 AS root, '' AS gender, NULL AS birth_year, {', '.join(told)} "
        f"FROM attendance a {_JOINED} {where} GROUP BY {', '.join(groups)}"
    )
