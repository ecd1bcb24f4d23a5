"""A figure as the sum of its counting units: those in the cache, and those that must be counted
again.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from events.projects.projects import Project
from indicators.cache import totals, unit_rows
from indicators.cache.memory import Book, Entries, Mark, Part, Total
from indicators.counting.conditions import Conditions
from indicators.counting.evaluation import Figure, added, adds_up, joined
from indicators.counting.facts import Base, Fact, load_organisations
from indicators.counting.items import Cell, Item, gathered
from indicators.counting.queries import Shared, load_facts, with_held
from indicators.counting.spans import WHOLE, Bounds, bounds
from indicators.rules.rules import Rule

T = TypeVar("T")
_IN_THREAD = 20_000
_AT_ONCE = 200
"""Counting units whose facts are looked at together: a million facts at once would fill the
memory.
"""
WORTH_KEEPING = 100
"""Counting units: whoever counted more of them keeps them for the processes to come."""


class Parts:
    """One rule in one project, at the stamps that were read before anything else."""

    def __init__(
        self,
        project: Project,
        rule: Rule,
        book: Book,
        stamps: dict[int, int],
        moment: datetime,
        shared: Shared,
    ) -> None:
        self.project, self.rule, self.book, self.stamps, self.moment = (
            project,
            rule,
            book,
            stamps,
            moment,
        )
        self.base: Base = book.base
        self.digests, self.shared = book.digests, shared
        self.conditions = Conditions(rule, self.base)
        self.parts = book.of(rule)
        self.events: dict[int, list[int]] = {}
        for event, unit in self.conditions.unit_of.items():
            self.events.setdefault(unit, []).append(event)
        self._edges: dict[tuple[Bounds, int], Cell] = {}

    async def figure(self, limits: Bounds) -> Figure:
        """The figure within these bounds."""
        if limits.empty:
            return Figure()
        await self.refresh()
        inside, earlier, across = self._placed(limits)
        edges = await self._cut(limits, across)
        key = self.rule.model_dump_json()
        total = Total(Figure(), inside, earlier)
        held = self.book.totals.get((key, limits))
        if held and not edges and (known := totals.moved(self.rule, self.book, held, total)):
            total.figure = known
        else:
            size = sum(len(part.entries) for part in inside.values() if part.entries)
            total.figure = await threaded(lambda: self._together(total, edges), size)
        if not edges:
            self.book.totals[key, limits] = total
        return total.figure

    async def refresh(self, *, keep: bool = False) -> None:
        """Count every unit whose events have changed since; with `keep` also for the processes to
        come.
        """
        marks = {unit: self._mark(unit) for unit in self.events}
        stale = [
            unit
            for unit, mark in marks.items()
            if unit not in self.parts or self.parts[unit].mark != mark
        ]
        if len(stale) > WORTH_KEEPING:
            self.parts.update(
                await unit_rows.load(self.project.id, self.rule, self.book, marks, stale)
            )
            stale = [
                unit
                for unit in stale
                if unit not in self.parts or self.parts[unit].mark != marks[unit]
            ]
        for start in range(0, len(stale), _AT_ONCE):
            await self._count(stale[start : start + _AT_ONCE], marks)
        if stale:
            self.book.trim()
        if len(stale) > WORTH_KEEPING or (keep and stale):
            await unit_rows.keep(
                self.project.id, self.rule, self.book, {unit: self.parts[unit] for unit in stale}
            )

    def _together(self, total: Total, edges: list[Cell]) -> Figure:
        if adds_up(self.rule):
            parts = [part.figure for part in total.inside.values() if part.figure]
            return added([*parts, *[joined(self.rule, [cell]) for cell in edges]])
        return joined(self.rule, [*totals.cells(self.rule, self.book, total), *edges])

    def _placed(self, limits: Bounds) -> tuple[dict[int, Part], dict[int, Part], list[int]]:
        """Parts wholly inside, those wholly before that the rule looks back at, and the units that
        the bounds cut.
        """
        inside, earlier, across = {}, {}, []
        for unit in self.events:
            part = self.parts[unit]
            if (
                part.first is None
                or part.last is None
                or part.last < limits.floor
                or part.first >= limits.end
            ):
                continue
            if part.first >= limits.start and part.last < limits.end:
                inside[unit] = part
            elif part.first >= limits.floor and part.last < limits.start:
                if self.rule.once_per == "project":
                    earlier[unit] = part
            else:
                across.append(unit)
        return inside, earlier, across

    async def _cut(self, limits: Bounds, units: list[int]) -> list[Cell]:
        """The cells of units that the bounds cut, from their facts."""
        if missing := [unit for unit in units if (limits, unit) not in self._edges]:
            facts = await self._load(
                limits, [event for unit in missing for event in self.events[unit]], before=True
            )
            cells = self.conditions.cells(facts)
            for unit in missing:
                self._edges[limits, unit] = gathered(
                    self.conditions, cells.get(unit, []), limits.start, self.moment
                )
        return [
            Cell([_copy(i) for i in cell.items], cell.before)
            for cell in (self._edges[limits, u] for u in units)
        ]

    async def _count(self, units: list[int], marks: dict[int, Mark]) -> None:
        everything = bounds(self.project, self.rule.model_copy(update={"window": "any"}), WHOLE)
        events = [
            event for unit in units for event in self.events[unit] if self._may_have_facts(event)
        ]
        facts = await self._load(
            everything, None if 2 * len(events) > len(self.base.events) else events
        )
        cells = self.conditions.cells(facts)
        made = await threaded(
            lambda: {u: self._part(marks[u], cells.get(u, [])) for u in units}, len(facts)
        )
        self.parts.update(made)

    def _part(self, mark: Mark, facts: list[Fact]) -> Part:
        if not facts:
            return Part(mark, None, None)
        cell = gathered(self.conditions, facts, facts[0].at, self.moment)
        # a coarse fact says when the first of its sessions began, so the programme says when the
        # last could
        events = [self.base.events[event] for event in {fact.event for fact in facts}]
        starts = [unit.start for event in events for unit in event.units.values()]
        part = Part(mark, min([facts[0].at, *starts]), max([facts[-1].at, *starts]))
        if adds_up(self.rule):
            part.figure = joined(self.rule, [cell])
            part.figure.items = []
        else:
            part.entries = Entries(cell, self.book)
        return part

    def _mark(self, unit: int) -> Mark:
        """What the unit's facts were counted at; of events that have yet to begin, too."""
        events = self.events[unit]
        found: list[object] = [self.stamps.get(ORGANISATIONS, 0)]
        for event in events:
            found += [event, self.stamps.get(event, 0), self.digests[event]]
        if self.rule.unit in {"events", "delivered_hours"}:
            found += [self.base.events[event].starts_at <= self.moment for event in events]
        return tuple(found)

    def _may_have_facts(self, event: int) -> bool:
        return bool(self.stamps.get(event)) or self.base.events[event].held

    async def _load(
        self, limits: Bounds, events: list[int] | None, *, before: bool = False
    ) -> list[Fact]:
        facts = await load_facts(
            self.project, self.rule, limits, before=before, events=events, shared=self.shared
        )
        if any(
            fact.organisation and fact.organisation not in self.base.organisations for fact in facts
        ):
            self.base.organisations.update(await load_organisations(self.project))
        return with_held(self.rule, self.base, limits, facts, events)


ORGANISATIONS = -1
"""The stamp, beside those of events, that rises with a change of an organisation."""


async def threaded(work: Callable[[], T], size: int) -> T:
    """Run what takes long beside the loop."""
    return await asyncio.to_thread(work) if size > _IN_THREAD else work()


def _copy(item: Item) -> Item:
    return Item(
        item.gross,
        item.net,
        item.who,
        item.stage,
        item.at,
        item.weight,
        item.event,
        item.registration,
        item.faces,
    )
