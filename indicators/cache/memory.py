"""In-memory cache of counted units: after a scan only the units of its event are counted again.

A unit is used as long as its events, and their stamps (indicators/cache/figure_rows.py), are those
that it was counted with. So a figure made of units equals the figure of all facts; `viesis recount`
and the tests compare them.
"""

import hashlib
from array import array
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TypeVar

from core import settings
from core.memory.lru import LRU
from indicators.counting.conditions import PASSES
from indicators.counting.evaluation import Figure
from indicators.counting.facts import Base
from indicators.counting.items import Cell, Faces, Item
from indicators.counting.spans import Bounds
from indicators.rules.rules import Rule

T = TypeVar("T")

MOST_BOOKS = 20
MOST_ENTRIES = 4_000_000
"""Things held for rules that do not add up, about 40 bytes each."""
MOST_TOTALS = 200
"""Sums held of a project: a rule in a span each."""

Columns = list[list[int]]
Mark = tuple[object, ...]
"""What a counting unit was counted at: equal ones have equal parts."""


class Entries:
    """The items of a counting unit in little space: equal moments and faces are kept once for the
    whole book.
    """

    def __init__(self, cell: Cell, book: "Book") -> None:
        self.gross, self.net, self.units = array("q"), array("q"), array("q")
        self.stages, self.events, self.registrations = array("b"), array("q"), array("q")
        self.moments, self.faces = array("i"), array("i")
        for item in cell.items:
            self.gross.append(item.gross[0])
            self.net.append(item.net[0])
            self.units.append(item.gross[1] if len(item.gross) > 1 else 0)
            self.stages.append(item.stage)
            self.events.append(item.event)
            self.registrations.append(item.registration)
            self.moments.append(book.moment(item.at))
            self.faces.append(book.face(item.faces))

    @classmethod
    def of(cls, columns: Columns, moments: list[int], faces: list[int]) -> "Entries":
        """Out of what `told` answered, by the book's numbers of its moments and faces."""
        found = cls.__new__(cls)
        found.gross, found.net, found.units = (array("q", column) for column in columns[:3])
        found.stages, found.events, found.registrations = (
            array("b", columns[3]),
            array("q", columns[4]),
            array("q", columns[5]),
        )
        found.moments = array("i", [moments[at] for at in columns[6]])
        found.faces = array("i", [faces[face] for face in columns[7]])
        return found

    def told(self) -> tuple[Columns, list[int], list[int]]:
        """By column, with places in the two lists that follow: the book's numbers of moments and of
        faces.
        """
        moments, faces = sorted(set(self.moments)), sorted(set(self.faces))
        at = {number: place for place, number in enumerate(moments)}
        face = {number: place for place, number in enumerate(faces)}
        plain = [self.gross, self.net, self.units, self.stages, self.events, self.registrations]
        columns = [column.tolist() for column in plain]
        return (
            [*columns, [at[n] for n in self.moments], [face[n] for n in self.faces]],
            moments,
            faces,
        )

    def __len__(self) -> int:
        return len(self.gross)

    def passed(self) -> set[int]:
        """Whoever counts here."""
        return {who for who, stage in zip(self.net, self.stages, strict=True) if stage == PASSES}

    def cell(self, book: "Book", only: AbstractSet[int] | None = None) -> Cell:
        """The items again, each a new one; or those of some people or organisations only."""
        if only is not None and only.isdisjoint(self.net):
            return Cell([], set())
        columns = zip(
            self.gross,
            self.net,
            self.units,
            self.stages,
            self.moments,
            self.events,
            self.registrations,
            self.faces,
            strict=True,
        )
        moments, faces = book.moments, book.faces
        return Cell(
            [
                Item(
                    (g, u) if u else (g,),
                    (n, u) if u else (n,),
                    n,
                    stage,
                    moments[at],
                    1,
                    event,
                    registration,
                    faces[face],
                )
                for g, n, u, stage, at, event, registration, face in columns
                if only is None or n in only
            ],
            set(),
        )


@dataclass(slots=True)
class Part:
    """A counting unit by one rule: all of its facts, from the first to the last, at this mark."""

    mark: Mark
    first: datetime | None
    last: datetime | None
    figure: Figure | None = None
    entries: Entries | None = None


@dataclass
class Total:
    """A sum of parts: those inside the span, and those before it that a rule looks back at."""

    figure: Figure
    inside: dict[int, Part]
    earlier: dict[int, Part]


@dataclass
class Book:
    """A project's parts, by rule and counting unit. `base` is its programme when its own stamps
    were `number`.
    """

    number: Mark
    base: Base
    digests: dict[int, str] = field(default_factory=dict)
    parts: dict[str, dict[int, Part]] = field(default_factory=dict)
    totals: LRU[tuple[str, Bounds], Total] = field(default_factory=lambda: LRU(MOST_TOTALS))
    moments: list[datetime] = field(default_factory=list)
    faces: list[Faces] = field(default_factory=list)
    _moments: dict[datetime, int] = field(default_factory=dict)
    _faces: dict[Faces, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Sum up what every event is."""
        self.digests = digests(self.base)

    def renew(self, number: Mark, base: Base) -> None:
        """Take in the programme as it is now; what was counted of events that stayed as they were
        stays too.
        """
        self.base, self.digests, self.number = base, digests(base), number

    def moment(self, at: datetime) -> int:
        """The number of a moment."""
        return _numbered(at, self._moments, self.moments, self._lock)

    def face(self, faces: Faces) -> int:
        """The number of what is said for the breakdowns."""
        return _numbered(faces, self._faces, self.faces, self._lock)

    def of(self, rule: Rule) -> dict[int, Part]:
        """The parts of a rule, which is now the one asked for last."""
        key = rule.model_dump_json()
        found = self.parts[key] = self.parts.pop(key, {})
        return found

    def trim(self) -> None:
        """Let go of the rules not asked for longest when there is too much."""
        while (
            sum(
                len(p.entries) for parts in self.parts.values() for p in parts.values() if p.entries
            )
            > MOST_ENTRIES
        ):
            gone = next(iter(self.parts))
            self.parts.pop(gone)
            for key in [key for key in self.totals if key[0] == gone]:
                self.totals.pop(key)


def digests(base: Base) -> dict[int, str]:
    """What every event is for counting, in short: equal while nothing changes that a figure could
    rest on.
    """
    return {
        event.id: hashlib.sha256(repr((base.zone, event.counts)).encode()).hexdigest()[:16]
        for event in base.events.values()
    }


def _numbered(value: T, numbers: dict[T, int], values: list[T], lock: Lock) -> int:
    """The place of a value in a list that threads add to."""
    found = numbers.get(value)
    if found is None:
        with lock:
            found = numbers.get(value)
            if found is None:
                values.append(value)
                found = numbers[value] = len(values) - 1
    return found


_books: LRU[tuple[str, int], Book] = LRU(MOST_BOOKS)


def kept(project_id: int) -> Book | None:
    """The book of this project, if there is one."""
    return _books.get((settings.get().database_url, project_id))


def keep(project_id: int, book: Book) -> None:
    """Hold a book; the ones not used for longest go."""
    _books[settings.get().database_url, project_id] = book


def forget() -> None:
    """Begin with nothing, as a new process does."""
    _books.clear()
