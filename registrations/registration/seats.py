"""Seats: the event's row is the counter. Whoever updates it has passed; nothing is decided before
it.

A seat is free if seats are left and nobody waits for one. Confirmed registrations and open offers
hold a seat.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import db
from core.clock import now
from core.db import atomic
from core.errors import DomainError
from core.i18n import _
from notifications.outbox.message import Message

HOLDING = ("confirmed", "offered")

_LEFT = "(capacity IS NULL OR seats_taken < capacity)"
_FREE = f"({_LEFT} AND (waiting = 0 OR NOT waiting_list))"
TAKE = f"""
seats_taken = seats_taken + CASE WHEN {_FREE} THEN 1 ELSE 0 END,
waiting = waiting + CASE WHEN {_FREE} THEN 0 ELSE 1 END,
last_place = last_place + CASE WHEN {_FREE} THEN 0 ELSE 1 END
"""
"""What an UPDATE of the event sets, for one registration."""
TAKEABLE = f"({_LEFT} OR waiting_list) AND status IN ('published', 'held')"
STATUS = "CASE WHEN waiting = 0 OR NOT waiting_list THEN 'confirmed' ELSE 'waiting' END"
"""What that UPDATE decided, read from the row as it is after it: who found nobody waiting and waits
not has a seat.
"""

_TAKE = f"""
UPDATE event SET {TAKE} WHERE id = $1::bigint AND {TAKEABLE}
RETURNING {STATUS} AS status, last_place, waiting
"""
_TAKE_LATE = f"""
UPDATE event SET seats_taken = seats_taken + 1 WHERE id = $1::bigint AND {_LEFT} AND status IN ('published', 'held')
RETURNING 'confirmed' AS status, last_place, waiting
"""
_WAIT = """
UPDATE event SET waiting = waiting + 1, last_place = last_place + 1 WHERE id = $1::bigint
RETURNING 'waiting' AS status, last_place, waiting
"""
_HOLD = """
UPDATE event SET last_place = last_place WHERE id = $1::bigint
RETURNING project_id, status, capacity, seats_taken, waiting, offer_hours, starts_at, ends_at
"""


@dataclass(frozen=True)
class Counter:
    """The seat counter of an event, held by this transaction until it ends."""

    event_id: int
    project_id: int
    status: str
    capacity: int | None
    taken: int
    waiting: int
    offer_hours: int
    starts_at: datetime
    ends_at: datetime

    @property
    def left(self) -> int:
        """Seats nobody holds; without a limit, as many as wait."""
        return self.waiting if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def over(self) -> bool:
        """Whether the event has ended: nobody is mailed then."""
        return self.ends_at <= now()

    def require_open(self) -> None:
        """Raise a 409 when the event was cancelled."""
        if self.status not in {"published", "held"}:
            raise gone()


async def hold(event_id: int) -> Counter:
    """Hold the event's row, so that nobody else passes the counter until this transaction ends."""
    found = await db.row(_HOLD, event_id)
    assert found, "a registration's event is there"
    return Counter(
        event_id=event_id,
        project_id=int(found["project_id"]),
        status=found["status"],
        capacity=found["capacity"],
        taken=found["seats_taken"],
        waiting=found["waiting"],
        offer_hours=found["offer_hours"],
        starts_at=db.moment(found["starts_at"]),
        ends_at=db.moment(found["ends_at"]),
    )


@dataclass(frozen=True)
class Taken:
    """What the counter decided: a seat, or a place on the waiting list (`number` orders it,
    `waiting` are in it).
    """

    status: str
    number: int | None
    waiting: int

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Taken":
        """From a row that an UPDATE of the event returned."""
        waits = row["status"] == "waiting"
        return cls(row["status"], row["last_place"] if waits else None, row["waiting"])


async def take(event_id: int, *, over: bool = False) -> Taken:
    """Pass the counter. For an event that is over, the waiting list is no longer in the way. 409
    `full` when full.
    """
    found = await db.row(_TAKE_LATE, event_id) if over else None
    found = found or await db.row(_TAKE, event_id)
    if not found:
        (await hold(event_id)).require_open()
        raise full()
    return Taken.of(found)


