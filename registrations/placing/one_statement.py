"""A registration in one step, for the minute in which five thousand people want five hundred seats.

On PostgreSQL it is one statement, on SQLite one turn of the connection's thread
(registrations/placing/one_turn.py). The order is the order of need: the person first, while
nobody's lock is held; then the event's row, which decides; then what depends on it. Alone, the
statement commits by itself: the row is held for one write to disk and no round trip. Those who come
meanwhile are written together (registrations/placing/group_commit.py). A second registration of the
same person breaks the partial unique index, and nothing of the statement is kept.
"""

import json
import re
from typing import Any

from core import db, sql
from notifications.outbox.message import new_message_id
from registrations.placing import one_turn
from registrations.placing.group_commit import Turns
from registrations.placing.placement import Wanted
from registrations.registration import seats
from registrations.registration.persons import UPSERT
from registrations.registration.registration import MAILS, Registration

_PERSON = re.sub(r"\$(\d+)(::\w+)?", lambda m: f":p{m[1]}{m[2] or '::text'}", UPSERT)
_SQL = f"""
WITH person AS ({_PERSON}),
seat AS (
  UPDATE event SET {seats.TAKE} FROM person
  WHERE event.id = :event_id::bigint AND {seats.TAKEABLE} AND NOT approval
  RETURNING {seats.STATUS} AS status, last_place, waiting, person.id AS person_id, merged_into_id
),
made AS (
  INSERT INTO registration (
    project_id, event_id, person_id, status, role, organisation_id, country, gender, birth_year, target_group, language,
    answers, door_note, ticket_identity, hash, generation, waiting_number, source, after_event, form_key,
    cancel_reason, revision, created_at, changed_at, confirmed_at)
  SELECT :project_id::bigint, :event_id, person_id, status, :role, :organisation_id::bigint, :country, :gender,
    :birth_year::int, :target_group, :language, :answers::jsonb, '', :ticket_identity::bigint, :hash, 0,
    CASE status WHEN 'waiting' THEN last_place END, :source, FALSE, :form_key,
    '', 0, :at::timestamptz, :at, CASE status WHEN 'confirmed' THEN :at END
  FROM seat RETURNING *
),
agreed AS (
  INSERT INTO consent (registration_id, purpose, wording, language, given_at)
  SELECT made.id, c.purpose, c.wording, :language, :at
  FROM made, unnest(:purposes::text[], :wordings::text[]) AS c (purpose, wording)
),
said AS (
  INSERT INTO audit_entry (at, project_id, user_id, actor, action, object_type, object_id, changed, refused)
  SELECT :at, :project_id, :user_id::bigint, :actor::text, 'registration.made', 'registration', made.id::text, '[]',
    FALSE
  FROM made WHERE :actor IS NOT NULL
),
mail AS (
  INSERT INTO message (scope, subject_of, kind, to_name, to_email, language, about, dedup, state, attempts, due_at,
                       bulk, leased_by, message_id, subject, answer, created_at)
  SELECT :project_id, :event_id, m.kind, :p2, :p5, :language, jsonb_build_object('registration', made.id),
    m.kind || ':' || made.id, 'queued', 0, :at, FALSE, '', :message_id, '', '', :at
  FROM made JOIN (VALUES ('confirmed', '{MAILS["confirmed"]}'), ('waiting', '{MAILS["waiting"]}')) AS m (status, kind)
    ON m.status = made.status
  WHERE :notify::bool
)
SELECT made.*, seat.waiting AS in_line, seat.merged_into_id AS root FROM made, seat
"""


def _numbered(sql: str) -> tuple[str, list[str]]:
    """`:name` as `$1`, `$2`, …, and the names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return re.sub(r"(?<!:):([a-z]\w*)", number, sql), names


_STATEMENT, _NAMES = _numbered(_SQL)


_turns = Turns(lambda values: db.row(_STATEMENT, *values))


def possible(wanted: Wanted) -> bool:
    """Whether this is the common case."""
    entry = wanted.entry
    return not (wanted.pending or wanted.late or entry.sessions or entry.private)


async def place(wanted: Wanted) -> Registration | None:
    """Register; None when the event takes nobody any more. Raises IntegrityError when the person is
    registered.
    """
    if not sql.writes_in_with():
        found = await one_turn.place(values(wanted))
    else:
        given = values(wanted)
        found = await _turns.take(wanted.event.id, [given[name] for name in _NAMES])
    if not found:
        return None
    in_line, root = found.pop("in_line"), found.pop("root")
    made = Registration._init_from_db(**found)  # noqa: SLF001 - as the row came from the statement
    made.place_in_line = in_line if made.status == "waiting" else None
    return wanted.told(made, root or made.person_id)


def values(wanted: Wanted) -> dict[str, Any]:
    """What the statements need, by the names they call it."""
    columns = wanted.columns()
    person = {f"p{n}": value for n, value in enumerate(wanted.person.values(), 1)}
    return {
        **columns,
        **person,
        "answers": json.dumps(columns["answers"], ensure_ascii=False),
        "at": wanted.at,
        "purposes": [a.purpose for a in wanted.entry.consents],
        "wordings": [a.wording for a in wanted.entry.consents],
        "user_id": wanted.actor.user.id if wanted.actor and wanted.actor.user else None,
        "actor": wanted.actor.name if wanted.actor else None,
        "message_id": new_message_id(),
        "notify": wanted.notify,
    }
