"""Both databases are there, empty, and behave alike."""

import httpx

from core import db
from core.settings import Settings
from events.projects import Project
from tests import factories


async def test_a_database_is_empty_and_migrated(database: Settings, engine: str) -> None:
    assert db.is_sqlite() == (engine == "sqlite")
    assert await Project.all().count() == 0


async def test_a_project_and_its_event(database: Settings) -> None:
    made = await factories.project()
    event = await factories.event(made)
    assert (await db.row("SELECT slug FROM event WHERE project_id = $1", made.id)) == {"slug": event.slug}


async def test_a_stranger_gets_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
