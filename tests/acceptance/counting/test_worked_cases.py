"""The worked cases of docs/counting-rules.md, by their numbers, through the API alone, compared exactly."""

from tests.acceptance.outside import RIGA, Event, Outside, Project, at, excluded, unique

PEOPLE = "PEOPLE", "PARTICIPATIONS", "HOURS-D", "HOURS-P", "EVENTS"


def course(project: Project, days_ago: int, days: int = 2, hours: int = 6, **more: object) -> Event:
    """A past course of several days, without sessions."""
    return project.event(
        at(-days_ago, 9), at(-days_ago + days - 1, 9 + hours), timezone=RIGA, **more
    )


def there_all_days(
    event: Event, people: list[dict[str, str]], days_ago: int, days: int = 2
) -> None:
    """Present on every day of a past course."""
    for day in range(days):
        event.here(people, "paper", scanned_at=at(-days_ago + day, 9).isoformat())


def test_1_three_schemes_completed_by_one_person(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCO85", "RCR81", "ALL-010", "PEOPLE")
    once = project.rule("completions", counting_unit="scheme", once_per="project")
    for number in range(3):
        event = course(project, 40 - 10 * number, series=project.scheme(80))
        who = event.register(
            "Ilze Ozola",
            email="ilze@example.org",
            organisation={"name": "Riga City", "country": "LV", "kind": "municipality"},
        )
        there_all_days(event, [who], 40 - 10 * number)
    assert project.net() == {"RCO85": 3, "RCR81": 3, "ALL-010": 1, "PEOPLE": 1, once: 1}
    assert excluded(project.figures()[once]) == {"counted_before": 2}


def test_2_three_sessions_of_one_scheme(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCO85")
    event = project.event(at(-5, 9), series=project.scheme())
    who = event.register("Ilze Ozola")
    sessions = [event.session(at(-5, 9 + n)) for n in range(3)]
    for one in sessions:
        event.here([who], session=one)
    assert project.net() == {"RCO85": 1}
    assert [s["attended"] for s in event.attendance()["sessions"]] == [1, 1, 1]


def test_2_likewise_as_three_events_of_one_scheme(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCO85", "PARTICIPATIONS")
    scheme = project.scheme()
    for number in range(3):
        event = project.event(at(-5 - number, 9), series=scheme)
        event.here([event.register("Ilze Ozola")])
    assert project.net() == {"RCO85": 1, "PARTICIPATIONS": 3}


def test_4_half_of_a_course_of_two_days(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCR81", "RCO85", "HOURS-P")
    event = course(project, 10, series=project.scheme(80))
    event.here([event.register("Ilze Ozola")])
    assert event.attendance()["minutes"] == 360
    found = project.figures()
    assert {name: one["net"] for name, one in found.items()} == {
        "RCR81": 0,
        "RCO85": 1,
        "HOURS-P": 6,
    }
    assert excluded(found["RCR81"]) == {"below_threshold": 1}
    days = [at(-10, 9).date(), at(-9, 9).date()]
    assert [project.net(f"?from={day}&to={day}")["HOURS-P"] for day in days] == [6, 0]
    assert [project.net(f"?from={day}&to={day}")["RCO85"] for day in days] == [1, 0]


def test_4_likewise_with_a_session_each_day(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCR81", "RCO85")
    event = course(project, 10, series=project.scheme(80))
    first, second = event.session(at(-10, 9), 360), event.session(at(-9, 9), 360)
    event.here([event.register("Ilze Ozola")], session=first)
    found = {s["id"]: s["attended"] for s in event.attendance()["sessions"]}
    assert found == {first: 1, second: 0}
    assert project.net() == {"RCR81": 0, "RCO85": 1}


def test_5_eight_and_seven_of_ten_sessions(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCR81", "HOURS-P")
    event = project.event(at(-20, 9), at(-11, 17), series=project.scheme(80))
    sessions = [event.session(at(-20 + n, 10), 120) for n in range(10)]
    one, two = event.register("Anna A"), event.register("Berta B")
    event.scan(
        *({"registration": one["id"], "method": "manual", "session": s} for s in sessions[:8])
    )
    event.scan(
        *({"registration": two["id"], "method": "paper", "session": s} for s in sessions[:7])
    )
    found = project.figures()
    assert (found["RCR81"]["net"], found["HOURS-P"]["net"], found["HOURS-P"]["net_minutes"]) == (
        1,
        30,
        1800,
    )


def test_7_a_conference_of_sixty(outside: Outside) -> None:
    project = outside.project()
    project.shipped("PARTICIPATIONS")
    event = project.event(at(-3, 9), kind="conference")
    city = {"name": "Riga City", "country": "LV", "kind": "municipality"}
    for count, role in ((40, "attendee"), (12, "partner_staff"), (3, "speaker"), (5, "organiser")):
        event.here(
            event.people(count, role=role, organisation=city if role == "attendee" else None)
        )
    found = project.figures()["PARTICIPATIONS"]
    assert (found["gross"], found["net"], excluded(found)) == (60, 40, {"role": 20})
    assert found["by"]["organisation_kind"] == {"municipality": 40, "not_stated": 0}


def test_8_an_internal_meeting(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCO81")
    event = project.event(at(-3, 9), internal=True, organisers=["Riga City", "Trondheim"])
    event.here(event.people(14))
    found = project.figures()["RCO81"]
    assert (found["gross"], found["net"], excluded(found)) == (14, 0, {"event": 14})
    assert event.attendance()["attended"] == 14


def test_10_an_open_opening_and_a_closed_workshop(outside: Outside) -> None:
    project = outside.project()
    project.shipped("RCO115", "RCO81")
    both = ["Riga City", "Trondheim"]
    opening = project.event(at(-3, 9), kind="conference", open_to_public=True, organisers=both)
    opening.here(opening.people(200))
    workshop = project.event(at(-2, 9), kind="workshop", organisers=both)
    workshop.here(workshop.people(45))
    found = project.figures()
    assert (found["RCO115"]["net"], found["RCO81"]["net"]) == (1, 45)
    assert (found["RCO81"]["gross"], excluded(found["RCO81"])) == (245, {"event": 200})


def test_12_five_people_of_one_municipality(outside: Outside) -> None:
    project = outside.project()
    organisations = project.rule("organisations")
    project.shipped("PEOPLE")
    names = ["Riga City", "RIGA  city", "Rīga City", "Riga City", "Riga City"]
    events = [project.event(at(-9 + n, 9)) for n in range(3)]
    for number, name in enumerate(names):
        organisation = {"name": name, "country": "LV", "kind": "municipality"}
        for event in (events[number % 3], events[(number + 1) % 3]):
            event.here([event.register(f"Person {number}", organisation=organisation)])
    assert project.net() == {organisations: 1, "PEOPLE": 5}


def test_13_a_delegate_is_replaced(outside: Outside) -> None:
    project = outside.project()
    event = project.event(at(30, 9), kind="study_visit", capacity=26)
    first = event.people(26)
    event.api.post(f"/registrations/{first[3]['id']}/cancellation", {"reason": "ill"}, 200)
    assert event.register("Somebody Else")["status"] == "confirmed"
    found = event.attendance()
    assert (found["registered"], found["confirmed"]) == (27, 26)


def test_13_likewise_by_a_substitute_and_counted(outside: Outside) -> None:
    project = outside.project()
    project.shipped("PEOPLE", "VISITS")
    event = project.event(
        at(-5, 9), kind="study_visit", capacity=26, direction={"from": "LV", "to": "NO"}
    )
    first = event.people(26)
    body = {"name": "Somebody Else", "email": "else@example.org"}
    new = event.api.post(f"/registrations/{first[3]['id']}/substitution", body)
    assert new["id"] != first[3]["id"]
    event.here([r for r in first if r is not first[3]] + [new])
    found = event.attendance()
    assert (found["registered"], found["confirmed"], found["attended"]) == (27, 26, 26)
    assert project.net() == {"PEOPLE": 26, "VISITS": 1}


def test_15_group_and_individual_sessions(outside: Outside) -> None:
    project = outside.project()
    project.shipped("HOURS-D", "HOURS-P")
    group = project.event(at(-10, 9), at(-8, 17), kind="group_coaching")
    people = group.people(8)
    for day in range(3):
        group.here(people, session=group.session(at(-10 + day, 10), 120))
    for day in range(4):
        alone = project.event(at(-7 + day, 10), at(-7 + day, 11, 30), kind="coaching")
        alone.here([alone.register("Ilze Ozola")])
    found = project.figures()
    assert (found["HOURS-D"]["net"], found["HOURS-D"]["net_minutes"]) == (12, 720)
    assert (found["HOURS-P"]["net"], found["HOURS-P"]["net_minutes"]) == (54, 3240)


def test_17_courses_and_a_conference(outside: Outside) -> None:
    project = outside.project()
    project.shipped("PARTICIPATIONS", "PEOPLE")
    for number in range(7):
        event = project.event(at(-20 + number, 9))
        event.here(event.people(48 if number else 52, f"Course {number}"))
    conference = project.event(at(-3, 9), kind="conference")
    conference.here(
        conference.people(31, "Course 0") + conference.people(31, "Course 1") + conference.people(9)
    )
    assert project.net() == {"PARTICIPATIONS": 411, "PEOPLE": 349}


def test_18_people_of_two_periods(outside: Outside) -> None:
    project = outside.project()
    project.shipped("PEOPLE")
    prefix = unique("Both")
    for days, groups in ((-40, ((70, ""), (30, prefix))), (-10, ((50, ""), (30, prefix)))):
        event = project.event(at(days, 9))
        event.here([one for count, name in groups for one in event.people(count, name)])
    ids = []
    for name, first, last in (("1", -45, -30), ("2", -29, -5)):
        body = {"name": name, "from": f"{at(first, 9).date()}", "to": f"{at(last, 9).date()}"}
        ids.append(project.api.post(f"/projects/{project.slug}/periods", body)["id"])
    assert [project.net(f"?period={one}")["PEOPLE"] for one in ids] == [100, 80]
    assert project.figures(f"?period={ids[1]}")["PEOPLE"]["cumulative"] == 150
    assert project.net()["PEOPLE"] == 150


def test_21_by_gender(outside: Outside) -> None:
    project = outside.project()
    project.shipped("PEOPLE")
    event = project.event(at(-3, 9))
    for count, more in (
        (201, {"gender": "female"}),
        (108, {"gender": "male"}),
        (1, {"gender": "other"}),
        (3, {}),
    ):
        event.here(event.people(count, **more))
    found = project.figures()["PEOPLE"]
    assert found["by"]["gender"] == {"female": 201, "male": 108, "other": 1, "not_stated": 3}
    assert found["net"] == 313


def test_22_seen_by_qr_and_on_paper(outside: Outside) -> None:
    project = outside.project()
    project.shipped("PEOPLE")
    signed = project.rule("people", evidence="signed")
    event = project.event(at(-3, 9))
    people = event.people(53)
    event.scan(*({"ticket": r["ticket"], "scanned_at": at(-3, 9).isoformat()} for r in people[:50]))
    event.here(people[49:], "paper")
    found = project.figures()
    assert (event.attendance()["attended"], found["PEOPLE"]["net"], found[signed]["net"]) == (
        53,
        53,
        4,
    )
    assert excluded(found[signed]) == {"not_signed": 49}


def test_23_six_never_came(outside: Outside) -> None:
    project = outside.project()
    event = project.event(at(-3, 9))
    people = event.people(60)
    event.here(people[6:])
    found = event.attendance()
    assert (found["registered"], found["confirmed"], found["attended"]) == (60, 60, 54)
