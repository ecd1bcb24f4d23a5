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

_ONCE = ("participations", "people", "organisations", "completions")
PERSONAL = ("participations", "people", "completions", "participant_hours")
_NEVER = datetime.min.replace(tzinfo=UTC)
Faces = tuple[str, ...]
Buckets = dict[str, dict[str, int]]


@dataclass(slots=True)
class Item:
    """One thing that may count: a participation, a person, an organisation, an event, a session's minutes.

    `gross` is what it is before merges, `net` after. `reason` is empty when it counts.
    `at` is the moment of its first fact that got this far.
    """

    gross: tuple[int, ...]
    net: tuple[int, ...]
    who: int
    stage: int
    at: datetime
    weight: int
    event: int
    registration: int
    faces: Faces
    reason: str = ""


@dataclass(slots=True)
class Figure:
    """The whole result of a rule. For hours every number is in minutes. `items` is the list behind.

    `events` has gross and net by event; a person or an organisation stands at the first event that counted them.
    """

    gross: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    net: int = 0
    by: Buckets = field(default_factory=lambda: {name: {NOT_STATED: 0} for name in DIMENSIONS})
    items: list[Item] = field(default_factory=list)
    events: dict[int, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Cell:
    """The items of one counting unit, without their reasons; `before`: who counted there before the span."""

    items: list[Item]
    before: set[int]


def evaluate(rule: Rule, base: Base, facts: list[Fact], start: datetime, now: datetime) -> Figure:
    """The figure of a rule over facts in order of time; those before `start` are known, but not of the span.

    `now` decides which events have begun. For partners and manual values see `partners` and `summed`.
    """
    conditions = Conditions(rule, base)
    return joined(rule, [gathered(conditions, part, start, now) for part in conditions.cells(facts).values()])


def adds_up(rule: Rule) -> bool:
    """Whether a figure is the sum of those of its counting units."""
    return rule.unit not in {"people", "organisations"} and (rule.once_per != "project" or rule.unit not in _ONCE)


def joined(rule: Rule, cells: Iterable[Cell]) -> Figure:
    """The figure of several counting units."""
    items: list[Item] = []
    before: set[int] = set()
    for cell in cells:
        items += cell.items
        before |= cell.before
    if rule.unit in {"people", "organisations"}:
        items = _folded(items)
    _mark(rule, items, before)
    return total(items)


def added(figures: Iterable[Figure]) -> Figure:
    """The sum of figures of counting units, where they add up; without items."""
    gross = net = 0
    events: dict[int, list[int]] = {}
    excluded: Counter[str] = Counter()
    by: dict[str, Counter[str]] = {name: Counter({NOT_STATED: 0}) for name in DIMENSIONS}
    for figure in figures:
        gross += figure.gross
        net += figure.net
        excluded.update(figure.excluded)
        for name, buckets in figure.by.items():
            by[name].update(buckets)
        for event, (recorded, counted) in figure.events.items():
            at = events.setdefault(event, [0, 0])
            at[0] += recorded
            at[1] += counted
    said = {reason: excluded[reason] for reason in STAGES if excluded[reason]}
    return Figure(gross, said, net, {name: dict(counter) for name, counter in by.items()}, events=events)


def _folded(items: list[Item]) -> list[Item]:
    """One item of each person or organisation: the one that got furthest, completed by later equals."""
    found: dict[tuple[int, ...], Item] = {}
    for item in sorted(items, key=lambda i: (i.at, i.registration)):
        other = found.get(item.gross)
        if other is None or item.stage > other.stage:
            found[item.gross] = item
        elif item.stage == other.stage and "" in other.faces:
            other.faces = _filled(other.faces, item.faces)
    return list(found.values())


def _filled(mine: Faces, theirs: Faces) -> Faces:
    return tuple([one or other for one, other in zip(mine, theirs, strict=True)])


def partners(rule: Rule, base: Base) -> Figure:
    """The organisations of the project itself, a department as its parent, each once."""
    items: dict[int, Item] = {}
    for identity in base.partners:
        found = base.organisations[identity]
        wanted = (not rule.countries or found.country in rule.countries) and (
            not rule.organisation_kinds or found.kind in rule.organisation_kinds
        )
        faces = ("", found.country, found.kind, "", "", "")
        item = Item(
            (found.root,), (found.root,), found.root, PASSES, _NEVER, 1, 0, 0, faces, "" if wanted else "people"
        )
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
        at = figure.events.setdefault(item.event, [0, 0])
        at[0] += item.weight
        if item.reason:
            excluded[item.reason] += item.weight
            continue
        figure.net += item.weight
        at[1] += item.weight
        for counter, value in zip(by, item.faces, strict=True):
            counter[value or NOT_STATED] += item.weight
    figure.excluded = {reason: excluded[reason] for reason in STAGES if excluded[reason]}
    figure.by = {name: dict(counter) for name, counter in zip(DIMENSIONS, by, strict=True)}
    return figure


def _held(facts: Iterable[Fact], base: Base, now: datetime) -> list[Fact]:
    """Facts at events that were published and have begun."""
    held = {e.id for e in base.events.values() if e.status != "draft" and e.starts_at <= now}
    return [fact for fact in facts if fact.event in held]


def gathered(conditions: Conditions, facts: list[Fact], start: datetime, now: datetime) -> Cell:
    """The items of one counting unit, each as far as its best fact got."""
    rule, base = conditions.rule, conditions.base
    conditions.look(facts)
    if rule.unit in {"events", "delivered_hours"}:
        facts = _held(facts, base, now)
    items: dict[tuple[int, ...], Item] = {}
    before: set[int] = set()
    faces = _Faces(rule, base)
    completions, personal = rule.unit == "completions", rule.unit in PERSONAL
    keys_of = _KEYS.get(rule.unit, _of_unit)
    for fact in facts:
        keys = keys_of(conditions, fact)
        if keys is None:
            continue
        gross, net, who = keys
        stage, at = conditions.stage(fact), fact.at
        if completions:
            at = conditions.fulfilled.get((fact.root, conditions.unit_of[fact.event])) or at
        if at < start:
            if stage == PASSES:
                before.add(who)
            continue
        item = items.get(gross)
        if item is None or stage > item.stage:
            weight = _weight(rule, base, fact)
            items[gross] = Item(gross, net, who, stage, at, weight, fact.event, fact.registration, faces.of(fact))
        elif stage == item.stage:
            item.weight = max(item.weight, _weight(rule, base, fact))
            if personal and "" in item.faces:
                item.faces = _filled(item.faces, faces.of(fact))
    return Cell(list(items.values()), before)


Keys = tuple[tuple[int, ...], tuple[int, ...], int] | None
"""What a fact counts towards: before merges, after them, and whose `once per project` it is; None: nothing."""


def _of_person(_conditions: Conditions, fact: Fact) -> Keys:
    return (fact.person,), (fact.root,), fact.root


def _of_organisation(conditions: Conditions, fact: Fact) -> Keys:
    found = conditions.base.organisations.get(fact.organisation)
    return ((found.root,), (found.root,), found.root) if found else None


def _of_event(_conditions: Conditions, fact: Fact) -> Keys:
    return (fact.event,), (fact.event,), 0


def _of_session(_conditions: Conditions, fact: Fact) -> Keys:
    key = fact.event, _number(fact.unit)
    return key, key, 0


def _of_presence(_conditions: Conditions, fact: Fact) -> Keys:
    number = _number(fact.unit)
    return (fact.person, fact.event, number), (fact.root, fact.event, number), 0


def _of_unit(conditions: Conditions, fact: Fact) -> Keys:
    unit = conditions.unit_of[fact.event]
    return (fact.person, unit), (fact.root, unit), fact.root


_KEYS = {
    "people": _of_person,
    "organisations": _of_organisation,
    "events": _of_event,
    "delivered_hours": _of_session,
    "participant_hours": _of_presence,
}


def _number(unit: str) -> int:
    return int(unit) if unit.isdigit() else int(unit.replace("-", "")) if unit[:1].isdigit() else 0


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
        stays.faces = _filled(stays.faces, gone.faces)
        stays.at = min(stays.at, gone.at)
        kept[item.net] = stays
    if rule.once_per == "project" and rule.unit in _ONCE:
        seen = set(before)
        for item in sorted(kept.values(), key=lambda i: (i.at, i.net)):
            if item.who in seen:
                item.reason = "counted_before"
            seen.add(item.who)


class _Faces:
    """What a fact says for each breakdown, in the order of DIMENSIONS; equal ones are one object."""

    def __init__(self, rule: Rule, base: Base) -> None:
        self.rule, self.base, self.zone = rule, base, ZoneInfo(base.zone)
        self._known: dict[tuple[object, ...], Faces] = {}

    def of(self, fact: Fact) -> Faces:
        """Gender, country, kind of organisation, age, target group, direction; empty where not stated."""
        key = (fact.event, fact.organisation, fact.country, fact.gender, fact.birth_year, fact.target_group, fact.at)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._of(fact)
        return found

    def _of(self, fact: Fact) -> Faces:
        event = self.base.events[fact.event]
        direction = _direction(event)
        if self.rule.unit in {"events", "delivered_hours"}:
            return ("", event.country, "", "", "", direction)
        organisation = self.base.organisations.get(fact.organisation)
        kind = organisation.kind if organisation else ""
        if self.rule.unit == "organisations":
            return ("", organisation.country if organisation else "", kind, "", "", direction)
        country = country_of(fact, self.base)
        return (fact.gender, country, kind, self._age(fact), fact.target_group, direction)

    def _age(self, fact: Fact) -> str:
        if not fact.birth_year:
            return ""
        years = fact.at.astimezone(self.zone).year - fact.birth_year
        return "under_25" if years < 25 else "25_54" if years < 55 else "55_over"


def _direction(event: Gathering) -> str:
    start, end = event.direction
    return f"{start} to {end}" if start and end else ""
