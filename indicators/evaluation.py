"""A rule applied to facts: gross, excluded with reasons, net, and net's breakdowns (counting.md). Pure; no database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from indicators.conditions import PASSES, STAGES, Conditions, country_of
from indicators.facts import Base, Fact, Gathering
from indicators.rules import Rule
from indicators.words import DIMENSIONS, NOT_STATED

PERSONAL = ("participations", "people", "completions", "participant_hours")
_NEVER = datetime.min.replace(tzinfo=UTC)
Buckets = dict[str, dict[str, int]]


@dataclass(slots=True)
class Item:
    """One thing that may count: a participation, a person, an organisation, an event, a session's minutes.

    `net` is what it is after merges. `reason` is empty when it counts. `at` is its first fact that got this far.
    """

    net: tuple[int, ...]
    who: int
    stage: int
    at: datetime
    weight: int
    event: int
    registration: int
    faces: list[str]
    reason: str = ""


@dataclass(slots=True)
class Figure:
    """The whole result of a rule. For hours every number is in minutes. `items` is the list behind."""

    gross: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    net: int = 0
    by: Buckets = field(default_factory=lambda: {name: {NOT_STATED: 0} for name in DIMENSIONS})
    items: list[Item] = field(default_factory=list)


def evaluate(rule: Rule, base: Base, facts: list[Fact], start: datetime, now: datetime) -> Figure:
    """The figure of a rule over facts in order of time; those before `start` are known, but not of the span.

    `now` decides which events have begun. For partners and manual values see `partners` and `summed`.
    """
    conditions = Conditions(rule, base, facts)
    counted = _held(facts, base, now) if rule.unit in {"events", "delivered_hours"} else facts
    items, before = _gather(conditions, counted, start)
    _mark(rule, items, before)
    return total(items)


def partners(rule: Rule, base: Base) -> Figure:
    """The organisations of the project itself, a department as its parent, each once."""
    items: dict[int, Item] = {}
    for identity in base.partners:
        found = base.organisations[identity]
        wanted = (not rule.countries or found.country in rule.countries) and (
            not rule.organisation_kinds or found.kind in rule.organisation_kinds
        )
        faces = ["", found.country, found.kind, "", "", ""]
        item = Item((found.root,), found.root, PASSES, _NEVER, 1, 0, 0, faces, "" if wanted else "people")
        items.setdefault(found.root, item)
    return total(items.values())


def summed(value: int) -> Figure:
    """A figure entered by hand, in hundredths."""
    return Figure(value, {}, value, {name: {NOT_STATED: value} for name in DIMENSIONS})


def total(items: Iterable[Item]) -> Figure:
    """Add up items that have their reasons."""
    figure = Figure(items=list(items))
    excluded: Counter[str] = Counter()
    by: list[Counter[str]] = [Counter({NOT_STATED: 0}) for _name in DIMENSIONS]
    for item in figure.items:
        figure.gross += item.weight
        if item.reason:
            excluded[item.reason] += item.weight
            continue
        figure.net += item.weight
        for counter, value in zip(by, item.faces, strict=True):
            counter[value or NOT_STATED] += item.weight
    figure.excluded = {reason: excluded[reason] for reason in STAGES if excluded[reason]}
    figure.by = {name: dict(counter) for name, counter in zip(DIMENSIONS, by, strict=True)}
    return figure


def _held(facts: Iterable[Fact], base: Base, now: datetime) -> list[Fact]:
    """Facts at events that were published and have begun."""
    held = {e.id for e in base.events.values() if e.status != "draft" and e.starts_at <= now}
    return [fact for fact in facts if fact.event in held]


def _gather(conditions: Conditions, facts: Iterable[Fact], start: datetime) -> tuple[list[Item], set[int]]:
    """The items of the span, each as far as its best fact got; and who counted before the span."""
    rule, base = conditions.rule, conditions.base
    items: dict[tuple[object, ...], Item] = {}
    before: set[int] = set()
    faces = _Faces(rule, base)
    for fact in facts:
        keys = _keys(rule, conditions, fact)
        if keys is None:
            continue
        gross, net, who = keys
        stage, at = conditions.stage(fact), fact.at
        if rule.unit == "completions":
            fulfilled = conditions.fulfilled.get((fact.root, conditions.unit_of[fact.event]))
            at = fulfilled or at
        if at < start:
            if stage == PASSES:
                before.add(who)
            continue
        weight = _weight(rule, base, fact)
        item = items.get(gross)
        if item is None or stage > item.stage:
            items[gross] = Item(net, who, stage, at, weight, fact.event, fact.registration, faces.of(fact))
        elif stage == item.stage:
            item.weight = max(item.weight, weight)
            faces.fill(item.faces, fact)
    return list(items.values()), before


def _keys(rule: Rule, conditions: Conditions, fact: Fact) -> tuple[tuple[object, ...], tuple[int, ...], int] | None:
    """What a fact counts towards: before merges, after them, and whose `once per project` it is; None: nothing."""
    unit = conditions.unit_of[fact.event]
    match rule.unit:
        case "people":
            return (fact.person,), (fact.root,), fact.root
        case "organisations":
            found = conditions.base.organisations.get(fact.organisation)
            return ((found.root,), (found.root,), found.root) if found else None
        case "events":
            return (fact.event,), (fact.event,), 0
        case "delivered_hours":
            return (fact.event, fact.unit), (fact.event, _number(fact.unit)), 0
        case "participant_hours":
            return (fact.person, fact.event, fact.unit), (fact.root, fact.event, _number(fact.unit)), 0
        case _:
            return (fact.person, unit), (fact.root, unit), fact.root


def _number(unit: str) -> int:
    return int(unit.replace("-", "") or 0)


def _weight(rule: Rule, base: Base, fact: Fact) -> int:
    if rule.unit == "participant_hours":
        return fact.minutes
    if rule.unit == "delivered_hours":
        unit = base.events[fact.event].units.get(fact.unit)
        return unit.minutes if unit else 0
    return 1


def _mark(rule: Rule, items: list[Item], before: set[int]) -> None:
    """Give every item its reason, or none. Of several that are one after merges, the longest or first stays."""
    kept: dict[tuple[int, ...], Item] = {}
    for item in items:
        if item.stage != PASSES:
            item.reason = STAGES[item.stage]
            continue
        other = kept.get(item.net)
        if other is None:
            kept[item.net] = item
            continue
        gone, stays = (other, item) if (-item.weight, item.at) < (-other.weight, other.at) else (item, other)
        gone.reason = "duplicate_person"
        stays.faces = [mine or theirs for mine, theirs in zip(stays.faces, gone.faces, strict=True)]
        stays.at = min(stays.at, gone.at)
        kept[item.net] = stays
    if rule.once_per == "project" and rule.unit in {"participations", "people", "organisations", "completions"}:
        seen = set(before)
        for item in sorted(kept.values(), key=lambda i: (i.at, i.net)):
            if item.who in seen:
                item.reason = "counted_before"
            seen.add(item.who)


class _Faces:
    """What a fact says for each breakdown, in the order of DIMENSIONS."""

    def __init__(self, rule: Rule, base: Base) -> None:
        self.rule, self.base, self.zone = rule, base, ZoneInfo(base.zone)

    def of(self, fact: Fact) -> list[str]:
        """Gender, country, kind of organisation, age, target group, direction; empty where not stated."""
        event = self.base.events[fact.event]
        direction = _direction(event)
        if self.rule.unit in {"events", "delivered_hours"}:
            return ["", event.country, "", "", "", direction]
        organisation = self.base.organisations.get(fact.organisation)
        kind = organisation.kind if organisation else ""
        if self.rule.unit == "organisations":
            return ["", organisation.country if organisation else "", kind, "", "", direction]
        country = country_of(fact, self.base)
        return [fact.gender, country, kind, self._age(fact), fact.target_group, direction]

    def fill(self, faces: list[str], fact: Fact) -> None:
        """Take from a later fact what the earlier ones did not state."""
        if "" in faces and self.rule.unit in PERSONAL:
            faces[:] = [mine or theirs for mine, theirs in zip(faces, self.of(fact), strict=True)]

    def _age(self, fact: Fact) -> str:
        if not fact.birth_year:
            return ""
        years = fact.at.astimezone(self.zone).year - fact.birth_year
        return "under_25" if years < 25 else "25_54" if years < 55 else "55_over"


def _direction(event: Gathering) -> str:
    start, end = event.direction
    return f"{start} to {end}" if start and end else ""
