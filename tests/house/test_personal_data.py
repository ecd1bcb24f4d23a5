"""docs/personal-data.md is true: every column has its place there, and Charlie's words are found
where the page says, and nowhere else.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from tortoise import Tortoise
from tortoise.models import Model

from accounts.sessions.access import Actor
from checkin.phone.roster import roster
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import record, withdraw
from core import ROOT, db
from core.clock import now
from events.event.event import Event
from notifications.outbox.letters import render
from notifications.outbox.message import Message
from registrations.api.registrations import shown
from registrations.form.questions import Question
from registrations.people.attendee_list import note_for_door
from registrations.people.data_export import WITHHELD, exported
from registrations.people.erasure import erase
from registrations.people.spreadsheet import table as listed
from registrations.registration.registration import Registration
from tests.house.test_docs import code, table
from tests.support import factories

PAGE = ROOT / "docs" / "personal-data.md"
PLACES = ("form", "API", "list", "feed", "phone", "mail", "own data", "after erasure")
ALICE = Actor("alice")
CHARLIE = {
    "name": "Quixote Zebedee",
    "e-mail": "quixote@example.org",
    "organisation": "Ornithologists",
    "target group": "beekeepers",
    "year of birth": "1907",
    "answer": "marmalade",
    "answer kept apart": "shellfish",
    "note for the door": "wheelbarrow",
    "reason of cancelling": "hiccups",
    "reason of an undo": "chandelier",
}
"""Each field, and a word of Charlie's that occurs nowhere else."""


def columns() -> dict[str, list[str]]:
    return {
        model._meta.db_table: list(model._meta.fields_db_projection.values())
        for model in Tortoise.apps["viesis"].values()
    }


def test_every_column_has_its_place(database: object) -> None:
    described = {
        code(row[0])[0]: sorted(code(row[1]) + code(row[3])) for row in table(PAGE, "table")
    }
    assert described == {name: sorted(found) for name, found in columns().items()}


@pytest.mark.parametrize("model", list(WITHHELD))
def test_what_is_withheld_from_a_person_is_a_column(database: object, model: type[Model]) -> None:
    known = set(model._meta.fields_db_projection.values())
    ours = {"project_id", "event_id", "person_id", "registration_id", "organisation_id", "id"}
    assert WITHHELD[model] - ours <= known


async def stored() -> str:
    found: Mapping[str, Any] = {
        name: await db.rows(f'SELECT * FROM "{name}"') for name in sorted(columns())
    }
    return json.dumps(found, default=str, ensure_ascii=False)


async def charlie(event: Event) -> Registration:
    await Question.create(event=event, key="jam", kind="text", label={"en": "Jam"})
    registration = await factories.register(
        event,
        CHARLIE["name"],
        CHARLIE["e-mail"],
        organisation_name=CHARLIE["organisation"],
        organisation_country="LV",
        organisation_kind="ngo",
        target_group=CHARLIE["target group"],
        birth_year=int(CHARLIE["year of birth"]),
        answers={"jam": CHARLIE["answer"]},
        private={"diet": CHARLIE["answer kept apart"]},
    )
    await note_for_door(registration, CHARLIE["note for the door"], ALICE)
    entry = ScanEntry("0" * 8 + "-0000-4000-8000-" + "0" * 12, registration=registration.id)
    await record(event, [entry], actor_name="alice", organiser=True)
    await withdraw(entry.id, "alice", CHARLIE["reason of an undo"])
    return registration


async def places(client: httpx.AsyncClient, event: Event, one: Registration) -> dict[str, str]:
    """What each place shows, as text."""
    await one.fetch_related("person", "organisation", "event", "choices")
    message = await Message.get(kind="confirmation")
    mail = await render(message)  # None once it is cancelled: it would not go out any more
    return {
        "form": (await client.get(f"/r/{one.secret}")).text,
        "API": json.dumps(await shown(one), default=str, ensure_ascii=False),
        "list": str(await listed(event)),
        "feed": (await client.get(f"/e/{event.slug}.ics")).text,
        "phone": json.dumps(await roster(event), default=str, ensure_ascii=False),
        "mail": f"{message.to_email} {mail.subject} {mail.text} {mail.html}" if mail else "",
        "own data": json.dumps(await exported(one), ensure_ascii=False),
    }


async def test_a_persons_words_are_where_the_page_says(client: httpx.AsyncClient) -> None:
    event = await factories.event(
        await factories.project(target_groups=[CHARLIE["target group"]]), starts_at=now()
    )
    registration = await charlie(event)
    seen = await places(client, event, registration)
    await registration.refresh_from_db()
    await registration.cancel(CHARLIE["reason of cancelling"], ALICE, notify=False)
    await registration.refresh_from_db()
    for place, text in (await places(client, event, registration)).items():
        seen[place] += text
    await registration.fetch_related("person")
    await erase(registration.person, ALICE)
    seen["after erasure"] = await stored()
    found = {
        field: ["✓" if word.casefold() in seen[place].casefold() else "–" for place in PLACES]
        for field, word in CHARLIE.items()
    }
    described = {row[0]: row[1:] for row in table(PAGE, "field")}
    assert found == described
