"""Updates a figure when one of its counting units has changed: minus the old, plus the new."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import chain

from indicators.cache.memory import Book, Part, Total
from indicators.counting.conditions import STAGES
from indicators.counting.evaluation import ByEvent, Figure, added, adds_up, joined
from indicators.counting.items import Cell
from indicators.rules.rules import Rule
from indicators.rules.words import DIMENSIONS, NOT_STATED

_FEW = 0.2
"""The share of parts that may differ: beyond it adding up anew costs less."""


def cells(
    rule: Rule, book: Book, total: Total, only: AbstractSet[int] | None = None
) -> Iterable[Cell]:
    """What a sum is joined from: of everybody, or of some people or organisations only."""
    for part in total.inside.values():
        if part.entries:
            yield part.entries.cell(book, only)
    if rule.once_per == "project":
        before = chain.from_iterable(
            part.entries.passed() for part in total.earlier.values() if part.entries
        )
        yield Cell([], {who for who in before if only is None or who in only})


def moved(rule: Rule, book: Book, held: Total, now: Total) -> Figure | None:
    """The figure of `now`, from that of `held`; None when too much differs.

    Whoever counts counts by himself: only those who are in a part that differs can come to
    something else.
    """
    gone, come = _differ(held.inside, now.inside)
    gone_before, come_before = _differ(held.earlier, now.earlier)
    number = len(gone) + len(come) + len(gone_before) + len(come_before)
    if not number:
        return held.figure
    if number > 2 + _FEW * len(now.inside):
        return None
    if adds_up(rule):
        return changed(held.figure, added(_figures(gone)), added(_figures(come)))
    concerned = {
        who
        for part in (*gone, *come, *gone_before, *come_before)
        if part.entries
        for who in part.entries.net
    }
    old = joined(rule, cells(rule, book, held, concerned))
    return changed(held.figure, old, joined(rule, cells(rule, book, now, concerned)))


def _differ(held: dict[int, Part], now: dict[int, Part]) -> tuple[list[Part], list[Part]]:
    gone = [part for unit, part in held.items() if now.get(unit) is not part]
    return gone, [part for unit, part in now.items() if held.get(unit) is not part]


def _figures(parts: Iterable[Part]) -> Iterable[Figure]:
    return (part.figure for part in parts if part.figure)


def changed(total: Figure, less: Figure, more: Figure) -> Figure:
    """A figure less one that is in it and with another, without the lists behind them."""
    by = {name: _sum(total.by[name], less.by[name], more.by[name]) for name in DIMENSIONS}
    for buckets in by.values():
        buckets.setdefault(NOT_STATED, 0)
    excluded = _sum(total.excluded, less.excluded, more.excluded)
    return Figure(
        total.gross - less.gross + more.gross,
        {reason: excluded[reason] for reason in STAGES if reason in excluded},
        total.net - less.net + more.net,
        by,
        [],
        _events(total.events, less.events, more.events),
        _events(total.things, less.things, more.things),
    )


def _events(total: ByEvent, less: ByEvent, more: ByEvent) -> ByEvent:
    found = dict(total)
    for event in {*less, *more}:
        found[event] = _sum(
            found.get(event, {}), less.get(event, {}), more.get(event, {}), more=True
        )
        if not found[event]:
            del found[event]
    return found


def _sum(
    total: dict[str, int], less: dict[str, int], add: dict[str, int], *, more: bool = False
) -> dict[str, int]:
    """By bucket; one at nothing goes, but with `more` for those that are added."""
    found = Counter(total)
    found.subtract(less)
    found.update(add)
    return {key: count for key, count in found.items() if count or (more and key in add)}
