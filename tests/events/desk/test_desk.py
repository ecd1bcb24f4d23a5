"""Organisers' pages of events: making, changing, copying, and who may only read."""

from datetime import timedelta

import httpx
import pytest

from accounts.sessions.access import Actor
from core.clock import now
from events.event.event import Event
from events.event.history import Change
from events.programme.sessions import Session
from tests.events.alice import Alice, Fields, fields_of, said, visit_to
from tests.events.queries import counted
from tests.support import factories as make


async def test_making_an_event_step_by_step(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/events/new"
    assert "A new event" in said(await alice.sees(path))
    given: Fields = {
        "kind": "conference",
        "title_en": "Closing",
        "title_lv": "Noslēgums",
        "place": "Town hall",
    }
    day = (now() + timedelta(days=30)).date().isoformat()
    times: Fields = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T08:00"}
    page = said(await alice.sends(path, 422, kind="", title_en="", starts_at="", ends_at=""))
    assert all(f"{name}: Please fill this in." in page for name in ("Title", "From", "To", "Kind"))
    page = await alice.sends(path, 422, **given, **times)
    assert "The end must be after the beginning." in said(page)
    assert 'value="Noslēgums"' in page
    page = await alice.sends(path, **given, **{**times, "ends_at": f"{day}T17:00"})
    event = await Event.get(slug="closing")
    assert (event.status, event.title) == ("draft", {"en": "Closing", "lv": "Noslēgums"})
    assert all(
        word in said(page)
        for word in ("Next: publish it", "A description", "A programme", "Nobody sees it")
    )
    page = await alice.sends("/desk/e/closing/publish")
    assert "It is on no list" in said(page)
    assert "alice@example.org" in said(page)
    assert (await Event.get(id=event.id)).status == "published"


async def test_every_field_of_an_event_comes_back_as_it_was(alice: Alice) -> None:
    event = await visit_to(alice)
    page = await alice.sees(f"/desk/e/{event.slug}/edit")
    fields = fields_of(page)
    assert (fields["title_en"], fields["direction_to"], fields["details_meeting_point"]) == (
        "Visit",
        "NO",
        "Riga",
    )
    before = await Change.filter(event_id=event.id).count()
    await alice.sends(f"/desk/e/{event.slug}/edit", **fields)
    assert await Change.filter(event_id=event.id).count() == before
    changed: Fields = {
        **fields,
        "capacity": "30",
        "title_lv": "Vizīte",
        "open_to_public": "yes",
        "details_passport": "yes",
    }
    assert "Saved." in said(await alice.sends(f"/desk/e/{event.slug}/edit", **changed))
    found = await Event.get(id=event.id)
    assert (found.capacity, found.title, found.open_to_public) == (
        30,
        {"en": "Visit", "lv": "Vizīte"},
        True,
    )
    assert found.details == {"meeting_point": "Riga", "passport": True}
    assert found.starts_at == event.starts_at
    page = await alice.sends(
        f"/desk/e/{event.slug}/edit", 422, **{**fields, "capacity": "many", "country": "XX"}
    )
    assert all(
        word in said(page)
        for word in ("Please give a whole number.", "This is not a country's code")
    )
    assert 'value="many"' in page


async def test_a_time_that_a_clock_change_makes_double_becomes_a_choice(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/events/new"
    given: Fields = {
        "kind": "workshop",
        "title_en": "Night",
        "starts_at": "2027-10-31T03:30",
        "ends_at": "2027-10-31T09:00",
    }
    page = await alice.sends(path, 422, **given)
    assert "03:30 summer time" in said(page)
    assert "03:30 winter time" in said(page)
    await alice.sends(path, **{**given, "starts_at": "2027-10-31T03:30:00+02:00"})
    assert (await Event.get(slug="night")).starts_at.hour == 1


async def test_a_copy_is_a_draft_on_its_own_days(alice: Alice) -> None:
    event = await visit_to(alice)
    fields = fields_of(await alice.sees(f"/desk/e/{event.slug}/copy"))
    later = (event.starts_at + timedelta(days=365)).date().isoformat()
    assert "Please give a date" in said(
        await alice.sends(f"/desk/e/{event.slug}/copy", 422, starts_at="soon")
    )
    page = await alice.sends(
        f"/desk/e/{event.slug}/copy", **{**fields, "starts_at": f"{later}T09:00"}
    )
    assert "This is the copy of Visit." in said(page)
    assert (await Event.get(slug="visit-2")).status == "draft"


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/p/{p}", "/desk/e/{e}", "/desk/e/{e}/programme", "/desk/e/{e}/edit"]
)
async def test_a_page_asks_the_same_for_one_and_for_three(alice: Alice, path: str) -> None:
    counts = []
    for _n in range(3):
        event = await make.event(alice.project)
        first = await Event.filter(project_id=alice.project.id).order_by("id").first()
        assert first
        times: Fields = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        await Session.add(
            first, Actor("alice@example.org"), kind="talk", title="T", place="A", **times
        )
        with counted() as queries:
            await alice.sees(path.format(p=alice.project.slug, e=first.slug))
        counts.append(len(queries))
    assert 0 < counts[0] == counts[2]


async def test_a_viewer_reads_and_changes_nothing(alice: Alice, other: httpx.AsyncClient) -> None:
    event = await visit_to(alice)
    csrf = await make.sign_in(other, await make.organiser(alice.project, role_name="viewer"))
    viewer = Alice(other, alice.project, csrf)
    base = f"/desk/e/{event.slug}"
    assert "Publish" not in said(await viewer.sees(base))
    assert "Add the first session" not in said(await viewer.sees(f"{base}/programme"))
    assert "Make an event" not in said(await viewer.sees(f"/desk/p/{alice.project.slug}"))
    for path in (
        f"{base}/publish",
        f"{base}/edit",
        f"{base}/programme",
        f"{base}/cancel",
        f"{base}/tell",
        f"{base}/copy",
    ):
        await viewer.sends(path, 403)
    for path in (f"{base}/edit", f"/desk/p/{alice.project.slug}/settings", "/desk/p/new"):
        await viewer.sees(path, 403)
