"""The indicator page of a large project: counted ahead by a worker, looked at, after a change, and
counted in full.
"""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tortoise.backends.base.executor import EXECUTOR_CACHE

from accounts.sessions.access import Actor
from core import db, settings, sql
from core.clock import now
from core.database import schema
from core.settings import Settings
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.projects import Project
from indicators.cache import memory
from indicators.cache.figures import recount
from indicators.report.warm_up import warm
from indicators.rules.indicators import Indicator
from indicators.rules.rules import Rule
from tests.support import factories
from tests.support.running import PRIVATE, SECRET, folder, load, program, request
from viesis.models import MODULES

SESSIONS, GUESTS = 5, 200
"""Of each event: a fact for each session and guest."""
BATCH = 20_000
RULES: list[dict[str, object]] = [
    {"unit": "participations"},
    {"unit": "people", "once_per": "project"},
    {"unit": "participant_hours"},
    {"unit": "delivered_hours"},
    {"unit": "events"},
]

_N = (
    "WITH RECURSIVE n(i) AS (SELECT $1::bigint UNION ALL SELECT i + 1 FROM n WHERE i < $2::bigint) "
)
_AT = "'2026-03-02 08:00:00+00:00'"
_PEOPLE = f"""{_N}
INSERT INTO person (id, project_id, name, name_folded, search, email, email_folded, country, gender, target_group,
                    language, birth_year, created_at)
SELECT i, 1, 'Guest ' || i, 'guest ' || i, '', 'g' || i, 'g' || i, CASE i % 3 WHEN 0 THEN 'LT' ELSE 'LV' END,
  CASE i % 2 WHEN 0 THEN 'female' ELSE 'male' END, '', 'en', 1950 + i % 60, {_AT} FROM n
"""
_REGISTRATIONS = f"""{_N}
INSERT INTO registration (id, project_id, event_id, person_id, status, role, country, gender, target_group, language,
  answers, door_note, ticket_identity, generation, source, after_event, form_key, cancel_reason, revision, created_at,
  changed_at)
SELECT i, 1, 1 + (i - 1) / {GUESTS}, i, 'confirmed', 'attendee', '', '', '', 'en', '{{}}', '', i, 0, 'api', FALSE, '',
  '', 0, {_AT}, {_AT} FROM n
"""
_FACTS = """
INSERT INTO attendance (project_id, event_id, registration_id, unit, session_id, day, starts_at, first_at, minutes,
                        methods, signed)
SELECT 1, r.event_id, r.id, CAST(s.id AS varchar(20)), s.id, '2026-03-02', s.starts_at, s.starts_at, 60, '["qr"]',
  FALSE
FROM registration r JOIN session s ON s.event_id = r.event_id WHERE r.id BETWEEN $1::bigint AND $2::bigint
"""


async def fill(facts: int) -> Project:
    """An empty database with so many facts in one project, a fifth as many people, and an indicator
    for each rule.
    """
    project = await factories.project()
    people = facts // SESSIONS
    for number in range(people // GUESTS):
        begins = now() - timedelta(days=1 + number % 700)
        event = await factories.event(
            project, capacity=None, starts_at=begins, ends_at=begins + timedelta(hours=8)
        )
        hours = [begins + timedelta(hours=n) for n in range(SESSIONS)]
        given = {
            "event_id": event.id,
            "kind": "talk",
            "title": {"en": "Talk"},
            "created_at": now(),
            "changed_at": now(),
        }
        await Session.bulk_create(
            [Session(**given, starts_at=h, ends_at=h + timedelta(hours=1)) for h in hours]
        )
    for statement in (_PEOPLE, _REGISTRATIONS, _FACTS):
        for first in range(1, people + 1, BATCH):
            await db.execute(statement, first, min(first + BATCH - 1, people))
    if not sql.is_sqlite():
        await db.execute("ANALYZE")
    for rule in RULES:
        await Indicator.add(
            project, Actor("bench"), Rule.read(rule), name={"en": str(rule["unit"])}
        )
    return project


async def measured(engine: str, facts: int) -> list[dict[str, Any]]:
    """Two rows of the table: counting ahead, and the page's figures over HTTP."""
    project = await fill(facts)
    token = await factories.api_token(await factories.user(admin=True))
    began = time.perf_counter()
    assert await warm() == 1, "not large enough to be counted ahead"
    ahead = time.perf_counter() - began
    looked = await looks(project, token)
    event = await Event.get(id=1)
    await db.execute("UPDATE attendance SET minutes = 59 WHERE event_id = $1", event.id)
    began = time.perf_counter()
    await warm()
    again = time.perf_counter() - began
    memory.forget()
    assert await recount(project) == [], "a full recount differs"
    bar = 100 if sql.is_sqlite() else 50
    number = f"{facts:,} facts"
    return [
        _row(engine, f"figures, {number}", looked, f"≤ {bar} ms; a recount agrees"),
        _row(
            engine, "figures, counted ahead", [ahead * 1000], f"by the worker, {len(RULES)} rules"
        ),
        _row(engine, "figures, after a change", [again * 1000], "one event's facts, by the worker"),
    ]


def _row(engine: str, path: str, took: list[float], bar: str) -> dict[str, Any]:
    mid = median(took)
    found = {
        "engine": engine,
        "path": path,
        "per_second": round(1000 / mid),
        "p50_ms": round(mid, 1),
    }
    last = round(sorted(took)[int(len(took) * 0.99)], 1)
    return found | {"p99_ms": last, "ceiling_per_second": None, "ratio": None, "bar": bar}


async def looks(project: Project, token: str) -> list[float]:
    """Milliseconds of looking at the figures of the whole project, one after the other, over
    HTTP.
    """
    url = settings.get().database_url
    with folder() as place, program(url, place, "--no-worker") as served:
        asked = request("GET", f"/api/v1/projects/{project.slug}/indicators", token=token)
        answers = await load(served.port, [asked] * 51, 1)
    assert {a.status for a in answers} == {200}, answers[0].body
    return [a.took * 1000 for a in answers[1:]]


def rows(engine: str, database_url: str, facts: int) -> list[dict[str, Any]]:
    """Fill this empty database, migrated here, and measure."""
    with folder() as place:
        given = Settings(
            _env_file=None,
            database_url=database_url,
            secret_key=SECRET,
            private_keys=PRIVATE,
            data_dir=Path(place),
        )
        settings.use(given)
        EXECUTOR_CACHE.clear()

        async def run() -> list[dict[str, Any]]:
            await schema.migrate(given, MODULES)
            await db.connect(given, MODULES)
            try:
                return await measured(engine, facts)
            finally:
                await db.disconnect()

        return asyncio.run(run())
