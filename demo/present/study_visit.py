"""A study visit that is coming in the sixth project: three days, two zones, bus and plane."""

from datetime import date, timedelta
from typing import Any

from demo.plan import LUNCH, Words, at, programme
from demo.present.announcements import announce, register, weekday
from demo.present.project import Cast, companions
from demo.writer import ALICE
from events.projects.projects import Project

_FLIGHT: Words = {"lv": "Lidojums", "lt": "Skrydis", "en": "Flight", "nb": "Fly"}
_BUS: Words = {"lv": "Autobuss", "lt": "Autobusas", "en": "Bus", "nb": "Buss"}
_HOTEL: Words = {"lv": "Viesnīca", "lt": "Viešbutis", "en": "Hotel", "nb": "Hotell"}
_HALL: Words = {
    "lv": "Pašvaldības iedzīvotāju centrs",
    "lt": "Savivaldybės gyventojų centras",
    "en": "The municipality's citizens' centre",
    "nb": "Kommunens innbyggertorg",
}
_LIBRARY: Words = {
    "lv": "Bibliotēka kā tikšanās vieta",
    "lt": "Biblioteka kaip susitikimų vieta",
    "en": "The library as a meeting place",
    "nb": "Biblioteket som møteplass",
}
_SCHOOL: Words = {
    "lv": "Skola, ko vada kopā ar vecākiem",
    "lt": "Mokykla, valdoma kartu su tėvais",
    "en": "A school run together with parents",
    "nb": "En skole som drives sammen med foreldrene",
}


async def visit(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    """Sixteen seats: eleven ask for one, six of them have it."""
    day = weekday(today + timedelta(days=40))
    title = {
        "lv": "Pieredzes brauciens uz Būdē",
        "lt": "Pažintinis vizitas į Bodę",
        "en": "Study visit to Bodø",
        "nb": "Studiebesøk i Bodø",
    }
    given = {
        "kind": "study_visit",
        "title": title,
        "place": "Bodø",
        "country": "NO",
        "timezone": "Europe/Oslo",
        "capacity": 16,
        "approval": True,
        "open_to_public": True,
        "organisers": organisers,
        "activity": "1.2",
        "direction": {"from": "LV", "to": "NO"},
        "details": {"meeting_point": "Rīga, RIX, 06:00", "passport": True, "insurance": True},
        **at(day, "05:00-21:00", 3),
    }
    event = await announce(project, given, _journey(day))
    made = [
        await register(event, guest, ago=12 - number)
        for number, guest in enumerate(companions(cast, 11))
    ]
    for one in made[:6]:
        await one.approve(ALICE)


def _journey(day: date) -> list[dict[str, Any]]:
    """Three days, both ways by bus and plane; the flights cross a zone."""
    there, back = day, day + timedelta(days=2)
    leaves = {"timezone": "Europe/Riga", "end_timezone": "Europe/Riga"}
    crosses = {"timezone": "Europe/Riga", "end_timezone": "Europe/Oslo"}
    returns = {"timezone": "Europe/Oslo", "end_timezone": "Europe/Riga"}
    items = programme(there, [("06:00-06:40", "travel", _BUS)], place="Rīga – RIX", **leaves)
    items += programme(there, [("08:15-09:10", "travel", _FLIGHT)], place="RIX – OSL", **crosses)
    items += programme(there, [("11:00-12:30", "travel", _FLIGHT)], place="OSL – BOO")
    items += programme(
        there, [("12:45-13:45", "meal", LUNCH), ("14:30-16:30", "visit", _HALL)], place="Bodø"
    )
    items += [
        {
            "kind": "stay",
            "title": _HOTEL,
            "place": "Bodø",
            "starts_at": f"{there}T17:00",
            "ends_at": f"{back}T08:00",
        }
    ]
    middle = day + timedelta(days=1)
    hours = [
        ("09:00-11:30", "visit", _LIBRARY),
        ("12:00-13:00", "meal", LUNCH),
        ("13:30-16:00", "visit", _SCHOOL),
    ]
    items += programme(middle, hours, place="Bodø")
    items += programme(back, [("09:00-10:30", "visit", _HALL)], place="Fauske")
    items += programme(back, [("13:05-14:35", "travel", _FLIGHT)], place="BOO – OSL")
    return items + programme(
        back, [("16:10-19:00", "travel", _FLIGHT)], place="OSL – RIX", **returns
    )
