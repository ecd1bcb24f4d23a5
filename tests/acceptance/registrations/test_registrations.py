"""Registrations: who, statuses, the waiting list, offers, approval, substitutes, chosen sessions,
duplicates.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from core.clock import now
from tests.acceptance.outside import Event, Json, Outside, Project, at, unique

CITY = {"name": "Rīgas valstspilsēta", "country": "LV", "kind": "municipality"}


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project()


def statuses(event: Event) -> list[tuple[str, int | None]]:
    """Each registration's status and place in line."""
    found = event.api.get(f"{event.path}/registrations?limit=500")
    return [(r["status"], r.get("waiting_position")) for r in found]


def act(project: Project, one: Json, what: str, status: int = 200, **body: Any) -> Json:
    """POST to a registration."""
    return dict(project.api.post(f"/registrations/{one['id']}/{what}", body, status))


def test_a_registration_with_everything(project: Project, outside: Outside) -> None:
    event = project.event(at(3, 9))
    session = event.session(at(3, 9))
    body = {
        "name": "Ilze Ozola",
        "email": "Ilze.Ozola@example.org",
        "organisation": CITY,
        "country": "LV",
        "gender": "female",
        "birth_year": 1980,
        "target_group": "teachers",
        "role": "speaker",
        "language": "lv",
        "sessions": [session],
    }
    made = event.api.post(f"{event.path}/registrations", body)
    for name in body.keys() - {"organisation"}:
        assert made[name] == body[name], name
    assert {k: made["organisation"][k] for k in CITY} == CITY
    assert made["status"] == "confirmed"
    assert made["waiting_position"] is None
    assert all(
        isinstance(made[name], str)
        for name in ("id", "person", "ticket", "manage_url", "calendar_url")
    )
    assert made["manage_url"].startswith(f"{outside.program.url}/r/")
    assert re.fullmatch(rf"{outside.program.url}/r/[\w-]+\.ics", made["calendar_url"])
    secret = made["manage_url"].rsplit("/", 1)[1]
    assert secret not in made["calendar_url"], (
        "whoever hosts the calendar could manage the registration"
    )
    own, same = (
        outside.api.http.get(url) for url in (made["calendar_url"], f"{made['manage_url']}.ics")
    )
    assert (own.status_code, own.content) == (200, same.content)
    assert project.api.get(f"/registrations/{made['id']}") == made
    assert outside.api.http.get(made["manage_url"]).status_code == 200


