"""The worked cases of docs/counting-rules.md by number, over the API and through real scans, on both
databases.
"""

import httpx
import pytest

from tests.indicators.house import BOTH, House, people


@pytest.fixture
async def house(client: httpx.AsyncClient) -> House:
    return await House.open(client)


def day(date: str, hours: int = 2, start: int = 9) -> tuple[str, str]:
    return f"{date}T{start:02}:00", f"{date}T{start + hours:02}:00"


async def test_case_1_three_schemes_completed(house: House) -> None:
    town = {"name": "Town of Rain", "country": "LV", "kind": "municipality"}
    for month in ("03", "04", "05"):
        scheme = await house.scheme(80)
        first, last = f"2025-{month}-03", f"2025-{month}-04"
        event = await house.event(
            "training",
            f"{first}T09:00",
            f"{last}T15:00",
            series=scheme,
            organisers=BOTH,
            sessions=[day(first, 6), day(last, 6)],
        )
        await event.attended("Anna Ozola", organisation=town)
    assert await house.net("RCO85") == 3
    assert await house.net("RCR81") == 3
    per_person = {"unit": "completions", "counting_unit": "scheme", "once_per": "project"}
    found = await house.figure(per_person)
    assert (found["gross"], found["excluded"], found["net"]) == (
        3,
        [{"reason": "counted_before", "count": 2}],
        1,
    )
    assert await house.net("ALL-010") == 1
    assert await house.net("PEOPLE") == 1


async def test_case_2_three_sessions_of_one_scheme(house: House) -> None:
    scheme = await house.scheme()
    days = ["2025-03-03", "2025-03-04", "2025-03-05"]
    event = await house.event(
        "training",
        f"{days[0]}T09:00",
        f"{days[2]}T17:00",
        series=scheme,
        sessions=[day(d) for d in days],
    )
    await event.attended("Anna Ozola")
    assert await house.net("RCO85") == 1
    assert [one["attended"] for one in (await event.attendance())["sessions"]] == [1, 1, 1]


async def test_case_4_one_day_of_two(house: House) -> None:
    scheme = await house.scheme(80)
    days = [day("2025-03-03", 6), day("2025-03-04", 6)]
    event = await house.event("training", days[0][0], days[1][1], series=scheme, sessions=days)
    await event.attended("Anna Ozola", sessions=[0])
    seen = await event.attendance()
    assert [one["attended"] for one in seen["sessions"]] == [1, 0]
    assert seen["minutes"] == 360
    completed = await house.figure("RCR81")
    assert (completed["gross"], completed["excluded"]) == (
        1,
        [{"reason": "below_threshold", "count": 1}],
    )
    assert completed["net"] == 0
    assert await house.net("RCO85") == 1
    assert await house.net("PARTICIPATIONS") == 1


async def test_case_5_eight_of_ten_sessions(house: House) -> None:
    scheme = await house.scheme(80)
    days = [day(f"2025-03-{n:02}") for n in range(3, 13)]
    event = await house.event("training", days[0][0], days[-1][1], series=scheme, sessions=days)
    await event.attended("Anna Ozola", sessions=range(8))
    await event.attended("Bob Kalns", sessions=range(7))
    assert await house.net("RCR81") == 1
    hours = await house.figure("HOURS-P")
    assert (hours["net"], hours["net_minutes"]) == (30, 1800)


async def test_case_7_a_conference_of_sixty(house: House) -> None:
    event = await house.event("conference")
    town = {"name": "Town of Rain", "country": "LV", "kind": "municipality"}
    await event.attended(*people(40), organisation=town)
    await event.attended(*people(12, 41), role="partner_staff")
    await event.attended(*people(3, 53), role="speaker")
    await event.attended(*people(5, 56), role="organiser")
    found = await house.figure("PARTICIPATIONS")
    assert (found["gross"], found["excluded"], found["net"]) == (
        60,
        [{"reason": "role", "count": 20}],
        40,
    )
    assert found["by"]["organisation_kind"] == {"municipality": 40, "not_stated": 0}


async def test_case_8_an_internal_meeting(house: House) -> None:
    event = await house.event("working_group", internal=True, organisers=BOTH)
    await event.attended(*people(14))
    found = await house.figure("RCO81")
    assert (found["gross"], found["excluded"], found["net"]) == (
        14,
        [{"reason": "event", "count": 14}],
        0,
    )
    assert (await event.attendance())["attended"] == 14
    assert await house.net("PARTICIPATIONS") == 14


async def test_case_10_an_open_opening_and_a_closed_workshop(house: House) -> None:
    opening = await house.event("publicity", open_to_public=True, organisers=BOTH)
    workshop = await house.event(
        "workshop", "2025-03-03T18:00", "2025-03-03T20:00", organisers=BOTH
    )
    await opening.attended(*people(200))
    await workshop.attended(*people(45))
    assert await house.net("RCO115") == 1
    assert await house.net("RCO81") == 45


