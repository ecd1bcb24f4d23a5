"""Which of a rule's conditions a fact meets: how far it gets before the first that it fails
(docs/counting-rules.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from indicators.counting.facts import Base, Fact, Gathering
from indicators.counting.units import Unit, union_minutes
from indicators.rules.rules import Rule
from indicators.rules.words import REASONS

STAGES = tuple(REASONS)
CANCELLED, EVENT, NOT_JOINT, ROLE, PEOPLE, BELOW, NOT_SIGNED = range(7)
PASSES = 7
"""Above every reason that a fact by itself can have; the last two come from other facts."""

Key = tuple[int, int]


class Conditions:
    """A rule in a project. After `look(facts)`, `stage(fact)` is the index of its first failed
    condition, or PASSES.

    What one counting unit's facts come to never depends on another's: they may be looked at one by
    one.
    """

    def __init__(self, rule: Rule, base: Base) -> None:
        self.rule, self.base = rule, base
        self.unit_of = {event.id: self._counting_unit(event) for event in base.events.values()}
        self.of_event = {event.id: self._event_stage(event) for event in base.events.values()}
        self._people: dict[tuple[str, int, str, str], int] = {}
        self._asked: dict[int, tuple[dict[tuple[int, str], Unit], int]] = {}
        self._organised = self._by_organisers()
        self.joint = self._organised
        self.fulfilled: Mapping[Key, datetime] = {}

    def look(self, facts: list[Fact]) -> None:
        """Take in all facts of one or several counting units, in order of time."""
        if self.by_share:
            self.fulfilled = self._fulfilments(facts)
        if self.rule.joint == "organised_and_attended":
            self.joint = self._by_people(facts)

    def cells(self, facts: Iterable[Fact]) -> dict[int, list[Fact]]:
        """The facts of each counting unit."""
        found: dict[int, list[Fact]] = {}
        for fact in facts:
            found.setdefault(self.unit_of[fact.event], []).append(fact)
        return found

    @property
    def by_share(self) -> bool:
        """Whether it matters how much of the counting unit someone attended."""
        return (
            self.rule.unit == "completions"
            or self.rule.threshold_percent is not None
            or self.rule.all_sessions
        )

    def stage(self, fact: Fact) -> int:
        """How far this fact gets."""
        reached = self.of_event[fact.event]
        if reached != PASSES:
            return reached
        if self.unit_of[fact.event] not in self.joint:
            return NOT_JOINT
        return self._person_stage(fact)

    def _counting_unit(self, event: Gathering) -> int:
        """Positive: an event; negative: a scheme."""
        return -event.scheme if event.scheme and self.rule.by_scheme else event.id

    def units(self, counting_unit: int) -> dict[tuple[int, str], Unit]:
        """The counted sessions or days of a counting unit, by event and key.

        Those of a scheme's cancelled events and drafts are not asked of anyone.
        """
        if counting_unit > 0:
            events = [self.base.events[counting_unit]]
        else:
            events = [
                e for e in self.base.schemes[-counting_unit] if e.status in {"published", "held"}
            ]
        return {(event.id, key): unit for event in events for key, unit in event.units.items()}

    def _event_stage(self, event: Gathering) -> int:
        if event.status == "cancelled":
            return CANCELLED
        return PASSES if self._wanted(event) else EVENT

    def _wanted(self, event: Gathering) -> bool:
        rule = self.rule
        unlisted = (
            (rule.kinds and event.kind not in rule.kinds)
            or (rule.activities and event.activity not in rule.activities)
            or (rule.series and str(event.series) not in rule.series)
        )
        if unlisted or (event.internal and not rule.internal):
            return False
        if rule.publicity != "any" and event.open_to_public != (rule.publicity == "open"):
            return False
        if rule.direction and event.direction != (rule.direction.start, rule.direction.end):
            return False
        if not event.scheme and not rule.lone_events_count:
            return False
        return (
            rule.min_days <= 1
            or len({u.day for u in self.units(self.unit_of[event.id]).values()}) >= rule.min_days
        )

    def _person_stage(self, fact: Fact) -> int:
        known = (fact.role, fact.organisation, fact.country, fact.target_group)
        reached = self._people.get(known)
        if reached is None:
            reached = self._people[known] = self._said_stage(fact)
        if reached != PASSES:
            return reached
        if self.by_share and (fact.root, self.unit_of[fact.event]) not in self.fulfilled:
            return BELOW
        if self.rule.evidence == "signed" and not fact.signed:
            return NOT_SIGNED
        return PASSES

    def _said_stage(self, fact: Fact) -> int:
        rule = self.rule
        if rule.roles and fact.registration and fact.role not in rule.roles:
            return ROLE
        organisation = self.base.organisations.get(fact.organisation)
        if rule.countries and country_of(fact, self.base) not in rule.countries:
            return PEOPLE
        if rule.organisation_kinds and (
            not organisation or organisation.kind not in rule.organisation_kinds
        ):
            return PEOPLE
        if rule.target_groups and fact.target_group not in rule.target_groups:
            return PEOPLE
        return PASSES

    def _fulfilments(self, facts: Iterable[Fact]) -> Mapping[Key, datetime]:
        """Who attended enough of which counting unit, and the moment of the fact that fulfilled
        it.
        """
        attended: dict[Key, dict[tuple[int, str], int]] = defaultdict(dict)
        found: dict[Key, datetime] = {}
        for fact in facts:
            if self.of_event[fact.event] == CANCELLED or not fact.registration:
                continue
            unit = self.unit_of[fact.event]
            key = fact.root, unit
            if key in found:
                continue
            asked, total = self._asked_of(unit)
            units = attended[key]
            place = fact.event, fact.unit
            units[place] = max(units.get(place, 0), fact.minutes)
            enough = 100 * sum(units.values()) >= self._threshold(fact.event) * total
            if enough and (not self.rule.all_sessions or asked.keys() <= units.keys()):
                found[key] = fact.at
        return found

    def _asked_of(self, unit: int) -> tuple[dict[tuple[int, str], Unit], int]:
        if unit not in self._asked:
            units = self.units(unit)
            self._asked[unit] = units, union_minutes(units.values())
        return self._asked[unit]

    def _threshold(self, event: int) -> int:
        if self.rule.threshold_percent is not None:
            return self.rule.threshold_percent
        if self.rule.unit == "completions":
            return self.base.events[event].scheme_threshold or 0
        return 0

    def _by_organisers(self) -> set[int]:
        if self.rule.joint == "none":
            return set(self.unit_of.values())
        countries: dict[int, set[str]] = defaultdict(set)
        for event in self.base.events.values():
            if event.status != "cancelled":
                countries[self.unit_of[event.id]] |= event.organisers
        return {unit for unit, found in countries.items() if len(found) >= 2}

    def _by_people(self, facts: Iterable[Fact]) -> set[int]:
        people: dict[int, set[str]] = defaultdict(set)
        for fact in facts:
            if (
                self.of_event[fact.event] == PASSES
                and self._person_stage(fact) == PASSES
                and fact.registration
            ):
                people[self.unit_of[fact.event]].add(country_of(fact, self.base))
        return {unit for unit in self._organised if len(people[unit] - {""}) >= 2}


def country_of(fact: Fact, base: Base) -> str:
    """The person's country: as said, else the organisation's."""
    if fact.country:
        return fact.country
    organisation = base.organisations.get(fact.organisation)
    return organisation.country if organisation else ""
