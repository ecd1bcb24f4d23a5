"""Indicators, values, periods and duplicates over the API."""

from typing import Any

import httpx
import pytest

from core.i18n import speaking
from indicators.rules.rules import Rule, shipped
from indicators.rules.sentences import sentence
from indicators.rules.words import DIMENSIONS, PACKS
from tests.indicators.house import API, House, people
from tests.support import factories


@pytest.fixture
async def house(client: httpx.AsyncClient) -> House:
    return await House.open(client)


def test_every_text_of_a_pack_is_known_to_the_translators() -> None:
    known = {lazy.text for lazy in PACKS} | {
        "participations",
        "people",
        "organisations",
        "events",
        "hours",
    }
    assert {
        text for one in shipped().values() for text in (one.pack, one.name, one.unit)
    } - known == set()


def test_every_rule_says_itself_in_one_sentence() -> None:
    for one in shipped().values():
        said = sentence(one.counting())
        assert said.endswith(".")
        assert "_" not in said
    with speaking("en"):
        assert sentence(Rule(unit="people", threshold_percent=80)) == (
            "Counts each person once; no internal project meetings; people who came as participants; "
            "present for at least 80 % of the time."
        )


async def test_a_shipped_rule_has_its_official_name_and_an_own_one_no_code(house: House) -> None:
    path = f"/projects/{house.slug}/indicators"
    one = await house.post(
        path, {"rule": "RCO81", "target": 300, "baseline": 0, "note": "Per contract."}, (201,)
    )
    assert (one["code"], one["name"]["en"]) == (
        "RCO81",
        "Participations in joint actions across borders",
    )
    assert (one["unit"], one["target"], one["baseline"], one["note"]) == (
        "participations",
        300,
        0,
        "Per contract.",
    )
    assert (one["gross"], one["excluded"], one["net"]) == (0, [], 0)
    assert one["by"] == {name: {"not_stated": 0} for name in DIMENSIONS}
    own = await house.post(
        path,
        {"name": "Debates", "unit": "debates", "rule": {"unit": "events", "kinds": ["debate"]}},
    )
    assert (own["code"], own["name"], own["unit"]) == (None, {"en": "Debates"}, "debates")
    assert own["rule"]["counting_unit"] == "event"
    assert [item["id"] for item in await house.get(path)] == [one["id"], own["id"]]
    assert [item["id"] for item in await house.get(path, limit="1")] == [one["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rule": "RCO999"}, "rule"),
        ({"rule": {"unit": "people"}}, "name"),
        ({"name": "X", "rule": {"unit": "peoples"}}, "rule.unit"),
        ({"name": "X", "rule": {"unit": "people", "kindz": []}}, "rule.kindz"),
        ({"name": "X", "rule": {"unit": "people", "kinds": ["party"]}}, "rule.kinds"),
        (
            {"name": "X", "rule": {"unit": "people", "threshold_percent": 101}},
            "rule.threshold_percent",
        ),
        (
            {"name": "X", "rule": {"unit": "people", "direction": {"from": "LV"}}},
            "rule.direction.to",
        ),
        ({"rule": "PEOPLE", "targets": 1}, "targets"),
        ({"rule": "PEOPLE", "target": "many"}, "target"),
    ],
)
async def test_what_is_wrong_is_named(house: House, body: dict[str, Any], field: str) -> None:
    answer = await house.post(f"/projects/{house.slug}/indicators", body, (422,))
    assert [error["field"] for error in answer["errors"]] == [field]


async def test_values_by_hand_fall_on_their_last_day(house: House) -> None:
    one = await house.post(f"/projects/{house.slug}/indicators", {"rule": "RCR84", "target": 4})
    path = f"/indicators/{one['id']}/values"
    await house.post(
        path, {"value": 2, "from": "2025-01-01", "to": "2025-06-30", "note": "Signed."}, (201,)
    )
    await house.post(path, {"value": 1.5, "from": "2025-07-01", "to": "2025-07-31"}, (201,))
    found = await house.shown(one["id"])
    assert (found["gross"], found["net"], found["by"]["gender"]) == (3.5, 3.5, {"not_stated": 3.5})
    half = {"from": "2025-01-01", "to": "2025-06-30"}
    assert (await house.shown(one["id"], **half))["net"] == 2
    turned = {"value": 1, "from": "2025-02-01", "to": "2025-01-01"}
    assert (await house.post(path, turned, (422,)))["errors"][0]["field"] == "to"
    odd = {"value": 1, **half, "evidence_url": "javascript:alert(1)"}
    assert (await house.post(path, odd, (422,)))["errors"][0]["field"] == "evidence_url"
    counted = await house.post(f"/projects/{house.slug}/indicators", {"rule": "PEOPLE"})
    body = {"value": 1, **half}
    assert (await house.post(f"/indicators/{counted['id']}/values", body, (422,)))["errors"][0][
        "field"
    ] == "value"


