"""A project at the desk: its settings, its logo, its series, what waits."""

import io
import re
from datetime import timedelta

import httpx
from PIL import Image

from core.clock import now
from events.projects.projects import Activity, Partner, Project, Resource
from events.projects.series import Series
from notifications.outbox.message import Message
from tests.events.alice import PART, Alice, Fields, fields_of, said, someone, visit_to
from tests.support import factories as make


async def test_finding_an_event_by_typing(alice: Alice) -> None:
    for n in range(10):
        await make.event(alice.project, title={"en": f"Meeting {n}"}, slug=f"m{n}")
    await make.event(alice.project, title={"lv": "Apmācība Šķūnī"}, slug="s", status="draft")
    path = f"/desk/p/{alice.project.slug}"
    assert re.findall(r'<span class="count">(\d+)', await alice.sees(path)) == [
        "10",
        "1",
        "0",
        "11",
    ]
    part = await alice.sees(f"{path}?show=all&q=skuni", headers=PART)
    assert re.findall(r'class="title" href="([^"]+)"', part) == ["/desk/e/s"]
    assert "<main" not in part
    assert "No event is called that" in said(await alice.sees(f"{path}?q=skuni"))
    assert 'class="title" href="/desk/e/s"' in await alice.sees(f"{path}?show=drafts")


async def test_settings_of_a_project(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/settings"
    fields = fields_of(await alice.sees(path))
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
    assert (project.acronym, project.accent, project.languages) == (
        "SmartGov",
        "#1a5fb4",
        ["en", "lv", "nb"],
    )
    assert (project.statement, project.target_groups) == (
        {"en": "Supported by Norway."},
        ["politicians", "employees"],
    )
    assert [(a.number, a.title) for a in await Activity.all().order_by("number")] == [
        ("1.1", {"en": "Needs analysis"}),
        ("2.1", {"en": "Training"}),
    ]
    assert [p.role for p in await Partner.all().order_by("position")] == ["lead", "donor_partner"]
    assert [r.kind for r in await Resource.all()] == ["database"]
    fields = fields_of(await alice.sees(path))
    page = await alice.sends(path, **{**fields, "languages": ["en", "lv"], "partner_1_gone": "yes"})
    assert await Partner.all().count() == 1
    page = await alice.sends(
        path, 422, **{**fields, "partner_1_country": "", "ends_on": "2020-01-01"}
    )
    assert "This is before the beginning." in said(page)
    assert 'href="#field-partner_1_country"' in page


async def test_a_logo_is_written_anew(alice: Alice) -> None:
    path = f"/desk/p/{alice.project.slug}/settings"
    fields = fields_of(await alice.sees(path))
    picture = io.BytesIO()
    Image.new("RGB", (1600, 400), "red").save(picture, "JPEG", comment=b"secret canary")
    sent = {"csrf": alice.csrf, **fields}
    answer = await alice.client.post(
        path, data=sent, files={"logo": ("logo.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert answer.status_code == 303
    project = await Project.get(id=alice.project.id)
    shown = await alice.client.get(project.logo_url)
    assert (shown.headers["content-type"], b"canary" in shown.content) == ("image/png", False)
    assert Image.open(io.BytesIO(shown.content)).size == (800, 200)
    bad = await alice.client.post(
        path, data=sent, files={"logo": ("x.svg", b"<svg onload=alert(1)>", "image/svg+xml")}
    )
    assert (bad.status_code, "not a picture that we can read" in said(bad.text)) == (422, True)
    assert await alice.sends(path, **{**fields, "no_logo": "yes"})
    assert (await Project.get(id=project.id)).logo == ""


async def test_what_the_source_says_stays_beside_the_dates(alice: Alice) -> None:
    raw = ["28 June - 7 February 2022", "18-05-19-2023"]
    await Project.filter(id=alice.project.id).update(
        notes={"dates_raw": raw, "code_note": "This one is ours."}
    )
    path = f"/desk/p/{alice.project.slug}/settings"
    page = said(await alice.sees(path))
    assert all(
        w in page for w in (*raw, "This one is ours.", "Nobody has confirmed both dates yet.")
    )
    fields = fields_of(await alice.sees(path))
    page = said(
        await alice.sends(path, **{**fields, "starts_on": "2022-06-28", "ends_on": "2023-05-19"})
    )
    assert raw[0] in page
    assert "Nobody has confirmed" not in page


async def test_what_the_source_says_is_told_in_words(alice: Alice) -> None:
    notes = {
        "municipalities": ["Kaunas", "Tauragė"],
        "event_kinds": ["study_visit", "group_coaching"],
    }
    notes |= {"duration_months": 3, "source_digest": "f999e0f5"}  # type: ignore[dict-item]  # as JSON has it
    await Project.filter(id=alice.project.id).update(notes=notes)
    page = said(await alice.sees(f"/desk/p/{alice.project.slug}/settings"))
    told = (
        "Municipalities: Kaunas, Tauragė",
        "Kinds of events: Study visits, Group coaching",
        "It lasts 3 months.",
    )
    assert all(words in page for words in told)
    assert not any(word in page for word in ("f999e0f5", "study_visit", "group_coaching"))


async def test_the_first_project_of_a_new_installation(client: httpx.AsyncClient) -> None:
    admin = await make.user("admin@example.org", admin=True)
    alice = Alice(client, None, await make.sign_in(client, admin))  # type: ignore[arg-type]  # there is none yet
    assert "Make the first project" in said(await alice.sees("/desk"))
    fields = {
        **fields_of(await alice.sees("/desk/p/new")),
        "code": "X-1",
        "title": "Projekts",
        "language": "lv",
    }
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
    waits = (
        "1 registration waits for your answer",
        "1 e-mail could not be delivered",
        "Still a draft",
        "Open the door",
    )
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
    event = await visit_to(alice)
    fields = fields_of(await alice.sees(f"/desk/e/{event.slug}/edit"))
    await alice.sends(f"/desk/e/{event.slug}/edit", **{**fields, "series": str(one.id)})
    assert "1 event" in said(await alice.sees(path))
    fields = fields_of(await alice.sees(f"{path}?edit={one.id}"))
    assert fields["title_en"] == "Debates"
    await alice.sends(
        f"{path}?edit={one.id}", **{**fields, "kind": "scheme", "threshold_percent": "80"}
    )
    assert "complete at 80" in said(await alice.sees(path))
    theirs = await make.project()
    await alice.sees(f"/desk/p/{theirs.slug}/series?edit={one.id}", 404)
    await alice.sends(f"/desk/p/{theirs.slug}/series?edit={one.id}", 404, **fields)
