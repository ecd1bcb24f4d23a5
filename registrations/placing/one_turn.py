"""A registration as one turn of SQLite's thread: the statements of
registrations/placing/one_statement.py one after the other.
"""

import re
import sqlite3
from functools import cache
from typing import Any, NamedTuple, cast

from tortoise.models import Model

from accounts.audit.audit import AuditEntry
from core import db
from core.database import rows
from core.database.sqlite import Client
from notifications.outbox.message import Message
from registrations.form.questions import Consent
from registrations.registration import seats
from registrations.registration.persons import UPSERT
from registrations.registration.registration import MAILS, Registration

_PERSON = re.sub(r"::\w+", "", re.sub(r"\$(\d+)", r":p\1", UPSERT))
_REGISTERED = """
SELECT id FROM registration WHERE event_id = :r_event_id AND person_id = :r_person_id
AND status IN ('pending', 'waiting', 'offered', 'confirmed')
"""
_SEAT = f"""
UPDATE event SET {seats.TAKE} WHERE id = :r_event_id AND {seats.TAKEABLE} AND NOT approval
RETURNING {seats.STATUS} AS status, last_place, waiting
"""


class _Statements(NamedTuple):
    registration: str
    consent: str
    audit_entry: str
    message: str


@cache
def _statements() -> _Statements:
    def insert(model: type[Model], prefix: str, **computed: str) -> str:
        head, values = rows.insert(model, prefix, computed, casts=False)
        return f"{head} VALUES ({values})"

    return _Statements(
        insert(Registration, "r_") + " RETURNING *",
        insert(Consent, "c_"),
        insert(AuditEntry, "a_"),
        insert(
            Message, "m_", about="json_object('registration', :id)", dedup=":m_kind || ':' || :id"
        ),
    )


async def place(values: dict[str, Any]) -> dict[str, Any] | None:
    """The registration's row with `in_line` and `root`; None when the event takes nobody any more.

    Raises IntegrityError when the person is registered: nothing is kept then.
    """
    named = {
        name: value if isinstance(value, list) else db.to_db(value)
        for name, value in values.items()
    }
    consents = list(zip(named.pop("purposes"), named.pop("wordings"), strict=True))

    def work(raw: sqlite3.Connection) -> dict[str, Any] | None:
        return _work(raw, named, consents)

    found: dict[str, Any] | None = await cast("Client", db.connection()).whole(work)
    return found


def _work(
    raw: sqlite3.Connection, named: dict[str, Any], consents: list[tuple[str, str]]
) -> dict[str, Any] | None:
    insert = _statements()

    def one(sql: str, **more: Any) -> sqlite3.Row | None:
        named.update(more)
        return cast("sqlite3.Row | None", raw.execute(sql, named).fetchone())

    person = one(_PERSON)
    assert person, "an upsert answers its row"
    if one(_REGISTERED, r_person_id=person["id"]):
        raise sqlite3.IntegrityError("this person is registered")
    seat = one(_SEAT)
    if not seat:
        return None
    status = seat["status"]
    waits = status == "waiting"
    registration = one(
        insert.registration,
        r_status=status,
        r_waiting_number=seat["last_place"] if waits else None,
        r_confirmed_at=None if waits else named["r_created_at"],
    )
    assert registration, "an insert answers its row"
    named["id"] = registration["id"]
    for purpose, wording in consents:
        agreed = {"c_registration_id": named["id"], "c_purpose": purpose, "c_wording": wording}
        raw.execute(insert.consent, {**named, **agreed})
    if named["a_actor"]:
        raw.execute(insert.audit_entry, {**named, "a_object_id": str(named["id"])})
    if named["notify"]:
        raw.execute(insert.message, {**named, "m_kind": MAILS[status]})
    return {**dict(registration), "in_line": seat["waiting"], "root": person["merged_into_id"]}
