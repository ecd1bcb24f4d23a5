"""Pages and feeds that are kept are never older than what was acknowledged before they were asked
for.
"""

import asyncio
import gzip

import httpx
import pytest

from accounts.sessions.access import Actor
from core.http.pages import cookie_name
from core.memory.change_notification import news
from events.event.event import Event
from events.event.organisers import EventOrganiser
from events.presentation import page_cache
from events.programme.sessions import Session
from events.projects.organisations import Organisation
from events.projects.projects import Partner, Project
from events.projects.series import Series
from registrations.registration.registration import Registration
from tests.support import factories as make

ALICE = Actor("alice")


async def listening() -> None:
    """On PostgreSQL, wait until the node hears of changes."""
    while not (news.listening or news.log):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)


async def test_a_feed_is_new_with_the_first_question_after_a_change(
    client: httpx.AsyncClient,
) -> None:
    project = await make.project()
    event = await make.event(project)
    await listening()
    for number in range(15):
        for address in (f"/e/{event.slug}.ics", f"/p/{project.slug}.ics"):
            before = await client.get(address)
            tag = {"If-None-Match": before.headers["etag"]}
            assert (await client.get(address, headers=tag)).status_code == 304
            await event.change(ALICE, notify=False, place=f"Room {number} of {address}")
            assert (await client.get(address, headers=tag)).status_code == 200
        project = await Project.get(id=project.id)
        before = await client.get(f"/p/{project.slug}.ics")
        tag = {"If-None-Match": before.headers["etag"]}
        assert (await client.get(f"/p/{project.slug}.ics", headers=tag)).status_code == 304
        await project.change(ALICE, title={"en": f"Name {number}", "lv": f"Vārds {number}"})
        assert (await client.get(f"/p/{project.slug}.ics", headers=tag)).status_code == 200


async def test_a_page_is_new_after_every_change_that_it_shows(client: httpx.AsyncClient) -> None:
    project = await make.project()
    event = await make.event(project, series_id=None)
    pages = [(await client.get(f"/e/{event.slug}")).text]

    async def differs() -> None:
        pages.append((await client.get(f"/e/{event.slug}")).text)
        assert pages[-1] != pages[-2]

    await event.change(ALICE, notify=False, title={"en": "Another title"})
    await differs()
    session = await Session.add(
        event, ALICE, kind="talk", title="Opening", starts_at=event.starts_at, ends_at=event.ends_at
    )
    await differs()
    await session.change(event, ALICE, notify=False, place="Small hall")
    await differs()
    await session.remove(event, ALICE, notify=False)
    await differs()
    series = await Series.begin(project, ALICE, title="Spring", kind="cycle")
    await event.change(ALICE, notify=False, series=str(series.id))
    await differs()
    await series.change(project, ALICE, title="Autumn")
    await differs()
    organisation = await Organisation.known(project.id, {"en": "City of Daugavpils"}, "LV")
    partner = await Partner.create(
        project_id=project.id,
        organisation_id=organisation.id,
        role="partner",
        position=1,
        created_at=event.created_at,
    )
    await EventOrganiser.create(event_id=event.id, partner_id=partner.id)
    await differs()
    await Organisation.filter(id=organisation.id).update(name={"en": "Daugavpils"})
    await differs()
    project = await Project.get(id=project.id)
    await project.change(ALICE, title={"en": "Another name"})
    await differs()
    await event.cancel(ALICE, "Snow", notify=False)
    await differs()


async def test_the_last_seats_are_shown_as_they_are(client: httpx.AsyncClient) -> None:
    event = await make.event(await make.project(), capacity=3, waiting_list=True)
    shown = [(await client.get(f"/e/{event.slug}")).text]
    for number in range(5):
        await make.register(event, f"Guest {number}", f"g{number}@example.org", notify=False)
        shown.append((await client.get(f"/e/{event.slug}")).text)
    assert [f"Only {left} seat" in page for left, page in zip((3, 2, 1), shown, strict=False)] == [
        True
    ] * 3
    assert ["Join the waiting list" in page for page in shown] == [False] * 3 + [True] * 3
    await (await Registration.filter(status="waiting").order_by("-id").first()).cancel(notify=False)  # type: ignore[union-attr]  # two wait
    assert (await client.get(f"/e/{event.slug}")).text == shown[4]


