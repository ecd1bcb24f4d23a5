"""Organisers' pages of events: making, changing, planning, copying, telling; by plain posts and by htmx."""

import html
import io
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from PIL import Image

from accounts.access import Actor
from checkin.presence import Presence
from core.clock import now, travelled
from events.clashes import clashes
from events.events import Event
from events.history import Change
from events.projects import Activity, Partner, Project, Resource
from events.series import Series
from events.sessions import Session
from notifications.outbox import Message
from registrations.entries import Entry
from registrations.places import place
from registrations.registrations import Registration
from tests import factories as make
from tests.events.queries import counted

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
LEAD = {"name": "Latvian Association", "country": "LV", "kind": "association"}


class Alice:
    """A browser in which Alice, who manages the project, is signed in."""

    def __init__(self, client: httpx.AsyncClient, project: Project, csrf: str) -> None:
        self.client, self.project, self.csrf = client, project, csrf

    async def sees(self, path: str, status: int = 200, **more: Any) -> str:
        answer = await self.client.get(path, **more)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    async def sends(self, path: str, status: int = 303, *, part: bool = False, **fields: Any) -> str:
        """Post a form; answers the page it leads to (or, with an error or for a part, what it answered)."""
        headers = PART if part else {}
        answer = await self.client.post(path, data={"csrf": self.csrf, **fields}, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, said(answer.text))
        return await self.sees(answer.headers["location"]) if status == 303 else answer.text


Fields = dict[str, Any]


def said(text: str) -> str:
    """What a page says, without its tags."""
    main = text.partition("<main")[2].partition("</main>")[0] or text
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


@pytest.fixture
async def alice(client: httpx.AsyncClient) -> Alice:
    user = await make.user("alice@example.org", admin=True)
    about: Fields = {"code": "INP-004", "title": {"en": "Smart governance"}, "timezone": "Europe/Riga"}
    project = await Project.begin(Actor(user.email, user), languages=["en", "lv"], lead=LEAD, partners=[], **about)
    return Alice(client, project, await make.sign_in(client, user))


