"""Signed sheets: entered once however often they are sent, kept with their scan, and gone when
people are.
"""

import hashlib
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from pypdf import PdfWriter

from accounts.audit.audit import AuditEntry
from accounts.sessions.access import Actor
from checkin.attendance.attendance import Attendance, settle
from checkin.attendance.gates import Entrance, entrances, expected
from checkin.review.papers import Paper, sheets, sweep
from checkin.scanning.presence import Presence
from checkin.scanning.scans import Scan, withdraw
from core import settings
from core.clock import now, travelled
from core.errors import DomainError
from events.event.event import Event
from indicators.report.drill_down import evidence
from registrations.people.erasure import erase, forget_people
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.checkin.attendance.test_attendance import agrees, at, enter, gathering, minutes, talk
from tests.checkin.people import registered, scan
from tests.events.queries import counted
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")

ALICE = Actor("alice")


def picture() -> bytes:
    """A photo of a sheet, with a place in its metadata."""
    exif = Image.Exif()
    exif[0x010E] = "Canary"
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def pdf() -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


async def door(event: Event, unit: str) -> Entrance:
    return next(d for d in entrances(event, await event.sessions_now()) if d.unit == unit)


async def entered(event: Event, unit: str, *people: Registration, **over: Any) -> tuple[Paper, int]:
    given = {"key": str(uuid4()), **over}
    return await Paper.enter(event, await door(event, unit), [p.id for p in people], ALICE, **given)


def kept() -> list[str]:
    folder = settings.get().data_dir / "papers"
    return sorted(f.name for f in folder.iterdir()) if folder.is_dir() else []


async def test_who_signed_was_there_from_the_start() -> None:
    event = await gathering()
    a, _b = await talk(event, 9, 11), await talk(event, 14, 15)
    one, two = await registered(event), await registered(event)
    paper, number = await entered(event, str(a.id), one, two, upload=picture(), note="Morning")
    assert (number, paper.entered_by, paper.note, paper.media_type) == (
        2,
        "alice",
        "Morning",
        "image/jpeg",
    )
    assert [await minutes(p) for p in (one, two)] == [{str(a.id): 120}] * 2
    fact = await Attendance.get(registration_id=one.id)
    assert (fact.methods, fact.signed) == (["paper"], True)
    assert {(s.method, s.sheet_id, s.flagged) for s in await Scan.all()} == {
        ("paper", paper.id, False)
    }
    (file,) = kept()
    body = (settings.get().data_dir / "papers" / file).read_bytes()
    assert (hashlib.sha256(body).hexdigest(), len(body)) == (paper.sha256, paper.size)
    assert b"Canary" not in body, "encoded anew"
    assert await agrees(event)


async def test_minutes_and_days() -> None:
    event = await gathering(9, 24 + 17)
    one, two = await registered(event), await registered(event)
    await entered(event, "2026-05-05", one, minutes=90)
    await entered(event, "2026-05-05", two)
    assert [await minutes(p) for p in (one, two)] == [{"2026-05-05": 90}, {"2026-05-05": 480}]


async def test_seen_by_ticket_and_on_paper_is_one_fact() -> None:
    event = await gathering()
    one = await registered(event)
    await enter(event, scan(one, at(10)))
    await entered(event, "2026-05-04", one)
    await settle(event.project_id)
    (fact,) = await Attendance.filter(registration_id=one.id)
    assert (fact.methods, fact.minutes, fact.signed) == (["paper", "qr"], 480, True)


async def test_sent_twice_it_is_one_sheet_and_more_ticks_are_added_to_it() -> None:
    event = await gathering()
    one, two = await registered(event), await registered(event)
    key = str(uuid4())
    first, _n = await entered(event, "2026-05-04", one, key=key, upload=pdf())
    again, _n = await entered(event, "2026-05-04", one, key=key, upload=pdf())
    more, number = await entered(event, "2026-05-04", one, two, key=key)
    assert (first.id, again.id, more.id, number) == (first.id, first.id, first.id, 2)
    assert (await Scan.all().count(), await Paper.all().count(), len(kept())) == (2, 1, 1)
    assert await AuditEntry.filter(action="paper.entered").count() == 2
    assert [(s.entered, s.counting) for s in await sheets(event)] == [(2, 2)]