async def test_case_12_one_municipality_five_people_three_events(house: House) -> None:
    town = {"name": "Town of Rain", "country": "LV", "kind": "municipality"}
    for guests in (people(2), people(3, 2), people(2, 4)):
        event = await house.event("workshop")
        await event.attended(*guests, organisation=town)
    found = await house.figure({"unit": "organisations", "organisation_kinds": ["municipality"]})
    assert (found["gross"], found["net"], found["by"]["country"]) == (
        1,
        1,
        {"LV": 1, "not_stated": 0},
    )
    assert await house.net("PEOPLE") == 5


async def test_case_13_a_replaced_delegate(house: House) -> None:
    visit = await house.event("study_visit", capacity=26, direction={"from": "LV", "to": "NO"})
    delegates = [await visit.register(name) for name in people(26)]
    gone = delegates.pop()
    said = {"name": "Guest 27", "email": "guest.27@example.org"}
    delegates.append(await house.post(f"/registrations/{gone['id']}/substitution", said))
    assert set(await visit.scan(*[{"registration": one["id"]} for one in delegates])) == {"valid"}
    assert await visit.scan({"registration": gone["id"]}) == ["replaced"]
    seen = await visit.attendance()
    assert (seen["registered"], seen["confirmed"], seen["attended"]) == (27, 26, 26)
    found = await house.figure({"unit": "people", "kinds": ["study_visit"]})
    assert (found["net"], found["by"]["direction"]) == (26, {"LV to NO": 26, "not_stated": 0})
    assert await house.net("VISITS") == 1


async def test_case_15_group_and_individual_coaching(house: House) -> None:
    for date in ("2025-03-03", "2025-03-04", "2025-03-05"):
        group = await house.event("group_coaching", *day(date))
        await group.attended(*people(8))
    for date in ("2025-04-01", "2025-04-02", "2025-04-03", "2025-04-04"):
        alone = await house.event("coaching", f"{date}T09:00", f"{date}T10:30")
        await alone.attended("Guest 1")
    given, got = await house.figure("HOURS-D"), await house.figure("HOURS-P")
    assert (given["net"], given["net_minutes"]) == (12, 720)
    assert (got["net"], got["net_minutes"]) == (54, 3240)


async def test_case_17_participations_and_people(house: House) -> None:
    """62 of the 71 at the conference were at one course each; nobody else comes twice."""
    sizes = [50, 50, 50, 50, 50, 50, 40]
    first = 1
    for number, size in enumerate(sizes):
        course = await house.event("training", f"2025-03-{number + 3:02}T09:00")
        await course.attended(*people(size, first))
        first += size
    conference = await house.event("conference", "2025-06-03T09:00")
    await conference.attended(*people(62), *people(9, first))
    kinds = ["training", "conference"]
    assert await house.net({"unit": "participations", "kinds": kinds}) == 411
    assert await house.net({"unit": "people", "kinds": kinds}) == 349


async def test_case_18_unique_people_never_add_up(house: House) -> None:
    spring, autumn = await house.event(), await house.event("training", "2025-09-03T09:00")
    await spring.attended(*people(100))
    await autumn.attended(*people(80, 71))
    path = f"/projects/{house.slug}/periods"
    one = await house.post(path, {"name": "First half", "from": "2025-01-01", "to": "2025-06-30"})
    two = await house.post(path, {"name": "Second half", "from": "2025-07-01", "to": "2025-12-31"})
    added = await house.post(f"/projects/{house.slug}/indicators", {"rule": "PEOPLE"})
    first = await house.shown(added["id"], period=one["id"])
    second = await house.shown(added["id"], period=two["id"])
    assert (first["net"], first["cumulative"]) == (100, 100)
    assert (second["net"], second["cumulative"]) == (80, 150)
    assert (await house.shown(added["id"]))["net"] == 150


async def test_case_21_four_genders_add_up(house: House) -> None:
    event = await house.event("training", activity="2.1")
    await event.attended(*people(201), gender="female")
    await event.attended(*people(108, 202), gender="male")
    await event.attended(*people(1, 310), gender="other")
    await event.attended(*people(3, 311))
    found = await house.figure({"unit": "people", "activities": ["2.1"]})
    assert found["net"] == 313
    assert found["by"]["gender"] == {"female": 201, "male": 108, "other": 1, "not_stated": 3}


async def test_case_22_qr_and_paper(house: House) -> None:
    event = await house.event("workshop")
    there = [await event.register(name) for name in people(53)]
    at = "2025-03-03T09:00"
    qr = [{"ticket": one["ticket"], "method": "qr", "scanned_at": at} for one in there[:50]]
    assert set(await event.scan(*qr)) == {"valid"}
    await event.scan(*[{"registration": one["id"], "method": "paper"} for one in there[49:]])
    assert (await event.attendance())["attended"] == 53
    assert await house.net("PEOPLE") == 53
    signed = await house.figure({"unit": "people", "evidence": "signed"})
    assert (signed["gross"], signed["excluded"], signed["net"]) == (
        53,
        [{"reason": "not_signed", "count": 49}],
        4,
    )


async def test_case_23_six_never_came(house: House) -> None:
    event = await house.event("conference")
    there = [await event.register(name) for name in people(60)]
    await event.scan(*[{"registration": one["id"]} for one in there[:54]])
    seen = await event.attendance()
    assert (seen["registered"], seen["attended"]) == (60, 54)
    assert await house.net("PARTICIPATIONS") == 54