async def someone(event: Event, name: str = "Charlie Strand") -> Registration:
    entry = Entry(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.org")
    return (await place(event, entry, source="web", language="en", notify=False))[0]


async def test_making_an_event_step_by_step(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/events/new"
    assert "A new event" in said(await alice.sees(path))
    given: Fields = {"kind": "conference", "title_en": "Closing", "title_lv": "Noslēgums", "place": "Town hall"}
    day = (now() + timedelta(days=30)).date().isoformat()
    times: Fields = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T08:00"}
    page = await alice.sends(path, 422, **given, **times)
    assert "The end must be after the beginning." in said(page)
    assert 'value="Noslēgums"' in page
    page = await alice.sends(path, **given, **{**times, "ends_at": f"{day}T17:00"})
    event = await Event.get(slug="closing")
    assert (event.status, event.title) == ("draft", {"en": "Closing", "lv": "Noslēgums"})
    assert all(word in said(page) for word in ("Next: publish it", "A description", "A programme", "Nobody sees it"))
    page = await alice.sends("/desk/e/closing/publish")
    assert "It is on no list" in said(page)
    assert "alice@example.org" in said(page)
    assert (await Event.get(id=event.id)).status == "published"


async def test_every_field_of_an_event_comes_back_as_it_was(alice: Alice) -> None:
    event = await _visit(alice)
    page = await alice.sees(f"/desk/e/{event.slug}/edit")
    fields = _fields(page)
    assert (fields["title_en"], fields["direction_to"], fields["details_meeting_point"]) == ("Visit", "NO", "Riga")
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
    assert (found.capacity, found.title, found.open_to_public) == (30, {"en": "Visit", "lv": "Vizīte"}, True)
    assert found.details == {"meeting_point": "Riga", "passport": True}
    assert found.starts_at == event.starts_at
    page = await alice.sends(f"/desk/e/{event.slug}/edit", 422, **{**fields, "capacity": "many", "country": "XX"})
    assert all(word in said(page) for word in ("Please give a whole number.", "This is not a country's code"))
    assert 'value="many"' in page


async def _visit(alice: Alice) -> Event:
    day = (now() + timedelta(days=30)).date().isoformat()
    about: Fields = {
        "direction": {"from": "LV", "to": "NO"},
        "details": {"meeting_point": "Riga"},
        "place": "Trondheim",
    }
    times: Fields = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T17:00"}
    actor = Actor("alice@example.org")
    return await Event.draft(alice.project, actor, kind="study_visit", title={"en": "Visit"}, **times, **about)


def _fields(page: str) -> dict[str, Any]:
    """What a browser would send of the page's form, were nothing touched."""
    form = re.split(r'<form[^>]* class="form', page)[1].partition("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        at = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if at.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if at.get("name") and at.get("type") != "file":
            found[at["name"]] = html.unescape(at.get("value", ""))
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, inner in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(inner)
    return found


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


async def test_a_change_of_a_published_event_is_told_after_the_mail_was_seen(alice: Alice) -> None:
    event = await _visit(alice)
    await event.publish(Actor("alice@example.org"))
    await someone(event)
    fields = _fields(await alice.sees(f"/desk/e/{event.slug}/edit"))
    page = await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "place": "Oslo"})
    assert all(word in said(page) for word in ("Tell people what has changed?", "Oslo", "Tell 1 person"))
    assert await Message.all().count() == 0
    assert "1 change that nobody was told of" in said(await alice.sees(f"/desk/e/{event.slug}"))
    page = await alice.sends(f"/desk/e/{event.slug}/tell?what=change")
    assert "A mail to 1 person is on its way." in said(page)
    assert [m.kind for m in await Message.all()] == ["changed"]
    page = await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "place": "Bergen"})
    page = await alice.sends(f"/desk/e/{event.slug}/tell?what=change", quiet="yes")
    assert "Decided to tell nobody" in said(page)
    assert "nobody was told of" not in said(page)
    assert await Message.all().count() == 1
    page = await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "place": "Bergen", "capacity": "9"})
    assert "Saved." in said(page)


async def test_cancelling_shows_the_mail_and_says_how_many_are_told(alice: Alice) -> None:
    event = await _visit(alice)
    await event.publish(Actor("alice@example.org"))
    await someone(event)
    await someone(event, "Dace Ozola")
    path = f"/desk/e/{event.slug}/cancel"
    assert "Cancel the event and tell 2 people" in said(await alice.sees(path))
    part = await alice.sends(f"{path}/mail", 200, part=True, reason="The ferry is away.")
    assert "The ferry is away." in said(part)
    assert "<main" not in part
    assert "Please fill this in." in said(await alice.sends(path, 422, reason=" ", tell="yes"))
    page = await alice.sends(path, reason="The ferry is away.", tell="yes")
    assert "It is cancelled, and 2 people are told." in said(page)
    # at its head and in its history
    assert page.count("The ferry is away.") == 2
    assert [m.kind for m in await Message.all()] == ["cancelled", "cancelled"]
    assert (await Event.get(id=event.id)).cancel_reason == "The ferry is away."


async def test_the_agenda_the_thanks_and_what_took_place_without_a_list(alice: Alice) -> None:
    event = await make.event(alice.project)
    await someone(event)
    times: Fields = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    await Session.add(event, Actor("alice@example.org"), kind="talk", title="Opening", **times)
    base = f"/desk/e/{event.slug}"
    assert "Next: send the agenda" in said(await alice.sees(base))
    assert "Opening" in said(await alice.sees(f"{base}/tell?what=agenda"))
    assert "A mail to 1 person is on its way." in said(await alice.sends(f"{base}/tell?what=agenda"))
    assert "Next: send the agenda" not in said(await alice.sees(base))
    assert await alice.sees(f"{base}/tell?what=nothing", 404)
    assert "has not begun" in said(await alice.sends(f"{base}/held", 409, reason="I was there"))
    with travelled(event.starts_at - timedelta(hours=1)):
        await make.sign_in(alice.client, await make.user(admin=True))
        assert "Next: the door" in said(await alice.sees(base))
    with travelled(event.ends_at + timedelta(hours=1)):
        alice.csrf = await make.sign_in(alice.client, await make.user(admin=True))
        assert "Did it take place?" in said(await alice.sees(base))
        page = await alice.sends(f"{base}/held", 422, reason=" ")
        assert "Did it take place?" in said(page)
        assert 'aria-invalid="true"' in page
        page = await alice.sends(f"{base}/held", reason="I was there")
        assert "It took place, though nobody was checked in" in said(page)


