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


# What a project's figures rest on (indicators/summaries.py): a change of one of these columns raises a stamp in the same
# transaction, whoever makes it: the event's, or the project's own (event 0) when every event may be concerned.
# Attendance is written in bulk: on PostgreSQL once for each statement.
_OWN = "SELECT %s.project_id, 0, 1 WHERE TRUE"
_OF_EVENT = "SELECT project_id, 0, 1 FROM event WHERE id = %s.event_id"
_ITS_EVENT = "SELECT %s.project_id, %s.event_id, 1 WHERE TRUE"
_THEIR_EVENTS = (
    "SELECT DISTINCT %s.project_id, r.event_id, 1 FROM registration r WHERE r.person_id = %s.id "
    "AND EXISTS (SELECT 1 FROM attendance a WHERE a.registration_id = r.id)"
)
_WATCHED = {
    "event": (
        _OWN,
        "INSERT UPDATE DELETE",
        "kind status starts_at ends_at timezone country open_to_public internal "
        "direction_from direction_to activity_id series_id held_reason",
    ),
    "session": (
        _OF_EVENT,
        "INSERT UPDATE DELETE",
        "event_id starts_at ends_at timezone counted removed_at",
    ),
    "event_organiser": (_OF_EVENT, "INSERT UPDATE DELETE", "event_id partner_id"),
    "partner": (_OWN, "INSERT UPDATE DELETE", "organisation_id"),
    "organisation": (_OWN, "UPDATE", "kind country parent_id"),
    "series": (_OWN, "UPDATE", "kind threshold_percent"),
    "activity": (_OWN, "UPDATE", "number"),
    "project": ("SELECT %s.id, 0, 1 WHERE TRUE", "UPDATE", "starts_on ends_on timezone"),
    "registration": (
        _ITS_EVENT,
        "UPDATE",
        "person_id role organisation_id country gender birth_year target_group",
    ),
    "person": (
        _THEIR_EVENTS,
        "UPDATE",
        "merged_into_id organisation_id country gender birth_year target_group",
    ),
}
_RAISE = (
    "INSERT INTO figure_stamp (project_id, event_id, number) %s "
    "ON CONFLICT (project_id, event_id) DO UPDATE SET number = figure_stamp.number + 1"
)


def _watching():
    """(table, verb, the stamps to raise, condition, columns of an UPDATE)."""
    for table, (stamps, verbs, columns) in _WATCHED.items():
        names = columns.split()
        for verb in verbs.split():
            differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)
            yield (
                table,
                verb,
                stamps.replace("%s", "OLD" if verb == "DELETE" else "NEW"),
                f"WHEN ({differs})" if verb == "UPDATE" else "",
                f"OF {', '.join(names)}",
            )


def _sqlite():
    rows = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
    facts = [
        ("attendance", verb, _ITS_EVENT.replace("%s", row), "", "") for verb, row in rows.items()
    ]
    for table, verb, stamps, when, columns in [*_watching(), *facts]:
        of = columns if verb == "UPDATE" else ""
        raised = _RAISE % stamps
        yield f"CREATE TRIGGER figures_{table}_{verb.lower()} AFTER {verb} {of} ON {table} {when} BEGIN {raised}; END"


def _postgres():
    for table, verb, stamps, when, columns in _watching():
        of = columns if verb == "UPDATE" else ""
        name = f"figures_{table}_{verb.lower()}"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_RAISE % stamps}; RETURN NULL; END $$"
        )
        # at the commit, when the transaction has all its other locks: it never waits for another with the stamp in hand
        yield (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {verb} {of} ON {table} DEFERRABLE INITIALLY DEFERRED "
            f"FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
        )
    raised = (
        _RAISE
        % "SELECT DISTINCT project_id, event_id, 1 FROM changed ORDER BY project_id, event_id"
    )
    yield (
        "CREATE FUNCTION figures_attendance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{raised}; RETURN NULL; END $$"
    )
    for verb in ("INSERT", "UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER figures_attendance_{verb.lower()} AFTER {verb} ON attendance "
            f"REFERENCING {'OLD' if verb == 'DELETE' else 'NEW'} TABLE AS changed "
            "FOR EACH STATEMENT EXECUTE FUNCTION figures_attendance()"
        )


async def _watch(_apps, editor):
    sqlite = editor.client.capabilities.dialect == "sqlite"
    for statement in _sqlite() if sqlite else _postgres():
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    """Indexes with a condition, and triggers."""

    dependencies = [("viesis", "0001_initial")]

    operations = [
        *[ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in _INDEXES.items()],
        ops.RunPython(_watch),
    ]
