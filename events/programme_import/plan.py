"""An import of a programme: what it would add, change and take out, then all of it at once.

A row is the session with its UID (its own, or the one it was imported with), else the one with its
title on its day, else the one with its title. What the file does not speak of stays.
"""

import copy
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core import times
from core.errors import DomainError
from core.i18n import _, text
from core.text import fold
from events.event.event import Event
from events.event.kinds import kind_of
from events.feeds.entries import session_entry
from events.programme.sessions import TIMES, Session, read
from events.programme_import.match import matched
from events.programme_import.rows import Row

TEXTS = ("title", "description")
AROUND = timedelta(days=2)
"""For journeys, and the evening before."""
_COLUMN_OF = {"starts_at": "starts", "ends_at": "ends"}


@dataclass
class Item:
    """A row and what it comes to: `values` for the verb, `changed` as history writes it, `choices`
    of double times.
    """

    row: Row
    session: Session | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, list[object]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    made: Session | None = None
    """Of an addition: what it would be, not saved."""


@dataclass
class Plan:
    """What an import would do. `gone` are sessions that the file does not have; `called_off` those
    it cancels.
    """

    digest: str
    added: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    same: list[Item] = field(default_factory=list)
    problems: list[Item] = field(default_factory=list)
    called_off: list[Session] = field(default_factory=list)
    gone: list[Session] = field(default_factory=list)

    @property
    def undecided(self) -> list[Item]:
        """Rows with a time that comes twice or not at all, for which nothing was chosen."""
        return [item for item in [*self.added, *self.changed] if item.choices]


def digest(event: Event, sessions: Iterable[Session]) -> str:
    """A mark that changes with the programme, and with what an import reads of the event."""
    said = [(s.id, s.changed_at.timestamp()) for s in sessions]
    state = (
        event.id,
        event.timezone,
        event.place,
        event.status,
        event.starts_at.timestamp(),
        sorted(said),
    )
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]


def planned(
    event: Event,
    sessions: Sequence[Session],
    rows: Sequence[Row],
    language: str,
    chosen: Mapping[str, str] | None = None,
) -> Plan:
    """What these rows would do. `language` is that of texts for which the file names none; `chosen`
    answers the `choices` of times, by `row-field`.
    """
    plan, found = Plan(digest(event, sessions)), matched(event, sessions, rows)
    for row in rows:
        session = found.get(row.number)
        if row.cancelled:
            plan.called_off += [session] if session else []
            continue
        item = _Settling(event, row, session, language, chosen or {}).item()
        if item.problems:
            plan.problems.append(item)
        elif not session:
            plan.added.append(item)
        else:
            (plan.changed if item.changed or item.choices else plan.same).append(item)
    _doubled(plan.added)
    taken = {s.id for s in found.values()}
    plan.gone = [s for s in sessions if s.id not in taken]
    return plan


def _doubled(added: Iterable[Item]) -> None:
    """Point out what the file says twice."""
    first: dict[object, Row] = {}
    for item in added:
        if made := item.made:
            mark = (fold(item.row.title), made.starts_at, made.ends_at, fold(made.place))
            row = first.setdefault(mark, item.row)
            if row is not item.row:
                item.row.notes.append(str(_("Row %(row)s says the same.", row=row.line)))


