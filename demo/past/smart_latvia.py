"""Smart governance of Latvian municipalities: four networks that meet, three exchange events of
both sides.
"""

from datetime import date, timedelta
from typing import Any

from demo.organisations import LATVIAN, LATVIAN_ASSOCIATION, NORWEGIAN
from demo.plan import (
    DISCUSSION,
    EXAMPLES,
    Guest,
    Occasion,
    People,
    Plan,
    Words,
    absent,
    at,
    conference_day,
    programme,
    seats,
)

NETWORKS: tuple[Words, ...] = (
    {"en": "Education", "lv": "Izglītība", "nb": "Utdanning"},
    {"en": "Social services", "lv": "Sociālie pakalpojumi", "nb": "Sosiale tjenester"},
    {
        "en": "Roads and public transport",
        "lv": "Ceļi un sabiedriskais transports",
        "nb": "Veier og kollektivtransport",
    },
    {
        "en": "Housing and utilities",
        "lv": "Dzīvokļi un komunālā saimniecība",
        "nb": "Bolig og kommunalteknikk",
    },
)
MEETING: Words = {"en": "Network meeting", "lv": "Tīkla sanāksme", "nb": "Nettverksmøte"}


def plan() -> Plan:
    """Everything of this project."""
    people = People(2014, ("municipal politicians", "municipal employees"))
    latvians, norwegians = people.guests(LATVIAN, 78), people.guests(NORWEGIAN, 22)
    series = [{"kind": "network", "title": title} for title in NETWORKS]
    occasions = [
        _meeting(people, latvians, number, turn) for number in range(4) for turn in range(3)
    ]
    occasions += [
        _conference("Rīga", date(2014, 6, 11), latvians + norwegians[:14], people, ["LV", "NO"]),
        _conference("Jūrmala", date(2016, 3, 17), latvians[:50], people, ["LV"]),
        _visit("LV", "NO", "Bodø", date(2014, 10, 13), latvians[:72:4]),
        _visit("NO", "LV", "Valmiera", date(2015, 5, 18), norwegians[:12]),
    ]
    return Plan("4.3-24/NFI/INP-004", occasions, series)


def _meeting(people: People, latvians: list[Guest], number: int, turn: int) -> Occasion:
    day = date(2014, 3, 4) + timedelta(days=210 * turn + 9 * number)
    title = {code: f"{MEETING[code]} {turn + 1}: {said}" for code, said in NETWORKS[number].items()}
    event = {
        "kind": "working_group",
        "title": title,
        "place": ("Rīga", "Cēsis", "Saldus")[turn],
        **at(day, "10:00-15:00"),
    }
    hours = [("10:00-12:00", "talk", EXAMPLES), ("13:00-15:00", "workshop", DISCUSSION)]
    staff = seats(people.guests([LATVIAN_ASSOCIATION], 1), "manual", "organiser")
    return Occasion(
        event, programme(day, hours), seats(latvians[number::4]) + staff, NETWORKS[number]["en"]
    )


def _conference(
    town: str, day: date, guests: list[Guest], people: People, organisers: list[str]
) -> Occasion:
    event: dict[str, Any] = {
        "kind": "conference",
        "title": {
            "en": f"Smart governance: conference in {town}",
            "lv": f"Lietpratīga pārvaldība: konference ({town})",
            "nb": f"Smart styring: konferanse i {town}",
        },
        "place": town,
        "capacity": 150,
        "open_to_public": True,
        "organisers": organisers,
        **at(day, "09:00-17:00"),
    }
    staff = seats(people.guests([LATVIAN_ASSOCIATION], 3), "manual", "organiser")
    return Occasion(
        event, conference_day(day), seats(guests) + absent(people.guests(LATVIAN, 6)) + staff
    )


def _visit(start: str, end: str, town: str, day: date, guests: list[Guest]) -> Occasion:
    event = {
        "kind": "study_visit",
        "title": {
            "en": f"Exchange of experience in {town}",
            "lv": f"Pieredzes apmaiņa: {town}",
            "nb": f"Erfaringsutveksling i {town}",
        },
        "place": town,
        "country": end,
        "timezone": "Europe/Oslo" if end == "NO" else "Europe/Riga",
        "capacity": 20,
        "direction": {"from": start, "to": end},
        "organisers": ["LV", "NO"],
        **at(day, "09:00-17:00", 3),
    }
    items = [
        item
        for one in range(3)
        for item in programme(
            day + timedelta(days=one),
            [("10:00-12:00", "visit", EXAMPLES), ("13:30-16:00", "visit", DISCUSSION)],
        )
    ]
    return Occasion(event, items, seats(guests))
