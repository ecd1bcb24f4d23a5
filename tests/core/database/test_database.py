"""Both databases are there, empty, and behave alike."""

import httpx

from core import db, sql
from core.settings import Settings
from events.projects.projects import Project
from tests.support import factories


async def test_a_database_is_empty_and_migrated(database: Settings, engine: str) -> None:
    assert sql.is_sqlite() == (engine == "sqlite")
    assert await Project.all().count() == 0


async def test_a_project_and_its_event(database: Settings) -> None:
    made = await factories.project()
    event = await factories.event(made)
    assert (await db.row("SELECT slug FROM event WHERE project_id = $1", made.id)) == {
        "slug": event.slug
    }


async def test_a_stranger_gets_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.text.count("There is no such page") == 2  # title and heading
    assert "The address may be mistyped" in answer.text


async def test_the_page_of_a_form_that_came_back_can_be_asked_for(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/r/some/change?lang=nb")
    assert (answer.status_code, answer.headers["location"]) == (303, "/r/some?lang=nb")
    assert (await client.get("/api/v1/events/some/publication")).status_code == 405
