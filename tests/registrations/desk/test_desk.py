"""Alice and the people of her event: the list, one person, by hand, the form's questions, tables to
take along.
"""

import csv
import io
import re
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from events.event.event import Event
from notifications.outbox.message import Message
from registrations.form.entry import Entry
from registrations.form.questions import Question
from registrations.placing.register import place
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.support import factories


async def someone(event: Event, name: str, **over: Any) -> Registration:
    address = "".join(c for c in name.lower() if c.isascii() and c.isalnum()) or "x"
    entry = Entry(name=name, email=f"{address}@example.org", **over)
    return (await place(event, entry, source="web", language="en"))[0]


class Alice:
    """A signed-in organiser."""

    def __init__(self, client: httpx.AsyncClient, csrf: str, event: Event) -> None:
        self.client, self.csrf, self.event = client, csrf, event
        self.base = f"/desk/e/{event.slug}"

    async def get(self, path: str = "/people") -> str:
        answer = await self.client.get(self.base + path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, path: str, status: int = 303, **fields: Any) -> str:
        answer = await self.client.post(self.base + path, data={"csrf": self.csrf, **fields})
        assert answer.status_code == status, answer.text
        return answer.text or answer.headers.get("location", "")


@pytest.fixture
async def alice(client: httpx.AsyncClient) -> Alice:
    event = await factories.event(await factories.project(), capacity=3)
    user = await factories.organiser(event.project)
    return Alice(client, await factories.sign_in(client, user), event)


async def test_the_list_is_narrowed_by_typing_without_marks(alice: Alice) -> None:
    first = await someone(
        alice.event, "Žanete Bērziņa", organisation_name="Rīgas dome", organisation_country="LV"
    )
    await someone(alice.event, "Øystein Åsen")
    page = await alice.get()
    assert ("Žanete" in page, "Øystein" in page) == (True, True)
    for typed in ("berzin", "ZANETE", "rigas d", first.ticket.lower(), "anetebrzia@"):
        page = await alice.get(f"/people?q={typed}")
        assert ("Žanete" in page, "Øystein" in page) == (True, False), typed
    assert "Øystein" in await alice.get("/people?q=oystein")
    assert "Nobody fits" in await alice.get("/people?q=%25")
    assert "Nobody fits" in await alice.get("/people?status=waiting")


async def test_no_seat_is_given_where_none_is_left_and_the_page_says_why(alice: Alice) -> None:
    people = [await someone(alice.event, f"Person {n}") for n in range(4)]
    for action in ("offer", "seat"):
        await alice.post("/people", action=action, chosen=str(people[3].id))
        assert "All seats are taken: one has to fall free first." in await alice.get()
    assert (await Registration.get(id=people[3].id)).status == "waiting"


async def test_the_chosen_ones_are_offered_seats_and_cancelled_after_a_confirmation(
    alice: Alice,
) -> None:
    made = [await someone(alice.event, f"P{n}") for n in range(5)]
    await alice.post("/people", action="cancel", chosen=[str(made[0].id)], status=200)
    assert (await Registration.get(id=made[0].id)).status == "confirmed"
    await alice.post(
        "/people", action="cancel", chosen=[str(made[0].id)], sure="yes", reason="as asked"
    )
    assert [r.status for r in await Registration.all().order_by("id")] == [
        "cancelled",
        *["confirmed"] * 2,
        "offered",
        "waiting",
    ]
    await alice.post("/people", action="seat", chosen=[str(made[4].id)])
    assert "All seats are taken" in await alice.get()
    await alice.post(
        "/people", action="decline", chosen=[str(made[3].id), str(made[4].id)], sure="yes"
    )
    await alice.event.refresh_from_db()
    assert (alice.event.seats_taken, alice.event.waiting) == (2, 0)
    await alice.post("/people", action="explode", chosen=["1"], status=422)


async def test_approving_many(alice: Alice) -> None:
    alice.event.approval = True
    await alice.event.save()
    made = [await someone(alice.event, f"P{n}") for n in range(3)]
    await alice.post("/people", action="approve", chosen=[str(m.id) for m in made])
    assert {r.status for r in await Registration.all()} == {"confirmed"}


async def test_one_person_with_history_corrected_and_replaced(alice: Alice) -> None:
    made = await someone(alice.event, "Charlie", answers={})
    page = await alice.get(f"/people/{made.id}")
    assert "Registered on the page" in page
    await alice.post(f"/people/{made.id}/correct", name="Čārlijs", email="new@example.org")
    assert (await Person.get()).email_folded == "new@example.org"
    assert await Registration.by_token(made.secret) is None
    assert await Message.filter(kind="link_again", to_email="new@example.org").count() == 1
    await alice.post(f"/people/{made.id}/correct", name="", email="new@example.org", status=422)
    await alice.post(
        f"/people/{made.id}/substitute", substitute_name="Dana", substitute_email="d@example.org"
    )
    assert "Dana" in await alice.get(f"/people/{made.id}")
    other = await factories.event(await factories.project())
    stranger = await someone(other, "Stranger")
    assert (await alice.client.get(f"{alice.base}/people/{stranger.id}")).status_code == 404


