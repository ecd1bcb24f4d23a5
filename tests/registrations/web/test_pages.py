"""The story of a participant: registers, looks, changes, cancels, names a substitute, takes data
along, goes.
"""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core import db
from core.clock import now, travelled
from events.event.event import Event
from events.programme.sessions import Session
from notifications.outbox.letters import render
from notifications.outbox.message import Message
from registrations.form.answers import forget_private
from registrations.form.questions import Consent, PrivateAnswer, Question
from registrations.mail.invitations import form_url
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.support import factories


def filled(**over: object) -> dict[str, Any]:
    return {
        "name": "Charlie Bērziņš",
        "email": "charlie@example.org",
        "agree": "yes",
        "form_key": "k" * 20,
        **over,
    }


async def register(client: httpx.AsyncClient, event: Event, **over: object) -> str:
    """Register; the address of one's own page."""
    answer = await client.post(f"/e/{event.slug}/register", data=filled(**over))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture
async def event(client: httpx.AsyncClient) -> Event:
    return await factories.event(await factories.project())


async def test_registering_shows_the_ticket_at_once(
    client: httpx.AsyncClient, event: Event
) -> None:
    form = await client.get(f"/e/{event.slug}/register")
    assert form.status_code == 200
    key = re.search(r'name="form_key" value="([^"]+)"', form.text)
    assert key
    path = await register(client, event, form_key=key[1])
    page = await client.get(path)
    made = await Registration.get()
    assert page.status_code == 200
    assert " ".join(re.findall("....", made.ticket)) in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert (await client.get(path + "/ticket.svg")).headers["content-type"] == "image/svg+xml"
    assert (await client.get(path + "/ticket.png")).content.startswith(b"\x89PNG")
    assert [m.kind for m in await Message.all()] == ["confirmation"]
    assert [c.wording for c in await Consent.all()] == [
        "I agree that what I enter here is kept and used as described."
    ]


async def test_the_same_form_again_shows_my_page_another_browser_gets_a_mail(
    client: httpx.AsyncClient, other: httpx.AsyncClient, event: Event
) -> None:
    path = await register(client, event)
    assert await register(client, event) == path
    assert (
        await register(other, event, form_key="another", name="CHARLIE BERZINS")
        == f"/e/{event.slug}/registered"
    )
    assert (await other.get(f"/e/{event.slug}/registered")).status_code == 200
    await register(other, event, form_key="another")
    assert [m.kind for m in await Message.all().order_by("id")] == ["confirmation", "link_again"]


async def test_errors_are_beside_their_fields_and_nothing_is_lost(
    client: httpx.AsyncClient, event: Event
) -> None:
    answer = await client.post(
        f"/e/{event.slug}/register",
        data={"name": "Only me", "email": "nothing", "organisation": "Dome </script>"},
    )
    assert answer.status_code == 422
    assert 'value="Only me"' in answer.text
    assert "Dome &lt;/script&gt;" in answer.text
    assert set(re.findall(r'id="field-(\w+)-error"', answer.text)) == {"email", "agree"}
    assert await Registration.all().count() == 0


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"capacity": 0, "waiting_list": False}, "All seats are taken"),
        ({"registration_opens_at": now() + timedelta(days=1)}, "Registration opens on"),
        ({"registration_closes_at": now() - timedelta(days=1)}, "Registration is closed"),
        ({"invitation_only": True}, "by invitation"),
        ({"status": "cancelled", "cancel_reason": "Flood"}, "Flood"),
        (
            {"starts_at": now() - timedelta(days=2), "ends_at": now() - timedelta(days=1)},
            "has taken place",
        ),
    ],
)
async def test_when_one_cannot_register_the_page_says_why(
    client: httpx.AsyncClient, over: dict[str, Any], words: str
) -> None:
    event = await factories.event(await factories.project(), **over)
    page = await client.get(f"/e/{event.slug}/register")
    assert (page.status_code, words in page.text) == (200, True)
    refused = await client.post(f"/e/{event.slug}/register", data=filled())
    assert (refused.status_code, words in refused.text) == (409, True)


async def test_an_invitation_is_good_for_its_address(client: httpx.AsyncClient) -> None:
    event = await factories.event(await factories.project(), invitation_only=True)
    url = form_url(event, "Charlie@example.org").removeprefix("http://127.0.0.1:8000")
    page = await client.get(url)
    invitation = re.search(r'name="invitation" value="([^"]+)"', page.text)
    assert invitation
    refused = await client.post(
        url, data=filled(email="other@example.org", invitation=invitation[1])
    )
    assert (refused.status_code, "invitation came to" in refused.text) == (422, True)
    assert (await client.post(url, data=filled(invitation="vsi_" + "0" * 40))).status_code == 422
    assert (await client.post(url, data=filled())).status_code == 409
    await register(client, event, invitation=invitation[1])
    assert (await Registration.get()).source == "invited"


