"""A rule applied to facts: gross, excluded with reasons, net, and net's breakdowns (docs/counting-rules.md).
Pure; no database.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from indicators.counting.conditions import PASSES, STAGES, Conditions
from indicators.counting.facts import Base, Fact
from indicators.counting.items import Cell, Item, filled, gathered
from indicators.rules.rules import Rule
from indicators.rules.words import DIMENSIONS, NOT_STATED

_ONCE = ("participations", "people", "organisations", "completions")
_NEVER = datetime.min.replace(tzinfo=UTC)
Buckets = dict[str, dict[str, int]]
ByEvent = dict[int, dict[str, int]]


@dataclass(slots=True)
class Figure:
    """The whole result of a rule. For hours every number is in minutes. `items` is the list behind.

    `events` has, by event, what was counted (under an empty word) and what was left out for which
    reason; a person or an organisation stands at the first event that counted them. `things` has
    how many that is: of hours, others.
    """

    gross: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    net: int = 0
    by: Buckets = field(default_factory=lambda: {name: {NOT_STATED: 0} for name in DIMENSIONS})
    items: list[Item] = field(default_factory=list)
    events: ByEvent = field(default_factory=dict)
    things: ByEvent = field(default_factory=dict)


def evaluate(rule: Rule, base: Base, facts: list[Fact], start: datetime, now: datetime) -> Figure:
    """The figure of a rule over facts in order of time; those before `start` are known, but not of
    the span.

    `now` decides which events have begun. For partners and manual values see `partners` and
    `summed`.
    """
    conditions = Conditions(rule, base)
    return joined(
        rule, [gathered(conditions, part, start, now) for part in conditions.cells(facts).values()]
    )


def adds_up(rule: Rule) -> bool:
    """Whether a figure is the sum of those of its counting units."""
    return rule.unit not in {"people", "organisations"} and (
        rule.once_per != "project" or rule.unit not in _ONCE
    )


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
    events: ByEvent = {}
    things: ByEvent = {}
    excluded: Counter[str] = Counter()
    by: dict[str, Counter[str]] = {name: Counter({NOT_STATED: 0}) for name in DIMENSIONS}
    for figure in figures:
        gross += figure.gross
        net += figure.net
        excluded.update(figure.excluded)
        for name, buckets in figure.by.items():
            by[name].update(buckets)
        for mine, theirs in ((events, figure.events), (things, figure.things)):
            for event, reasons in theirs.items():
                at = mine.setdefault(event, {})
                for reason, count in reasons.items():
                    at[reason] = at.get(reason, 0) + count
    said = {reason: excluded[reason] for reason in STAGES if excluded[reason]}
    return Figure(
        gross,
        said,
        net,
        {name: _stated(counter) for name, counter in by.items()},
        [],
        events,
        things,
    )


def _folded(items: list[Item]) -> list[Item]:
    """One item of each person or organisation: the one that got furthest, completed by later
    equals.
    """
    found: dict[tuple[int, ...], Item] = {}
    for item in sorted(items, key=lambda i: (i.at, i.registration)):
        other = found.get(item.gross)
        if other is None or item.stage > other.stage:
            found[item.gross] = item
        elif item.stage == other.stage and "" in other.faces:
            other.faces = filled(other.faces, item.faces)
    return list(found.values())


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
            (found.root,),
            (found.root,),
            found.root,
            PASSES,
            _NEVER,
            1,
            0,
            0,
            faces,
            "" if wanted else "people",
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
        at, things = (
            figure.events.setdefault(item.event, {}),
            figure.things.setdefault(item.event, {}),
        )
        at[item.reason] = at.get(item.reason, 0) + item.weight
        things[item.reason] = things.get(item.reason, 0) + 1
        if item.reason:
            excluded[item.reason] += item.weight
            continue
        figure.net += item.weight
        for counter, value in zip(by, item.faces, strict=True):
            counter[value or NOT_STATED] += item.weight
    figure.excluded = {reason: excluded[reason] for reason in STAGES if excluded[reason]}
    figure.by = {name: _stated(counter) for name, counter in zip(DIMENSIONS, by, strict=True)}
    return figure


def _stated(counter: Counter[str]) -> dict[str, int]:
    """The buckets with something in them, and the one of what was not stated."""
    return {bucket: count for bucket, count in counter.items() if count or bucket == NOT_STATED}


def plain(figure: Figure) -> dict[str, Any]:
    """A figure as JSON, without the list behind it."""
    said: dict[str, Any] = {
        "gross": figure.gross,
        "excluded": figure.excluded,
        "net": figure.net,
        "by": figure.by,
    }
    said["events"] = {str(event): counts for event, counts in sorted(figure.events.items())}
    if figure.things != figure.events:
        said["things"] = {str(event): counts for event, counts in sorted(figure.things.items())}
    return said


def from_plain(found: dict[str, Any]) -> Figure:
    """The figure again, from JSON; in what was frozen long ago events have gross and net only."""
    events = {
        int(event): counts
        if isinstance(counts, dict)
        else {"": counts[1], "event": counts[0] - counts[1]}
        for event, counts in found["events"].items()
    }
    things = (
        {int(event): counts for event, counts in found["things"].items()}
        if "things" in found
        else events
    )
    return Figure(found["gross"], found["excluded"], found["net"], found["by"], [], events, things)


def _mark(rule: Rule, items: list[Item], before: set[int]) -> None:
    """Give every item its reason, or none. Of several that are one after merges, the longest or
    first stays.
    """
    kept: dict[tuple[int, ...], Item] = {}
    for item in items:
        if item.stage != PASSES:
            item.reason = STAGES[item.stage]
            continue
        other = kept.get(item.net)
        if other is None:
            kept[item.net] = item
            continue
        gone, stays = (
            (other, item) if (-item.weight, item.at) < (-other.weight, other.at) else (item, other)
        )
        gone.reason = "duplicate_person"
        stays.faces = filled(stays.faces, gone.faces)
        stays.at = min(stays.at, gone.at)
        kept[item.net] = stays
    if rule.once_per == "project" and rule.unit in _ONCE:
        seen = set(before)
        for item in sorted(kept.values(), key=lambda i: (i.at, i.net)):
            if item.who in seen:
                item.reason = "counted_before"
            seen.add(item.who)
