"""Scans as evidence, and the stays between an entry and an exit that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from checkin.scanning.units import Unit


@dataclass(frozen=True, slots=True)
class Witness:
    """A counting scan. `session_id` is None for the door of the event itself."""

    at: datetime
    direction: str = "in"
    method: str = "qr"
    session_id: int | None = None
    whole: bool = False
    minutes: int | None = None

    @property
    def tick(self) -> bool:
        """Whether it stands for itself: a sheet, an entry afterwards, or one with its minutes."""
        return self.direction == "in" and (
            self.whole or self.minutes is not None or self.method == "paper"
        )


@dataclass(slots=True)
class Stay:
    """From an entry to an exit, if there was one. `moved`: it ended because another room was
    entered.
    """

    start: datetime
    door: int | None
    end: datetime | None = None
    methods: set[str] = field(default_factory=set)
    moved: bool = False

    def whole(self, unit: Unit) -> bool:
        """A manual tick that no exit followed, while the unit went on, counts the whole of it."""
        stayed = self.end is None or (self.moved and self.end >= unit.ends_at)
        return stayed and "manual" in self.methods

    def overlaps(self, unit: Unit) -> bool:
        """Whether it shares time with the unit."""
        return self.start < unit.ends_at and (self.end is None or self.end > unit.starts_at)


def in_order(witnesses: Iterable[Witness]) -> list[Witness]:
    """Sorted by time; at one moment an exit comes after an entry, and of two rooms the later one
    last.
    """
    return sorted(
        witnesses, key=lambda w: (w.at, w.direction, w.session_id or 0, w.method, w.minutes or 0)
    )


def stays(witnesses: Iterable[Witness], zone: ZoneInfo, *, grouped: bool = False) -> list[Stay]:
    """Pair entries with exits at each door; on another day of the event's door an entry begins
    anew.

    Who leaves then has left the day before too, so the minutes of a night end. The witnesses are in
    order. `grouped`: whoever enters the room of one session leaves that of the last.
    """
    found: list[Stay] = []
    inside: dict[int | None, Stay] = {}
    earlier: list[Stay] = []
    for w in witnesses:
        stay = inside.get(w.session_id)
        if w.direction == "out":
            if stay:
                stay.end = w.at
                del inside[w.session_id]
                for one in earlier if w.session_id is None else ():
                    one.end, one.moved = one.end or w.at, True
            continue
        if grouped and w.session_id is not None:
            _leave_others(inside, w)
        if stay and (w.session_id is not None or _day(stay.start, zone) == _day(w.at, zone)):
            stay.methods.add(w.method)
            continue
        earlier += [stay] if stay else []
        inside[w.session_id] = stay = Stay(w.at, w.session_id, methods={w.method})
        found.append(stay)
    return found


def _leave_others(inside: dict[int | None, Stay], entry: Witness) -> None:
    for door in [d for d in inside if d is not None and d != entry.session_id]:
        stay = inside.pop(door)
        stay.end, stay.moved = entry.at, True


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def away(walked: Iterable[Stay], units: Iterable[Unit]) -> list[tuple[int, datetime, datetime]]:
    """When someone was in which room: `(session, from, to)`, until its session ended at the
    latest.
    """
    of_door = {u.session_id: u for u in units if u.session_id is not None}
    return [
        (s.door, s.start, min(s.end or of_door[s.door].ends_at, of_door[s.door].ends_at))
        for s in walked
        if s.door in of_door and s.door is not None
    ]
