"""What a process has counted, by counting unit, and still holds: after a scan only its event is counted again.

A part is used while the stamps of its events are what they were when it was counted (indicators/summaries.py), so a
figure from parts is exactly the figure from all facts; `viesis recount` and the tests compare them.
"""

from array import array
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TypeVar

from core import settings
from indicators.conditions import PASSES
from indicators.evaluation import Figure
from indicators.facts import Base
from indicators.items import Cell, Faces, Item
from indicators.rules import Rule

T = TypeVar("T")

MOST_BOOKS = 20
MOST_ENTRIES = 4_000_000
"""Things held for rules that do not add up, about 40 bytes each."""


class Entries:
    """The items of a counting unit in little space: equal moments and faces are kept once for the whole book."""

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

    def __len__(self) -> int:
        return len(self.gross)

    def passed(self) -> set[int]:
        """Whoever counts here."""
        return {who for who, stage in zip(self.net, self.stages, strict=True) if stage == PASSES}

    def cell(self, book: "Book") -> Cell:
        """The items again, each a new one."""
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
            ],
            set(),
        )


@dataclass(slots=True)
class Part:
    """A counting unit by one rule: all of its facts, from the first to the last, at these stamps."""

    stamps: tuple[int, ...]
    first: datetime | None
    last: datetime | None
    figure: Figure | None = None
    entries: Entries | None = None


@dataclass
class Book:
    """A project's parts, by rule and counting unit; `number` is the project's own stamp, of what concerns all of it."""

    number: int
    base: Base
    parts: dict[str, dict[int, Part]] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)
    faces: list[Faces] = field(default_factory=list)
    _moments: dict[datetime, int] = field(default_factory=dict)
    _faces: dict[Faces, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

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
        while sum(len(p.entries) for parts in self.parts.values() for p in parts.values() if p.entries) > MOST_ENTRIES:
            self.parts.pop(next(iter(self.parts)))


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


_books: OrderedDict[tuple[str, int], Book] = OrderedDict()


def kept(project_id: int, number: int) -> Book | None:
    """The book of this project, if nothing changed that concerns all of it."""
    key = (settings.get().database_url, project_id)
    book = _books.get(key)
    if book and book.number == number:
        _books.move_to_end(key)
        return book
    return None


def keep(project_id: int, book: Book) -> None:
    """Hold a book; the ones not used for longest go."""
    _books[settings.get().database_url, project_id] = book
    while len(_books) > MOST_BOOKS:
        _books.popitem(last=False)


def forget() -> None:
    """Begin with nothing, as a new process does."""
    _books.clear()