async def test_partners_count_once_each(house: House) -> None:
    found = await house.figure("RCO87")
    assert (found["net"], found["by"]["country"]) == (2, {"LV": 1, "NO": 1, "not_stated": 0})


async def test_a_span_is_inclusive_in_the_projects_zone(house: House) -> None:
    """Half past midnight in Riga is still the day before in Norway and in universal time."""
    event = await house.event("debate", "2025-06-01T00:30", "2025-06-01T03:00")
    await event.attended("Anna Ozola")
    one = await house.figure("PEOPLE")
    for span, net in (
        ({"from": "2025-06-01", "to": "2025-06-01"}, 1),
        ({"to": "2025-05-31"}, 0),
        ({"from": "2025-06-02"}, 0),
        ({"from": "2025-06-01"}, 1),
    ):
        assert (await house.shown(one["id"], **span))["net"] == net
    answer = await house.call(
        "GET", f"/projects/{house.slug}/indicators?from=2025-06-02&to=2025-06-01", (422,)
    )
    assert [error["field"] for error in answer["errors"]] == ["to"]


async def test_windows(client: httpx.AsyncClient) -> None:
    house = await House.open(client, starts_on="2023-01-01", ends_on="2023-12-31")
    for start in ("2022-12-31", "2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01"):
        event = await house.event("debate", f"{start}T09:00")
        await event.attended("Anna Ozola")
    for window, net in (("any", 5), ("project", 1), ("year_after_end", 2)):
        found = await house.figure({"unit": "events", "window": window})
        assert (found["gross"], found["net"]) == (net, net)


async def test_a_frozen_period_and_its_corrections(house: House) -> None:
    spring, autumn = await house.event(), await house.event("training", "2025-09-03T09:00")
    first_people = await spring.attended(*people(10))
    await autumn.attended(*people(4, 8))
    path = f"/projects/{house.slug}/periods"
    one = await house.post(
        path, {"name": "First", "from": "2025-01-01", "to": "2025-06-30"}, (201,)
    )
    two = await house.post(
        path, {"name": "Second", "from": "2025-07-01", "to": "2025-12-31"}, (201,)
    )
    indicator = await house.post(f"/projects/{house.slug}/indicators", {"rule": "PEOPLE"})
    submitted = await house.post(f"/periods/{one['id']}/submission", {}, (200,))
    assert submitted["submitted"] is True
    await house.post(f"/periods/{one['id']}/submission", {}, (409,))
    await house.post(
        f"/persons/{first_people[0]['person']}/merge", {"into": first_people[1]["person"]}
    )
    late = await spring.attended("Late Guest", "Later Guest", "Latest Guest")
    frozen = await house.shown(indicator["id"], period=one["id"])
    assert (frozen["net"], frozen["excluded"], frozen["correction"]) == (10, [], 0)
    after = await house.shown(indicator["id"], period=two["id"])
    assert (after["net"], after["cumulative"], after["correction"]) == (4, 13, 2)
    assert after["corrections"] == [
        {"period": one["id"], "name": "First", "submitted": 10, "difference": 2}
    ]
    await house.post(f"/periods/{two['id']}/submission", {})
    three = await house.post(path, {"name": "Third", "from": "2026-01-01", "to": "2026-06-30"})
    assert (await house.shown(indicator["id"], period=three["id"]))["corrections"] == []
    await house.post(f"/persons/{late[0]['person']}/merge", {"into": late[1]["person"]})
    last = await house.shown(indicator["id"], period=three["id"])
    assert [(c["period"], c["difference"]) for c in last["corrections"]] == [(one["id"], -1)]
    assert (await house.shown(indicator["id"], period=two["id"]))["correction"] == 2, (
        "as it was submitted"
    )


async def test_a_merge_and_taking_it_back(house: House) -> None:
    event = await house.event()
    anna, anya, bob = await event.attended("Anna Ozola", "Anya Ozola", "Bob Kalns")
    one = await house.figure("PEOPLE")
    assert one["net"] == 3
    first = await house.post(f"/persons/{anna['person']}/merge", {"into": anya["person"]}, (201,))
    second = await house.post(f"/persons/{anya['person']}/merge", {"into": bob["person"]}, (201,))
    found = await house.shown(one["id"])
    assert (found["gross"], found["excluded"], found["net"]) == (
        3,
        [{"reason": "duplicate_person", "count": 2}],
        1,
    )
    await house.post(f"/persons/{anna['person']}/merge", {"into": bob["person"]}, (409,))
    await house.call("DELETE", f"/merges/{second['id']}", (204,))
    assert (await house.shown(one["id"]))["net"] == 2
    await house.call("DELETE", f"/merges/{first['id']}", (204,))
    assert (await house.shown(one["id"]))["excluded"] == []
    await house.post(f"/persons/{anna['person']}/merge", {"into": "999999"}, (404,))


