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


# What a project's figures rest on (indicators/summaries.py): a change of one of these columns raises the project's stamp
# in the same transaction, whoever makes it. Attendance is written in bulk: on PostgreSQL once for each statement.
_OWN = "%s.project_id"
_OF_EVENT = "(SELECT project_id FROM event WHERE id = %s.event_id)"
_WATCHED = {
    "event": (_OWN, "INSERT UPDATE DELETE", "kind status starts_at ends_at timezone country open_to_public internal "
              "direction_from direction_to activity_id series_id held_reason"),
    "session": (_OF_EVENT, "INSERT UPDATE DELETE", "event_id starts_at ends_at timezone counted removed_at"),
    "event_organiser": (_OF_EVENT, "INSERT UPDATE DELETE", "event_id partner_id"),
    "partner": (_OWN, "INSERT UPDATE DELETE", "organisation_id"),
    "organisation": (_OWN, "UPDATE", "kind country parent_id"),
    "series": (_OWN, "UPDATE", "kind threshold_percent"),
    "activity": (_OWN, "UPDATE", "number"),
    "project": ("%s.id", "UPDATE", "starts_on ends_on timezone"),
    "registration": (_OWN, "UPDATE", "person_id role organisation_id country gender birth_year target_group"),
    "person": (_OWN, "UPDATE", "merged_into_id organisation_id country gender birth_year target_group"),
}
_RAISE = (
    "INSERT INTO figure_stamp (project_id, number) %s "
    "ON CONFLICT (project_id) DO UPDATE SET number = figure_stamp.number + 1"
)


def _watching():
    """(table, verb, the project's id with %s for the row, condition, columns of an UPDATE)."""
    for table, (project, verbs, columns) in _WATCHED.items():
        names = columns.split()
        for verb in verbs.split():
            differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)
            yield table, verb, project, f"WHEN ({differs})" if verb == "UPDATE" else "", f"OF {', '.join(names)}"


def _sqlite():
    watched = [*_watching(), *[("attendance", verb, _OWN, "", "") for verb in ("INSERT", "UPDATE", "DELETE")]]
    for table, verb, project, when, columns in watched:
        of = columns if verb == "UPDATE" else ""
        found = project % ("OLD" if verb == "DELETE" else "NEW")
        raised = _RAISE % f"SELECT {found}, 1 WHERE {found} IS NOT NULL"
        yield f"CREATE TRIGGER figures_{table}_{verb.lower()} AFTER {verb} {of} ON {table} {when} BEGIN {raised}; END"


def _postgres():
    for table, verb, project, when, columns in _watching():
        of = columns if verb == "UPDATE" else ""
        row = "OLD" if verb == "DELETE" else "NEW"
        name = f"figures_{table}_{verb.lower()}"
        found = project % row
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_RAISE % f'SELECT {found}, 1 WHERE {found} IS NOT NULL'}; RETURN NULL; END $$"
        )
        # at the commit, when the transaction has all its other locks: it never waits for another with the stamp in hand
        yield (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {verb} {of} ON {table} DEFERRABLE INITIALLY DEFERRED "
            f"FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
        )
    raised = _RAISE % "SELECT DISTINCT project_id, 1 FROM changed ORDER BY project_id"
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
