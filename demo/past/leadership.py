"""Open Leadership: 29 municipalities, 1,120 delivered hours of coaching, a conference of 166 people
in Anykščiai.
"""

from datetime import date, timedelta
from typing import Any

from demo.organisations import EUROREGION, LAKES, LATGALE, LATGALE_REGION
from demo.plan import (
    GROUPS,
    LUNCH,
    Guest,
    Occasion,
    Org,
    People,
    Plan,
    Seat,
    Words,
    absent,
    at,
    conference_day,
    course_day,
    programme,
    seats,
)

_ASKED: Words = {"en": "Coaching", "lt": "Ugdomasis konsultavimas", "lv": "Koučings"}
_ZONE = {"LV": "Europe/Riga", "LT": "Europe/Vilnius"}
# Hours of each country: municipalities × sessions of four hours, groups × three days of six,
# consultations of four.
#   LV: 21 × 4 × 4 + 8 × 18 + 20 × 4 = 560        LT: 8 × 10 × 4 + 10 × 18 + 15 × 4 = 560
_SESSIONS = {"LV": 4, "LT": 10}
_GROUPS = {"LV": 8, "LT": 10}
_CONSULTATIONS = {"LV": 20, "LT": 15}
_DEPARTMENTS = (
    Org(
        "Utenos rajono savivaldybės švietimo skyrius",
        "LT",
        "municipality",
        "Utenos rajono savivaldybė",
    ),
    Org(
        "Rēzeknes pilsētas Izglītības pārvalde",
        "LV",
        "municipality",
        "Rēzeknes pilsētas pašvaldība",
    ),
)


def plan() -> Plan:
    """Everything of this project."""
    people = People(2018)
    staff = {org: people.guests([org], 4) for org in (*LATGALE, *LAKES)}
    occasions = [_conference(people, staff)]
    for country, orgs in (("LV", LATGALE), ("LT", LAKES)):
        occasions += [_coaching(org, staff[org], number) for number, org in enumerate(orgs)]
        everyone = [guest for org in orgs for guest in staff[org]]
        occasions += [_group(country, everyone, number) for number in range(_GROUPS[country])]
        occasions += [
            _consultation(country, orgs, staff, number) for number in range(_CONSULTATIONS[country])
        ]
    occasions += _others(people, staff)
    manual = {
        "Municipalities that implemented a solution found in coaching": (
            "Ten in Latvia, seven in Lithuania: the solutions are described in the collection.",
            "https://www.example.org/open-leadership/solutions",
        )
    }
    series = [
        {
            "kind": "cycle",
            "title": {
                "en": "Leaders' workshops",
                "lv": "Līderu darbnīcas",
                "lt": "Lyderių dirbtuvės",
            },
        }
    ]
    return Plan("LLI-59", occasions, series, manual, (date(2017, 5, 1), date(2019, 4, 30)))


def _conference(people: People, staff: dict[Org, list[Guest]]) -> Occasion:
    """166 people: four or nine of each municipality, ten of the partners; nobody of the staff
    counts.
    """
    day = date(2019, 3, 20)
    guests = [guest for org in LATGALE for guest in staff[org]]
    guests += [guest for org in LAKES for guest in (*staff[org], *people.guests([org], 5))]
    guests += people.guests([LATGALE_REGION, EUROREGION], 8) + people.guests(_DEPARTMENTS, 2)
    about = {
        "kind": "conference",
        "title": {
            "en": "Open leadership: conference in Anykščiai",
            "lv": "Atvērtā līderība: konference Anīkščos",
            "lt": "Atvira lyderystė: konferencija Anykščiuose",
        },
        "place": "Anykščiai",
        "country": "LT",
        "timezone": "Europe/Vilnius",
        "capacity": 220,
        "organisers": ["LT", "LV"],
    }
    days = conference_day(day) + conference_day(day + timedelta(days=1))
    people_there = seats(guests) + absent(people.guests([*LATGALE, *LAKES], 17))
    people_there += seats(people.guests([LATGALE_REGION, EUROREGION], 6), "qr", "speaker")
    people_there += seats(people.guests([EUROREGION], 4), "manual", "organiser")
    people_there += seats(people.guests([EUROREGION], 2), "manual", "interpreter")
    return Occasion({**about, **at(day, "09:00-17:00", 2)}, days, people_there)


def _event(
    kind: str, country: str, english: str, latvian: str, lithuanian: str, **more: Any
) -> dict[str, Any]:
    title = {"en": english, "lv": latvian, "lt": lithuanian}
    return {
        "kind": kind,
        "title": title,
        "country": country,
        "timezone": _ZONE[country],
        "organisers": [country],
        **more,
    }


