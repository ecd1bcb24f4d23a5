"""Indicators as the pages show them: each against its target, with a second figure where a source
leaves it open.
"""

from dataclasses import dataclass, field
from typing import Any

from core.i18n import Lazy, _, fmt, text
from events.projects.projects import Project
from events.projects.series import Series
from indicators.cache.figures import Counting
from indicators.counting.evaluation import Figure
from indicators.counting.spans import WHOLE, Span
from indicators.report.periods import Period
from indicators.report.report import Column, Reporting
from indicators.report.serializers import amount, name_of, number, unit_word
from indicators.rules import words
from indicators.rules.indicators import Indicator
from indicators.rules.rules import Rule
from indicators.rules.sentences import sentence

_OTHER: dict[str, tuple[str, Lazy]] = {
    "participations": ("people", _("people")),
    "people": ("participations", _("participations")),
    "delivered_hours": ("participant_hours", _("hours attended")),
    "participant_hours": ("delivered_hours", _("hours delivered")),
}
"""What a source may have meant instead."""


@dataclass
class Card:
    """An indicator on a page. Numbers as shown; `beside` is the figure that its source may have
    meant instead.
    """

    one: Indicator
    name: str
    unit: str
    net: int | float
    target: int | float | None
    reported: int | float | None
    beside: tuple[str, str] | None = None
    columns: list[Column] = field(default_factory=list)
    minutes: int | None = None
    """The figure in minutes, when it is hours."""

    def shown(self, value: int) -> int | float:
        """A number of its columns, for files."""
        return amount(self.one.counting, value)

    def said(self, value: int) -> str:
        """A number of its columns in words: hours with two decimals."""
        return said_number(self.one.counting, value)

    def counted(self, value: float | str) -> str:
        """The word beside a number."""
        return self.unit if isinstance(value, str) else unit_word(self.one, value)

    @property
    def number(self) -> int | float | str:
        """The figure itself as shown."""
        return self.net if self.minutes is None else fmt.hours(self.minutes)


def said_number(rule: Rule, value: int) -> str:
    """A count of a figure as people read it: hours with two decimals."""
    return fmt.hours(value) if rule.in_hours else fmt.number(amount(rule, value))


async def cards(project: Project, counting: Counting) -> list[Card]:
    """Every indicator of the project, over the whole of it."""
    return [
        await card(counting, one)
        for one in await Indicator.filter(project_id=project.id).order_by("position", "id")
    ]


async def card(
    counting: Counting, one: Indicator, span: Span = WHOLE, figure: Figure | None = None
) -> Card:
    """One indicator in a span."""
    rule = one.counting
    figure = figure or await counting.figure(rule, span, indicator_id=one.id)
    found = Card(
        one,
        name_of(one),
        unit_word(one),
        amount(rule, figure.net),
        number(one.target),
        number(one.reported),
    )
    found.minutes = figure.net if rule.in_hours else None
    if one.note and rule.unit in _OTHER:
        unit, word = _OTHER[rule.unit]
        other = Rule.read({**rule.as_json(), "unit": unit})
        beside = await counting.figure(other, span)
        if amount(other, beside.net) != found.net:
            found.beside = said_number(other, beside.net), str(word)
    return found


async def with_columns(
    found: list[Card], counting: Counting, only: Period | None = None
) -> list[Period]:
    """Add each period's column to each card, or that of one period; answers the periods."""
    reporting = await Reporting.of(counting)
    periods = [p for p in reporting.periods if only is None or p.id == only.id]
    for one in found:
        one.columns = [await reporting.column(one.one, period) for period in periods]
    return periods


async def said(project: Project, rule: Rule) -> str:
    """A rule's sentence with the names of its series."""
    names = {}
    if rule.series:
        names = {str(one.id): text(one.title) for one in await Series.filter(project_id=project.id)}
    return sentence(rule, names)


def breakdowns(figure: Figure) -> list[dict[str, Any]]:
    """Each breakdown with its buckets as (word, number as in the figure), the largest first, not
    stated last.
    """
    found = []
    for name, word in words.DIMENSIONS.items():
        buckets = figure.by[name]
        keys = sorted((k for k in buckets if k != words.NOT_STATED), key=lambda k: (-buckets[k], k))
        if name == "age":
            keys = [k for k in words.AGES if k in buckets]
        if buckets.get(words.NOT_STATED):
            keys.append(words.NOT_STATED)
        stated = any(k != words.NOT_STATED for k in keys)
        items = [(words.bucket(name, k), buckets[k]) for k in keys]
        found.append({"name": name, "word": word, "items": items, "stated": stated})
    return found


def split(one: Indicator, rule: Rule, figure: Figure) -> list[tuple[str, int | float, int | float]]:
    """What was reported by bucket (a country, a direction) beside what is counted: (word, reported,
    counted).
    """
    found = []
    for key, value in one.split.items():
        dimension = "direction" if " to " in key else "country"
        counted = amount(rule, figure.by.get(dimension, {}).get(key, 0))
        found.append((words.bucket(dimension, key), number(float(str(value))) or 0, counted))
    return found