class _Settling:
    """Makes of a row what the verbs take, beside the session that is there."""

    def __init__(
        self,
        event: Event,
        row: Row,
        session: Session | None,
        language: str,
        chosen: Mapping[str, str],
    ) -> None:
        self.event, self.row, self.session, self.language, self.chosen = (
            event,
            row,
            session,
            language,
            chosen,
        )
        self.values = copy.deepcopy(row.values)
        self.found = Item(row, session, problems=dict(row.problems))
        self.days = row.days

    def item(self) -> Item:
        """What the row comes to."""
        if self.row.calendar:
            self._of_calendar()
        self._texts()
        self._times()
        if not self.session and "kind" not in self.values:
            self.values["kind"] = kind_of(self.event.kind).session_kind
        if not self.found.problems:
            self._compare()
        self.found.values = self.values
        return self.found

    def _of_calendar(self) -> None:
        """What a calendar program writes of its own accord is no change: the event's place, an
        equal zone.
        """
        values, session = self.values, self.session
        for name, base in (("timezone", None), ("end_timezone", "timezone")):
            zone = str(values.pop(name, "") or "")
            at = values.get("starts_at" if name == "timezone" else "ends_at")
            here = (
                self._zone(session, name)
                if session
                else str(values.get(base or "") or self.event.timezone)
            )
            if zone and at and not _same_clock(zone, here, str(at)):
                values[name] = zone
        if not session:
            return
        entry = session_entry(self.event, session, self.language)
        said = values["description"].get(self.language, "").strip()
        head = "\n".join(session.speakers)
        if fold(said) == fold(entry.description):
            del values["description"]
        elif head and said.startswith(head):
            values["description"] = {self.language: said.removeprefix(head).strip()}
        if fold(values["place"]) == fold(entry.place):
            del values["place"]
        if [str(entry.start), str(entry.end)] == self.days:
            self.days = []

    def _zone(self, session: Session, name: str) -> str:
        return session.zone(self.event) if name == "timezone" else session.zone_at_end(self.event)

    def _texts(self) -> None:
        """Beside what there is in other languages; one that is shown for want of another is not
        said anew, nor is one that is there already in another language than was thought.
        """
        for name in TEXTS:
            given = self.values.get(name)
            if self.session and given is not None:
                there = getattr(self.session, name)
                known = {said for said in there.values() if said and len(given) == 1}
                new = {
                    code: said
                    for code, said in given.items()
                    if said.strip() not in {text(there, code), *known}
                }
                self.values[name] = {**there, **new}

    def _times(self) -> None:
        if self.days:
            self.found.problems["starts"] = str(
                _("This is an all-day entry: a programme needs hours.")
            )
        if self.session and not any(name in self.values for name in TIMES):
            return
        zone = self._named("timezone") or self.event.timezone
        for name, here in {
            "starts_at": zone,
            "ends_at": self._named("end_timezone") or zone,
        }.items():
            if name in self.values and times.zone(here):
                self.values[name] = self._moment(name, str(self.values[name]), here)

    def _named(self, name: str) -> str:
        return str(self.values[name] if name in self.values else getattr(self.session, name, ""))

    def _moment(self, name: str, given: str, zone: str) -> str:
        """The moment; where there are two, the one that it has already, or that was chosen."""
        wall = datetime.fromisoformat(given)
        if not times.EARLIEST <= wall.year <= times.LATEST:
            return given
        both = [wall] if wall.tzinfo else times.both_moments(wall, zone)
        own = getattr(self.session, name).replace(microsecond=0) if self.session else None
        if own in both and self.session:
            return times.iso(getattr(self.session, name), zone)
        said = [times.iso(moment, zone) for moment in both]
        if len(said) == 1:
            return said[0]
        answer = self.chosen.get(f"{self.row.number}-{name}", "")
        if answer not in said:
            self.found.choices[name] = said
        return answer if answer in said else said[0]

    def _compare(self) -> None:
        """Let the verb's own checks look at it, and see what would differ."""
        try:
            columns = read(self.event, self.values, self.language, self.session)
        except DomainError as error:
            for name, message in error.fields.items():
                self.found.problems[_COLUMN_OF.get(name, name)] = str(message)
            return
        after = copy.copy(self.session) if self.session else Session(event_id=self.event.id)
        after.update_from_dict(columns)
        if self.session:
            before, now = self.session.described(self.event), after.described(self.event)
            self.found.changed = {
                name: [before[name], v] for name, v in now.items() if v != before[name]
            }
        else:
            self.found.made = after
        far = not self.event.starts_at - AROUND < after.starts_at < self.event.ends_at + AROUND
        if far and (not self.session or "starts_at" in self.found.changed):
            self.row.notes.append(str(_("This is not on the days of the event.")))


def _same_clock(one: str, other: str, at: str) -> bool:
    """Whether the clocks of two zones show the same at a time."""
    wall = datetime.fromisoformat(at)
    here, there = times.zone(one), times.zone(other)
    moment = wall if wall.tzinfo else wall.replace(tzinfo=here)
    return (
        bool(here and there)
        and moment.astimezone(here).utcoffset() == moment.astimezone(there).utcoffset()
    )