def _coaching(org: Org, guests: list[Guest], number: int) -> Occasion:
    """Four or ten sessions, a fortnight apart; the first of the group is at every one."""
    count = _SESSIONS[org.country]
    days = [date(2017, 10, 2) + timedelta(days=7 * (number % 9) + 14 * one) for one in range(count)]
    names = (
        f"Coaching: {org.name}",
        f"Koučings: {org.name}",
        f"Ugdomasis konsultavimas: {org.name}",
    )
    event = _event("coaching", org.country, *names, capacity=6, place=org.name)
    event |= {"starts_at": f"{days[0]}T10:00", "ends_at": f"{days[-1]}T14:00"}
    items = [item for day in days for item in programme(day, [("10:00-14:00", "workshop", _ASKED)])]
    return Occasion(
        event,
        items,
        [Seat(g, came="paper" if i == 0 else "first") for i, g in enumerate(guests[:3])],
    )


def _group(country: str, everyone: list[Guest], number: int) -> Occasion:
    """Three days of six hours."""
    day = date(2018, 1, 9) + timedelta(days=28 * number + (7 if country == "LT" else 0))
    names = ("Group coaching", "Grupu koučings", "Grupinis ugdomasis konsultavimas")
    event = _event("group_coaching", country, *(f"{n} {number + 1}" for n in names), capacity=12)
    event |= at(day, "09:30-17:00", 3)
    event["place"] = "Rēzekne" if country == "LV" else "Utena"
    items = []
    for one in range(3):
        hours = [
            ("10:00-13:00", "workshop", _ASKED),
            ("13:00-13:30", "meal", LUNCH),
            ("13:30-16:30", "workshop", GROUPS),
        ]
        items += programme(day + timedelta(days=one), hours)
    return Occasion(
        event,
        items,
        seats(everyone[number % 4 :: 8][:9]) + absent(everyone[number % 4 + 1 :: 17][:1]),
    )


def _consultation(
    country: str, orgs: list[Org], staff: dict[Org, list[Guest]], number: int
) -> Occasion:
    """Half a day, without a programme."""
    org = orgs[number % len(orgs)]
    day = date(2018, 9, 4) + timedelta(days=7 * number)
    names = ("Consultation", "Konsultācija", "Konsultacija")
    event = _event("consultation", country, *(f"{n}: {org.name}" for n in names), place=org.name)
    return Occasion(
        {**event, **at(day, "13:00-17:00")},
        [],
        seats(staff[org][number // len(orgs) :][:2], "manual"),
    )


def _others(people: People, staff: dict[Org, list[Guest]]) -> list[Occasion]:
    """What the project did besides: working groups, workshops, a training, a visit each way."""
    leaders = [guests[0] for guests in staff.values()]
    partners = people.guests([LATGALE_REGION, EUROREGION], 9)
    found = []
    for number, day in enumerate(
        (date(2017, 5, 23), date(2017, 12, 5), date(2018, 6, 12), date(2019, 1, 15))
    ):
        title = (
            f"Steering group {number + 1}",
            f"Vadības grupa {number + 1}",
            f"Priežiūros grupė {number + 1}",
        )
        event = _event("working_group", "LT" if number % 2 else "LV", *title, internal=True)
        found.append(
            Occasion({**event, **at(day, "10:00-14:00")}, [], seats(partners, role="partner_staff"))
        )
    for number, day in enumerate((date(2017, 9, 13), date(2018, 4, 17), date(2018, 10, 23))):
        country = "LV" if number % 2 else "LT"
        title = (
            f"Leaders' workshop {number + 1}",
            f"Līderu darbnīca {number + 1}",
            f"Lyderių dirbtuvės {number + 1}",
        )
        event = _event("workshop", country, *title, capacity=40)
        event |= {**at(day, "09:00-17:00"), "organisers": ["LT", "LV"]}
        found.append(
            Occasion(
                event,
                course_day(day),
                seats(leaders) + absent(people.guests(LATGALE[:3], 2)),
                "cycle",
            )
        )
    for start, end, day in (("LV", "LT", date(2018, 5, 15)), ("LT", "LV", date(2018, 9, 18))):
        title = ("Visiting neighbours", "Ciemos pie kaimiņiem", "Viešnagė pas kaimynus")
        event = _event("study_visit", end, *(f"{t} ({start} – {end})" for t in title), capacity=20)
        event |= {
            **at(day, "10:00-17:00", 2),
            "direction": {"from": start, "to": end},
            "organisers": ["LT", "LV"],
        }
        found.append(Occasion(event, [], seats([g for g in leaders if g.country == start][:12])))
    return found