async def test_a_kept_page_is_for_its_language_and_for_people_who_see_what_all_see(
    client: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    project = await make.project()
    event = await make.event(project)
    address = f"/e/{event.slug}"
    english = await client.get(address)
    assert (await client.get(address, headers={"Accept-Language": "lv"})).text.count(
        'lang="lv"'
    ) > 1
    assert (await client.get(address, headers={"Cookie": "lang=lv"})).text != english.text
    asked = await client.get(f"{address}?lang=lv")
    assert (asked.headers["set-cookie"].split(";")[0], asked.text != english.text) == (
        "lang=lv",
        True,
    )
    client.cookies.clear()
    said = {
        "Cookie": cookie_name("flash")
        + "=%7B%22text%22%3A%20%22Well%20done%22%2C%20%22tone%22%3A%20%22success%22%7D"
    }
    assert "Well done" in (await client.get(address, headers=said)).text
    await make.sign_in(other, await make.organiser(project))
    assert f"/desk/e/{event.slug}" in (await other.get(address)).text
    assert (await client.get(address)).text == english.text
    packed = await client.get(address, headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.text) == ("gzip", english.text)
    async with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert gzip.decompress(raw).decode() == english.text
    assert "set-cookie" not in english.headers


async def test_many_who_ask_at_once_get_one_page_that_was_rendered_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await make.event(await make.project())
    rendered = 0
    real = page_cache.keep

    def counted(slug: str, state: page_cache.State, body: bytes) -> page_cache.Page:
        nonlocal rendered
        rendered += 1
        return real(slug, state, body)

    monkeypatch.setattr(page_cache, "keep", counted)
    answers = await asyncio.gather(*(client.get(f"/e/{event.slug}") for _ in range(20)))
    assert (len({a.text for a in answers}), rendered) == (1, 1)
    await Event.filter(id=event.id).update(revision=1, title={"en": "Another title"})
    answers = await asyncio.gather(*(client.get(f"/e/{event.slug}") for _ in range(20)))
    assert (["Another title" in a.text for a in answers], rendered) == ([True] * 20, 2)


async def test_head_says_what_get_says_without_a_body(client: httpx.AsyncClient) -> None:
    event = await make.event(await make.project())
    for address in (f"/e/{event.slug}", f"/e/{event.slug}.ics"):
        found, head = await client.get(address), await client.head(address)
        assert (head.status_code, head.content, head.headers["etag"]) == (
            200,
            b"",
            found.headers["etag"],
        )


async def test_what_is_not_plain_goes_the_ordinary_way(client: httpx.AsyncClient) -> None:
    event = await make.event(await make.project())
    bearer = await make.bearer(await make.user(admin=True))
    address = f"/api/v1/events/{event.slug}/registrations"
    alice = {"name": "Alice", "email": "alice@example.org"}
    made = await client.post(address, json=alice, headers=bearer)
    again = await client.post(address, json=alice, headers=bearer)
    assert (made.status_code, again.status_code, made.json() == again.json()) == (201, 200, True)
    answers = [
        await client.post(
            address, content=b"{", headers={**bearer, "Content-Type": "application/json"}
        ),
        await client.post(address, json={**alice, "shoe": 43}, headers=bearer),
        await client.post(address, json={"name": "Bob"}, headers=bearer),
        await client.post(address, content=b"name=Bob", headers=bearer),
        await client.post(address, json=alice),
        await client.post(
            f"/api/v1/events/{event.slug}-not/registrations", json=alice, headers=bearer
        ),
    ]
    named = [[e["field"] for e in a.json().get("errors", [])] for a in answers]
    assert [a.status_code for a in answers] == [422, 422, 422, 422, 401, 404]
    assert named[:3] == [["body"], ["shoe"], ["email"]]
    assert {a.headers["content-type"] for a in answers} == {"application/problem+json"}
