"""Projects, events and sessions as verbs: what is kept, what is refused, what is written down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.access import Actor
from accounts.audit import AuditEntry
from accounts.roles import Role
from core import clock
from core.errors import DomainError
from core.settings import Settings
from events import accents, notices
from events import events as events_module
from events.copies import copied
from events.events import Event
from events.history import Change, readable
from events.organisations import Organisation
from events.organisers import EventOrganiser
from events.projects import Activity, Partner, Project
from events.series import Series
from events.sessions import Session
from registrations.questions import Question
from tests import factories as make

ALICE = Actor("alice@example.org")

PROJECT: dict[str, Any] = {
    "code": "4.3-24/NFI/INP-004",
    "title": {"en": "Smart governance", "lv": "Lietpratīga pārvaldība"},
    "programme": "Norwegian financial instrument 2009-2014",
    "statement": "Supported by Norway.",
    "starts_on": "2013-12-14",
    "ends_on": "2016-04-30",
    "timezone": "Europe/Riga",
    "languages": ["lv", "nb", "en"],
    "activities": [{"number": "2.1", "title": "Training"}, {"number": "2.2", "title": "Debates"}],
    "lead": {"name": {"en": "Latvian Association", "lv": "Latvijas apvienība"}, "country": "LV", "kind": "association"},
    "partners": [{"name": "Norwegian Association", "country": "NO", "role": "donor_partner"}],
}
EVENT: dict[str, Any] = {
    "kind": "training",
    "title": {"en": "Course"},
    "starts_at": "2026-12-10T09:00",
    "ends_at": "2026-12-10T17:00",
}


async def project(**over: Any) -> Project:
    return await Project.begin(ALICE, **{**PROJECT, **over})


async def event(of: Project, **over: Any) -> Event:
    return await Event.draft(of, ALICE, **{**EVENT, **over})


async def refused(work: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        await work
    return error.value


async def test_a_project_has_what_was_given(database: Settings) -> None:
    found = await project()
    assert (found.slug, found.url) == ("4-3-24-nfi-inp-004", "http://127.0.0.1:8000/p/4-3-24-nfi-inp-004")
    assert found.statement == {"lv": "Supported by Norway."}
    partners = await Partner.filter(project_id=found.id).order_by("position").prefetch_related("organisation")
    assert [(p.role, p.organisation.country, p.organisation.kind) for p in partners] == [
        ("lead", "LV", "association"),
        ("donor_partner", "NO", ""),
    ]
    assert [a.number for a in await Activity.filter(project_id=found.id).order_by("number")] == ["2.1", "2.2"]


async def test_an_address_is_given_once(database: Settings) -> None:
    await project()
    second = await project(code="4.3-24 NFI INP-004")
    assert second.slug == "4-3-24-nfi-inp-004-2"
    assert list((await refused(project())).fields) == ["code"]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"code": ""}, "code"),
        ({"title": {}}, "title"),
        ({"title": {"English": "x"}}, "title"),
        ({"timezone": "Europe/Nowhere"}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"languages": []}, "languages"),
        ({"ends_on": "2013-12-13"}, "ends_on"),
        ({"starts_on": "14.12.2013"}, "starts_on"),
        ({"lead": None}, "lead"),
        ({"lead": {"name": "x", "country": "XX", "kind": "ngo"}}, "lead.country"),
        ({"lead": {"name": "x", "country": "LV", "kind": "club"}}, "lead.kind"),
        ({"partners": [{"name": "x", "country": "LV"}]}, "partners.0.role"),
        ({"partners": [{"name": "latvian  ASSOCIATION", "country": "LV", "role": "partner"}]}, "partners.0"),
        ({"activities": [{"number": "1"}, {"number": "1"}]}, "activities.1.number"),
        ({"slug": "Not So"}, "slug"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_project_names_what_is_wrong(database: Settings, over: dict[str, Any], field: str) -> None:
    error = await refused(project(**over))
    assert (error.status, list(error.fields)) == (422, [field])
    assert await Project.all().count() == 0


async def test_whoever_makes_a_project_manages_it(database: Settings) -> None:
    alice = await make.user()
    found = await Project.begin(Actor(alice.email, alice), **PROJECT)
    assert (await Role.get(user_id=alice.id, project_id=found.id)).role == "manager"


async def test_a_project_changes(database: Settings) -> None:
    found = await project()
    lead = {"name": "Latvijas Apvienība", "country": "LV", "kind": "association"}
    await found.change(ALICE, title="Jauns", acronym="SG", lead=lead, partners=[])
    again = await Project.get(id=found.id)
    assert (again.title, again.name, again.code) == ({"lv": "Jauns"}, "SG", PROJECT["code"])
    assert [p.role for p in await Partner.filter(project_id=found.id)] == ["lead"]
    assert await Organisation.filter(project_id=found.id).count() == 2
    await found.change(ALICE, code=PROJECT["code"])


async def test_an_organisation_is_known_by_folded_name_and_country(database: Settings) -> None:
    found = await make.project()
    one = await Organisation.known(found.id, "Rēzeknes  novads", "LV")
    two = await Organisation.known(found.id, "REZEKNES NOVADS", "LV", "municipality")
    three = await Organisation.known(found.id, "Rēzeknes novads", "LT")
    assert (one.id, two.kind) == (two.id, "municipality")
    assert three.id != one.id
    four = await Organisation.known(found.id, {"nb": "Rezekne Municipality", "lv": "Rēzeknes novads"}, "LV", "ngo")
    assert (four.id, four.kind, four.name["nb"]) == (one.id, "municipality", "Rezekne Municipality")


async def test_an_event_is_a_draft_of_the_lead_partner(database: Settings) -> None:
    of = await project()
    found = await event(of)
    assert (found.status, found.slug, found.timezone, found.country) == ("draft", "course", "Europe/Riga", "LV")
    assert found.starts_at == datetime(2026, 12, 10, 7, tzinfo=UTC)
    assert (await found.described())["organisers"] == ["Latvijas apvienība"]
    assert (await event(of)).slug == "course-2"
    assert [c.action for c in await Change.filter(event_id=found.id)] == ["created"]
    assert [a.action for a in await AuditEntry.filter(object_type="event").order_by("id")] == ["event.created"] * 2


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
async def test_an_event_names_what_is_wrong(database: Settings, over: dict[str, Any], field: str) -> None:
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


async def test_a_draft_changes_without_a_revision_and_a_public_event_with_one(database: Settings) -> None:
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
    assert changes[-1].values["starts_at"] == ["2026-12-10T09:00:00+02:00", "2026-12-10T10:00:00+02:00"]
    assert ("Place", "Town hall", "School") in readable(changes[-1])
    assert ("Begins", "10 Dec 2026, 09:00", "10 Dec 2026, 10:00") in readable(changes[-1])


async def test_the_zone_alone_keeps_the_moment_and_local_times_follow_it(database: Settings) -> None:
    found = await event(await project())
    await found.change(ALICE, timezone="Europe/Oslo")
    assert found.starts_at == datetime(2026, 12, 10, 7, tzinfo=UTC)
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
    assert ((await Event.get(id=found.id)).status, found.held_reason) == ("held", "The list was lost")
    second = await event(of)
    await second.cancel(ALICE, "Snow")
    await second.cancel(ALICE, "Again")
    assert second.cancel_reason == "Snow"
    assert (await refused(second.publish(ALICE))).status == 409
    assert (await refused(Session.add(second, ALICE, **SESSION))).status == 409


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the packages above would be told."""
    found: list[str] = []

    async def told(_event: Event, _change: Change | None, what: str) -> int:
        found.append(what)
        return 3

    async def seats(_event: Event) -> None:
        found.append("seats")

    async def moved(_event_id: int) -> None:
        found.append("moved")

    monkeypatch.setattr(notices, "told", [told])
    monkeypatch.setattr(events_module, "seats_freed", [seats])
    monkeypatch.setattr(events_module, "moved", [moved])
    return found


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