async def test_the_waiting_list_tells_how_many_are_before(client: httpx.AsyncClient) -> None:
    event = await factories.event(await factories.project(), capacity=1)
    for n in range(3):
        path = await register(client, event, name=f"P {n}", email=f"p{n}@example.org")
    assert "You are number 2 on the waiting list" in (await client.get(path)).text
    assert "2 people are waiting" in (await client.get(f"/e/{event.slug}/register")).text


async def test_a_full_session_can_be_given_up_and_not_taken(
    client: httpx.AsyncClient, event: Event
) -> None:
    hours: dict[str, Any] = {
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "created_at": now(),
        "changed_at": now(),
    }
    few = await Session.create(
        event=event, kind="workshop", title={"en": "Few"}, capacity=1, **hours
    )
    path = await register(client, event, sessions=str(few.id))
    box = re.compile(rf'name="sessions" value="{few.id}"([^>]*)>')
    form, mine = (await client.get(f"/e/{event.slug}/register")).text, (await client.get(path)).text
    assert [box.findall(form), box.findall(mine)] == [[" disabled"], [" checked"]]
    assert ("Full" in form, "0 seats" in form) == (True, False)
    await Event.filter(id=event.id).update(status="cancelled")
    assert "My sessions" not in (await client.get(path)).text, (
        "of an event that does not take place"
    )


async def test_an_offer_is_taken_or_left(client: httpx.AsyncClient) -> None:
    event = await factories.event(await factories.project(), capacity=1)
    first, second, third = [
        await register(client, event, name=f"P {n}", email=f"p{n}@example.org") for n in range(3)
    ]
    await client.post(first + "/cancel", data={"reason": "ill"})
    assert "This registration is cancelled" in (await client.get(first)).text
    assert "A place has become available for you" in (await client.get(second)).text
    said = re.compile(r"by [^.]*, \d\d:\d\d \(Eastern European Time\)")
    letter = await render(await Message.get(kind="offer"))
    assert letter
    assert (bool(said.search((await client.get(second)).text)), bool(said.search(letter.text))) == (
        True,
        True,
    )
    await client.post(second + "/refuse")
    assert "A place has become available for you" in (await client.get(third)).text
    await client.post(third + "/accept")
    assert "ticket.svg" in (await client.get(third)).text


async def test_a_substitute(client: httpx.AsyncClient, event: Event) -> None:
    path = await register(client, event)
    answer = await client.post(path + "/substitute", data={"name": "Dana", "email": "not"})
    assert (answer.status_code, "not an e-mail" in answer.text) == (422, True)
    await client.post(path + "/substitute", data={"name": "Dana", "email": "dana@example.org"})
    assert "Dana has the seat now" in (await client.get(path)).text
    assert [r.status for r in await Registration.all().order_by("id")] == ["replaced", "confirmed"]
    mails = await Message.filter(kind="substitution").order_by("id")
    assert [m.to_email for m in mails] == ["dana@example.org", "charlie@example.org"]


