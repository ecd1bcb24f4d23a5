"""The preview of an import, prepared for its page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel.dates import format_time

from core.i18n import Lazy, fmt, text
from events.event.event import Event
from events.event.history import LABELS, said
from events.presentation.posted_form import moment_choices
from events.programme.sessions import TIMES, Session
from events.programme.words import COLUMNS, TIME, language_name
from events.programme_import.plan import Item, Plan

Choice = tuple[str, str, list[tuple[str, Lazy]], str]
"""Name of a field, its label, the two moments, the one chosen."""


@dataclass
class Line:
    """A row of the file, or a session that it would take out."""

    number: int
    """Of the row in its sheet."""
    title: str
    when: str = ""
    sheet: str = ""
    meta: list[str] = field(default_factory=list)
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    """What changes: name, old, new."""
    choices: list[Choice] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    """Column, what stands there, what is wrong."""
    id: int = 0


@dataclass
class Shown:
    """The plan by what it does."""

    added: list[Line]
    changed: list[Line]
    removed: list[Line]
    """Those that the file calls off, then those that it does not have."""
    same: list[Line]
    problems: list[Line]
    called_off: int

    @property
    def does(self) -> bool:
        """Whether there is anything to say yes to."""
        return bool(self.added or self.changed or self.removed)


def shown(event: Event, plan: Plan, chosen: Mapping[str, str]) -> Shown:
    """The plan in the reader's language."""
    return Shown(
        added=[_line(event, item, chosen) for item in plan.added],
        changed=[_line(event, item, chosen) for item in plan.changed],
        removed=[_session(event, session) for session in [*plan.called_off, *plan.gone]],
        same=[_line(event, item, chosen) for item in plan.same],
        problems=[_line(event, item, chosen) for item in plan.problems],
        called_off=len(plan.called_off),
    )


def _session(event: Event, session: Session) -> Line:
    meta = [str(part) for part in (said(session.kind, "kind"), session.place) if part]
    return Line(0, session.name, _when(event, session), meta=meta, id=session.id)


def _when(event: Event, session: Session) -> str:
    return fmt.span(
        session.starts_at, session.ends_at, session.zone(event), session.zone_at_end(event)
    )


def _line(event: Event, item: Item, chosen: Mapping[str, str]) -> Line:
    row, there = item.row, item.session or item.made
    found = _session(event, there) if there else Line(0, row.title)
    found.number, found.sheet, found.notes = row.line, row.sheet, row.notes
    if item.made and item.made.speakers:
        found.meta.append(", ".join(item.made.speakers))
    found.problems = [
        (_column(name), row.said.get(name, ""), why) for name, why in item.problems.items()
    ]
    found.fields = [
        line for name, (old, new) in item.changed.items() for line in _changes(name, old, new)
    ]
    found.choices = [
        (
            f"choice-{row.number}-{name}",
            str(LABELS[name]),
            moment_choices(both),
            chosen.get(f"{row.number}-{name}", ""),
        )
        for name, both in item.choices.items()
    ]
    return found


def _column(name: str) -> str:
    return str({"time": TIME, **LABELS, **COLUMNS}.get(name, name))


def _changes(name: str, old: object, new: object) -> list[tuple[str, str, str]]:
    """A changed field; of a text each language that changes. A time says its day where that changes
    too.
    """
    label = str(LABELS.get(name, name))
    if isinstance(old, dict) and isinstance(new, dict):
        codes = [code for code in {**old, **new} if old.get(code, "") != new.get(code, "")]
        several = len({**old, **new}) > 1
        return [
            (
                f"{label} ({language_name(c)})" if several else label,
                text({c: old.get(c, "")}),
                text({c: new.get(c, "")}),
            )
            for c in codes
        ]
    if name in TIMES and isinstance(old, str) and isinstance(new, str):
        return [(label, *_moments(old, new))]
    return [(label, said(old, name), said(new, name))]


def _moments(old: str, new: str) -> tuple[str, str]:
    before, after = datetime.fromisoformat(old), datetime.fromisoformat(new)
    whole = before.date() != after.date()
    first, last = (
        (f"{fmt.day(m.date())}, " if whole else "")
        + format_time(m.time(), "short", locale=fmt.locale)
        for m in (before, after)
    )
    if first == last:  # the other of two equal hours, or another zone
        return f"{first} ({before:%z})", f"{last} ({after:%z})"
    return first, last