def full() -> DomainError:
    """All seats are taken and there is no waiting list."""
    return DomainError(
        _("All seats are taken, and there is no waiting list."),
        409,
        code="full",
        extra={"code": "full"},
    )


def gone() -> DomainError:
    """The event was cancelled in the meantime."""
    return DomainError(_("This event does not take place any more."), 409)


async def take_left(event_id: int, count: int = 1) -> None:
    """Take seats that are left, by someone who holds the counter and has looked."""
    await db.execute(
        "UPDATE event SET seats_taken = seats_taken + $2::int WHERE id = $1::bigint",
        *(event_id, count),
    )


async def wait(event_id: int) -> Taken:
    """Take a place on the waiting list, also where there is none."""
    found = await db.row(_WAIT, event_id)
    assert found, "a registration's event is there"
    return Taken.of(found)


async def give_back(event_id: int, status: str) -> None:
    """A registration that had this status leaves its seat, or its place on the list."""
    if status in HOLDING:
        await db.execute(
            "UPDATE event SET seats_taken = seats_taken - 1 WHERE id = $1::bigint", event_id
        )
    elif status == "waiting":
        await db.execute("UPDATE event SET waiting = waiting - 1 WHERE id = $1::bigint", event_id)


async def take_sessions(sessions: list[int]) -> int | None:
    """Take a seat in each of these sessions, in order of id. The first full one's id, else None."""
    for session in sorted(sessions):
        found = await db.row(
            "UPDATE session SET seats_taken = seats_taken + 1 "
            "WHERE id = $1::bigint AND removed_at IS NULL AND (capacity IS NULL OR seats_taken < capacity) "
            "RETURNING id",
            session,
        )
        if not found:
            return session
    return None


async def leave_sessions(registration_id: int) -> None:
    """Give back the seats of the sessions that a registration chose."""
    await db.execute(
        "UPDATE session SET seats_taken = seats_taken - 1 "
        "WHERE id IN (SELECT session_id FROM choice WHERE registration_id = $1::bigint)",
        registration_id,
    )
    await db.execute("DELETE FROM choice WHERE registration_id = $1::bigint", registration_id)


_NEXT = """
SELECT r.id, r.language, p.name, p.email, r.generation FROM registration r JOIN person p ON p.id = r.person_id
WHERE r.event_id = $1::bigint AND r.status = 'waiting' ORDER BY r.waiting_number, r.id LIMIT $2::int
"""


@atomic
async def offer_seats(event_id: int) -> int:
    """Offer the seats that are free to those who wait longest, each with a deadline. Answers how
    many were offered.

    The deadline is the event's own number of hours from now, and never after its start; once it has
    begun, nothing is offered any more.
    """
    counter = await hold(event_id)
    moment = now()
    wanted = min(counter.left, counter.waiting)
    if counter.status != "published" or counter.starts_at <= moment or wanted <= 0:
        return 0
    until = min(moment + timedelta(hours=counter.offer_hours), counter.starts_at)
    chosen = await db.rows(_NEXT, event_id, wanted)
    for one in chosen:
        await offer(one, counter, until)
    return len(chosen)


async def offer(one: dict[str, Any], counter: Counter, until: datetime) -> None:
    """Offer a seat to one who waits: `one` has id, language, name and email."""
    moment = now()
    await db.execute(
        "UPDATE registration SET status = 'offered', offer_ends_at = $2::timestamptz, changed_at = $3::timestamptz, "
        "revision = revision + 1 WHERE id = $1::bigint",
        *(one["id"], until, moment),
    )
    await db.execute(
        "UPDATE event SET seats_taken = seats_taken + 1, waiting = waiting - 1 WHERE id = $1::bigint",
        counter.event_id,
    )
    await Message.queue(
        "offer",
        *(one["email"], one["name"]),
        language=one["language"],
        about={"registration": one["id"]},
        scope=counter.project_id,
        subject_of=counter.event_id,
        dedup=f"offer:{one['id']}:{until:%Y%m%d%H%M%S}",
    )