def test_the_same_address_and_name_is_the_same(project: Project) -> None:
    event = project.event(at(3, 9))
    one = event.register("Ilze Ozola", email="ilze@example.org")
    again = event.register("ILZE  Ozola", 200, email="ILZE@Example.org")
    accents = event.register("Ilzé Ozola", 200, email="ilze@example.org")
    assert one["id"] == again["id"] == accents["id"]
    assert one["ticket"] == again["ticket"]
    other = event.register("Jānis Ozols", email="ilze@example.org")
    assert other["person"] != one["person"]
    elsewhere = project.event(at(4, 9)).register("Ilze Ozola", email="ilze@example.org")
    assert (elsewhere["person"], elsewhere["ticket"] == one["ticket"]) == (one["person"], False)
    act(project, one, "cancellation")
    back = event.register("Ilze Ozola", email="ilze@example.org")
    assert (back["id"] != one["id"], back["person"], back["status"]) == (
        True,
        one["person"],
        "confirmed",
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"email": "ilze"}, "email"),
        ({"email": None}, "email"),
        ({"gender": "f"}, "gender"),
        ({"birth_year": "old"}, "birth_year"),
        ({"birth_year": 1066}, "birth_year"),
        ({"role": "boss"}, "role"),
        ({"language": "tlh"}, "language"),
        ({"country": "Latvia"}, "country"),
        ({"sessions": ["nothing"]}, "sessions"),
        ({"organisation": {"country": "LV"}}, "organisation.name"),
        ({"organisation": {"name": "A", "country": "Latvia"}}, "organisation.country"),
        ({"organisation": {"name": "A", "country": "LV", "kind": "club"}}, "organisation.kind"),
        ({"organisation": {"name": "A", "country": "LV", "colour": "red"}}, "organisation.colour"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_registration_is_refused(
    project: Project, change: dict[str, Any], field: str
) -> None:
    body = {"name": "Ilze Ozola", "email": "ilze@example.org", **change}
    slug = project.api.get(f"/projects/{project.slug}/events")[0]["slug"]
    project.api.wrong(
        f"/events/{slug}/registrations", {k: v for k, v in body.items() if v is not None}, field
    )


def test_the_waiting_list_has_no_gaps(project: Project) -> None:
    event = project.event(at(3, 9), capacity=2)
    people = [event.register() for _ in range(7)]
    assert [(p["status"], p["waiting_position"]) for p in people] == [
        ("confirmed", None),
        ("confirmed", None),
        *(("waiting", n) for n in range(1, 6)),
    ]
    act(project, people[3], "cancellation", reason="other plans")
    assert statuses(event)[2:] == [
        ("waiting", 1),
        ("cancelled", None),
        ("waiting", 2),
        ("waiting", 3),
        ("waiting", 4),
    ]
    act(project, people[0], "cancellation")
    assert statuses(event)[2:] == [
        ("offered", None),
        ("cancelled", None),
        ("waiting", 1),
        ("waiting", 2),
        ("waiting", 3),
    ]
    assert event.register()["waiting_position"] == 4
    found = event.attendance()
    assert (found["registered"], found["confirmed"], found["waiting"]) == (8, 1, 4)


def test_offers(project: Project) -> None:
    event = project.event(at(3, 9), capacity=1)
    one, two, three = (event.register() for _ in range(3))
    act(project, two, "acceptance", 409)
    act(project, one, "cancellation")
    assert act(project, two, "acceptance")["status"] == "confirmed"
    assert act(project, two, "acceptance")["status"] == "confirmed"
    act(project, two, "cancellation")
    assert project.api.get(f"/registrations/{three['id']}")["status"] == "offered"
    assert act(project, three, "cancellation")["status"] == "cancelled"
    assert event.register()["status"] == "confirmed"


def test_more_seats_are_offered(project: Project) -> None:
    event = project.event(at(3, 9), capacity=1)
    for _ in range(4):
        event.register()
    project.api.patch(event.path, {"capacity": 3, "notify": False})
    assert statuses(event) == [
        ("confirmed", None),
        ("offered", None),
        ("offered", None),
        ("waiting", 1),
    ]


def test_without_a_waiting_list_full_is_409(project: Project) -> None:
    event = project.event(at(3, 9), capacity=1, waiting_list=False)
    one = event.register()
    event.register("Second", 409)
    act(project, one, "cancellation")
    assert event.register()["status"] == "confirmed"
    assert project.event(at(3, 9), capacity=0).register()["status"] == "waiting"


def test_never_more_than_the_seats(project: Project) -> None:
    event = project.event(at(3, 9), capacity=5)
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _n: event.register(), range(15)))
    assert sorted(p["waiting_position"] or 0 for p in found) == [0] * 5 + list(range(1, 11))


def test_approval(project: Project) -> None:
    event = project.event(at(3, 9), approval=True, capacity=1)
    one, two = event.register(), event.register()
    assert [(p["status"], p["waiting_position"]) for p in (one, two)] == [("pending", None)] * 2
    assert event.attendance()["confirmed"] == 0
    assert act(project, one, "approval")["status"] == "confirmed"
    found = act(project, two, "approval")
    assert (found["status"], found["waiting_position"]) == ("waiting", 1)
    act(project, one, "cancellation")
    act(project, one, "approval", 409)
    act(project, two, "approval")


def test_cancellation(project: Project) -> None:
    event = project.event(at(3, 9))
    one = event.register()
    assert act(project, one, "cancellation", reason="ill")["status"] == "cancelled"
    assert act(project, one, "cancellation")["status"] == "cancelled"
    act(project, one, "acceptance", 409)
    act(project, one, "substitution", 409, name="B", email="b@example.org")
    assert event.attendance()["registered"] == 1


def test_substitution(project: Project) -> None:
    event = project.event(at(3, 9), capacity=2)
    one, keeps, waits = (event.register() for _ in range(3))
    new = act(
        project,
        one,
        "substitution",
        201,
        name="Jānis Bērziņš",
        email="janis@example.org",
        gender="male",
    )
    assert (new["name"], new["status"], new["gender"]) == ("Jānis Bērziņš", "confirmed", "male")
    assert new["ticket"] != one["ticket"]
    assert new["manage_url"] != one["manage_url"]
    assert statuses(event) == [
        ("replaced", None),
        ("confirmed", None),
        ("waiting", 1),
        ("confirmed", None),
    ]
    instead = act(project, waits, "substitution", 201, name="Third", email="third@example.org")
    assert (instead["status"], instead["waiting_position"]) == ("waiting", 1)
    project.api.wrong(f"/registrations/{keeps['id']}/substitution", {"name": "No Address"}, "email")
    project.api.wrong(
        f"/registrations/{keeps['id']}/substitution", {"name": "A", "email": "a@b.lv", "x": 1}, "x"
    )
    project.api.wrong(
        f"/registrations/{keeps['id']}/substitution", {"name": new["name"], "email": new["email"]}
    )
    assert event.result(ticket=one["ticket"]) == "replaced"