async def test_whoever_was_scanned_once_attended(alice: Alice) -> None:
    event = await make.event(alice.project)
    await Presence.create(
        event_id=event.id, registration_id=(await someone(event)).id, unit="1", inside=True, was_inside=False,
        first_at=event.starts_at, last_at=event.starts_at,
    )  # fmt: skip
    assert "1 Attended" in said(await alice.sees(f"/desk/e/{event.slug}"))


async def test_a_programme_by_plain_posts(alice: Alice) -> None:
    event = await _visit(alice)
    day, base = event.starts_at.date().isoformat(), f"/desk/e/{event.slug}/programme"
    given: Fields = {"day": day, "time": "9-10.30", "kind": "visit", "title_en": "Town hall", "place": "Hall A"}
    page = await alice.sends(base, **given, speakers="Anna Bērziņa, Kari Nordmann")
    assert all(w in said(page) for w in ("Added: Town hall.", "09:00 –10:30", "Anna Bērziņa, Kari Nordmann")) or page
    first = await Session.get(event_id=event.id)
    assert (first.ends_at - first.starts_at, first.speakers) == (
        timedelta(minutes=90),
        ["Anna Bērziņa", "Kari Nordmann"],
    )
    page = await alice.sends(
        base, **{**given, "time": "10-11", "title_en": "Lunch", "kind": "meal"}, speakers="kari nordmann"
    )
    assert "2 things to look at" in said(page)
    assert "Town hall and Lunch are in Hall A at the same time." in said(page)
    assert "speaks in Town hall and in Lunch at the same time." in said(page)
    page = await alice.sends(base, 422, **{**given, "time": "noon"})
    assert "Please type a time like 9-10.30." in said(page)
    assert 'value="noon"' in page
    page = await alice.sends(base, 422, **{**given, "time": "12-11"})
    assert "This is before the beginning." in said(page)
    page = await alice.sees(f"{base}?edit={first.id}")
    fields = _fields(page)
    assert (fields["time"], fields["day"], fields["title_en"]) == ("9.00-10.30", day, "Town hall")
    page = await alice.sends(f"{base}/{first.id}", **{**fields, "time": "8-9", "capacity": "12"})
    assert "Saved: Town hall." in said(page)
    assert (await Session.get(id=first.id)).capacity == 12
    page = await alice.sends(f"{base}/{first.id}/remove")
    assert "Removed: Town hall." in said(page)
    undo = re.search(r'action="([^"]+/restore)"', page)
    assert undo
    assert "It is back: Town hall." in said(await alice.sends(undo[1]))
    assert [s.name for s in await event.sessions_now()] == ["Town hall", "Lunch"]


async def test_a_programme_without_reloading(alice: Alice) -> None:
    event = await _visit(alice)
    day, base = event.starts_at.date().isoformat(), f"/desk/e/{event.slug}/programme"
    given: Fields = {"day": day, "time": "9-10.30", "kind": "visit", "title_en": "Town hall"}
    part = await alice.sends(base, 200, part=True, **given)
    assert part.lstrip().startswith('<div id="programme"')
    assert "Added: Town hall." in part
    session = await Session.get(event_id=event.id)
    part = await alice.sees(f"{base}?edit={session.id}", headers=PART)
    assert "Change the session" in part
    part = await alice.sends(f"{base}/{session.id}", 422, part=True, **{**_fields(part), "time": "late"})
    assert "Please type a time like 9-10.30." in part
    part = await alice.sends(f"{base}/{session.id}/remove", 200, part=True)
    assert f'data-hx-post="{base}/{session.id}/restore"' in part
    assert await event.sessions_now() == []


