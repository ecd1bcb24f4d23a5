"""What a project's source says that a person must decide, in words for its settings page."""

from collections.abc import Callable, Iterable
from typing import Any

from core.i18n import _, plural
from events.event.kinds import kind_of
from events.projects.projects import Project


def _as_it_stands(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _months(value: Any) -> list[str]:
    if not isinstance(value, int):
        return _as_it_stands(value)
    return [str(plural("It lasts %(n)s month.", "It lasts %(n)s months.", value))]


def _municipalities(value: Any) -> list[str]:
    return [str(_("Municipalities: %(names)s", names=", ".join(_as_it_stands(value))))]


def _kinds(value: Any) -> list[str]:
    names = (str(kind_of(code).many) for code in _as_it_stands(value))
    return [str(_("Kinds of events: %(names)s", names=", ".join(names)))]


Said = Iterable[tuple[str, Callable[[Any], list[str]]]]
_DATES: Said = (
    ("dates_raw", _as_it_stands),
    ("dates_note", _as_it_stands),
    ("starts_note", _as_it_stands),
    ("duration_months", _months),
)
_REST: Said = (
    ("code_note", _as_it_stands),
    ("municipalities", _municipalities),
    ("event_kinds", _kinds),
)


def source_notes(project: Project) -> dict[str, list[str]]:
    """Lines about the `dates`, and the `rest`, as `viesis import projects` keeps them."""
    return {"dates": _told(project, _DATES), "rest": _told(project, _REST)}


def _told(project: Project, said: Said) -> list[str]:
    return [
        line for name, how in said if project.notes.get(name) for line in how(project.notes[name])
    ]
