"""Verbs of projects and series: what they refuse, and what they leave behind."""

from typing import Any

import pytest

from accounts.sessions.access import Actor
from accounts.users.roles import Role
from core.settings import Settings
from events.projects import accents
from events.projects.organisations import Organisation
from events.projects.projects import Activity, Partner, Project
from events.projects.series import Series
from tests.events.drafting import ALICE, PROJECT, event, project, refused
from tests.support import factories as make


async def test_a_project_has_what_was_given(database: Settings) -> None:
    found = await project()
    assert (found.slug, found.url) == (
        "4-3-24-nfi-inp-004",
        "http://127.0.0.1:8000/p/4-3-24-nfi-inp-004",
    )
    assert found.statement == {"lv": "Supported by Norway."}
    partners = (
        await Partner.filter(project_id=found.id)
        .order_by("position")
        .prefetch_related("organisation")
    )
    assert [(p.role, p.organisation.country, p.organisation.kind) for p in partners] == [
        ("lead", "LV", "association"),
        ("donor_partner", "NO", ""),
    ]
    assert [a.number for a in await Activity.filter(project_id=found.id).order_by("number")] == [
        "2.1",
        "2.2",
    ]


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
        (
            {"partners": [{"name": "latvian  ASSOCIATION", "country": "LV", "role": "partner"}]},
            "partners.0",
        ),
        ({"activities": [{"number": "1"}, {"number": "1"}]}, "activities.1.number"),
        ({"slug": "Not So"}, "slug"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_project_names_what_is_wrong(
    database: Settings, over: dict[str, Any], field: str
) -> None:
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
    four = await Organisation.known(
        found.id, {"nb": "Rezekne Municipality", "lv": "Rēzeknes novads"}, "LV", "ngo"
    )
    assert (four.id, four.kind, four.name["nb"]) == (one.id, "municipality", "Rezekne Municipality")


async def test_a_series_completes_only_as_a_scheme(database: Settings) -> None:
    of = await project()
    scheme = await Series.begin(
        of, ALICE, title="Course of ten", kind="scheme", threshold_percent=80
    )
    assert (await event(of, series=str(scheme.id))).series_id == scheme.id
    error = await refused(
        Series.begin(of, ALICE, title="Network", kind="network", threshold_percent=80)
    )
    assert list(error.fields) == ["threshold_percent"]
    assert list(
        (
            await refused(Series.begin(of, ALICE, title="S", kind="scheme", threshold_percent=101))
        ).fields
    )
    other = await project(code="other")
    assert list((await refused(event(other, series=str(scheme.id)))).fields) == ["series"]


async def test_a_project_has_a_colour_of_its_own(database: Settings) -> None:
    one, two = await project(), await project(code="two")
    assert one.accent != two.accent
    assert one.accent == accents.own(PROJECT["code"])
    assert accents.contrast(accents.on_light(one.accent), accents.WHITE) >= 4.5
    assert (await project(code="three", accent="#1A5FB4")).accent == "#1a5fb4"
