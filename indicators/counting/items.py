"""Groups facts into the things that a rule counts: participations, people, organisations, events,
minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from indicators.counting.conditions import PASSES, Conditions, country_of
from indicators.counting.facts import Base, Fact, Gathering
from indicators.rules.rules import Rule

PERSONAL = ("participations", "people", "completions", "participant_hours")
Faces = tuple[str, ...]
"""What an item says for each breakdown, in the order of words.DIMENSIONS; empty where not
stated.
"""


@dataclass(slots=True)
class Item:
    """One thing that may count: a participation, a person, an organisation, an event, a session's
    minutes.

    `gross` is what it is before merges, `net` after. `reason` is empty when it counts. `at` is the
    moment of its first fact that got this far.
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
class Cell:
    """The items of one counting unit, without their reasons; `before`: who counted there before the
    span.
    """

    items: list[Item]
    before: set[int]


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
            items[gross] = Item(
                gross, net, who, stage, at, weight, fact.event, fact.registration, faces.of(fact)
            )
        elif stage == item.stage:
            item.weight = max(item.weight, _weight(rule, base, fact))
            if personal and "" in item.faces:
                item.faces = filled(item.faces, faces.of(fact))
    return Cell(list(items.values()), before)


Keys = tuple[tuple[int, ...], tuple[int, ...], int] | None
"""What a fact counts towards: before merges, after them, and whose `once per project` it is; None:
nothing.
"""


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


def filled(mine: Faces, theirs: Faces) -> Faces:
    """What the first says, and where it says nothing, the second."""
    return tuple([one or other for one, other in zip(mine, theirs, strict=True)])


def _held(facts: Iterable[Fact], base: Base, now: datetime) -> list[Fact]:
    """Facts at events that were published and have begun."""
    held = {e.id for e in base.events.values() if e.status != "draft" and e.starts_at <= now}
    return [fact for fact in facts if fact.event in held]


class _Faces:
    """What a fact says for each breakdown, in the order of DIMENSIONS; equal ones are one
    object.
    """

    def __init__(self, rule: Rule, base: Base) -> None:
        self.rule, self.base, self.zone = rule, base, ZoneInfo(base.zone)
        self._known: dict[tuple[object, ...], Faces] = {}

    def of(self, fact: Fact) -> Faces:
        """Gender, country, kind of organisation, age, target group, direction; empty where not
        stated.
        """
        key = (
            fact.event,
            fact.organisation,
            fact.country,
            fact.gender,
            fact.birth_year,
            fact.target_group,
            fact.at,
        )
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
