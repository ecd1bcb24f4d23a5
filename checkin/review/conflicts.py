"""Conflicts to review. They are derived from the scans alone, so they do not depend on which phone
sent first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checkin.review.scan_details import COLUMNS, TABLES, Seen, seen
from checkin.scanning import words
from core import db
from core.i18n import Lazy, _
from events.event.event import Event

KINDS: dict[str, Lazy] = {
    "twice": _("Shown twice"),
    "revoked": _("From a stopped phone"),
    "admitted": _("Let in against the list"),
    "overflow": _("More guests than seats"),
    "unlisted": _("Was not on the phone's list"),
    "forged": _("Not one of our tickets"),
    "clock": _("Wrong clock"),
    "jump": _("Clock was changed"),
}
"""Kinds of conflict, the weightiest first."""
FINE = ("valid", "already_in", "exit", "not_inside")
"""Results of someone whom the list lets in and out."""
MOST = 500


@dataclass(frozen=True)
class Conflict:
    """One line of the list. `scans` are those that it is about, in order of time; the first kind
    names it.
    """

    kinds: tuple[str, ...]
    scans: tuple[Seen, ...]

    @property
    def key(self) -> str:
        """Names it in a page."""
        return f"{self.kinds[0]}-{self.last.id}"

    @property
    def last(self) -> Seen:
        """The scan that made it one."""
        return self.scans[-1]

    @property
    def title(self) -> str:
        """In a word or two."""
        return str(KINDS[self.kinds[0]])

    @property
    def gates(self) -> str:
        """Where."""
        return ", ".join(dict.fromkeys(one.where for one in self.scans))

    @property
    def is_seen(self) -> bool:
        """Whether someone has looked at all of it."""
        return all(one.reviewed for one in self.scans)

    @property
    def may_count(self) -> bool:
        """Whether a stopped phone let in someone we know, which counts for nothing so far."""
        last = self.last
        let_in = last.registration is not None and (last.admitted or last.result in FINE)
        return "revoked" in self.kinds and let_in and not last.counts

    @property
    def why(self) -> list[str]:
        """In plain words."""
        return [str(_why(kind, self)) for kind in self.kinds]


def _why(kind: str, conflict: Conflict) -> Lazy:
    if kind == "twice":
        return _("Let in at two gates without an exit between, once by a phone without reception.")
    if kind == "admitted":
        answer = words.RESULTS[conflict.last.result].word
        return _(
            "Let in by a phone without reception. The list says now: %(answer)s.", answer=answer
        )
    return {
        "revoked": _("Scanned with a phone that had been stopped."),
        "overflow": _("A guest at the door who was let in when all seats were taken."),
        "unlisted": _("A genuine ticket that the phone's list did not have yet."),
        "forged": _("The code is not one of our tickets, or it is forged."),
        "clock": _("The phone's clock was more than five minutes off."),
        "jump": _("The phone's clock was changed between two scans, so the time may be wrong."),
    }[kind]


async def conflicts(event: Event) -> list[Conflict]:
    """Every conflict of the event, the newest first."""
    odd = await db.rows(
        f"""SELECT {COLUMNS} FROM {TABLES} WHERE s.event_id = $1 AND s.withdrawn_at IS NULL
        AND s.marks <> 'everyone_out' AND (s.flagged OR s.marks <> '' OR (s.result = 'unknown' AND s.ticket <> '')
          OR (s.admitted AND s.result NOT IN {FINE})) ORDER BY s.received_at DESC, s.id LIMIT {MOST}""",
        event.id,
    )
    found = _codes_together([c for row in odd if (c := of_one(seen(row)))])
    found += twice(await _seen_by_two(event), grouped=event.rooms_grouped)
    return sorted(found, key=lambda c: (c.last.received_at, c.last.id, c.kinds), reverse=True)


async def _seen_by_two(event: Event) -> list[Seen]:
    """All that counts of those whom two phones let in, one of them on its own."""
    # in two statements: in one, PostgreSQL looks the list up again for every scan
    ids = await db.rows(
        """SELECT DISTINCT registration_id AS id FROM (SELECT registration_id FROM scan WHERE event_id = $1 AND counts
          AND withdrawn_at IS NULL AND direction = 'in' GROUP BY registration_id, unit
          HAVING count(DISTINCT device_id) > 1 AND max(CASE WHEN admitted THEN 1 ELSE 0 END) = 1) two""",
        event.id,
    )
    if not ids:
        return []
    found = await db.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE s.registration_id = ANY($1::bigint[]) AND s.event_id = $2 AND s.counts "
        "AND s.withdrawn_at IS NULL",
        [row["id"] for row in ids],
        event.id,
    )
    return [seen(row) for row in found]


def _codes_together(found: Iterable[Conflict]) -> list[Conflict]:
    """One and the same forged code is one line, however often it was shown."""
    lines: list[Conflict] = []
    codes: dict[str, list[Seen]] = defaultdict(list)
    for one in found:
        if one.kinds == ("forged",):
            codes[one.last.ticket].append(one.last)
        else:
            lines.append(one)
    return lines + [
        Conflict(("forged",), tuple(sorted(scans, key=lambda s: (s.at, s.id))))
        for scans in codes.values()
    ]


def of_one(scan: Seen) -> Conflict | None:
    """What is odd about one scan."""
    marks = scan.marks & KINDS.keys()
    if scan.flagged:
        marks |= {"clock"}
    if scan.result == "unknown" and scan.ticket and scan.registration is None:
        marks |= {"forged"}
    if (
        scan.admitted
        and scan.result not in FINE
        and "revoked" not in marks
        and "forged" not in marks
    ):
        marks |= {"admitted"}
    kinds = tuple(kind for kind in KINDS if kind in marks)
    return Conflict(kinds, (scan,)) if kinds else None


def twice(scans: Iterable[Seen], *, grouped: bool = False) -> list[Conflict]:
    """Who was let in by two phones with no exit between, one of them without reception; in any
    order.

    `grouped`: whoever enters the room of one session has left that of the last.
    """
    people: dict[int, list[Seen]] = defaultdict(list)
    for one in scans:
        people[one.registration or 0].append(one)
    return [
        Conflict(("twice",), tuple(stay))
        for theirs in people.values()
        for stay in _entries_of_stays(theirs, grouped=grouped)
        if len({one.gate for one in stay}) > 1 and any(one.admitted for one in stay)
    ]


def _entries_of_stays(scans: Sequence[Seen], *, grouped: bool) -> list[list[Seen]]:
    """The entries of each stay by door, in order of time; those from paper stand for themselves."""
    inside: dict[str, list[Seen]] = {}
    found: list[list[Seen]] = []
    for one in sorted(scans, key=lambda s: (s.at, s.direction, s.session_id or 0, s.id)):
        if one.direction == "out":
            inside.pop(one.unit, None)
            continue
        if grouped and one.session_id is not None:
            inside = {
                u: stay for u, stay in inside.items() if u == one.unit or stay[0].session_id is None
            }
        if one.method == "paper":
            continue
        if one.unit not in inside:
            inside[one.unit] = []
            found.append(inside[one.unit])
        inside[one.unit].append(one)
    return found
