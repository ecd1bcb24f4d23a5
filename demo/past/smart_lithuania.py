"""Smart management in the public sector: 7 courses and a conference with 411 participations of 349
people.

340 people take a course; 62 of them and nine more come to the conference (docs/counting-rules.md, worked case
17).
"""

from datetime import date, timedelta

from demo.organisations import COLLEGE, LITHUANIAN, NORWEGIAN
from demo.plan import (
    DISCUSSION,
    WELCOME,
    Guest,
    Occasion,
    People,
    Plan,
    Seat,
    absent,
    at,
    conference_day,
    course_day,
    programme,
    seats,
)

GROUPS = ("state institutions", "public health", "social sector", "education")
COURSES = (
    (date(2015, 10, 6), 49, "Vilnius", "Strategic planning", "Strateginis planavimas"),
    (date(2015, 10, 27), 49, "Kaunas", "Leadership and teamwork", "Lyderystė ir komandinis darbas"),
    (date(2015, 11, 24), 49, "Klaipėda", "Preventing corruption", "Korupcijos prevencija"),
    (date(2016, 1, 12), 49, "Šiauliai", "Quality of public services", "Viešųjų paslaugų kokybė"),
    (date(2016, 2, 2), 48, "Panevėžys", "Managing change", "Pokyčių valdymas"),
    (date(2016, 2, 23), 48, "Alytus", "Talking with citizens", "Bendravimas su gyventojais"),
    (date(2016, 3, 8), 48, "Utena", "Managing projects", "Projektų valdymas"),
)
PUBLICITY = (
    (date(2015, 9, 24), "Opening of the project", "Projekto atidarymas"),
    (
        date(2015, 12, 10),
        "Presenting the virtual learning environment",
        "Virtualios mokymosi aplinkos pristatymas",
    ),
    (
        date(2016, 2, 18),
        "Presenting the anti-corruption tools",
        "Antikorupcinių priemonių pristatymas",
    ),
    (date(2016, 4, 28), "Closing of the project", "Projekto baigiamasis renginys"),
)
VISITS = (
    (
        date(2015, 10, 19),
        3,
        "NO",
        "LT",
        "Vilnius",
        "Norwegian colleagues in Vilnius",
        "Norvegų kolegos Vilniuje",
    ),
    (date(2015, 11, 16), 4, "LT", "NO", "Oslo", "Study visit to Oslo", "Pažintinis vizitas Osle"),
    (
        date(2016, 2, 8),
        4,
        "LT",
        "NO",
        "Bergen",
        "Study visit to Bergen",
        "Pažintinis vizitas Bergene",
    ),
    (
        date(2016, 3, 14),
        3,
        "NO",
        "LT",
        "Kaunas",
        "Norwegian colleagues in Kaunas",
        "Norvegų kolegos Kaune",
    ),
)


def plan() -> Plan:
    """Everything of this project."""
    people = People(2015, GROUPS)
    trained: list[Guest] = []
    occasions = []
    for day, count, town, english, lithuanian in COURSES:
        guests = people.guests(LITHUANIAN, count)
        trained += guests
        about = {
            "kind": "training",
            "title": {"lt": lithuanian, "en": english},
            "place": town,
            "capacity": 60,
        }
        occasions.append(
            Occasion(
                {**about, **at(day, "09:00-17:00", 2)},
                course_day(day) + course_day(day + timedelta(days=1)),
                seats(guests) + absent(people.guests(LITHUANIAN, 4)) + _staff(people, 1),
            )
        )
    occasions += [_conference(people, trained), _cancelled(people)]
    occasions += [_publicity(people, trained, number) for number in range(len(PUBLICITY))]
    occasions += [_visit(people, trained, number) for number in range(len(VISITS))]
    manual = {
        "Training programmes": (
            "Two programmes, as accredited.",
            "https://www.example.org/smart-management/programmes",
        ),
        "Publications": ("Two handbooks.", "https://www.example.org/smart-management/handbooks"),
        "Virtual learning environments": (
            "Handed over in December 2015.",
            "https://www.example.org/smart-management/vle",
        ),
        "Anti-corruption systems": (
            "In use since February 2016.",
            "https://www.example.org/smart-management/tools",
        ),
    }
    return Plan(
        "NOR-LT10-VRM-01-K-01-007", occasions, [], manual, (date(2015, 9, 9), date(2016, 4, 30))
    )


def _staff(people: People, count: int) -> list[Seat]:
    speakers = seats(people.guests([COLLEGE], count), "qr", "speaker")
    return speakers + seats(people.guests([COLLEGE], count), "manual", "organiser")


def _conference(people: People, trained: list[Guest]) -> Occasion:
    day = date(2016, 4, 21)
    returning = trained[: 62 * 5 : 5]
    new = people.guests(LITHUANIAN, 9)
    event = {
        "kind": "conference",
        "title": {
            "lt": "Sumanus valdymas: ko išmokome",
            "en": "Smart management: what we have learned",
        },
        "place": "Vilnius",
        "capacity": 120,
        "open_to_public": True,
        "organisers": ["LT", "NO"],
    }
    guests = seats(returning + new) + absent(people.guests(LITHUANIAN, 9)) + _staff(people, 4)
    return Occasion({**event, **at(day, "09:00-17:00")}, conference_day(day), guests)


def _cancelled(people: People) -> Occasion:
    event = {
        "kind": "training",
        "title": {"lt": "Derybų įgūdžiai", "en": "Negotiating"},
        "place": "Marijampolė",
        "capacity": 60,
        **at(date(2016, 3, 29), "09:00-17:00"),
    }
    guests = seats(people.guests(LITHUANIAN, 6), "no")
    return Occasion(event, [], guests, after=("cancelled", "Too few people registered."))


def _publicity(people: People, trained: list[Guest], number: int) -> Occasion:
    day, english, lithuanian = PUBLICITY[number]
    event = {
        "kind": "publicity",
        "title": {"lt": lithuanian, "en": english},
        "place": "Vilnius",
        "open_to_public": True,
        **at(day, "13:00-16:00"),
    }
    items = [("13:00-13:30", "talk", WELCOME), ("13:30-16:00", "talk", DISCUSSION)]
    guests = seats(trained[number::31]) + absent(people.guests(LITHUANIAN, 3)) + _staff(people, 1)
    return Occasion(event, programme(day, items), guests)


def _visit(people: People, trained: list[Guest], number: int) -> Occasion:
    day, days, start, end, town, english, lithuanian = VISITS[number]
    event = {
        "kind": "study_visit",
        "title": {"lt": lithuanian, "en": english},
        "place": town,
        "country": end,
        "timezone": "Europe/Oslo" if end == "NO" else "Europe/Vilnius",
        "capacity": 14,
        "direction": {"from": start, "to": end},
        "organisers": ["LT", "NO"],
        **at(day, "09:00-17:00", days),
    }
    items = []
    for one in range(days):
        items += programme(
            day + timedelta(days=one),
            [("10:00-12:00", "visit", _host(town)), ("14:00-16:00", "visit", DISCUSSION)],
        )
    guests = (
        trained[number * 20 : number * 20 + 12]
        if start == "LT"
        else people.guests(NORWEGIAN[:4], 9)
    )
    return Occasion(event, items, seats(guests))


def _host(town: str) -> dict[str, str]:
    return {
        "en": f"Visiting the municipality: {town}",
        "lt": f"Vizitas savivaldybėje: {town}",
        "nb": f"Besøk i kommunen: {town}",
    }
