"""Figures of a project: facts brought up to date, loaded once for all rules of a request, kept while they hold."""

from datetime import datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

from checkin.attendance import settle
from core.clock import now
from events.projects import Project
from indicators import books, summaries
from indicators.books import Book
from indicators.evaluation import Figure, evaluate, partners, summed
from indicators.facts import Base, load_base
from indicators.indicators import ManualValue
from indicators.loading import load_facts, with_held
from indicators.parts import Parts, threaded
from indicators.rules import Rule
from indicators.spans import WHOLE, Span, bounds
from indicators.summaries import FigureSummary

WORTH_KEEPING = 0.02
"""Seconds: a figure that took longer is kept; below, the write would cost more than the count."""


class Counting:
    """Figures of one project at this moment. Make one per request: it loads what several rules share only once."""

    def __init__(self, project: Project, stamps: dict[int, int], moment: datetime) -> None:
        self.project, self.stamps, self.moment = project, stamps, moment
        self.stamp = sum(stamps.values())
        self._base: Base | None = None
        self._book: Book | None = None
        self._parts: dict[str, Parts] = {}
        self._kept: dict[str, dict[str, Any]] | None = None
        self._new: list[FigureSummary] = []

    @classmethod
    async def of(cls, project: Project) -> "Counting":
        """Bring attendance up to date with every acknowledged scan, then count."""
        await settle(project.id)
        return cls(project, await summaries.stamps_of(project.id), now())

    async def base(self) -> Base:
        """The project's events and organisations, their titles too, as they are now."""
        if self._base is None:
            self._base = await load_base(self.project)
        return self._base

    async def book(self) -> Book:
        """What this process holds of the project."""
        if self._book is None:
            number = self.stamps.get(0, 0)
            self._book = books.kept(self.project.id, number) or Book(number, await self.base())
            books.keep(self.project.id, self._book)
        return self._book

    async def figure(self, rule: Rule, span: Span = WHOLE, *, indicator_id: int | None = None) -> Figure:
        """The figure of a rule in a span, without the list behind it. Manual ones need their indicator."""
        if rule.unit == "manual":
            return await self._manual(indicator_id, span)
        if self._kept is None:
            self._kept = await summaries.kept(self.project.id, self.stamp, self.moment)
        key = summaries.key_of(rule, span)
        if found := self._kept.get(key):
            return from_plain(found)
        began = perf_counter()
        figure = await self._counted(rule, span)
        if perf_counter() - began > WORTH_KEEPING:
            self._new.append(await self._summary(rule, span, key, figure))
        return figure

    async def _counted(self, rule: Rule, span: Span) -> Figure:
        book = await self.book()
        if rule.unit == "partners":
            return partners(rule, book.base)
        key = rule.model_dump_json()
        if key not in self._parts:
            self._parts[key] = Parts(self.project, rule, book, self.stamps, self.moment)
        return await self._parts[key].figure(bounds(self.project, rule, span))

    async def behind(self, rule: Rule, span: Span = WHOLE) -> Figure:
        """The figure counted in full from all facts, with the list behind it."""
        base = await self.base()
        if rule.unit == "partners":
            return partners(rule, base)
        limits = bounds(self.project, rule, span)
        facts = await load_facts(self.project, rule, limits, before=True)
        facts = with_held(rule, base, limits, facts)
        return await threaded(lambda: evaluate(rule, base, facts, limits.start, self.moment), len(facts))

    async def finish(self) -> None:
        """Keep what took long."""
        new, self._new = self._new, []
        if new:
            await summaries.keep(new)

    async def _manual(self, indicator_id: int | None, span: Span) -> Figure:
        values = await ManualValue.filter(indicator_id=indicator_id, withdrawn_at=None)
        return summed(sum(int(value.value * Decimal(100)) for value in values if span.holds(value.ends_on)))

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
    """Compare every kept figure that claims to be right with a full count; a line for each that differs."""
    counting = await Counting.of(project)
    different = []
    for one in await FigureSummary.filter(project_id=project.id, stamp=counting.stamp):
        if one.until and one.until <= counting.moment:
            continue
        full = plain(await counting.behind(Rule.read(one.rule), Span(one.starts_on, one.ends_on)))
        if full != one.figure:
            different.append(
                f"{one.rule['unit']} {one.starts_on or ''}–{one.ends_on or ''}: {one.figure['net']} ≠ {full['net']}"
            )
    return different


def plain(figure: Figure) -> dict[str, Any]:
    """A figure as JSON, without the list behind it."""
    events = {str(event): numbers for event, numbers in sorted(figure.events.items())}
    return {"gross": figure.gross, "excluded": figure.excluded, "net": figure.net, "by": figure.by, "events": events}


def from_plain(found: dict[str, Any]) -> Figure:
    """The figure again, from JSON."""
    events = {int(event): numbers for event, numbers in found["events"].items()}
    return Figure(found["gross"], found["excluded"], found["net"], found["by"], events=events)