async def test_what_is_refused() -> None:
    event, other = await gathering(), await gathering()
    one, stranger = await registered(event), await registered(other)
    refused: list[tuple[dict[str, Any], str, tuple[Registration, ...]]] = [
        ({}, "who", ()),
        ({}, "who", (one, stranger)),
        ({"key": "x"}, "key", (one,)),
        ({"upload": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, "file", (one,)),
        ({"upload": b"%PDF-1.7 nothing"}, "file", (one,)),
    ]
    for over, field, people in refused:
        with pytest.raises(DomainError) as error:
            await entered(event, "2026-05-04", *people, **over)
        assert (error.value.status, list(error.value.fields)) == (422, [field])
    assert (await Paper.all().count(), await Scan.all().count()) == (0, 0)


async def test_taken_back_with_the_sheet_staying() -> None:
    event = await gathering()
    one = await registered(event)
    paper, _n = await entered(event, "2026-05-04", one, upload=pdf())
    assert await paper.take_back("The wrong day", ALICE) == 1
    assert await minutes(one) == {}
    assert await Presence.filter(registration_id=one.id).count() == 0
    assert [(s.entered, s.counting) for s in await sheets(event)] == [(1, 0)]
    assert await agrees(event)


async def test_expected_are_those_with_a_seat_and_who_chose_a_session_with_seats() -> None:
    event = await gathering()
    a, b = await talk(event, 9, 11, capacity=5), await talk(event, 9, 11, capacity=5)
    await registered(event, "Ina", chosen=(a,))
    await registered(event, "Kari", chosen=(b,))
    await registered(event, "Lars")
    await registered(event, "Waiting", status="waiting")
    assert [p.name for p in await expected(event, await door(event, str(a.id)))] == ["Ina", "Lars"]
    day = await expected(event, await door(event, "2026-05-04"))
    assert [p.name for p in day] == ["Ina", "Kari", "Lars"]
    assert [len(p.code.replace(" ", "")) for p in day] == [16] * 3


async def test_the_way_down_from_a_figure_shows_the_sheet() -> None:
    event = await gathering()
    one = await registered(event)
    paper, _n = await entered(event, "2026-05-04", one)
    found = await evidence(event.project_id, one.id)
    assert found
    assert (list(found.papers), [s.sheet_id for s in found.scans]) == ([paper.id], [paper.id])


async def test_the_picture_goes_when_someone_of_the_event_is_erased_and_what_was_counted_stays() -> (
    None
):
    event, other = await gathering(), await gathering()
    one, two, elsewhere = await registered(event), await registered(event), await registered(other)
    paper, _n = await entered(event, "2026-05-04", one, upload=pdf(), note="Signed by Canary")
    kept_on, _n = await entered(other, "2026-05-04", elsewhere, upload=picture())
    canary = scan(two, at(9))
    await enter(event, canary)
    await withdraw(canary.id, "bob", "Canary was not there")
    # the other one is on the list too, though without a signature
    await erase(await Person.get(id=two.person_id))
    await paper.refresh_from_db()
    assert (paper.file, paper.note, len(paper.sha256)) == ("", "", 64)
    assert kept() == [kept_on.file]
    assert (await Scan.get(id=canary.id)).withdrawn_reason == ""
    assert await minutes(one) == {"2026-05-04": 480}
    assert await AuditEntry.filter(action="paper.forgotten").count() == 1


async def test_retention_removes_them_and_files_that_no_sheet_names() -> None:
    project = await factories.project(retention_on=(now() + timedelta(days=10)).date())
    event = await factories.event(project, starts_at=now() - timedelta(days=1), ends_at=now())
    one = await registered(event)
    unit = entrances(event, [])[0].unit
    await entered(event, unit, one, upload=picture())
    (settings.get().data_dir / "papers" / "orphan.pdf").write_bytes(b"%PDF-")
    assert await sweep() == 0
    with travelled(timedelta(hours=2)):
        assert await sweep() == 1
    assert len(kept()) == 1
    with travelled(timedelta(days=11)):
        await sweep()
        assert kept() == []
        await forget_people()
    assert await Attendance.filter(event_id=event.id).count() + await settle(project.id) >= 1


async def test_the_pages(client: Any) -> None:
    project = await factories.project()
    begun = (now() - timedelta(hours=3)).replace(second=0, microsecond=0)
    event = await factories.event(
        project, starts_at=begun, ends_at=begun + timedelta(hours=2), timezone="UTC"
    )
    people = [await registered(event, f"Guest {n}") for n in range(3)]
    csrf = await factories.sign_in(client, await factories.organiser(project))
    base = f"/desk/e/{event.slug}/door"
    page = (await client.get(f"{base}/list")).text
    assert all(f"Guest {n}" in page for n in range(3))
    assert project.statement_text in page
    page = (await client.get(f"{base}/papers/new")).text
    key = page.split('name="key" value="')[1].split('"')[0]
    unit = begun.date().isoformat()
    given: dict[str, Any] = {"csrf": csrf, "unit": unit, "key": key}
    answer = await client.post(f"{base}/papers", data=given)
    assert (answer.status_code, "Tick those who signed." in answer.text) == (422, True)
    given["who"] = [str(p.id) for p in people[:2]]
    answer = await client.post(f"{base}/papers", data={**given, "minutes": "x"})
    assert (answer.status_code, answer.text.count(" checked")) == (422, 2), (
        "what was ticked is not lost"
    )
    file = {"file": ("sheet.pdf", pdf(), "application/pdf")}
    answer = await client.post(f"{base}/papers", data=given, files=file)
    assert answer.status_code == 303
    paper = answer.headers["location"]
    page = (await client.get(paper)).text
    assert "2 people count from this sheet." in page
    answer = await client.get(f"{paper}/file")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.content == pdf() or answer.content.startswith(b"%PDF-")
    assert (await client.post(f"{paper}/file", data={"csrf": csrf}, files=file)).status_code == 409
    assert (
        await client.post(f"{paper}/withdrawal", data={"csrf": csrf, "reason": "Wrong"})
    ).status_code == 303
    assert "of 2 entered" in (await client.get(f"{base}/papers")).text
    actions = [
        entry.action
        for entry in await AuditEntry.filter(action__startswith="paper.").order_by("id")
    ]
    assert actions == ["paper.entered", "paper.saved", "paper.taken_back"]


async def test_a_thousand_are_entered_at_once(client: Any) -> None:
    project = await factories.project()
    begun = now() - timedelta(hours=3)
    event = await factories.event(
        project, starts_at=begun, ends_at=begun + timedelta(hours=2), capacity=None
    )
    moment = {"project_id": project.id, "created_at": now()}
    names = [
        {"name": f"Guest {n}", "name_folded": f"guest {n}", "search": f"guest {n:04}"}
        for n in range(1050)
    ]
    await Person.bulk_create(
        Person(**moment, **name, email="", email_folded=f"{n}@example.org")
        for n, name in enumerate(names)
    )
    given = {
        **moment,
        "event_id": event.id,
        "status": "confirmed",
        "language": "en",
        "changed_at": now(),
    }
    await Registration.bulk_create(
        Registration(**given, person_id=p.id, ticket_identity=p.id, source="desk")
        for p in await Person.all()
    )
    csrf = await factories.sign_in(client, await factories.organiser(project))
    ids = [str(i) for i in await Registration.all().values_list("id", flat=True)]
    unit = entrances(event, [])[0].unit
    answer = await client.post(
        f"/desk/e/{event.slug}/door/papers",
        data={"csrf": csrf, "unit": unit, "key": str(uuid4()), "who": ids},
        files={"file": ("sheet.pdf", pdf(), "application/pdf")},
    )
    assert answer.status_code == 303
    assert await Scan.filter(counts=True).count() == 1050
    page = await client.get(answer.headers["location"])
    assert "1050 people count from this sheet." in page.text


async def test_lists_ask_the_same_number_of_queries_for_one_and_for_three(client: Any) -> None:
    project = await factories.project()
    begun = now() - timedelta(hours=3)
    event = await factories.event(project, starts_at=begun, ends_at=begun + timedelta(hours=2))
    await factories.sign_in(client, await factories.organiser(project))
    unit = entrances(event, [])[0].unit
    numbers: dict[str, set[int]] = {}
    for _round in range(2):
        for _n in range(1 if not numbers else 2):
            await entered(event, unit, await registered(event))
        for page in ("papers", "papers/new", "list", f"papers/{(await Paper.all())[0].id}"):
            with counted() as asked:
                assert (await client.get(f"/desk/e/{event.slug}/door/{page}")).status_code == 200
            numbers.setdefault(page, set()).add(len(asked))
    assert {page: len(n) for page, n in numbers.items()} == dict.fromkeys(numbers, 1)
