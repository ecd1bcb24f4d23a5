"""Seats: never oversold, none left, the waiting list in order; sent twice, it is one."""

import asyncio
from typing import Any

import pytest

from accounts.sessions.access import Actor
from core import db
from core.errors import DomainError
from events.event.event import Event
from notifications.outbox.message import Message
from registrations.form.entry import Agreed, Entry
from registrations.form.questions import Consent
from registrations.placing import one_statement
from registrations.placing import register as places
from registrations.placing.register import place
from registrations.registration import seats
from registrations.registration.registration import Registration
from tests.support import factories

TABLES = ("person", "registration", "consent", "audit_entry", "message")
VOLATILE = {
    *("at", "created_at", "changed_at", "confirmed_at", "due_at", "given_at"),
    *(
        "id",
        "event_id",
        "person_id",
        "registration_id",
        "object_id",
        "subject_of",
        "about",
        "dedup",
    ),
    *("hash", "ticket_identity", "message_id"),
    *("email", "email_folded", "name", "name_folded", "search", "to_email", "to_name"),
}


def charlie(number: int = 0, **over: Any) -> Entry:
    return Entry(name=f"Charlie {number}", email=f"charlie{number}@example.org", **over)


async def register(event: Event, entry: Entry, **over: Any) -> tuple[Registration, bool]:
    given = {"source": "web", "language": "en", **over}
    return await place(event, entry, **given)


async def test_sixty_four_at_once_for_twenty_seats(database: object) -> None:
    event = await factories.event(await factories.project(), capacity=20)
    made = await asyncio.gather(*(register(event, charlie(n)) for n in range(64)))
    assert [new for _r, new in made] == [True] * 64
    assert await Registration.filter(event_id=event.id, status="confirmed").count() == 20
    waiting = await Registration.filter(event_id=event.id, status="waiting")
    assert sorted([r.waiting_number or 0 for r in waiting]) == list(range(1, 45))
    await event.refresh_from_db()
    assert (event.seats_taken, event.waiting, event.last_place) == (20, 44, 44)
    assert await Message.filter(kind="confirmation").count() == 20
    assert await Message.filter(kind="waiting").count() == 44


