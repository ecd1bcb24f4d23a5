"""Verbs of sessions: their zones, their history, what they refuse."""

from datetime import timedelta
from typing import Any

import pytest

from core.settings import Settings
from events.programme.sessions import Session
from tests.events.drafting import ALICE, SESSION, event, project, refused


async def test_a_session_follows_its_zones(database: Settings) -> None:
    found = await event(await project(), kind="study_visit", direction={"from": "LV", "to": "NO"})
    flight = await Session.add(
        found,
        ALICE,
        **{
            **SESSION,
            "kind": "travel",
            "end_timezone": "Europe/Oslo",
            "ends_at": "2026-12-10T09:05",
        },
    )
    assert flight.ends_at - flight.starts_at == timedelta(minutes=65)
    assert flight.counted is False
    assert (flight.described(found)["ends_at"], flight.described(found)["timezone"]) == (
        "2026-12-10T09:05:00+01:00",
        "Europe/Riga",
    )
    talk = await Session.add(found, ALICE, **SESSION)
    assert talk.counted is True
    assert [s.id for s in await found.sessions_now()] == [talk.id, flight.id]


async def test_a_programme_has_its_history(database: Settings, heard: list[str]) -> None:
    found = await event(await project())
    gone = await Session.add(found, ALICE, **SESSION)
    await gone.remove(found, ALICE)
    assert await Session.all().count() == 0
    talk = await Session.add(found, ALICE, **SESSION)
    await found.publish(ALICE)
    await talk.change(found, ALICE, place="Room 1")
    assert (talk.revision, found.revision) == (1, 2)
    await talk.change(found, ALICE, capacity=3, notify=False)
    await talk.change(found, ALICE, capacity=4, notify=False)
    await talk.remove(found, ALICE)
    assert ((await Session.get(id=talk.id)).removed_at is not None, found.revision) == (True, 5)
    assert await found.sessions_now() == []
    assert (await refused(talk.change(found, ALICE, place="Room 2"))).status == 409
    await talk.restore(found, ALICE)
    assert len(await found.sessions_now()) == 1
    assert [h for h in heard if h != "moved"] == ["published", "changed", "seats", "changed"]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"kind": "dance"}, "kind"),
        ({"ends_at": "2026-12-10T08:00"}, "ends_at"),
        ({"timezone": "Europe/Nowhere"}, "timezone"),
        ({"end_timezone": "x"}, "end_timezone"),
        ({"capacity": "3"}, "capacity"),
        ({"speakers": "Anna"}, "speakers"),
        ({"starts_at": "2026-03-29T03:30", "ends_at": "2026-03-29T05:00"}, "starts_at"),
    ],
)
async def test_a_session_names_what_is_wrong(
    database: Settings, over: dict[str, Any], field: str
) -> None:
    found = await event(await project())
    assert list((await refused(Session.add(found, ALICE, **{**SESSION, **over}))).fields) == [field]
