"""Alice invites people by mail; who is invited registers through the address in that mail."""

import re
from datetime import timedelta

import httpx
import pytest

from core.clock import now
from events.event.event import Event
from notifications.outbox.letters import render
from notifications.outbox.message import Message
from registrations.registration.registration import Registration
from tests.support import factories

GUESTS = "Anna Ābele <anna@example.org>\nbob@example.org; Kari Nordmann kari@example.org\n\nANNA@example.org"


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    project = await factories.project()
    await factories.sign_in(client, await factories.organiser(project))
    return await factories.event(project, invitation_only=True)


async def sent(client: httpx.AsyncClient, event: Event, **over: str) -> httpx.Response:
    given = {
        "csrf": factories.csrf(client),
        "people": GUESTS,
        "language": "nb",
        "words": "Do come.",
        "do": "send",
    }
    return await client.post(f"/desk/e/{event.slug}/messages/invite", data=given | over)


async def test_who_is_invited_reads_it_first_here_and_registers_by_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    seen = await sent(client, event, do="look")
    assert ("Invite 3 people" in seen.text, "Do come." in seen.text, "vsi_" in seen.text) == (
        True,
        True,
        False,
    )
    assert await Message.all().count() == 0
    answer = await sent(client, event)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/desk/e/{event.slug}/messages",
    )
    mails = await Message.filter(kind="event_invitation").order_by("id")
    assert [(m.to_email, m.to_name, m.language) for m in mails] == [
        ("anna@example.org", "Anna Ābele", "nb"),
        ("bob@example.org", "", "nb"),
        ("kari@example.org", "Kari Nordmann", "nb"),
    ]
    mail = await render(mails[0])
    assert mail
    path = re.search(r"/e/[^/]+/register\?invitation=([\w-]+)", mail.text)
    assert path
    form = {
        "name": "Anna Ābele",
        "email": "anna@example.org",
        "agree": "yes",
        "form_key": "k",
        "invitation": path[1],
    }
    assert (await client.post(f"/e/{event.slug}/register", data=form)).status_code == 303
    assert [r.source for r in await Registration.all()] == ["invited"]


async def test_nobody_is_invited_twice(client: httpx.AsyncClient, event: Event) -> None:
    await sent(client, event)
    await sent(client, event)
    assert await Message.filter(kind="event_invitation").count() == 3


@pytest.mark.parametrize(
    "people", ["", "Anna", "a@example.org\nBob b@", " ;\n", "x@example.org\n" * 501]
)
async def test_what_is_no_address_is_said_and_nobody_is_told(
    client: httpx.AsyncClient, event: Event, people: str
) -> None:
    answer = await sent(client, event, people=people)
    assert (answer.status_code, "field-people-error" in answer.text, "Do come." in answer.text) == (
        422,
        True,
        True,
    )
    assert await Message.all().count() == 0


async def test_nobody_is_invited_to_what_is_over(client: httpx.AsyncClient, event: Event) -> None:
    await Event.filter(id=event.id).update(
        starts_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1)
    )
    assert ((await sent(client, event)).status_code, await Message.all().count()) == (409, 0)


async def test_the_overview_of_an_event_by_invitation_leads_to_it(
    client: httpx.AsyncClient, event: Event
) -> None:
    page = (await client.get(f"/desk/e/{event.slug}")).text
    assert (
        f'href="/desk/e/{event.slug}/messages/invite"' in page,
        "Give this address" in page,
    ) == (True, False)