async def test_registering_by_hand(alice: Alice) -> None:
    assert "Register someone" in await alice.get("/people/new")
    await alice.post("/people/new", name="", email="x", status=422)
    to = await alice.post(
        "/people/new", name="Hand", email="hand@example.org", role="speaker", tell="yes"
    )
    made = await Registration.get()
    assert to == f"{alice.base}/people/{made.id}"
    assert (made.source, made.role, await Message.all().count()) == ("desk", "speaker", 1)
    await alice.post("/people/new", name="Quiet", email="quiet@example.org", role="attendee")
    assert await Message.all().count() == 1


async def test_the_organisers_own_questions(alice: Alice) -> None:
    await alice.post(
        "/form/new",
        label_en="Which bus?",
        kind="choice",
        options_en="Riga\nValmiera",
        required="yes",
    )
    await alice.post("/form/new", label_en="Only one", kind="choice", options_en="Riga", status=422)
    await alice.post(
        "/form/new", label_en="Seat?", kind="yes_no", shown_if="which_bus", shown_value="riga"
    )
    question = await Question.get(key="which_bus")
    assert [o["value"] for o in question.options] == ["riga", "valmiera"]
    await alice.post(
        "/form/which_bus", label_en="Bus?", kind="choice", options_en="From Riga\nValmiera\nOgre"
    )
    await question.refresh_from_db()
    assert [o["value"] for o in question.options] == ["riga", "valmiera", "ogre"]
    await alice.post("/form/seat/up")
    await alice.post("/form/seat/leave-out")
    page = await alice.get("/form")
    assert "left out" in page
    assert "From Riga · Valmiera · Ogre" in page
    form = (await alice.client.get(f"/e/{alice.event.slug}/register")).text
    assert ("Bus?" in form, "Seat?" in form) == (True, False)
    assert 'value="From Riga' not in form
    assert "Bus?" in await alice.get("/form/which_bus")


async def test_tables_in_which_nothing_is_a_formula(alice: Alice) -> None:
    label = {"en": "Telephone"}
    await Question.create(
        event_id=alice.event.id, key="phone", kind="text", label=label, position=1
    )
    await someone(
        alice.event,
        "=1+1",
        answers={"phone": "+371 20000000"},
        organisation_name="＝cmd|'/c calc'!A0",
    )
    answer = await alice.client.get(f"{alice.base}/people.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (rows[0]["Name"], rows[0]["Telephone"]) == ("'=1+1", "+371 20000000")
    assert rows[0]["Organisation"].startswith("'")
    book = load_workbook(io.BytesIO((await alice.client.get(f"{alice.base}/people.xlsx")).content))
    assert book.active
    cells = {
        str(head.value): cell for head, cell in zip(*book.active.iter_rows(max_row=2), strict=True)
    }
    assert (cells["Name"].value, cells["Name"].data_type) == ("=1+1", "s")
    assert cells["Telephone"].value == "+371 20000000"
    registered = cells["Registered"]
    assert (registered.is_date, f"{registered.value:%Y-%m-%d %H:%M}") == (
        True,
        rows[0]["Registered"],
    )


async def test_the_list_for_the_door_and_needs_in_numbers(alice: Alice) -> None:
    await Question.create(
        event_id=alice.event.id, key="diet", kind="text", label={"en": "Diet"}, private=True
    )
    await someone(alice.event, "Charlie", private={"diet": "Vegan"})
    await someone(alice.event, "Dana", private={"diet": "vegan"})
    page = await alice.get("/people/print")
    assert len(re.findall("☐", page)) == 2
    page = await alice.get("/people/needs")
    assert ("vegan" in page, "Charlie" in page, ">2<" in page) == (True, False, True)


async def test_a_viewer_reads_and_a_stranger_sees_nothing(
    alice: Alice, other: httpx.AsyncClient
) -> None:
    made = await someone(alice.event, "Charlie")
    viewer = await factories.organiser(alice.event.project, role_name="viewer")
    csrf = await factories.sign_in(other, viewer)
    assert "Charlie" in (await other.get(f"{alice.base}/people")).text
    for path in ("/people/needs", "/people/new", "/form"):
        assert (await other.get(alice.base + path)).status_code == 403
    body = {"csrf": csrf, "action": "cancel", "chosen": str(made.id), "sure": "yes"}
    assert (await other.post(f"{alice.base}/people", data=body)).status_code == 403
    stranger = await factories.organiser(await factories.project())
    await factories.sign_in(other, stranger)
    for path in (
        "/people",
        f"/people/{made.id}",
        "/people.csv",
        "/people.xlsx",
        "/people/print",
        "/form",
    ):
        assert (await other.get(alice.base + path)).status_code == 404
