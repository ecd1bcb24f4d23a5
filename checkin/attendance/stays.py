"""From scans to minutes: pure functions (docs/counting-rules.md, "Attendance is one fact however it was
witnessed").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from checkin.attendance.witnesses import Stay, Witness, away, in_order, stays
from checkin.scanning.units import Unit, of_day

__all__ = ["MINUTE", "Fact", "Witness", "facts"]

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """Part of a unit that a witness speaks for. `own`: the witness stood at this very door."""

    unit: Unit
    start: datetime
    end: datetime
    entered: datetime
    methods: frozenset[str]
    own: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """Someone was present at a unit: whole minutes inside it, since when, and who says so."""

    unit: Unit
    minutes: int
    first_at: datetime
    methods: tuple[str, ...]

    @property
    def signed(self) -> bool:
        """Whether a signed sheet is among the witnesses."""
        return "paper" in self.methods


def facts(
    units: Sequence[Unit],
    witnesses: Iterable[Witness],
    *,
    grace: int = 0,
    chosen: Iterable[int] = (),
    zone: str = "UTC",
    grouped: bool = False,
) -> list[Fact]:
    """The facts of one registration. `grace` in minutes; `chosen` are ids of sessions; `zone` is
    the event's.

    The order of the witnesses does not matter, and a person's minutes never overlap. `grouped`:
    whoever enters the room of one session has left that of the last, and the event's own door says
    nothing against it.
    """
    seen = in_order(witnesses)
    visited = {w.session_id for w in seen if w.session_id is not None and w.direction == "in"}
    rank = _rank(units, visited, set(chosen))
    claims: list[Claim] = []
    walked = stays((w for w in seen if not w.tick), ZoneInfo(zone), grouped=grouped)
    for stay in walked:
        claims += _claims_of_stay(stay, units, rank, claims, timedelta(minutes=grace))
    if grouped:
        rooms = away(walked, units)
        claims = [piece for claim in claims for piece in _without(claim, rooms)]
    for witness in seen:
        if witness.tick:
            claims += _claims_of_tick(witness, units, rank)
    spent = _shares(claims, rank)
    return [
        _fact(unit, [c for c in claims if c.unit is unit], spent.get(unit.key, timedelta(0)))
        for unit in units
        if spent.get(unit.key) or any(c.own for c in claims if c.unit is unit)
    ]


def _fact(unit: Unit, claims: list[Claim], spent: timedelta) -> Fact:
    methods = frozenset().union(*(c.methods for c in claims))
    return Fact(unit, spent // MINUTE, min(c.entered for c in claims), tuple(sorted(methods)))


Rank = dict[str, tuple[bool, bool, datetime, int]]


def _rank(units: Sequence[Unit], visited: set[int], chosen: set[int]) -> Rank:
    """Of parallel sessions: the one at whose door the person was, else the one chosen, else the
    first.
    """
    return {
        u.key: (
            u.session_id not in visited,
            u.session_id not in chosen,
            u.starts_at,
            u.session_id or 0,
        )
        for u in units
    }


def _claims_of_stay(
    stay: Stay, units: Sequence[Unit], rank: Rank, before: list[Claim], grace: timedelta
) -> list[Claim]:
    if stay.door is None:
        own = of_day(units, stay.start)
        meant = _kept([u for u in own if stay.overlaps(u)], rank) or [
            u for u in own if not u.session_id and stay.start >= u.ends_at
        ]
    else:
        meant = [
            u
            for u in units
            if u.session_id == stay.door and (stay.overlaps(u) or stay.start >= u.ends_at)
        ]
    found = []
    for u in meant:
        late = stay.start - u.starts_at
        forgiven = timedelta(0) < late <= grace and not any(
            c.unit is u and c.entered <= stay.start for c in before
        )
        start = (
            u.starts_at
            if forgiven or stay.whole(u)
            else min(max(stay.start, u.starts_at), u.ends_at)
        )
        end = min(stay.end or u.ends_at, u.ends_at)
        found.append(
            Claim(
                u,
                start,
                max(start, end),
                stay.start,
                frozenset(stay.methods),
                stay.door is not None or u.session_id is None,
            )
        )
    return found


def _without(claim: Claim, rooms: Iterable[tuple[int, datetime, datetime]]) -> list[Claim]:
    """What is left of a claim by the event's door while the person was in another room."""
    if claim.own or claim.start == claim.end:
        return [claim]
    left = [(claim.start, claim.end)]
    for session_id, start, end in rooms:
        if session_id != claim.unit.session_id:
            cut = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b))]
            left = [(a, b) for a, b in cut if a < b]
    return [replace(claim, start=a, end=b) for a, b in left]


def _claims_of_tick(w: Witness, units: Sequence[Unit], rank: Rank) -> list[Claim]:
    """The whole session, or its minutes: one after the other where a day has several."""
    if w.session_id is None:
        own = of_day(units, w.at) or [u for u in units if w.whole and u.day == units[0].day]
        meant = _kept([u for u in own if w.whole or w.at < u.ends_at], rank) or [
            u for u in own if u.session_id is None
        ]
    else:
        meant = [u for u in units if u.session_id == w.session_id]
    left = timedelta(minutes=w.minutes) if w.minutes is not None else None
    found = []
    for u in sorted(meant, key=lambda u: (u.starts_at, u.session_id or 0)):
        length = u.ends_at - u.starts_at
        take = length if left is None else min(left, length)
        start = (
            u.starts_at
            if w.whole or left is None
            else max(u.starts_at, min(w.at, u.ends_at - take))
        )
        found.append(
            Claim(
                u,
                start,
                start + take,
                max(w.at, u.starts_at) if w.whole else w.at,
                frozenset({w.method}),
                w.session_id is not None or u.session_id is None,
            )
        )
        left = None if left is None else left - take
        if left is not None and left <= timedelta(0):
            break
    return found


def _kept(units: list[Unit], rank: Rank) -> list[Unit]:
    """Of those running in parallel the one that counts."""
    found: list[Unit] = []
    for unit in sorted(units, key=lambda u: rank[u.key]):
        if not any(unit.parallel(other) for other in found):
            found.append(unit)
    return found


def _shares(claims: list[Claim], rank: Rank) -> dict[str, timedelta]:
    """How long in each unit: every moment goes to one of those that claim it.

    The person's own door comes before the event's, of doors the one entered last, then the better
    rank.
    """
    edges = sorted({edge for c in claims for edge in (c.start, c.end)})
    spent: dict[str, timedelta] = {}
    for start, end in pairwise(edges):
        there = [c for c in claims if c.start <= start and c.end >= end]
        if there:
            key = max(there, key=lambda c: (c.own, c.start, _less(rank[c.unit.key]))).unit.key
            spent[key] = spent.get(key, timedelta(0)) + (end - start)
    return spent


def _less(rank: tuple[bool, bool, datetime, int]) -> tuple[bool, bool, float, int]:
    """The rank turned round, so that the best is the greatest."""
    away, other, start, session_id = rank
    return (not away, not other, -start.timestamp(), -session_id)