async def test_a_journey_has_a_zone_at_each_end_and_a_stay_another_day(alice: Alice) -> None:
    event = await _visit(alice)
    start = event.starts_at.date()
    day, base = start.isoformat(), f"/desk/e/{event.slug}/programme"
    flight: Fields = {
        "day": day,
        "time": "10-11.30",
        "kind": "travel",
        "title_en": "Flight",
        "end_timezone": "Europe/Oslo",
    }
    page = await alice.sends(base, **flight)
    assert "Central European" in said(page)
    found = await Session.get(event_id=event.id)
    assert (found.ends_at - found.starts_at, found.counted) == (timedelta(hours=2, minutes=30), False)
    stay: Fields = {
        "day": day,
        "time": "20-8",
        "kind": "stay",
        "title_en": "Hotel",
        "end_day": (start + timedelta(days=1)).isoformat(),
    }
    await alice.sends(base, **stay)
    hotel = await Session.get(event_id=event.id, kind="stay")
    assert hotel.ends_at - hotel.starts_at == timedelta(hours=12)
    fields = _fields(await alice.sees(f"{base}?edit={hotel.id}"))
    await alice.sends(f"{base}/{hotel.id}", **{**fields, "title_en": "Hotel Nordic"})
    again = await Session.get(id=hotel.id)
    assert (again.starts_at, again.ends_at, again.name) == (hotel.starts_at, hotel.ends_at, "Hotel Nordic")
    assert "This is not a time zone" in said(await alice.sends(base, 422, **{**flight, "timezone": "Mars/Crater"}))


async def test_sessions_side_by_side_do_not_clash(alice: Alice) -> None:
    event = await _visit(alice)
    actor, begins = Actor("alice@example.org"), event.starts_at
    for room, speaker, after in (("A", "Anna", 0), ("B", "Kari", 0), ("A", "Anna", 1)):
        times: Fields = {"starts_at": begins + timedelta(hours=after), "ends_at": begins + timedelta(hours=after + 1)}
        await Session.add(event, actor, kind="talk", title="T", place=room, speakers=[speaker], **times)
    assert clashes(await event.sessions_now()) == []


async def test_a_copy_is_a_draft_on_its_own_days(alice: Alice) -> None:
    event = await _visit(alice)
    fields = _fields(await alice.sees(f"/desk/e/{event.slug}/copy"))
    later = (event.starts_at + timedelta(days=365)).date().isoformat()
    assert "Please give a date" in said(await alice.sends(f"/desk/e/{event.slug}/copy", 422, starts_at="soon"))
    page = await alice.sends(f"/desk/e/{event.slug}/copy", **{**fields, "starts_at": f"{later}T09:00"})
    assert "This is the copy of Visit." in said(page)
    assert (await Event.get(slug="visit-2")).status == "draft"


async def test_finding_an_event_by_typing(alice: Alice) -> None:
    for n in range(10):
        await make.event(alice.project, title={"en": f"Meeting {n}"}, slug=f"m{n}")
    await make.event(alice.project, title={"lv": "Apmācība Šķūnī"}, slug="s", status="draft")
    path = f"/desk/p/{alice.project.slug}"
    assert re.findall(r'<span class="count">(\d+)', await alice.sees(path)) == ["10", "1", "0", "11"]
    part = await alice.sees(f"{path}?show=all&q=skuni", headers=PART)
    assert re.findall(r'class="title" href="([^"]+)"', part) == ["/desk/e/s"]
    assert "<main" not in part
    assert "No event is called that" in said(await alice.sees(f"{path}?q=skuni"))
    assert 'class="title" href="/desk/e/s"' in await alice.sees(f"{path}?show=drafts")


