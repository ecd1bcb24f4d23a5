"""An invented project in memory, for rules applied without a database."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from indicators.counting.evaluation import Figure, evaluate
from indicators.counting.facts import Base, Fact, Gathering, Organised
from indicators.counting.units import Unit
from indicators.rules.rules import Rule

LATE = datetime(2030, 1, 1, tzinfo=UTC)
EARLY = datetime(1900, 1, 1, tzinfo=UTC)


def at(day: int, hour: int = 9, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def session(key: int, start: datetime, minutes: int) -> Unit:
    return Unit(str(key), start, start + timedelta(minutes=minutes), start.date())


class World:
    """Events, organisations, people and what they attended."""

    def __init__(self) -> None:
        self.base = Base("Europe/Riga", {}, {}, [])
        self.facts: list[Fact] = []
        self.roots: dict[int, int] = {}
        self._numbers = count(1)

    def event(self, *sessions: tuple[datetime, int], **over: Any) -> Gathering:
        identity = next(self._numbers)
        units = [
            session(next(self._numbers), start, minutes)
            for start, minutes in sessions or [(at(identity), 60)]
        ]
        given: dict[str, Any] = {
            "id": identity,
            "kind": "training",
            "status": "published",
            "starts_at": units[0].start,
            "country": "LV",
            "open_to_public": False,
            "internal": False,
            "direction": ("", ""),
            "activity": "",
            "series": over.get("scheme", 0),
            "scheme": 0,
            "scheme_threshold": None,
            "held": False,
            "units": {unit.key: unit for unit in units},
        }
        event = Gathering(**{**given, **over})
        self.base.events[identity] = event
        if event.scheme:
            self.base.schemes.setdefault(event.scheme, []).append(event)
        return event

    def organisation(self, kind: str = "municipality", country: str = "LV", parent: int = 0) -> int:
        identity = next(self._numbers)
        self.base.organisations[identity] = Organised(
            parent or identity, kind, country, {"en": f"O{identity}"}
        )
        return identity

    def attends(
        self, person: int, event: Gathering, *units: int, minutes: int | None = None, **over: Any
    ) -> None:
        """`units` are numbers of sessions from 0; all of them without."""
        for number, unit in enumerate(event.units.values()):
            if units and number not in units:
                continue
            given: dict[str, Any] = {
                "registration": 1000 * person + event.id,
                "event": event.id,
                "unit": unit.key,
                "at": unit.start,
                "minutes": unit.minutes if minutes is None else minutes,
                "signed": False,
                "person": person,
                "root": person,
                "role": "attendee",
                "organisation": 0,
                "country": "",
                "gender": "",
                "birth_year": None,
                "target_group": "",
            }
            self.facts.append(Fact(**{**given, **over}))

    def merge(self, gone: int, kept: int) -> None:
        """As registrations.people.merge does it: the last one of each chain."""
        gone, kept = self.roots.get(gone, gone), self.roots.get(kept, kept)
        if gone != kept:
            self.roots = {
                person: kept if root == gone else root for person, root in self.roots.items()
            }
            self.roots[gone] = kept

    def figure(self, start: datetime = EARLY, end: datetime = LATE, **rule: Any) -> Figure:
        facts = [
            fact._replace(root=self.roots.get(fact.person, fact.person))
            for fact in self.facts
            if fact.at < end
        ]
        facts.sort(key=lambda fact: (fact.at, fact.registration, fact.unit))
        return evaluate(Rule.read(rule), self.base, facts, start, LATE)

    def net(self, **rule: Any) -> int:
        return self.figure(**rule).net


def told(figure: Figure) -> tuple[int, dict[str, int], int]:
    return figure.gross, figure.excluded, figure.net


DAY = date(2026, 3, 1)
