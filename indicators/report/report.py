"""Indicators by reporting period: a value each, a cumulative value, and what changed in earlier,
submitted ones.
"""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.sessions.access import Actor
from events.projects.projects import Project
from indicators.cache.figures import Counting
from indicators.counting.evaluation import Figure, from_plain, plain
from indicators.counting.items import Item
from indicators.report.periods import FrozenFigure, Period
from indicators.rules.indicators import Indicator
from indicators.rules.rules import Rule


@dataclass(frozen=True)
class Correction:
    """What a submitted period's figure would be today, less what was submitted and corrected
    since.
    """

    period_id: int
    name: str
    submitted: int
    difference: int


@dataclass
class Column:
    """An indicator in a period, in the units of Figure (minutes for hours, hundredths for
    manual).
    """

    rule: Rule
    version: int
    figure: Figure
    cumulative: int
    corrections: list[Correction] = field(default_factory=list)
    frozen: bool = False

    @property
    def correction(self) -> int:
        """All corrections together."""
        return sum(one.difference for one in self.corrections)


class Reporting:
    """The periods of a project and what was frozen in them."""

    def __init__(
        self, counting: Counting, periods: list[Period], frozen: list[FrozenFigure]
    ) -> None:
        self.counting, self.periods = counting, periods
        self._frozen = {(one.period_id, one.indicator_id): one for one in frozen}

    @classmethod
    async def of(cls, counting: Counting) -> "Reporting":
        """Look them up, in order of time."""
        periods = await Period.filter(project_id=counting.project.id).order_by("starts_on", "id")
        frozen = (
            await FrozenFigure.filter(period_id__in=[p.id for p in periods if p.submitted_at])
            if periods
            else []
        )
        return cls(counting, periods, frozen)

    async def column(self, one: Indicator, period: Period) -> Column:
        """The indicator in the period: as submitted, or counted now with the corrections that fall
        into it.
        """
        if kept := self._frozen.get((period.id, one.id)):
            return self._submitted(kept)
        figure = await self.counting.figure(one.counting, period.span, indicator_id=one.id)
        cumulative = await self.counting.figure(
            one.counting, period.span.up_to, indicator_id=one.id
        )
        found = Column(one.counting, one.version, figure, cumulative.net)
        if not period.submitted_at:
            found.corrections = await self._corrections(one, period)
        return found

    def _submitted(self, kept: FrozenFigure) -> Column:
        names = {p.id: p.name for p in self.periods}
        corrections = [
            Correction(c["period"], names.get(c["period"], ""), c["submitted"], c["difference"])
            for c in kept.figure["corrections"]
        ]
        figure = from_plain(kept.figure["figure"])
        return Column(
            Rule.read(kept.figure["rule"]),
            kept.version,
            figure,
            kept.figure["cumulative"],
            corrections,
            True,
        )

    async def _corrections(self, one: Indicator, period: Period) -> list[Correction]:
        """Of every submitted period whose next open one this is."""
        place = self.periods.index(period)
        found = []
        for number, earlier in enumerate(self.periods[:place]):
            kept = self._frozen.get((earlier.id, one.id))
            between = self.periods[number + 1 : place]
            if not kept or any(not other.submitted_at for other in between):
                continue
            today = await self.counting.figure(
                Rule.read(kept.figure["rule"]), earlier.span, indicator_id=one.id
            )
            submitted = kept.figure["figure"]["net"]
            difference = today.net - submitted - self._corrected(earlier.id, one.id)
            if difference:
                found.append(Correction(earlier.id, earlier.name, submitted, difference))
        return found

    def _corrected(self, period_id: int, indicator_id: int) -> int:
        """What later submitted periods already said about it."""
        said = [
            kept.figure["corrections"]
            for (_p, i), kept in self._frozen.items()
            if i == indicator_id
        ]
        return sum(
            c["difference"] for corrections in said for c in corrections if c["period"] == period_id
        )


async def submit(project: Project, period: Period, actor: Actor) -> None:
    """Freeze every indicator of the project in this period."""
    counting = await Counting.of(project)
    reporting = await Reporting.of(counting)
    here = next(p for p in reporting.periods if p.id == period.id)
    figures = []
    for one in await Indicator.filter(project_id=project.id).order_by("position", "id"):
        column = await reporting.column(one, here)
        figures.append(
            FrozenFigure(
                indicator_id=one.id,
                version=one.version,
                figure={
                    "rule": column.rule.as_json(),
                    "figure": plain(column.figure),
                    "cumulative": column.cumulative,
                    "corrections": [
                        {
                            "period": c.period_id,
                            "submitted": c.submitted,
                            "difference": c.difference,
                        }
                        for c in column.corrections
                    ],
                },
                behind=await _behind(counting, one, period),
            )
        )
    await period.freeze(actor, figures)
    await counting.finish()


async def _behind(counting: Counting, one: Indicator, period: Period) -> list[object]:
    if one.counting.unit == "manual":
        return []
    figure = await counting.behind(one.counting, period.span)
    return [[i.registration, i.event, i.who, i.weight, i.reason, list(i.net)] for i in figure.items]


def thawed(kept: FrozenFigure, moment: datetime) -> Figure:
    """The list behind a frozen figure, as it was submitted."""
    items = [
        Item(tuple(net), tuple(net), who, 0, moment, weight, event, registration, ("",) * 6, reason)
        for registration, event, who, weight, reason, net in kept.behind
    ]
    figure = from_plain(kept.figure["figure"])
    figure.items = items
    return figure