async def test_pairs_are_proposed_and_a_rejected_one_never_again(house: House) -> None:
    event = await house.event()
    town = {"name": "Town of Rain", "country": "LV", "kind": "municipality"}

    async def known(name: str, email: str, **over: Any) -> str:
        return str(
            (
                await house.post(
                    f"/events/{event.slug}/registrations", {"name": name, "email": email, **over}
                )
            )["person"]
        )

    anna = await known("Anna Ozola", "anna@example.org")
    tagged = await known("Anna M. Ozola", "anna+work@example.org", organisation=town)
    other = await known("Bob Kalns", "anna@example.org")
    janis = await known("Jānis Bērziņš", "janis@example.org", organisation=town)
    plain = await known("Janis Berzins", "jb@example.org", organisation=town)
    near = await known("Janis Berzin", "near@example.org", organisation=town)
    alone = await known("Liene Kalna", "l1@example.org")
    same = await known("LIENE KALNA", "l2@example.org")
    path = f"/projects/{house.slug}/duplicates"

    async def pairs() -> set[tuple[str, str, str]]:
        return {(p["one"]["id"], p["two"]["id"], p["reason"]) for p in await house.get(path)}

    expected = {
        (anna, tagged, "same_mailbox"),
        (anna, other, "same_address"),
        (tagged, other, "same_mailbox"),
        (janis, plain, "same_name"),
        (janis, near, "similar_name"),
        (plain, near, "similar_name"),
        (alone, same, "same_name_no_organisation"),
    }
    assert await pairs() == expected
    await house.post(f"{path}/rejection", {"one": same, "two": alone}, (201,))
    assert await pairs() == expected - {(alone, same, "same_name_no_organisation")}
    await house.post(f"/persons/{plain}/merge", {"into": janis})
    assert {p for p in await pairs() if plain in p} == set()


async def test_another_projects_things_are_not_there(
    house: House, client: httpx.AsyncClient
) -> None:
    other = await House.open(client)
    indicator = await other.post(f"/projects/{other.slug}/indicators", {"rule": "RCR84"})
    period = await other.post(
        f"/projects/{other.slug}/periods", {"name": "P", "from": "2025-01-01", "to": "2025-01-31"}
    )
    person = (await (await other.event()).register("Anna Ozola"))["person"]
    mine = (await (await house.event()).register("Anna Ozola"))["person"]
    headers = await factories.bearer(
        await factories.organiser(await house.project(), role_name="manager")
    )
    value = {"value": 1, "from": "2025-01-01", "to": "2025-01-02"}
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"/projects/{other.slug}/indicators", None),
        ("POST", f"/projects/{other.slug}/indicators", {"rule": "PEOPLE"}),
        ("POST", f"/indicators/{indicator['id']}/values", value),
        ("POST", f"/periods/{period['id']}/submission", {}),
        ("GET", f"/projects/{other.slug}/duplicates", None),
        ("POST", f"/persons/{person}/merge", {"into": mine}),
        ("POST", f"/persons/{mine}/merge", {"into": person}),
        ("POST", f"/projects/{house.slug}/duplicates/rejection", {"one": mine, "two": person}),
        ("GET", f"/projects/{house.slug}/indicators?period={period['id']}", None),
    ]
    for method, path, body in calls:
        answer = await client.request(method, API + path, headers=headers, json=body)
        assert (path, answer.status_code) == (path, 404)


@pytest.mark.parametrize(
    ("role", "reads", "writes", "pairs"),
    [
        ("viewer", 200, 403, 403),
        ("door", 403, 403, 403),
        ("organiser", 200, 403, 200),
        ("manager", 200, 201, 200),
    ],
)
async def test_who_may_what(
    house: House, client: httpx.AsyncClient, role: str, reads: int, writes: int, pairs: int
) -> None:
    headers = await factories.bearer(
        await factories.organiser(await house.project(), role_name=role)
    )
    path = f"{API}/projects/{house.slug}"
    assert (await client.get(f"{path}/indicators", headers=headers)).status_code == reads
    assert (
        await client.post(f"{path}/indicators", headers=headers, json={"rule": "PEOPLE"})
    ).status_code == writes
    body = {"name": "P", "from": "2025-01-01", "to": "2025-01-31"}
    assert (await client.post(f"{path}/periods", headers=headers, json=body)).status_code == writes
    assert (await client.get(f"{path}/duplicates", headers=headers)).status_code == pairs
    assert (await client.get(f"{path}/indicators")).status_code == 401
