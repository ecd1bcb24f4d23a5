"""A registration in one step, for the minute in which five thousand people want five hundred seats.

On PostgreSQL it is one statement, on SQLite one turn of the connection's thread
(registrations/placing/one_turn.py). The order is the order of need: the person first, while
nobody's lock is held; then the event's row, which decides; then what depends on it. Alone, the
statement commits by itself: the row is held for one write to disk and no round trip. Those who come
meanwhile are written together (registrations/placing/group_commit.py). A second registration of the
same person breaks the partial unique index, and nothing of the statement is kept.

Which columns are written is read from the models (core/database/rows.py); here stands only what
depends on the seat.
"""

import re
from functools import cache
from typing import Any

from accounts.audit.audit import AuditEntry, entry_row
from accounts.sessions.access import Actor
from core import db, sql
from core.database import rows
from notifications.outbox.message import Message, Recipient, message_row
from registrations.form.questions import Consent
from registrations.placing import one_turn
from registrations.placing.group_commit import Turns
from registrations.placing.placement import Placement
from registrations.registration import seats
from registrations.registration.persons import UPSERT
from registrations.registration.registration import MAILS, Registration

NOBODY = Actor("")
"""Whoever registers on the public form: nothing is written into the audit log."""
LATER = {"person_id": 0, "status": ""}
"""Columns of a registration that the statement finds out."""

_PERSON = re.sub(r"\$(\d+)(::\w+)?", lambda m: f":p{m[1]}{m[2] or '::text'}", UPSERT)
_KINDS = ", ".join(f"('{status}', '{MAILS[status]}')" for status in ("confirmed", "waiting"))


@cache
def _statement() -> tuple[str, list[str]]:
    registration, placed = rows.insert(
        Registration,
        "r_",
        {
            "person_id": "person_id",
            "status": "status",
            "waiting_number": "CASE status WHEN 'waiting' THEN last_place END",
            "confirmed_at": "CASE status WHEN 'confirmed' THEN :r_created_at::timestamptz END",
        },
        casts=True,
    )
    consent, agreed = rows.insert(
        Consent,
        "c_",
        {"registration_id": "made.id", "purpose": "c.purpose", "wording": "c.wording"},
        casts=True,
    )
    entry, noted = rows.insert(AuditEntry, "a_", {"object_id": "made.id::text"}, casts=True)
    message, told = rows.insert(
        Message,
        "m_",
        {
            "kind": "m.kind",
            "about": "jsonb_build_object('registration', made.id)",
            "dedup": "m.kind || ':' || made.id",
        },
        casts=True,
    )
    return rows.numbered(f"""
WITH person AS ({_PERSON}),
seat AS (
  UPDATE event SET {seats.TAKE} FROM person
  WHERE event.id = :r_event_id::bigint AND {seats.TAKEABLE} AND NOT approval
  RETURNING {seats.STATUS} AS status, last_place, waiting, person.id AS person_id, merged_into_id
),
made AS ({registration} SELECT {placed} FROM seat RETURNING *),
agreed AS (
  {consent} SELECT {agreed}
  FROM made, unnest(:purposes::text[], :wordings::text[]) AS c (purpose, wording)
),
noted AS ({entry} SELECT {noted} FROM made WHERE :a_actor::text <> ''),
mail AS (
  {message} SELECT {told}
  FROM made JOIN (VALUES {_KINDS}) AS m (status, kind) ON m.status = made.status
  WHERE :notify::bool
)
SELECT made.*, seat.waiting AS in_line, seat.merged_into_id AS root FROM made, seat
""")


async def _write(values: Any) -> dict[str, Any] | None:
    return await db.row(_statement()[0], *values)


_turns = Turns(_write)


def possible(placement: Placement) -> bool:
    """Whether this is the common case."""
    entry = placement.entry
    return not (placement.pending or placement.late or entry.sessions or entry.private)


async def place(placement: Placement) -> Registration | None:
    """Register; None when the event takes nobody any more. Raises IntegrityError when the person is
    registered.
    """
    given = values(placement)
    if not sql.writes_in_with():
        found = await one_turn.place(given)
    else:
        _sql, names = _statement()
        found = await _turns.take(placement.event.id, [given[name] for name in names])
    if not found:
        return None
    in_line, root = found.pop("in_line"), found.pop("root")
    registration = Registration._init_from_db(**found)  # noqa: SLF001 - as the row came back
    registration.place_in_line = in_line if registration.status == "waiting" else None
    return placement.with_relations(registration, root or registration.person_id)


def values(placement: Placement) -> dict[str, Any]:
    """The parameters of the statements, by name."""
    entry, event = placement.entry, placement.event
    to = Recipient(entry.email, entry.name, placement.language, {})
    return {
        **{f"p{n}": value for n, value in enumerate(placement.person.values(), 1)},
        **rows.bound("r_", rows.row(Registration, **placement.columns(**LATER))),
        **rows.bound("c_", placement.consent_row()),
        **rows.bound(
            "a_",
            rows.row(
                AuditEntry,
                **entry_row(
                    placement.actor or NOBODY, "registration.made", Registration, event.project_id
                ),
            ),
        ),
        **rows.bound("m_", message_row("", to, event.project_id, event.id)),
        "purposes": [consent.purpose for consent in entry.consents],
        "wordings": [consent.wording for consent in entry.consents],
        "notify": placement.notify,
    }
