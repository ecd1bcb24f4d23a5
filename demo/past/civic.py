"""Civic initiatives and local democracy: 313 persons trained, 10 debates, a visit to Norway.

201 women, 108 men, 1 other, 3 who did not say (docs/counting-rules.md, worked case 21). When the project began
and ended, its source does not tell; the days here are as invented as the people.
"""

from datetime import date, timedelta

from demo.organisations import CIVIC, CIVIC_NGOS, NORWEGIAN
from demo.plan import (
    DISCUSSION,
    SUMMARY,
    WELCOME,
    Guest,
    Occasion,
    People,
    Plan,
    absent,
    at,
    course_day,
    programme,
    seats,
)

TARGETS = ("community representatives", "socially vulnerable groups", "NGOs", "municipalities")
TOWNS = [
    "Kaunas",
    "Tauragė",
    "Jurbarkas",
    "Šilalė",
    "Pagėgiai",
    "Zarasai",
    "Ignalina",
    "Biržai",
    "Klaipėda",
    "Garliava",
]
WITHOUT_LISTS = (
    "A focus group of people who did not want to be listed; its minutes and recordings are kept."
)


def plan() -> Plan:
    """Everything of this project."""
    people = People(2021, TARGETS)
    orgs = [org for pair in zip(CIVIC, CIVIC_NGOS, strict=True) for org in pair]
    trained = people.guests(orgs, 313, _genders())
    occasions = [_training(people, trained, number) for number in range(10)]
    occasions += [_debate(people, trained, number) for number in range(10)]
    day = date(2022, 9, 12)
    visit = {
        "kind": "study_visit",
        "title": {
            "lt": "Vizitas Hardangerio savivaldybėse",
            "en": "Visit to the municipalities of Hardanger",
        },
        "place": "Ullensvang",
        "country": "NO",
        "timezone": "Europe/Oslo",
        "activity": "3.1",
        "direction": {"from": "LT", "to": "NO"},
        "organisers": ["LT", "NO"],
        "capacity": 16,
        **at(day, "09:00-17:00", 3),
    }
    hosts = seats(people.guests(NORWEGIAN[4:6], 3), "manual", "host")
    occasions.append(Occasion(visit, [], seats(trained[:150:10]) + hosts))
    manual = {
        "Study reports": (
            "The study of participation.",
            "https://www.example.org/local-democracy/study",
        ),
        "Electronic participation platforms tested": (
            "Five, in five towns.",
            "https://www.example.org/local-democracy/platforms",
        ),
    }
    return Plan("ACF-LOCAL-DEMOCRACY", occasions, [], manual, (date(2021, 7, 1), date(2023, 5, 31)))


def _genders() -> list[str]:
    """201 women, 108 men, 1 other, 3 not stated, mixed."""
    found = (["female", "female", "male"] * 100) + ["female"] + ["male"] * 8
    found[40:40], found[90:90], found[200:200] = [""], ["other"], ["", ""]
    return found


def _training(people: People, trained: list[Guest], number: int) -> Occasion:
    """Two days in each town; the first of each town come again in the next one: they count once."""
    day = date(2021, 9, 14) + timedelta(days=35 * number)
    town = TOWNS[number]
    event = {
        "kind": "training",
        "title": {
            "lt": f"Pilietinės iniciatyvos: mokymai, {town}",
            "en": f"Civic initiatives: training, {town}",
        },
        "place": town,
        "activity": "2.1",
        "capacity": 45,
        **at(day, "09:00-17:00", 2),
    }
    guests = trained[number::10]
    again = trained[number - 1 :: 10][:4] if number else []
    items = course_day(day) + course_day(day + timedelta(days=1))
    speakers = seats(people.guests(CIVIC_NGOS[:1], 2), "qr", "speaker")
    return Occasion(
        event, items, seats(guests) + seats(again) + absent(people.guests(CIVIC, 3)) + speakers
    )


def _debate(people: People, trained: list[Guest], number: int) -> Occasion:
    day = date(2021, 10, 20) + timedelta(days=42 * number)
    town = TOWNS[-number]
    focus = number % 3 == 2
    event = {
        "kind": "debate",
        "title": {"lt": f"Tikslinė grupė: {town}", "en": f"Focus group: {town}"}
        if focus
        else {"lt": f"Diskusija: kas sprendžia? {town}", "en": f"Debate: who decides? {town}"},
        "place": town,
        "activity": "2.2",
        "open_to_public": not focus,
        **at(day, "17:00-19:30"),
    }
    if number == 8:
        return Occasion(event, after=("held", WITHOUT_LISTS))
    hours = [
        ("17:00-17:15", "talk", WELCOME),
        ("17:15-19:00", "workshop", DISCUSSION),
        ("19:00-19:30", "talk", SUMMARY),
    ]
    guests = trained[number : 140 : 6 if focus else 9]
    return Occasion(
        event, programme(day, hours), seats(guests) + seats(people.guests(CIVIC_NGOS, 6))
    )