async def test_control_without_the_counter_seats_are_oversold(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look_then_take(event_id: int, *, over: bool = False) -> seats.Taken:
        event = await Event.get(id=event_id)
        await asyncio.sleep(0.01)
        if event.seats_taken >= (event.capacity or 0):
            return seats.Taken("waiting", 1, 1)
        await Event.filter(id=event_id).update(seats_taken=event.seats_taken + 1)
        return seats.Taken("confirmed", None, 0)

    event = await factories.event(await factories.project(), capacity=20)
    monkeypatch.setattr(one_statement, "possible", lambda _wanted: False)
    monkeypatch.setattr(seats, "take", look_then_take)
    monkeypatch.setattr(places, "_steps", places._steps.__wrapped__)  # type: ignore[attr-defined]  # no transaction
    await asyncio.gather(*(register(event, charlie(n)) for n in range(64)))
    assert await Registration.filter(event_id=event.id, status="confirmed").count() > 20


async def test_the_long_way_keeps_to_the_seats_too(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_statement, "possible", lambda _wanted: False)
    event = await factories.event(await factories.project(), capacity=20)
    await asyncio.gather(*(register(event, charlie(n)) for n in range(40)))
    assert await Registration.filter(event_id=event.id, status="confirmed").count() == 20
    await event.refresh_from_db()
    assert (event.seats_taken, event.waiting) == (20, 20)


def filled(number: int) -> Entry:
    """Everything that a form can say where the common way is taken."""
    return charlie(
        number,
        role="speaker",
        country="LV",
        gender="female",
        birth_year=1980,
        target_group="mayors",
        organisation_name="Rēzeknes novads",
        organisation_country="LV",
        organisation_kind="municipality",
        answers={"tshirt": "Žalia"},
        consents=(Agreed("registration", "Yes."),),
        form_key="a secret of the form",
    )


LEFT_EMPTY = {
    "person": {"merged_into_id", "erased_at", "mails_stopped_at"},
    "registration": {
        *("door_note", "generation", "calendar_generation", "calendar_used_at", "reply"),
        *("invited_sequence", "invited_by", "replied_at", "offer_ends_at", "replaces_id"),
        *("after_event", "cancel_reason", "revision", "ended_at"),
    },
    "consent": {"withdrawn_at"},
    "audit_entry": {"changed", "refused"},
    "message": {
        *("attempts", "bulk", "lease_ends_at", "leased_by", "subject", "answer", "failure"),
        "sent_at",
    },
}
"""What a new registration has no value for. A new column stands here, or in `filled`."""


@pytest.mark.parametrize("short", [True, False])
async def test_each_column_is_written(
    database: object, monkeypatch: pytest.MonkeyPatch, *, short: bool
) -> None:
    """A column that one of the ways forgets is empty, and fails."""
    if not short:
        monkeypatch.setattr(one_statement, "possible", lambda _placement: False)
    alice = Actor("alice", await factories.user("alice@example.org"))
    event = await factories.event(await factories.project(), capacity=1)
    last = {table: await newest(table) for table in TABLES}
    for number in range(2):
        await register(event, filled(number), actor=alice, language="lv")
    for table in TABLES:
        found = await rows_after(table, last[table], leave_out=set())
        empty = {name for name in found[0] if all(nothing(row[name]) for row in found)}
        assert (table, empty) == (table, LEFT_EMPTY[table])


def nothing(value: object) -> bool:
    return value in {None, "", 0, "{}", "[]"} or value is False


async def test_both_ways_write_the_same_rows(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = Actor("alice", await factories.user("alice@example.org"))
    project = await factories.project()
    found = []
    for short in (True, False):
        if not short:
            monkeypatch.setattr(one_statement, "possible", lambda _placement: False)
        event = await factories.event(project, capacity=1)
        last = {table: await newest(table) for table in TABLES}
        for n in range(2):
            await register(event, filled(n + 2 * short), actor=alice)
        found.append({table: await rows_after(table, last[table]) for table in TABLES})
    assert [r["status"] for r in found[0]["registration"]] == ["confirmed", "waiting"]
    assert [r["waiting_number"] for r in found[0]["registration"]] == [None, 1]
    assert [r["birth_year"] for r in found[0]["registration"]] == [1980, 1980]
    assert [r["kind"] for r in found[0]["message"]] == ["confirmation", "waiting"]
    assert [r["actor"] for r in found[0]["audit_entry"]] == ["alice", "alice"]
    assert found[0] == found[1]


async def newest(table: str) -> int:
    row = await db.row(f"SELECT COALESCE(MAX(id), 0) AS id FROM {table}")
    return int(row["id"]) if row else 0


async def rows_after(table: str, last: int, leave_out: set[str] = VOLATILE) -> list[dict[str, Any]]:
    rows = await db.rows(f"SELECT * FROM {table} WHERE id > $1::bigint ORDER BY id", last)
    return [{name: row[name] for name in row if name not in leave_out} for row in rows]


async def test_the_same_form_twenty_times_at_once_is_one_registration(database: object) -> None:
    event = await factories.event(await factories.project())
    made = await asyncio.gather(*(register(event, charlie()) for _ in range(20)))
    assert len({r.id for r, _new in made}) == 1
    assert sum(new for _r, new in made) == 1
    await event.refresh_from_db()
    assert event.seats_taken == 1
    assert await Message.all().count() == 1


async def test_without_a_waiting_list_full_is_full(database: object) -> None:
    event = await factories.event(await factories.project(), capacity=1, waiting_list=False)
    first, _new = await register(event, charlie(1))
    with pytest.raises(DomainError) as refused:
        await register(event, charlie(2))
    assert (refused.value.status, refused.value.code) == (409, "full")
    again, new = await register(event, charlie(1))
    assert (again.id, new) == (first.id, False)


async def test_consents_and_answers_are_kept_with_their_words(database: object) -> None:
    event = await factories.event(await factories.project())
    entry = charlie(1, consents=(Agreed("registration", "I agree."),), answers={"q": ["a", "b"]})
    made, _new = await register(event, entry)
    again = await Registration.get(id=made.id)
    assert again.answers == {"q": ["a", "b"]}
    assert [(c.purpose, c.wording, c.language) for c in await Consent.all()] == [
        ("registration", "I agree.", "en")
    ]
    assert await db.row("SELECT hash FROM registration WHERE id = $1::bigint", made.id) == {
        "hash": made.hash
    }
    found = await Registration.by_token(made.secret)
    assert found
    assert found.person.name == "Charlie 1"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": "\x00\x07"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@b.lv\r\nBcc: x@y.lv"}, "email"),
        ({"country": "XX"}, "country"),
        ({"birth_year": 12}, "birth_year"),
        ({"role": "king"}, "role"),
    ],
)
async def test_bad_input_is_said_beside_its_field(
    database: object, over: dict[str, Any], field: str
) -> None:
    event = await factories.event(await factories.project())
    with pytest.raises(DomainError) as refused:
        await register(event, Entry(**{"name": "A", "email": "a@example.org", **over}))
    assert (refused.value.status, list(refused.value.fields)) == (422, [field])
    assert await Registration.all().count() == 0


async def test_odd_names_are_cleaned_not_refused(database: object) -> None:
    event = await factories.event(await factories.project())
    made, _new = await register(
        event, Entry(name="Eve\r\nBcc: \u202eno \ud800 {{7*7}} </script>", email="e@example.org")
    )
    found = await Registration.get(id=made.id).select_related("person")
    assert found.person.name == "Eve Bcc: no {{7*7}} </script>"