@pytest.mark.parametrize("path", ["/desk", "/desk/p/{p}", "/desk/e/{e}", "/desk/e/{e}/programme", "/desk/e/{e}/edit"])
async def test_a_page_asks_the_same_for_one_and_for_three(alice: Alice, path: str) -> None:
    counts = []
    for _n in range(3):
        event = await make.event(alice.project)
        first = await Event.filter(project_id=alice.project.id).order_by("id").first()
        assert first
        times: Fields = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        await Session.add(first, Actor("alice@example.org"), kind="talk", title="T", place="A", **times)
        with counted() as queries:
            await alice.sees(path.format(p=alice.project.slug, e=first.slug))
        counts.append(len(queries))
    assert 0 < counts[0] == counts[2]


async def test_a_viewer_reads_and_changes_nothing(alice: Alice, other: httpx.AsyncClient) -> None:
    event = await _visit(alice)
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


async def test_a_session_of_another_event_is_not_there(alice: Alice) -> None:
    event, foreign = await _visit(alice), await make.event(await make.project())
    times: Fields = {"starts_at": foreign.starts_at, "ends_at": foreign.ends_at}
    theirs = await Session.add(foreign, Actor("bob@example.org"), kind="talk", title="T", **times)
    base = f"/desk/e/{event.slug}/programme"
    await alice.sees(f"{base}?edit={theirs.id}", 404)
    await alice.sees(f"{base}?edit=x", 404)
    for what in ("", "/remove", "/restore"):
        await alice.sends(f"{base}/{theirs.id}{what}", 404, title_en="Mine")


