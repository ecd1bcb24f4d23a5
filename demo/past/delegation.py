"""Latgale Planning Region's visit to Trøndelag: 26 delegates; one of 27 registered was replaced
(case 13).
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from demo.organisations import LATGALE, LATGALE_REGION
from demo.plan import LUNCH, Occasion, Org, People, Plan, programme, seats

AGENCY = Org("Latgales reģiona attīstības aģentūra", "LV", "state_institution")
FIRST = date(2009, 9, 7)
_RIGA = {"timezone": "Europe/Riga", "end_timezone": "Europe/Oslo"}
_HOME = {"timezone": "Europe/Oslo", "end_timezone": "Europe/Riga"}
_VISITS = (
    ({"en": "Trøndelag region", "lv": "Trondelāgas reģions", "nb": "Trøndelag fylke"}, "Trondheim"),
    (
        {"en": "Steinkjer municipality", "lv": "Steinkjeras pašvaldība", "nb": "Steinkjer kommune"},
        "Steinkjer",
    ),
    (
        {"en": "Levanger municipality", "lv": "Levangeras pašvaldība", "nb": "Levanger kommune"},
        "Levanger",
    ),
)


def plan() -> Plan:
    """Everything of this project."""
    people = People(2009)
    staff, agency = people.guests([LATGALE_REGION], 9), people.guests([AGENCY], 5)
    politicians = people.guests(LATGALE, 12)
    groups = [
        ("staff of the planning region", staff),
        ("regional development agency", agency),
        ("politicians", politicians),
    ]
    delegates = seats(
        [replace(guest, target_group=group) for group, guests in groups for guest in guests]
    )
    replaced = replace(people.guest(LATGALE[3]), target_group="politicians")
    delegates[14:14] = [replace(seats([replaced], "no")[0], status="replaced")]
    event = {
        "kind": "study_visit",
        "title": {
            "lv": "Latgales plānošanas reģiona brauciens uz Trondelāgu",
            "en": "Latgale Planning Region visits Trøndelag",
            "nb": "Latgale planregion besøker Trøndelag",
        },
        "place": "Trondheim",
        "country": "NO",
        "timezone": "Europe/Oslo",
        "capacity": 26,
        "direction": {"from": "LV", "to": "NO"},
        "organisers": ["LV", "NO"],
        "starts_at": f"{FIRST}T06:00",
        "ends_at": f"{FIRST + timedelta(days=4)}T21:00",
    }
    manual = {
        "Letters of intent signed": (
            "Signed in Steinkjer.",
            "https://www.example.org/trondelag/letter-of-intent",
        )
    }
    return Plan(
        "LPR-TRONDELAG-2009",
        [Occasion(event, _programme(), delegates)],
        [],
        manual,
        (date(2009, 8, 1), date(2009, 10, 31)),
    )


def _programme() -> list[dict[str, Any]]:
    flight = {"en": "Flight Riga – Oslo – Trondheim", "lv": "Lidojums Rīga – Oslo – Trondheima"}
    back = {"en": "Flight Trondheim – Oslo – Riga", "lv": "Lidojums Trondheima – Oslo – Rīga"}
    hotel = {"en": "Hotel", "lv": "Viesnīca", "nb": "Hotell"}
    items = programme(FIRST, [("09:40-13:55", "travel", flight)], **_RIGA)
    items += programme(FIRST, [("15:00-17:00", "visit", _VISITS[0][0])], place="Trondheim")
    items += [
        {
            "kind": "stay",
            "title": hotel,
            "starts_at": f"{FIRST}T18:00",
            "ends_at": f"{FIRST + timedelta(days=4)}T09:00",
        }
    ]
    for number in range(1, 4):
        title, town = _VISITS[number % 3]
        day = FIRST + timedelta(days=number)
        items += programme(day, [("09:30-12:00", "visit", title)], place=town)
        items += programme(day, [("12:00-13:00", "meal", LUNCH)], place=town)
        items += programme(day, [("13:30-16:00", "visit", title)], place=town)
    return items + programme(FIRST + timedelta(days=4), [("11:05-16:40", "travel", back)], **_HOME)
