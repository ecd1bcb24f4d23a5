"""Retention: on the project's date people go, what was counted stays."""

from datetime import timedelta

from accounts.sessions.access import Actor
from core import db
from core.clock import now, travelled
from notifications.outbox.message import Attempt, Message
from registrations.form.entry import Entry
from registrations.mail.notices import invite
from registrations.people.erasure import forget_people
from registrations.placing.register import place
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.support import factories


async def test_people_go_and_totals_stay(database: object) -> None:
    project = await factories.project(retention_on=(now() + timedelta(days=100)).date())
    other = await factories.project()
    for which in (project, other):
        event = await factories.event(which)
        for n in range(3):
            entry = Entry(f"Canary {n}", f"canary{n}@example.org", gender="female", country="LV")
            await place(event, entry, source="web", language="en")
        await invite(event, Actor("alice"), [("Canary0@example.org", "Canary 0")])
    for mail in await Message.all():
        said = f"550 <{mail.to_email}> unknown"
        await Attempt.create(message=mail, at=now(), outcome="refused", answer=said)
        await Message.filter(id=mail.id).update(answer=said)
    assert await forget_people() == 0
    with travelled(timedelta(days=101)):
        assert await forget_people() == 3
        assert await forget_people() == 0
    kept = await Registration.filter(project_id=project.id)
    assert [(r.status, r.gender, r.country) for r in kept] == [("confirmed", "female", "LV")] * 3
    for table, column in (
        ("person", "project_id"),
        ("registration", "project_id"),
        ("message", "scope"),
    ):
        rows = await db.rows(f"SELECT * FROM {table} WHERE {column} = $1::bigint", project.id)
        assert "anary" not in str(rows)
    attempts = (
        "SELECT a.* FROM attempt a JOIN message m ON m.id = a.message_id WHERE m.scope = $1::bigint"
    )
    assert "anary" not in str(await db.rows(attempts, project.id))
    assert await Person.filter(project_id=other.id, name__startswith="Canary").count() == 3