async def test_send_me_my_link_again_answers_the_same(
    client: httpx.AsyncClient, event: Event
) -> None:
    await client.get(await register(client, event))
    known = await client.post(f"/e/{event.slug}/link", data={"email": "CHARLIE@example.org"})
    unknown = await client.post(f"/e/{event.slug}/link", data={"email": "nobody@example.org"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert await Message.filter(kind="link_again").count() == 1


async def test_the_organisers_questions_with_conditions(
    client: httpx.AsyncClient, event: Event
) -> None:
    wanted: dict[str, dict[str, Any]] = {
        "bus": {"kind": "yes_no", "required": True},
        "stop": {
            "kind": "choice",
            "required": True,
            "shown_if": {"question": "bus", "value": "yes"},
        },
        "topics": {"kind": "several"},
        "count": {"kind": "number"},
        "day": {"kind": "date"},
        "photos": {"kind": "consent"},
    }
    options = [{"value": "a", "label": {"en": "First"}}, {"value": "b", "label": {"en": "Second"}}]
    for position, (key, more) in enumerate(wanted.items()):
        given = {
            "options": options if more["kind"] in {"choice", "several"} else [],
            "position": position + 10,
            **more,
        }
        await Question.create(event_id=event.id, key=key, label={"en": f"About {key}?"}, **given)
    refused = await client.post(
        f"/e/{event.slug}/register",
        data=filled(
            q_bus="yes", q_topics=["a", "zzz"], q_count="many", q_day="31.12.", q_photos="yes"
        ),
    )
    assert set(re.findall(r'id="field-(\w+?)-error"', refused.text)) == {
        "q_stop",
        "q_topics",
        "q_count",
        "q_day",
    }
    path = await register(
        client,
        event,
        q_bus="no",
        q_stop="a",
        q_topics=["b", "a"],
        q_count="2,5",
        q_day="2026-12-31",
        q_photos="yes",
    )
    made = await Registration.get()
    assert made.answers == {
        "bus": False,
        "topics": ["a", "b"],
        "count": 2.5,
        "day": "2026-12-31",
        "photos": True,
    }
    page = (await client.get(path)).text
    assert "First, Second" in page
    consent = await Consent.get(purpose="question:photos")
    await client.post(f"{path}/consents/{consent.id}/withdraw")
    await consent.refresh_from_db()
    assert consent.withdrawn_at


async def test_needs_are_sealed_and_open_with_a_mailed_code_only(
    client: httpx.AsyncClient, event: Event
) -> None:
    await Question.create(
        event_id=event.id, key="diet", kind="text", label={"en": "Diet?"}, private=True
    )
    refused = await client.post(f"/e/{event.slug}/register", data=filled(q_diet="no nuts at all"))
    assert set(re.findall(r'id="field-(\w+?)-error"', refused.text)) == {"agree_needs"}
    path = await register(client, event, q_diet="no nuts at all", agree_needs="yes")
    kept = await PrivateAnswer.get()
    assert "nuts" not in kept.sealed
    assert "nuts" not in (await client.get(path)).text
    assert "nuts" not in str(await db.rows("SELECT * FROM registration"))
    await client.post(path + "/code")
    mail = await Message.get(kind="private_code")
    wrong = await client.post(path + "/needs", data={"code": "000000"})
    assert (wrong.status_code, "nuts" in wrong.text) == (422, False)
    opened = await client.post(path + "/needs", data={"code": mail.about["code"]})
    assert (opened.status_code, "no nuts at all" in opened.text) == (200, True)
    saved = await client.post(
        path + "/needs",
        data={"code": mail.about["code"], "save": "yes", "q_diet": "vegan", "agree_needs": "yes"},
    )
    assert saved.status_code == 303
    with travelled(timedelta(days=30)):
        assert await forget_private() == 1
    assert await PrivateAnswer.all().count() == 0


async def test_changing_what_i_said(client: httpx.AsyncClient, event: Event) -> None:
    path = await register(
        client, event, organisation="Rīgas dome", organisation_country="LV", gender="female"
    )
    await client.post(
        path + "/change", data={"organisation": "Oslo kommune", "organisation_country": "NO"}
    )
    page = (await client.get(path)).text
    assert "Oslo kommune" in page
    person = await Person.get()
    assert (person.country, (await Registration.get()).gender) == ("NO", "")


async def test_data_to_take_along_and_erasure(client: httpx.AsyncClient, event: Event) -> None:
    path = await register(
        client, event, organisation="Rīgas dome", organisation_country="LV", gender="female"
    )
    data = (await client.get(path + "/data.json")).json()
    assert data["person"]["name"] == "Charlie Bērziņš"
    assert data["registrations"][0]["status"] == "confirmed"
    assert (await client.post(path + "/erase")).status_code == 200
    assert (await client.get(path)).status_code == 404
    await event.refresh_from_db()
    assert event.seats_taken == 0
    for table in ("person", "registration", "message", "consent", "audit_entry"):
        assert "harlie" not in str(await db.rows(f"SELECT * FROM {table}"))
    await register(client, event)


async def test_a_stranger_sees_nothing_and_sends_nothing(
    client: httpx.AsyncClient, event: Event
) -> None:
    path = await register(client, event)
    assert (await client.get(path + "0")).status_code == 404
    assert (await client.get("/r/vsr_nothing")).status_code == 404
    for action in (
        "cancel",
        "substitute",
        "change",
        "erase",
        "code",
        "accept",
        "refuse",
        "sessions",
        "needs",
    ):
        answer = await client.post(f"{path}/{action}", headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    draft = await factories.event(event.project, status="draft")
    assert (await client.get(f"/e/{draft.slug}/register")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**filled(), "name": "x" * 2**20}, 422),
        ({**filled(), **{f"f{n}": "1" for n in range(10_001)}}, 422),
        ({**filled(), "birth_year": "²"}, 422),
        ({**filled(), "birth_year": "9" * 30}, 422),
        ({**filled(), "sessions": ["9" * 30, "x"]}, 303),
        ({**filled(), "sessions": ["99999"]}, 422),
        ({**filled(), "gender": "'; DROP TABLE person"}, 422),
        ({**filled(), "country": "\x00"}, 303),
    ],
)
async def test_odd_forms(
    client: httpx.AsyncClient, event: Event, body: dict[str, Any], status: int
) -> None:
    answer = await client.post(f"/e/{event.slug}/register", data=body)
    assert answer.status_code == status, answer.text[:2000]


async def test_an_odd_address_of_my_page(client: httpx.AsyncClient, event: Event) -> None:
    path = await register(client, event)
    for odd in (
        "/r/vsr_%00",
        "/r/" + "x" * 5000,
        f"{path}/consents/{'9' * 40}/withdraw",
        f"{path}/nothing",
    ):
        assert (await client.post(odd)).status_code in {404, 405}
    assert (await client.post(f"{path}/needs", data={"code": "²²²²²²"})).status_code == 422
    assert (await client.post(f"{path}/sessions", data={"sessions": "9" * 30})).status_code == 303
