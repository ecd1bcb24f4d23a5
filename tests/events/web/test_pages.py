"""Public pages of events: what is listed, what is shown, what it costs."""

import html
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core.clock import now, travelled
from events.event.event import Event
from events.programme.sessions import Session
from events.projects import accents
from events.projects.projects import Project
from events.web import events
from tests.events.queries import counted
from tests.support import factories as make

OVER = {"starts_at": now() - timedelta(days=2), "ends_at": now() - timedelta(days=1)}
IN_LATVIAN = {"Accept-Language": "lv"}


def words(answer: httpx.Response) -> str:
    """What a page says, without its tags."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


async def session(event: Event, title: str = "Opening", **over: object) -> Session:
    given: dict[str, Any] = {
        "starts_at": event.starts_at,
        "ends_at": event.starts_at + timedelta(hours=1),
    }
    given["kind"] = "talk"
    moment = now()
    return await Session.create(
        event_id=event.id,
        title={"en": title},
        created_at=moment,
        changed_at=moment,
        **{**given, **over},
    )


@pytest.fixture
async def project(client: httpx.AsyncClient) -> Project:
    return await make.project(acronym="SmartGov")


async def test_what_is_coming_is_open_published_and_not_over(
    client: httpx.AsyncClient, project: Project
) -> None:
    assert "Nothing is coming" in words(await client.get("/"))
    await make.event(project, title={"en": "Open"})
    await make.event(project, title={"en": "By invitation of its address"}, open_to_public=False)
    await make.event(project, title={"en": "Among us"}, internal=True)
    await make.event(project, title={"en": "A draft"}, status="draft", published_at=None)
    await make.event(project, title={"en": "Called off"}, status="cancelled")
    await make.event(
        project,
        title={"en": "Over"},
        starts_at=now() - timedelta(days=2),
        ends_at=now() - timedelta(days=1),
    )
    answer = await client.get("/")
    assert re.findall(r'class="title" href="[^"]+">([^<]+)<', answer.text) == ["Open", "Called off"]
    page = await client.get(f"/p/{project.slug}")
    assert re.findall(r'class="title" href="[^"]+">([^<]+)<', page.text) == [
        "Open",
        "Called off",
        "Over",
    ]


async def test_a_long_list_comes_in_pages(client: httpx.AsyncClient, project: Project) -> None:
    for _n in range(events.PER_PAGE + 1):
        await make.event(project)
    first = await client.get("/")
    assert first.text.count('class="row"') == events.PER_PAGE
    assert 'href="/?from=25"' in first.text
    second = await client.get("/?from=25")
    assert second.text.count('class="row"') == 1
    assert (await client.get("/?from=x")).status_code == 422


@pytest.mark.parametrize("path", ["/", "/p/{p}"])
async def test_a_list_asks_the_same_for_one_and_for_three(
    client: httpx.AsyncClient, project: Project, path: str
) -> None:
    counts = []
    for _n in range(3):
        await make.event(project)
        with counted() as queries:
            assert (await client.get(path.format(p=project.slug))).status_code == 200
        counts.append(len(queries))
    assert 0 < counts[0] == counts[2]


async def test_no_cookie_on_public_pages(client: httpx.AsyncClient, project: Project) -> None:
    event = await make.event(project)
    for path in ("/", f"/p/{project.slug}", f"/e/{event.slug}", "/nowhere"):
        assert "set-cookie" not in (await client.get(path)).headers, path


async def test_an_event_says_when_where_and_what_in_the_persons_language(
    client: httpx.AsyncClient, project: Project
) -> None:
    event = await make.event(
        project, title={"en": "Conference", "lv": "Konference"}, place="Rātsnams"
    )
    await session(event, "Opening", place="Hall A", speakers=["Anna Bērziņa"])
    travel = {
        "kind": "travel",
        "end_timezone": "Europe/Oslo",
        "starts_at": event.starts_at + timedelta(hours=2),
    }
    await session(event, "Flight", **{**travel, "ends_at": event.starts_at + timedelta(hours=4)})
    await session(event, "Gone", removed_at=now())
    answer = await client.get(f"/e/{event.slug}")
    said = words(answer)
    assert all(
        word in said
        for word in ("Rātsnams", "Hall A", "Anna Bērziņa", "Register", "Central European Time")
    )
    assert "Gone" not in said
    assert (
        f'datetime="{event.starts_at.isoformat()}" data-local data-zone="Europe/Riga"'
        in answer.text
    )
    assert (
        '<html lang="lv"'
        in (latvian := await client.get(f"/e/{event.slug}", headers=IN_LATVIAN)).text
    )
    assert "<title>Konference" in latvian.text


async def test_a_visit_says_from_where_to_where_and_what_to_bring(
    client: httpx.AsyncClient, project: Project
) -> None:
    details = {"meeting_point": "Riga station", "passport": True, "insurance": False}
    ways = {"direction_from": "LV", "direction_to": "NO"}
    event = await make.event(project, kind="study_visit", details=details, **ways)
    said = words(await client.get(f"/e/{event.slug}"))
    assert all(
        w in said for w in ("Study visit", "Latvia → Norway", "Riga station", "Bring a passport")
    )
    assert "insurance" not in said


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({}, "Register"),
        ({"capacity": 20, "seats_taken": 17}, "Only 3 seats left"),
        ({"capacity": 20, "seats_taken": 20}, "Join the waiting list"),
        (
            {"capacity": 20, "seats_taken": 20, "waiting": 4},
            "Join the waiting list (4 ahead of you)",
        ),
        ({"capacity": 20, "seats_taken": 20, "waiting_list": False}, "there is no waiting list"),
        ({"status": "cancelled", "cancel_reason": "The hall burned."}, "The hall burned."),
        ({"invitation_only": True}, "by invitation"),
        ({"registration_closes_at": now() - timedelta(days=1)}, "Registration is closed."),
        ({"registration_opens_at": now() + timedelta(days=1)}, "Registration opens on"),
        (OVER, "has taken place"),
    ],
)
async def test_an_event_says_whether_one_can_register(
    client: httpx.AsyncClient, project: Project, over: dict[str, object], said: str
) -> None:
    event = await make.event(project, **over)
    assert said in words(await client.get(f"/e/{event.slug}"))


async def test_what_is_not_open_works_by_its_address_and_is_kept_from_search_engines(
    client: httpx.AsyncClient, project: Project
) -> None:
    event = await make.event(project, open_to_public=False)
    answer = await client.get(f"/e/{event.slug}")
    assert (answer.status_code, "noindex" in answer.text) == (200, True)
    assert "noindex" not in (await client.get(f"/e/{(await make.event(project)).slug}")).text


async def test_a_draft_is_there_for_its_organisers_only(
    client: httpx.AsyncClient, other: httpx.AsyncClient, project: Project
) -> None:
    event = await make.event(project, status="draft", published_at=None)
    assert (await client.get(f"/e/{event.slug}")).status_code == 404
    await make.sign_in(client, await make.organiser(project))
    assert "This is a preview" in words(await client.get(f"/e/{event.slug}"))
    await make.sign_in(other, await make.organiser(await make.project()))
    assert (await other.get(f"/e/{event.slug}")).status_code == 404
    assert (await other.get(f"/e/{event.slug}-not")).status_code == 404


async def test_an_event_that_has_not_changed_costs_one_small_query(
    client: httpx.AsyncClient, project: Project
) -> None:
    event = await make.event(project, capacity=40)
    await session(event)
    first = await client.get(f"/e/{event.slug}")
    with counted() as queries:
        again = await client.get(f"/e/{event.slug}")
    assert (len(queries), again.text) == (1, first.text)
    same = await client.get(f"/e/{event.slug}", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await Event.filter(id=event.id).update(seats_taken=5)
    with counted() as queries:
        await client.get(f"/e/{event.slug}")
    assert len(queries) == 1
    await Event.filter(id=event.id).update(seats_taken=35)
    assert "Only 5 seats left" in words(await client.get(f"/e/{event.slug}"))
    await Event.filter(id=event.id).update(revision=1, title={"en": "Another title"})
    assert "Another title" in words(await client.get(f"/e/{event.slug}"))
    with travelled(event.ends_at):
        assert "has taken place" in words(await client.get(f"/e/{event.slug}"))


async def test_the_colour_of_a_project_can_be_read(client: httpx.AsyncClient) -> None:
    for colour in ("#ffff00", "#000000", "#1a5fb4", "#808080", "#ffffff"):
        assert accents.contrast(accents.on_light(colour), accents.WHITE) >= 4.5, colour
        assert accents.contrast(accents.on_dark(colour), accents.NIGHT) >= 4.5, colour
    project = await make.project(accent="#1a5fb4")
    sheet = await client.get(project.accent_url)
    assert sheet.text == ":root { --accent: #1a5fb4; --accent-dark: #5395e6; }\n"
    assert (
        sheet.headers["content-type"].partition(";")[0],
        "immutable" in sheet.headers["cache-control"],
    ) == (
        "text/css",
        True,
    )
    plain = await make.project()
    assert (await client.get(plain.accent_url)).text == ""
    assert (await client.get(f"/p/{plain.slug}/logo.png")).status_code == 404
