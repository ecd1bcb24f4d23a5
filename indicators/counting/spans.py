"""Spans of dates, inclusive, in a project's zone, and the window that a rule adds to them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import invalid
from core.i18n import _
from events.projects.projects import Project
from indicators.rules.rules import Rule

FIRST, LAST = date(1900, 1, 1), date(9998, 12, 31)


@dataclass(frozen=True)
class Span:
    """From the first to the last date, both inclusive; None is open."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        """Refuse a span that ends before it begins: a 422 that names `to`."""
        if self.first and self.last and self.last < self.first:
            raise invalid(to=_("The last day is before the first."))

    @property
    def up_to(self) -> "Span":
        """The cumulative span: everything until the last day."""
        return Span(None, self.last)

    def holds(self, day: date) -> bool:
        """Whether a date lies inside."""
        return (self.first or FIRST) <= day <= (self.last or LAST)


WHOLE = Span()


@dataclass(frozen=True)
class Bounds:
    """What to look at: facts with `floor <= starts_at < end`; those before `start` are known, but
    not of the span.
    """

    floor: datetime
    start: datetime
    end: datetime

    @property
    def empty(self) -> bool:
        """Whether nothing can lie inside."""
        return self.start >= self.end


def bounds(project: Project, rule: Rule, span: Span) -> Bounds:
    """The moments of a span under a rule's window."""
    floor, last = FIRST, LAST
    if rule.window == "project":
        floor, last = project.starts_on or FIRST, project.ends_on or LAST
    if rule.window == "year_after_end":
        floor, last = LAST, FIRST
        if project.ends_on:
            floor, last = project.ends_on + timedelta(days=1), _year_later(project.ends_on)
    start = max(floor, span.first or FIRST)
    return Bounds(
        _moment(floor, project),
        _moment(start, project),
        _moment(min(last, span.last or LAST), project, days=1),
    )


def _year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


def _moment(day: date, project: Project, days: int = 0) -> datetime:
    midnight = datetime.combine(day + timedelta(days=days), time(), ZoneInfo(project.timezone))
    return midnight.astimezone(UTC)
