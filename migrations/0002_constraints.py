"""What the models cannot say: partial indexes (Tortoise cannot make a condition on SQLite)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

_INDEXES = {
    # one active registration of a person at an event: sent twice, it is one
    "registration_active": "UNIQUE INDEX registration_active ON registration (event_id, person_id) "
    "WHERE status IN ('pending', 'waiting', 'offered', 'confirmed')",
    "registration_waiting": "INDEX registration_waiting ON registration (event_id, waiting_number) WHERE status = 'waiting'",
    "scan_unsettled": "INDEX scan_unsettled ON scan (project_id) WHERE NOT settled",
    "message_due": "INDEX message_due ON message (bulk, due_at) WHERE state IN ('queued', 'sending')",
}


class Migration(migrations.Migration):
    """Indexes with a condition."""

    dependencies = [("viesis", "0001_initial")]

    operations = [ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in _INDEXES.items()]