SESSION: dict[str, Any] = {
    "kind": "talk",
    "title": "Opening",
    "starts_at": "2026-12-10T09:00",
    "ends_at": "2026-12-10T09:30",
}


async def test_a_session_follows_its_zones(database: Settings) -> None:
    found = await event(await project(), kind="study_visit", direction={"from": "LV", "to": "NO"})
    flight = await Session.add(
        found, ALICE, **{**SESSION, "kind": "travel", "end_timezone": "Europe/Oslo", "ends_at": "2026-12-10T09:05"}
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
async def test_a_session_names_what_is_wrong(database: Settings, over: dict[str, Any], field: str) -> None:
    found = await event(await project())
    assert list((await refused(Session.add(found, ALICE, **{**SESSION, **over}))).fields) == [field]


async def test_a_copy_is_a_draft_with_the_programme_on_its_own_days(database: Settings) -> None:
    """Across a night on which the clocks change, nine o'clock stays nine o'clock."""
    of = await project()
    found = await event(of, starts_at="2026-10-20T09:00", ends_at="2026-10-21T17:00", capacity=12, activity="2.1")
    await Session.add(found, ALICE, **{**SESSION, "starts_at": "2026-10-21T09:00", "ends_at": "2026-10-21T10:30"})
    await found.publish(ALICE)
    copy = await copied(found, ALICE, starts_at="2026-11-03T09:00")
    assert (copy.status, copy.slug, copy.capacity, copy.activity_id) == ("draft", "course-2", 12, found.activity_id)
    assert copy.iso(copy.ends_at) == "2026-11-04T17:00:00+02:00"
    sessions = await copy.sessions_now()
    assert [copy.iso(s.starts_at) for s in sessions] == ["2026-11-04T09:00:00+02:00"]
    assert (copy.revision, sessions[0].revision) == (0, 0)
    assert not copy.published_at


async def test_a_series_completes_only_as_a_scheme(database: Settings) -> None:
    of = await project()
    scheme = await Series.begin(of, ALICE, title="Course of ten", kind="scheme", threshold_percent=80)
    assert (await event(of, series=str(scheme.id))).series_id == scheme.id
    error = await refused(Series.begin(of, ALICE, title="Network", kind="network", threshold_percent=80))
    assert list(error.fields) == ["threshold_percent"]
    assert list((await refused(Series.begin(of, ALICE, title="S", kind="scheme", threshold_percent=101))).fields)
    other = await project(code="other")
    assert list((await refused(event(other, series=str(scheme.id)))).fields) == ["series"]


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
    await Question.create(event_id=found.id, key="bus", kind="yes_no", label={"en": "By bus?"}, position=1)
    copy = await copied(found, ALICE, starts_at="2027-01-12T09:00")
    assert [(q.key, q.label) for q in await Question.filter(event_id=copy.id)] == [("bus", {"en": "By bus?"})]


async def test_a_project_has_a_colour_of_its_own(database: Settings) -> None:
    one, two = await project(), await project(code="two")
    assert one.accent != two.accent
    assert one.accent == accents.own(PROJECT["code"])
    assert accents.contrast(accents.on_light(one.accent), accents.WHITE) >= 4.5
    assert (await project(code="three", accent="#1A5FB4")).accent == "#1a5fb4"