async def test_settings_of_a_project(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/settings"
    fields = _fields(await alice.sees(path))
    assert (fields["partner_0_name"], fields["partner_0_country"]) == ("Latvian Association", "LV")
    given: Fields = {
        **fields,
        "languages": ["en", "lv", "nb"],
        "acronym": "SmartGov",
        "statement_en": "Supported by Norway.",
        "accent": "#1A5FB4",
        "activities": "1.1 Needs analysis\n2.1 Training",
        "target_groups": "politicians\n\nemployees",
        "starts_on": "2026-01-01",
        "partner_1_name": "KS",
        "partner_1_country": "NO",
        "partner_1_role": "donor_partner",
        "resource_0_kind": "database",
        "resource_0_url": "https://example.org/db",
    }
    assert "Saved." in said(await alice.sends(path, **given))
    project = await Project.get(id=alice.project.id)
    assert (project.acronym, project.accent, project.languages) == ("SmartGov", "#1a5fb4", ["en", "lv", "nb"])
    assert (project.statement, project.target_groups) == ({"en": "Supported by Norway."}, ["politicians", "employees"])
    assert [(a.number, a.title) for a in await Activity.all().order_by("number")] == [
        ("1.1", {"en": "Needs analysis"}),
        ("2.1", {"en": "Training"}),
    ]
    assert [p.role for p in await Partner.all().order_by("position")] == ["lead", "donor_partner"]
    assert [r.kind for r in await Resource.all()] == ["database"]
    fields = _fields(await alice.sees(path))
    page = await alice.sends(path, **{**fields, "languages": ["en", "lv"], "partner_1_gone": "yes"})
    assert await Partner.all().count() == 1
    page = await alice.sends(path, 422, **{**fields, "partner_1_country": "", "ends_on": "2020-01-01"})
    assert "This is before the beginning." in said(page)
    assert 'href="#field-partner_1_country"' in page


async def test_a_logo_is_written_anew(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/settings"
    fields = _fields(await alice.sees(path))
    picture = io.BytesIO()
    Image.new("RGB", (1600, 400), "red").save(picture, "JPEG", comment=b"secret canary")
    sent = {"csrf": alice.csrf, **fields}
    answer = await alice.client.post(path, data=sent, files={"logo": ("logo.jpg", picture.getvalue(), "image/jpeg")})
    assert answer.status_code == 303
    project = await Project.get(id=alice.project.id)
    shown = await alice.client.get(project.logo_url)
    assert (shown.headers["content-type"], b"canary" in shown.content) == ("image/png", False)
    assert Image.open(io.BytesIO(shown.content)).size == (800, 200)
    bad = await alice.client.post(path, data=sent, files={"logo": ("x.svg", b"<svg onload=alert(1)>", "image/svg+xml")})
    assert (bad.status_code, "not a picture that we can read" in said(bad.text)) == (422, True)
    assert await alice.sends(path, **{**fields, "no_logo": "yes"})
    assert (await Project.get(id=project.id)).logo == ""


async def test_what_the_source_says_stays_beside_the_dates(alice: Alice) -> None:
    raw = ["28 June - 7 February 2022", "18-05-19-2023"]
    await Project.filter(id=alice.project.id).update(notes={"dates_raw": raw, "code_note": "This one is ours."})
    path = f"/desk/p/{alice.project.slug}/settings"
    page = said(await alice.sees(path))
    assert all(w in page for w in (*raw, "This one is ours.", "Nobody has confirmed both dates yet."))
    fields = _fields(await alice.sees(path))
    page = said(await alice.sends(path, **{**fields, "starts_on": "2022-06-28", "ends_on": "2023-05-19"}))
    assert raw[0] in page
    assert "Nobody has confirmed" not in page


async def test_the_first_project_of_a_new_installation(client: httpx.AsyncClient) -> None:
    admin = await make.user("admin@example.org", admin=True)
    alice = Alice(client, None, await make.sign_in(client, admin))  # type: ignore[arg-type]  # there is none yet
    assert "Make the first project" in said(await alice.sees("/desk"))
    fields = {**_fields(await alice.sees("/desk/p/new")), "code": "X-1", "title": "Projekts", "language": "lv"}
    page = await alice.sends("/desk/p/new", 422, **fields)
    assert 'href="#field-lead_name"' in page
    page = await alice.sends("/desk/p/new", **{**fields, "lead_name": "Rīga", "lead_country": "LV"})
    assert "The project is made." in said(page)
    assert (await Project.get(slug="x-1")).title == {"lv": "Projekts"}
    stranger = Alice(client, None, await make.sign_in(client, await make.user()))  # type: ignore[arg-type]  # as above
    assert "You are not part of a project yet" in said(await stranger.sees("/desk"))


async def test_my_desk_says_what_waits(alice: Alice) -> None:
    project = alice.project
    event = await make.event(project, approval=True, title={"en": "Needs approval"})
    await someone(event)
    door: Fields = {"starts_at": now() + timedelta(hours=1), "ends_at": now() + timedelta(hours=3)}
    today = await make.event(project, title={"en": "Today"}, **door)
    await make.event(project, title={"en": "Half done"}, status="draft", published_at=None)
    await Message.queue("thanks", "x@example.org", language="en", about={}, scope=project.id)
    await Message.all().update(state="failed")
    page = await alice.sees("/desk")
    waits = ("1 registration waits for your answer", "1 mail could not be delivered", "Still a draft", "Open the door")
    assert [w for w in waits if w not in said(page)] == []
    assert f'href="/desk/e/{today.slug}/door"' in page


async def test_series_of_a_project(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/series"
    assert "No series yet" in said(await alice.sees(path))
    page = await alice.sends(path, 422, title_en="Debates", kind="network", threshold_percent="50")
    assert "Only a training scheme is completed." in said(page)
    page = await alice.sends(path, title_en="Debates", kind="network")
    assert "Debates" in said(page)
    one = await Series.get()
    event = await _visit(alice)
    fields = _fields(await alice.sees(f"/desk/e/{event.slug}/edit"))
    await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "series": str(one.id)})
    assert "1 event" in said(await alice.sees(path))
    fields = _fields(await alice.sees(f"{path}?edit={one.id}"))
    assert fields["title_en"] == "Debates"
    await alice.sends(f"{path}?edit={one.id}", **{**fields, "kind": "scheme", "threshold_percent": "80"})
    assert "complete at 80" in said(await alice.sees(path))
    theirs = await make.project()
    await alice.sees(f"/desk/p/{theirs.slug}/series?edit={one.id}", 404)
    await alice.sends(f"/desk/p/{theirs.slug}/series?edit={one.id}", 404, **fields)
