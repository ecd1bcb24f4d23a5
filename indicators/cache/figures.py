"""Figures of a project: facts brought up to date, loaded once for all rules of a request, kept
while they hold.
"""

from datetime import datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

from checkin.attendance.attendance import settle
from core.clock import now
from events.projects.projects import Project
from indicators.cache import figure_rows, memory
from indicators.cache.figure_rows import FigureSummary
from indicators.cache.memory import Book
from indicators.cache.parts import ORGANISATIONS, Parts, threaded
from indicators.counting.conditions import Conditions
from indicators.counting.evaluation import (
    Figure,
    adds_up,
    evaluate,
    from_plain,
    partners,
    plain,
    summed,
)
from indicators.counting.facts import Base, load_base
from indicators.counting.items import Item
from indicators.counting.queries import Shared, facts_of, load_facts, with_held
from indicators.counting.spans import WHOLE, Span, bounds
from indicators.rules.indicators import Indicator, ManualValue
from indicators.rules.rules import Rule

WORTH_KEEPING = 0.02
"""Seconds: a figure that took longer is kept; below, the write would cost more than the count."""


class Counting:
    """Figures of one project at this moment. Make one per request: it loads what several rules
    share only once.
    """

    def __init__(self, project: Project, stamps: dict[int, int], moment: datetime) -> None:
        self.project, self.stamps, self.moment = project, stamps, moment
        self.stamp = sum(stamps.values())
        self._base: Base | None = None
        self._book: Book | None = None
        self._parts: dict[str, Parts] = {}
        self._kept: dict[str, dict[str, Any]] | None = None
        self._new: list[FigureSummary] = []
        self._shared: Shared = {}

    @classmethod
    async def of(cls, project: Project) -> "Counting":
        """Bring attendance up to date with every acknowledged scan, then count."""
        await settle(project.id)
        return cls(project, await figure_rows.stamps_of(project.id), now())

    async def base(self) -> Base:
        """The project's events and organisations, their titles too, as they are now."""
        if self._base is None:
            self._base = await load_base(self.project)
        return self._base

    async def book(self) -> Book:
        """What this process holds of the project."""
        if self._book is None:
            number = self.stamps.get(0, 0), self.stamps.get(ORGANISATIONS, 0)
            book = memory.kept(self.project.id)
            if not book:
                book = Book(number, await self.base())
                memory.keep(self.project.id, book)
            elif book.number != number:
                book.renew(number, await self.base())
            self._book = book
        return self._book

    async def figure(
        self, rule: Rule, span: Span = WHOLE, *, indicator_id: int | None = None
    ) -> Figure:
        """The figure of a rule in a span, without the list behind it. Manual ones need their
        indicator.
        """
        if rule.unit == "manual":
            return await self._manual(indicator_id, span)
        if self._kept is None:
            self._kept = await figure_rows.kept(self.project.id, self.stamp, self.moment)
        key = figure_rows.key_of(rule, span)
        if found := self._kept.get(key):
            return from_plain(found)
        began = perf_counter()
        figure = await self.counted(rule, span)
        if perf_counter() - began > WORTH_KEEPING:
            self._new.append(await self._summary(rule, span, key, figure))
        return figure

    async def counted(self, rule: Rule, span: Span = WHOLE) -> Figure:
        """The figure from its counting units, whatever is kept of the whole; not of manual
        rules.
        """
        book = await self.book()
        if rule.unit == "partners":
            return partners(rule, book.base)
        return await self._parts_of(rule, book).figure(bounds(self.project, rule, span))

    def _parts_of(self, rule: Rule, book: Book) -> Parts:
        key = rule.model_dump_json()
        if key not in self._parts:
            self._parts[key] = Parts(
                self.project, rule, book, self.stamps, self.moment, self._shared
            )
        return self._parts[key]

    async def ahead(self, rule: Rule) -> None:
        """Count what has changed, and keep it for other processes."""
        if rule.unit not in {"manual", "partners"}:
            await self._parts_of(rule, await self.book()).refresh(keep=True)

    async def behind(self, rule: Rule, span: Span = WHOLE) -> Figure:
        """The figure counted in full from all facts, with the list behind it."""
        base = await self.base()
        if rule.unit == "partners":
            return partners(rule, base)
        limits = bounds(self.project, rule, span)
        facts = await load_facts(self.project, rule, limits, before=True)
        facts = with_held(rule, base, limits, facts)
        return await threaded(
            lambda: evaluate(rule, base, facts, limits.start, self.moment), len(facts)
        )

    async def behind_events(self, rule: Rule, span: Span, events: list[int]) -> list[Item]:
        """What is behind a figure at some events, from the facts of those whom they concern."""
        base = (await self.book()).base
        conditions, limits = Conditions(rule, base), bounds(self.project, rule, span)
        of_all = rule.joint == "organised_and_attended" or (
            rule.unit == "organisations" and conditions.by_share
        )
        if of_all and not adds_up(rule):
            return [item for item in (await self.behind(rule, span)).items if item.event in events]
        units = {conditions.unit_of[event] for event in events}
        inside = [event for event, unit in conditions.unit_of.items() if unit in units]
        facts = await load_facts(self.project, rule, limits, before=True, events=inside)
        if rule.unit == "organisations":
            roots = {
                base.organisations[fact.organisation].root for fact in facts if fact.organisation
            }
            theirs = [
                identity for identity, found in base.organisations.items() if found.root in roots
            ]
            facts = await facts_of(self.project, rule, limits, [], theirs)
        elif not adds_up(rule):
            facts = await facts_of(
                self.project, rule, limits, list({fact.root for fact in facts}), []
            )
        facts = with_held(rule, base, limits, facts, inside)
        figure = await threaded(
            lambda: evaluate(rule, base, facts, limits.start, self.moment), len(facts)
        )
        return [item for item in figure.items if item.event in events]

    async def finish(self) -> None:
        """Keep what took long."""
        new, self._new = self._new, []
        if new:
            await figure_rows.keep(new)

    async def _manual(self, indicator_id: int | None, span: Span) -> Figure:
        values = await ManualValue.filter(indicator_id=indicator_id, withdrawn_at=None)
        return summed(
            sum(int(value.value * Decimal(100)) for value in values if span.holds(value.ends_on))
        )

    async def _summary(self, rule: Rule, span: Span, key: str, figure: Figure) -> FigureSummary:
        events = (await self.book()).base.events.values()
        coming = [e.starts_at for e in events if e.starts_at > self.moment]
        begins = rule.unit in {"events", "delivered_hours"} and coming
        return FigureSummary(
            project_id=self.project.id,
            key=key,
            stamp=self.stamp,
            until=min(coming) if begins else None,
            rule=rule.as_json(),
            starts_on=span.first,
            ends_on=span.last,
            figure=plain(figure),
        )


