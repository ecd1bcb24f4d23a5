"""A registration as one turn of SQLite's thread: the statements of
registrations/placing/one_statement.py one after the other.
"""

import re
import sqlite3
from typing import Any, cast

from core import db
from core.database.sqlite import Client
from registrations.registration import seats
from registrations.registration.persons import UPSERT
from registrations.registration.registration import MAILS

_PERSON = re.sub(r"::\w+", "", re.sub(r"\$(\d+)", r":p\1", UPSERT))
_THERE = """
SELECT id FROM registration WHERE event_id = :event_id AND person_id = :person_id
AND status IN ('pending', 'waiting', 'offered', 'confirmed')
"""
_SEAT = f"""
UPDATE event SET {seats.TAKE} WHERE id = :event_id AND {seats.TAKEABLE} AND NOT approval
RETURNING {seats.STATUS} AS status, last_place, waiting
"""
_MADE = """
INSERT INTO registration (
  project_id, event_id, person_id, status, role, organisation_id, country, gender, birth_year, target_group, language,
  answers, door_note, ticket_identity, hash, generation, waiting_number, source, after_event, form_key,
  cancel_reason, revision, created_at, changed_at, confirmed_at)
VALUES (:project_id, :event_id, :person_id, :status, :role, :organisation_id, :country, :gender, :birth_year,
  :target_group, :language, :answers, '', :ticket_identity, :hash, 0, :waiting_number, :source, 0, :form_key,
  '', 0, :at, :at, :confirmed_at)
RETURNING *
"""
_AGREED = "INSERT INTO consent (registration_id, purpose, wording, language, given_at) VALUES (?, ?, ?, ?, ?)"
_SAID = """
INSERT INTO audit_entry (at, project_id, user_id, actor, action, object_type, object_id, changed, refused)
VALUES (:at, :project_id, :user_id, :actor, 'registration.made', 'registration', :id, '[]', 0)
"""
_MAIL = """
INSERT INTO message (scope, subject_of, kind, to_name, to_email, language, about, dedup, state, attempts, due_at,
                     bulk, leased_by, message_id, subject, answer, created_at)
VALUES (:project_id, :event_id, :kind, :p2, :p5, :language, json_object('registration', :id), :kind || ':' || :id,
  'queued', 0, :at, 0, '', :message_id, '', '', :at)
"""


async def place(values: dict[str, Any]) -> dict[str, Any] | None:
    """The registration's row with `in_line` and `root`; None when the event takes nobody any more.

    Raises IntegrityError when the person is registered: nothing is kept then.
    """
    given = {
        name: value if isinstance(value, list) else db.to_db(value)
        for name, value in values.items()
    }

    def work(raw: sqlite3.Connection) -> dict[str, Any] | None:
        return _work(raw, given)

    found: dict[str, Any] | None = await cast("Client", db.connection()).whole(work)
    return found


def _work(raw: sqlite3.Connection, given: dict[str, Any]) -> dict[str, Any] | None:
    named = {name: value for name, value in given.items() if not isinstance(value, list)}

    def one(sql: str, **more: Any) -> sqlite3.Row | None:
        named.update(more)
        return cast("sqlite3.Row | None", raw.execute(sql, named).fetchone())

    person = one(_PERSON)
    assert person, "an upsert answers its row"
    if one(_THERE, person_id=person["id"]):
        raise sqlite3.IntegrityError("this person is registered")
    seat = one(_SEAT)
    if not seat:
        return None
    waits = seat["status"] == "waiting"
    confirmed_at, number = (None, seat["last_place"]) if waits else (named["at"], None)
    made = one(_MADE, status=seat["status"], waiting_number=number, confirmed_at=confirmed_at)
    assert made, "an insert answers its row"
    agreed = zip(given["purposes"], given["wordings"], strict=True)
    raw.executemany(
        _AGREED, [(made["id"], *said, named["language"], named["at"]) for said in agreed]
    )
    named["id"] = made["id"]
    if named["actor"] is not None:
        raw.execute(_SAID, named)
    if named["notify"]:
        raw.execute(_MAIL, {**named, "kind": MAILS[seat["status"]]})
    return {**dict(made), "in_line": seat["waiting"], "root": person["merged_into_id"]}
