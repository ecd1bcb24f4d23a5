"""A row has every column of its model, and no other."""

import pytest

from accounts.audit.audit import AuditEntry
from core.clock import now
from core.database import rows


def test_what_is_not_given_has_the_default_of_the_model(database: object) -> None:
    moment = now()
    assert rows.row(AuditEntry, at=moment, actor="alice", action="event.made") == {
        "at": moment,
        "project_id": None,
        "user_id": None,
        "actor": "alice",
        "action": "event.made",
        "object_type": "",
        "object_id": "",
        "changed": [],
        "refused": False,
    }


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"at": 0, "actor": "alice"}, "AuditEntry: action"),
        ({"at": 0, "actor": "alice", "action": "x", "colour": "red"}, "AuditEntry: colour"),
    ],
)
def test_a_column_forgotten_or_unknown_is_refused(
    database: object, given: dict[str, object], wrong: str
) -> None:
    with pytest.raises(ValueError, match=wrong):
        rows.row(AuditEntry, **given)


def test_a_statement_names_every_column(database: object) -> None:
    head, values = rows.insert(AuditEntry, "a_", {"object_id": "made.id::text"}, casts=True)
    assert head == (
        "INSERT INTO audit_entry (at, project_id, user_id, actor, action, object_type, object_id,"
        " changed, refused)"
    )
    assert values == (
        ":a_at::timestamptz, :a_project_id::bigint, :a_user_id::bigint, :a_actor::text,"
        " :a_action::text, :a_object_type::text, made.id::text, :a_changed::jsonb,"
        " :a_refused::bool"
    )
    with pytest.raises(ValueError, match="colour"):
        rows.insert(AuditEntry, "a_", {"colour": "1"}, casts=True)
