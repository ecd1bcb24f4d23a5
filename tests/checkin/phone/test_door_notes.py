"""What the door should know of someone: an organiser writes it, and every phone shows it."""

from typing import Any

import httpx
import pytest

from accounts.audit.audit import AuditEntry
from checkin.phone.roster import roster
from core.clock import now
from events.event.event import Event
from registrations.registration.registration import Registration
from tests.checkin.people import registered
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")


async def asked(client: httpx.AsyncClient) -> tuple[Event, Registration, dict[str, Any]]:
    project = await factories.project()
    event = await factories.event(
        project, starts_at=now(), ends_at=now().replace(year=now().year + 1)
    )
    guest = await registered(event, "Ina Bērziņa", changed_at=event.starts_at.replace(year=2020))
    return (
        event,
        guest,
        {"csrf": await factories.sign_in(client, await factories.organiser(project))},
    )


async def test_a_note_reaches_the_phones(client: httpx.AsyncClient) -> None:
    event, guest, form = await asked(client)
    before = (await roster(event))["cursor"]
    page = f"/desk/e/{event.slug}/people/{guest.id}"
    answer = await client.post(
        f"{page}/door-note", data={**form, "door_note": " Needs an\ninterpreter "}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert "Needs an interpreter" in (await client.get(page)).text
    found = await roster(event, before)
    assert [(p[2], p[6]) for p in found["people"]] == [("Ina Bērziņa", "Needs an interpreter")]
    assert found["cursor"] != before
    entry = await AuditEntry.get(action="registration.door_note")
    assert "interpreter" not in str(entry.__dict__)
    await client.post(f"{page}/door-note", data={**form, "door_note": ""})
    assert (await Registration.get(id=guest.id)).door_note == ""


async def test_a_note_is_short(client: httpx.AsyncClient) -> None:
    event, guest, form = await asked(client)
    page = f"/desk/e/{event.slug}/people/{guest.id}"
    answer = await client.post(f"{page}/door-note", data={**form, "door_note": "x" * 201})
    assert answer.status_code == 422
    assert "x" * 201 in answer.text
    assert (await Registration.get(id=guest.id)).door_note == ""
