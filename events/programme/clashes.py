"""Two things at once: sessions that overlap in one room or need one speaker. A warning, never an
error.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from core.i18n import Lazy, _
from core.text import fold
from events.programme.sessions import Session


@dataclass(frozen=True)
class Clash:
    """Two sessions that cannot both be as written, and why in words."""

    one: Session
    other: Session
    why: Lazy


def clashes(sessions: Iterable[Session]) -> list[Clash]:
    """Every pair of sessions that overlap in time and share a room or a speaker, in order of
    time.
    """
    ordered = sorted(sessions, key=lambda s: (s.starts_at, s.id))
    found = []
    for at, one in enumerate(ordered, 1):
        for other in islice(ordered, at, None):
            if other.starts_at >= one.ends_at:
                break
            found += [Clash(one, other, why) for why in _reasons(one, other)]
    return found


def _reasons(a: Session, b: Session) -> list[Lazy]:
    said = {"one": a.name, "other": b.name}
    found = []
    if a.place and fold(a.place) == fold(b.place) and "stay" not in {a.kind, b.kind}:
        found.append(
            _("%(one)s and %(other)s are in %(place)s at the same time.", place=a.place, **said)
        )
    theirs = {fold(name) for name in b.speakers}
    found += [
        _("%(name)s speaks in %(one)s and in %(other)s at the same time.", name=name, **said)
        for name in a.speakers
        if fold(name) in theirs
    ]
    return found
