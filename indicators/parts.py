"""A figure from its counting units: what is held of them, and what must be counted because something changed there."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from events.projects import Project
from indicators.books import Book, Entries, Part
from indicators.conditions import Conditions
from indicators.evaluation import Figure, added, adds_up, joined
from indicators.facts import Fact, load_organisations
from indicators.items import Cell, Item, gathered
from indicators.loading import load_facts, with_held
from indicators.rules import Rule
from indicators.spans import WHOLE, Bounds, bounds

T = TypeVar("T")
_IN_THREAD = 20_000


class Parts:
    """One rule in one project, at the stamps that were read before anything else."""

    def __init__(self, project: Project, rule: Rule, book: Book, stamps: dict[int, int], moment: datetime) -> None:
        self.project, self.rule, self.book, self.stamps, self.moment = project, rule, book, stamps, moment
        self.conditions = Conditions(rule, book.base)
        self.parts = book.of(rule)
        self.events: dict[int, list[int]] = {}
        for event, unit in self.conditions.unit_of.items():
            self.events.setdefault(unit, []).append(event)
        self._edges: dict[tuple[Bounds, int], Cell] = {}

    async def figure(self, limits: Bounds) -> Figure:
        """The figure within these bounds."""
        if limits.empty:
            return Figure()
        await self._refresh()
        inside, earlier, across = self._placed(limits)
        edges = await self._cut(limits, across)
        return await threaded(lambda: self._together(inside, earlier, edges), self._size(inside))

    def _together(self, inside: list[Part], earlier: list[Part], edges: list[Cell]) -> Figure:
        if adds_up(self.rule):
            parts = [part.figure for part in inside if part.figure]
            return added([*parts, *[joined(self.rule, [cell]) for cell in edges]])
        cells = [part.entries.cell(self.book) for part in inside if part.entries]
        before: set[int] = set()
        if self.rule.once_per == "project":
            for part in earlier:
                before |= part.entries.passed() if part.entries else set()
        return joined(self.rule, [*cells, *edges, Cell([], before)])

    def _size(self, parts: list[Part]) -> int:
        return sum(len(part.entries) for part in parts if part.entries)

    def _placed(self, limits: Bounds) -> tuple[list[Part], list[Part], list[int]]:
        """Parts wholly inside, those wholly before, and the units that the bounds cut."""
        inside, earlier, across = [], [], []
        for unit, part in self.parts.items():
            if part.first is None or part.last is None or part.last < limits.floor or part.first >= limits.end:
                continue
            if part.first >= limits.start and part.last < limits.end:
                inside.append(part)
            elif part.first >= limits.floor and part.last < limits.start:
                earlier.append(part)
            else:
                across.append(unit)
        return inside, earlier, across

    async def _cut(self, limits: Bounds, units: list[int]) -> list[Cell]:
        """The cells of units that the bounds cut, from their facts."""
        if missing := [unit for unit in units if (limits, unit) not in self._edges]:
            facts = await self._load(limits, [event for unit in missing for event in self.events[unit]], before=True)
            cells = self.conditions.cells(facts)
            for unit in missing:
                self._edges[limits, unit] = gathered(self.conditions, cells.get(unit, []), limits.start, self.moment)
        return [Cell([_copy(i) for i in cell.items], cell.before) for cell in (self._edges[limits, u] for u in units)]

    async def _refresh(self) -> None:
        """Count every unit whose events have changed since."""
        parts = self.parts
        wanted = {unit: self._stamps(events) for unit, events in self.events.items()}
        stale = [unit for unit, stamps in wanted.items() if unit not in parts or parts[unit].stamps != stamps]
        if not stale:
            return
        everything = bounds(self.project, self.rule.model_copy(update={"window": "any"}), WHOLE)
        events = [event for unit in stale for event in self.events[unit] if self._may_have_facts(event)]
        facts = await self._load(everything, None if 2 * len(events) > len(self.book.base.events) else events)
        cells = self.conditions.cells(facts)
        made = await threaded(lambda: {u: self._part(wanted[u], cells.get(u, [])) for u in stale}, len(facts))
        parts.update(made)
        self.book.trim()

    def _part(self, stamps: tuple[int, ...], facts: list[Fact]) -> Part:
        if not facts:
            return Part(stamps, None, None)
        cell = gathered(self.conditions, facts, facts[0].at, self.moment)
        # a coarse fact says when the first of its sessions began, so the programme says when the last could
        events = [self.book.base.events[event] for event in {fact.event for fact in facts}]
        starts = [unit.start for event in events for unit in event.units.values()]
        part = Part(stamps, min([facts[0].at, *starts]), max([facts[-1].at, *starts]))
        if adds_up(self.rule):
            part.figure = joined(self.rule, [cell])
            part.figure.items = []
        else:
            part.entries = Entries(cell, self.book)
        return part

    def _stamps(self, events: Iterable[int]) -> tuple[int, ...]:
        """What the unit's facts were counted at; of events that have yet to begin, too."""
        found = [self.stamps.get(event, 0) for event in events]
        if self.rule.unit in {"events", "delivered_hours"}:
            found += [int(self.book.base.events[event].starts_at <= self.moment) for event in events]
        return tuple(found)

    def _may_have_facts(self, event: int) -> bool:
        return bool(self.stamps.get(event)) or self.book.base.events[event].held

    async def _load(self, limits: Bounds, events: list[int] | None, *, before: bool = False) -> list[Fact]:
        facts = await load_facts(self.project, self.rule, limits, before=before, events=events)
        base = self.book.base
        if any(fact.organisation and fact.organisation not in base.organisations for fact in facts):
            base.organisations.update(await load_organisations(self.project))
        return with_held(self.rule, self.book.base, limits, facts, events)


async def threaded(work: Callable[[], T], size: int) -> T:
    """Run what takes long beside the loop."""
    return await asyncio.to_thread(work) if size > _IN_THREAD else work()


def _copy(item: Item) -> Item:
    return Item(
        item.gross, item.net, item.who, item.stage, item.at, item.weight, item.event, item.registration, item.faces
    )
