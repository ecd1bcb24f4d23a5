"""Retention: on the project's date people go, what was counted stays."""

from datetime import timedelta

from core import db
from core.clock import now, travelled
from registrations.entries import Entry
from registrations.erasure import forget_people
from registrations.persons import Person
from registrations.places import place
from registrations.registrations import Registration
from tests import factories


async def test_people_go_and_totals_stay(database: object) -> None:
    project = await factories.project(retention_on=(now() + timedelta(days=100)).date())
    other = await factories.project()
    for which in (project, other):
        event = await factories.event(which)
        for n in range(3):
            entry = Entry(f"Canary {n}", f"canary{n}@example.org", gender="female", country="LV")
            await place(event, entry, source="web", language="en")
    assert await forget_people() == 0
    with travelled(timedelta(days=101)):
        assert await forget_people() == 3
        assert await forget_people() == 0
    kept = await Registration.filter(project_id=project.id)
    assert [(r.status, r.gender, r.country) for r in kept] == [("confirmed", "female", "LV")] * 3
    for table, column in (("person", "project_id"), ("registration", "project_id"), ("message", "scope")):
        rows = await db.rows(f"SELECT * FROM {table} WHERE {column} = $1::bigint", project.id)
        assert "anary" not in str(rows)
    assert await Person.filter(project_id=other.id, name__startswith="Canary").count() == 3
