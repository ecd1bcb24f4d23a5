"""Events as verbs: what is kept, what is refused, what is written down."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.audit.audit import AuditEntry
from core import clock
from core.settings import Settings
from events.event.event import Event
from events.event.history import Change, readable
from events.event.organisers import EventOrganiser
from events.programme.copies import copied
from events.programme.sessions import Session
from registrations.form.questions import Question
from tests.events.drafting import ALICE, SESSION, event, project, refused


async def test_an_event_is_a_draft_of_the_lead_partner(database: Settings) -> None:
    of = await project()
    found = await event(of)
    assert (found.status, found.slug, found.timezone, found.country) == (
        "draft",
        "course",
        "Europe/Riga",
        "LV",
    )
    assert found.starts_at == datetime(2026, 12, 10, 7, tzinfo=UTC)
    assert (await found.described())["organisers"] == ["Latvijas apvienība"]
    assert (await event(of)).slug == "course-2"
    assert [c.action for c in await Change.filter(event_id=found.id)] == ["created"]
    assert [a.action for a in await AuditEntry.filter(object_type="event").order_by("id")] == [
        "event.created"
    ] * 2


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"kind": None}, "kind"),
        ({"title": " "}, "title"),
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": "2026-12-10"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"ends_at": "2026-12-10T09:00"}, "ends_at"),
        ({"ends_at": "2026-12-10T07:00Z"}, "ends_at"),
        ({"timezone": "Riga"}, "timezone"),
        ({"country": "ZZ"}, "country"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": 10**12}, "capacity"),
        ({"grace_minutes": -5}, "grace_minutes"),
        ({"activity": "9.9"}, "activity"),
        ({"series": "1"}, "series"),
        ({"series": "one"}, "series"),
        ({"organisers": ["Nobody"]}, "organisers"),
        ({"direction": {"from": "LV"}}, "direction.to"),
        ({"direction": {"from": "LV", "to": "XX"}}, "direction.to"),
        ({"details": {"tracks": "A"}}, "details.tracks"),
        ({"details": {"level": "expert"}}, "details.level"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_an_event_names_what_is_wrong(
    database: Settings, over: dict[str, Any], field: str
) -> None:
    of = await project()
    error = await refused(event(of, **over))
    assert (error.status, list(error.fields)) == (422, [field])


async def test_organisers_are_found_in_any_language(database: Settings) -> None:
    of = await project()
    found = await event(of, organisers=["latvian association", "NORWEGIAN Association"])
    assert await EventOrganiser.filter(event_id=found.id).count() == 2
    await found.change(ALICE, organisers=["Norwegian Association"])
    assert (await found.described())["organisers"] == ["Norwegian Association"]
    await found.change(ALICE, organisers=None)
    assert (await found.described())["organisers"] == ["Latvijas apvienība"]


async def test_a_draft_changes_without_a_revision_and_a_public_event_with_one(
    database: Settings,
) -> None:
    found = await event(await project())
    await found.change(ALICE, place="Town hall")
    assert found.revision == 0
    await found.publish(ALICE)
    await found.publish(ALICE)
    assert (found.status, found.revision) == ("published", 1)
    await found.change(ALICE, place="School", starts_at="2026-12-10T10:00")
    assert (await Event.get(id=found.id)).revision == found.revision == 2
    await found.change(ALICE, place="School")
    assert found.revision == 2
    changes = await Change.filter(event_id=found.id).order_by("id")
    assert [c.action for c in changes] == ["created", "changed", "published", "changed"]
    assert [(c.revision, c.actor) for c in changes[-2:]] == [(1, ALICE.name), (2, ALICE.name)]
    assert changes[-1].values["starts_at"] == [
        "2026-12-10T09:00:00+02:00",
        "2026-12-10T10:00:00+02:00",
    ]
    assert ("Place", "Town hall", "School") in readable(changes[-1])
    assert ("Begins", "10 Dec 2026, 09:00", "10 Dec 2026, 10:00") in readable(changes[-1])


async def test_the_zone_alone_keeps_what_the_clocks_show(database: Settings) -> None:
    found = await event(await project())
    await found.change(ALICE, timezone="Europe/Oslo")
    assert found.starts_at == datetime(2026, 12, 10, 8, tzinfo=UTC)
    await found.change(ALICE, timezone="Europe/Vilnius", starts_at="2026-12-10T08:00")
    assert found.starts_at == datetime(2026, 12, 10, 6, tzinfo=UTC)


async def test_impossible_steps_are_conflicts(database: Settings) -> None:
    of = await project()
    found = await event(of)
    assert (await refused(found.hold(ALICE, "It was"))).status == 409
    await found.publish(ALICE)
    assert (await refused(found.hold(ALICE, "It was"))).status == 409
    with clock.travelled(datetime(2026, 12, 10, 8, tzinfo=UTC)):
        assert list((await refused(found.hold(ALICE, " "))).fields) == ["reason"]
        await found.hold(ALICE, "The list was lost")
        assert (await refused(found.cancel(ALICE, "No"))).status == 409
        assert (await refused(found.publish(ALICE))).status == 409
    assert ((await Event.get(id=found.id)).status, found.held_reason) == (
        "held",
        "The list was lost",
    )
    second = await event(of)
    await second.cancel(ALICE, "Snow")
    await second.cancel(ALICE, "Again")
    assert second.cancel_reason == "Snow"
    assert (await refused(second.publish(ALICE))).status == 409
    assert (await refused(Session.add(second, ALICE, **SESSION))).status == 409


async def test_those_concerned_are_told(database: Settings, heard: list[str]) -> None:
    found = await event(await project(), capacity=10)
    await found.change(ALICE, place="Town hall")
    assert heard == []
    await found.publish(ALICE)
    assert await found.change(ALICE, place="School") == 3
    assert (await Change.filter(event_id=found.id).order_by("-id").first()).told_at  # type: ignore[union-attr]  # there is one
    await found.change(ALICE, place="Museum", notify=False)
    await found.change(ALICE, capacity=5)
    await found.change(ALICE, capacity=6)
    await found.change(ALICE, capacity=None)
    await found.change(ALICE, grace_minutes=5)
    await found.cancel(ALICE, "Snow")
    assert heard == ["published", "changed", "seats", "seats", "moved", "cancelled"]


async def test_nobody_is_told_of_what_has_ended(database: Settings, heard: list[str]) -> None:
    found = await event(await project(), starts_at="2016-12-10T09:00", ends_at="2016-12-10T10:00")
    await found.publish(ALICE)
    assert await found.change(ALICE, place="School") == 0
    assert heard == []


async def test_a_copy_is_a_draft_with_the_programme_on_its_own_days(database: Settings) -> None:
    """Across a night on which the clocks change, nine o'clock stays nine o'clock."""
    of = await project()
    found = await event(
        of, starts_at="2026-10-20T09:00", ends_at="2026-10-21T17:00", capacity=12, activity="2.1"
    )
    await Session.add(
        found, ALICE, **{**SESSION, "starts_at": "2026-10-21T09:00", "ends_at": "2026-10-21T10:30"}
    )
    await found.publish(ALICE)
    copy = await copied(found, ALICE, starts_at="2026-11-03T09:00")
    assert (copy.status, copy.slug, copy.capacity, copy.activity_id) == (
        "draft",
        "course-2",
        12,
        found.activity_id,
    )
    assert copy.iso(copy.ends_at) == "2026-11-04T17:00:00+02:00"
    sessions = await copy.sessions_now()
    assert [copy.iso(s.starts_at) for s in sessions] == ["2026-11-04T09:00:00+02:00"]
    assert (copy.revision, sessions[0].revision) == (0, 0)
    assert not copy.published_at


async def test_two_changes_at_once_follow_one_another(database: Settings) -> None:
    """A change never takes back the seat counter, nor another's change."""
    found = await event(await project())
    await found.publish(ALICE)
    stale = await Event.get(id=found.id)
    await found.change(ALICE, place="Here")
    await Event.filter(id=found.id).update(seats_taken=7)
    await stale.change(ALICE, capacity=9)
    again = await Event.get(id=found.id)
    assert (again.place, again.capacity, again.seats_taken, again.revision) == ("Here", 9, 7, 3)


async def test_a_copy_asks_the_same_questions(database: Settings) -> None:
    found = await event(await project())
    await Question.create(
        event_id=found.id, key="bus", kind="yes_no", label={"en": "By bus?"}, position=1
    )
    copy = await copied(found, ALICE, starts_at="2027-01-12T09:00")
    assert [(q.key, q.label) for q in await Question.filter(event_id=copy.id)] == [
        ("bus", {"en": "By bus?"})
    ]