def test_a_substitute_keeps_the_chosen_sessions(project: Project) -> None:
    event = project.event(at(3, 9))
    session = event.session(at(3, 9), capacity=1)
    one = event.register(sessions=[session])
    new = act(project, one, "substitution", 201, name="B", email=f"{unique()}@example.org")
    assert new["sessions"] == [session]
    event.api.wrong(
        f"{event.path}/registrations",
        {"name": "C", "email": "c@example.org", "sessions": [session]},
        "sessions",
    )
    act(project, new, "cancellation")
    assert event.register(sessions=[session])["sessions"] == [session]


def test_afterwards_an_organiser_may_do_everything(project: Project) -> None:
    event = project.event(at(-3, 9), capacity=2)
    one, two = event.register(), event.register()
    act(project, one, "cancellation")
    assert event.register()["status"] == "confirmed"
    assert (
        act(project, two, "substitution", 201, name="B", email=f"{unique()}@example.org")["status"]
        == "confirmed"
    )
    running = project.event(now() - timedelta(hours=1))
    assert running.register()["status"] == "confirmed"


def pairs(project: Project) -> set[frozenset[str]]:
    """The names of each pair proposed."""
    return {
        frozenset((p["one"]["name"], p["two"]["name"]))
        for p in project.api.get(f"/projects/{project.slug}/duplicates?limit=500")
    }


def test_duplicates_are_proposed(outside: Outside) -> None:
    project = outside.project()
    event = project.event(at(3, 9))
    other = {"name": "Liepājas dome", "country": "LV"}
    event.register("Anna Liepa", email="anna@example.org", organisation=CITY)
    event.register("A. Liepa", email="anna+work@example.org", organisation=other)
    event.register("Juris Kalns", email="juris@one.lv", organisation=CITY)
    event.register(
        "JURIS KALNS", email="kalns@two.lv", organisation={**CITY, "name": "Rigas valstspilseta"}
    )
    event.register("Kristīne Bērziņa", email="kb@one.lv", organisation=CITY)
    event.register("Kristine Berzinja", email="kb@two.lv", organisation=CITY)
    event.register("Zane Upe", email="z@one.lv")
    event.register("Zane Ūpe", email="z@two.lv")
    event.register("Zane Upe", email="z@three.lv", organisation=other)
    found = pairs(project)
    assert {
        frozenset(("Anna Liepa", "A. Liepa")),
        frozenset(("Juris Kalns", "JURIS KALNS")),
        frozenset(("Kristīne Bērziņa", "Kristine Berzinja")),
        frozenset(("Zane Upe", "Zane Ūpe")),
    } == found


def test_merge_and_back(outside: Outside) -> None:
    project = outside.project()
    project.shipped("PEOPLE", "PARTICIPATIONS", "HOURS-P")
    event = project.event(at(-3, 9))
    one, two, other = (
        event.register("Anna Liepa", gender="female"),
        event.register("Anna Liepiņa"),
        event.register("B B"),
    )
    event.here([one, two, other])
    assert project.net() == {"PEOPLE": 3, "PARTICIPATIONS": 3, "HOURS-P": 24}
    merge = project.api.post(f"/persons/{two['person']}/merge", {"into": one["person"]})
    assert isinstance(merge["id"], str)
    found = project.figures()
    for code, net, gone in (("PEOPLE", 2, 1), ("PARTICIPATIONS", 2, 1), ("HOURS-P", 16, 8)):
        assert (found[code]["gross"] - gone, found[code]["net"]) == (net, net)
        assert found[code]["excluded"][0]["reason"] == "duplicate_person"
    assert found["PEOPLE"]["by"]["gender"] == {"female": 1, "not_stated": 1}
    assert event.attendance()["attended"] == 3
    assert pairs(project) == set()
    assert project.api.get(f"/registrations/{two['id']}")["person"] == one["person"]
    assert project.api.call("DELETE", f"/merges/{merge['id']}").status_code in {200, 204}
    assert project.net() == {"PEOPLE": 3, "PARTICIPATIONS": 3, "HOURS-P": 24}
    project.api.wrong(f"/persons/{one['person']}/merge", {"into": one["person"]}, "into")
    project.api.post(f"/persons/{one['person']}/merge", {"into": "999999999"}, 404)
    project.api.wrong(f"/persons/{one['person']}/merge", {}, "into")


def test_persons_of_two_projects_never_merge(outside: Outside) -> None:
    one, two = (outside.project().event(at(3, 9)).register("Anna Liepa") for _ in range(2))
    assert one["person"] != two["person"]
    answer = outside.api.call("POST", f"/persons/{one['person']}/merge", {"into": two["person"]})
    assert answer.status_code in {404, 422}
