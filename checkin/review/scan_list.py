"""Every scan of an event, whatever its result, narrowed by name, result, gate and time; a page at a
time.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from checkin.review.scan_details import COLUMNS, TABLES, Seen, gate_of, seen, where_of
from checkin.scanning.scans import RESULTS
from core import db, times
from core.errors import DomainError
from core.i18n import Lazy, _
from core.text import clean, search_key
from events.event.event import Event
from registrations.registration import tickets

PER_PAGE = 50
STATES: dict[str, Lazy] = {
    "counts": _("All that count"),
    "undone": _("Taken back"),
    "admitted": _("Let in without reception"),
    "paper": _("From paper"),
}
_STATE_SQL = {
    "": "TRUE",
    "counts": "s.counts AND s.withdrawn_at IS NULL",
    "undone": "s.withdrawn_at IS NOT NULL",
    "admitted": "s.admitted",
    "paper": "s.method = 'paper'",
}
_WHERE = """FROM {tables} WHERE s.event_id = $1
AND ($2::text = '' OR p.search LIKE $2::text ESCAPE '!' OR o.folded LIKE $2::text ESCAPE '!'
  OR r.ticket_identity = $3::bigint OR s.ticket = $4::text)
AND ($5::text = '' OR s.result = $5::text) AND s.scanned_at >= $6::timestamptz AND s.scanned_at <= $7::timestamptz
AND ($8::bigint = 0 OR s.device_id = $8::bigint)
AND ($9::text = '' OR (s.device_id IS NULL AND s.actor = $9::text)) AND {state}"""
_EVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


@dataclass
class Narrowed:
    """What was asked for; `since` and `until` are local times as typed, `gate` as
    `checkin.review.scan_details.gate_of` names it.
    """

    q: str = ""
    result: str = ""
    gate: str = ""
    since: str = ""
    until: str = ""
    page: int = 1
    errors: dict[str, Lazy | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.result not in {*RESULTS, *STATES}:
            self.result = ""
        self.page = max(1, min(self.page, 10**6))

    def between(self, zone: str) -> tuple[datetime, datetime]:
        """The span; what cannot be read is noted, and then it does not narrow."""
        return self._time("since", zone, _EVER[0]), self._time(
            "until", zone, _EVER[1], timedelta(seconds=59)
        )

    def _time(
        self, name: str, zone: str, otherwise: datetime, more: timedelta = timedelta(0)
    ) -> datetime:
        typed = getattr(self, name)
        if not typed:
            return otherwise
        try:
            return times.moment(typed, zone, name) + more
        except DomainError as error:
            self.errors.update(error.fields)
            return otherwise


@dataclass(frozen=True)
class Scans:
    """A page of the list."""

    rows: list[Seen]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


async def scans(event: Event, asked: Narrowed) -> Scans:
    """The scans that fit, the newest first."""
    typed = search_key(clean(asked.q))[:100]
    like = "%" + "".join("!" + c if c in "!%_" else c for c in typed) + "%" if typed else ""
    phone, _dash, number = asked.gate.partition("-")
    state = asked.result if asked.result in STATES else ""
    given: list[Any] = [
        event.id,
        like,
        tickets.read(asked.q) or -1,
        clean(asked.q)[:64].upper(),
        "" if state else asked.result,
        *asked.between(event.timezone),
        int(number)
        if phone == "phone" and number.isascii() and number.isdigit() and len(number) < 19
        else 0,
        number[:254] if phone == "by" else "",
    ]
    where = _WHERE.format(tables=TABLES, state=_STATE_SQL[state])
    total = await db.row(f"SELECT count(*) AS n {where}", *given)
    found = await db.rows(
        f"SELECT {COLUMNS} {where} ORDER BY s.scanned_at DESC, s.received_at DESC, s.id "
        f"LIMIT {PER_PAGE} OFFSET {(asked.page - 1) * PER_PAGE}",
        *given,
    )
    return Scans([seen(r) for r in found], int(total["n"]) if total else 0, asked.page)


async def gates(event: Event) -> list[tuple[str, str]]:
    """Each gate that scanned here: how it is asked for, and its name."""
    found = await db.rows(
        "SELECT DISTINCT s.device_id, d.name AS device, "
        "CASE WHEN s.device_id IS NULL THEN s.actor ELSE '' END AS actor "
        "FROM scan s LEFT JOIN device d ON d.id = s.device_id WHERE s.event_id = $1",
        event.id,
    )
    named = [
        (gate_of(r["device_id"], r["actor"]), where_of(r["device"], r["actor"])) for r in found
    ]
    return sorted(named, key=lambda g: g[1])


async def one(event: Event, scan_id: str) -> Seen | None:
    """One scan of the event."""
    found = await db.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE s.id = $1::uuid AND s.event_id = $2",
        scan_id,
        event.id,
    )
    return seen(found[0]) if found else None