async def figure(project: Project, rule: Rule, span: Span = WHOLE) -> Figure:
    """One figure, with the list behind it."""
    return await (await Counting.of(project)).behind(rule, span)


async def recount(project: Project) -> list[str]:
    """Compare what is kept with a full count; a line for each that differs.

    Kept are figures that claim to be right, and the counting units that the figures of all
    indicators are made of.
    """
    counting = await Counting.of(project)
    full: dict[str, dict[str, Any]] = {}

    async def differs(rule: Rule, span: Span, said: dict[str, Any]) -> str:
        key = figure_rows.key_of(rule, span)
        if key not in full:
            full[key] = plain(await counting.behind(rule, span))
        net = full[key]["net"]
        return (
            ""
            if full[key] == said
            else f"{rule.unit} {span.first or ''}–{span.last or ''}: {said['net']} ≠ {net}"
        )

    different = [
        await differs(Rule.read(one.rule), Span(one.starts_on, one.ends_on), one.figure)
        for one in await FigureSummary.filter(project_id=project.id, stamp=counting.stamp)
        if not one.until or one.until > counting.moment
    ]
    rules = [one.counting for one in await Indicator.filter(project_id=project.id).order_by("id")]
    different += [
        await differs(rule, WHOLE, plain(await counting.counted(rule)))
        for rule in rules
        if rule.unit != "manual"
    ]
    return list(dict.fromkeys(line for line in different if line))
