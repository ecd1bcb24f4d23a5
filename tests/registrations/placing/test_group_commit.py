"""Many at once at one event: written together, each answered for itself."""

import asyncio
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from core import db
from core.settings import Settings
from events.event.event import Event
from notifications.outbox.message import Message
from registrations.form.entry import Entry
from registrations.placing import group_commit
from registrations.placing.group_commit import Turns
from registrations.placing.register import place
from registrations.registration.registration import Registration
from tests.support import factories


async def test_who_sends_the_form_twice_among_many_is_registered_once(database: Settings) -> None:
    event = await factories.event(await factories.project(), capacity=20)
    entries = [Entry(name=f"Guest {n % 50}", email=f"g{n % 50}@example.org") for n in range(80)]
    found = await asyncio.gather(
        *(place(event, entry, source="api", language="en") for entry in entries)
    )
    assert sum(new for _made, new in found) == 50
    assert len({made.id for made, _new in found}) == 50
    stored = await Registration.all()
    places = sorted(made.place_in_line for made, new in found if new and made.place_in_line)
    assert (sum(r.status == "confirmed" for r in stored), places) == (20, list(range(1, 31)))
    assert await Message.all().count() == 50
    row = await Event.get(id=event.id)
    assert (row.seats_taken, row.waiting, row.last_place) == (20, 30, 30)


async def test_a_full_event_refuses_the_rest_of_the_turn_only(database: Settings) -> None:
    event = await factories.event(await factories.project(), capacity=3, waiting_list=False)
    entries = [Entry(name=f"Guest {n}", email=f"g{n}@example.org") for n in range(30)]
    asked = (place(event, entry, source="api", language="en") for entry in entries)
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(getattr(one, "status", 201) for one in found) == [201] * 3 + [409] * 27
    assert await Registration.all().count() == 3


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_what_is_written_together_is_kept_together_or_tried_one_by_one(
    database: Settings,
) -> None:
    """On PostgreSQL only, which alone takes turns in this way: on SQLite the connection's thread
    does.
    """
    begun: list[int] = []

    async def write(values: Any) -> dict[str, Any] | None:
        begun.append(values[0])
        await asyncio.sleep(0)
        return await db.row(
            "INSERT INTO limit_count (key, hits, ends_at) VALUES ($1, $2, now()) RETURNING hits",
            str(values[0] % 9),
            1,
        )

    taken = Turns(write)
    numbers = [0, 1, 2, 3, 9, 4]
    found = await asyncio.gather(*(taken.take(7, [n]) for n in numbers), return_exceptions=True)
    assert [type(one) for one in found] == [dict, dict, dict, dict, IntegrityError, dict]
    assert begun == [0, 1, 2, 3, 9, *numbers]
    assert (taken._waiting, await db.row("SELECT count(*) AS n FROM limit_count")) == ({}, {"n": 5})


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_one_turn_is_not_longer_than_it_should_be(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL only, as above."""
    monkeypatch.setattr(group_commit, "MOST", 4)
    open_at_once: list[bool] = []

    async def write(values: Any) -> dict[str, Any] | None:
        open_at_once.append(db.inside())
        return {"n": values[0]}

    taken = Turns(write)
    found = await asyncio.gather(*(taken.take(1, [n]) for n in range(9)))
    assert [one["n"] for one in found if one] == list(range(9))
    assert open_at_once == [True] * 8 + [False]
