"""As many people as one likes, at markets of the sixth project: an event at a time, so that memory
stays small.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

from checkin.attendance.attendance import settle
from core import clock
from demo.plan import CAME, Occasion, Org, People, Seat, Words, at
from demo.writer import Stage, write

AT_ONE = 2500
LARGEST = 3000
"""Organisations, at most."""
_TITLE: Words = {
    "lv": "Kaimiņu tirgus",
    "lt": "Kaimynų mugė",
    "en": "Neighbours' market",
    "nb": "Nabomarked",
}
_TOWNS = {
    "LV": ("Rēzekne", "Ludza", "Balvi", "Preiļi", "Krāslava", "Līvāni", "Dagda", "Viļaka"),
    "LT": ("Utena", "Zarasai", "Ignalina", "Molėtai", "Rokiškis", "Biržai"),
    "NO": ("Bodø", "Fauske", "Steinkjer"),
}
_SCHOOL = {"LV": "%s, %s. skola", "LT": "%s, %s-oji mokykla", "NO": "%s, skole nr. %s"}


async def crowd(stage: Stage, count: int) -> AsyncIterator[int]:
    """Add people, each with a registration, most with a scan; yields how many more are there."""
    people = People(clock.now().year, ("municipalities", "NGOs", "young people"))
    orgs = _schools(min(LARGEST, count // 30 + 3))
    today = clock.today(stage.project.timezone)
    done = 0
    while done < count:
        size = min(AT_ONE, count - done)
        number = done // AT_ONE
        seats = [_seat(people, orgs[(done + n) % len(orgs)], done + n) for n in range(size)]
        event = {
            "kind": "publicity",
            "title": {code: f"{said} {number + 1}" for code, said in _TITLE.items()},
            "place": _TOWNS["LV"][number % len(_TOWNS["LV"])],
            "open_to_public": True,
            "activity": "1.2",
            **at(today - timedelta(days=20 + number * 2), "10:00-18:00"),
        }
        await write(stage, Occasion(event, seats=seats))
        stage.register.forget()
        await settle(stage.project.id)
        done += size
        yield size


def _schools(count: int) -> list[Org]:
    found = []
    for number in range(count):
        country = ("LV", "LT", "LV", "LT", "NO")[number % 5]
        towns = _TOWNS[country]
        name = _SCHOOL[country] % (towns[number // 5 % len(towns)], number // 5 // len(towns) + 1)
        found.append(
            Org(name if number % 5 < 2 else f"{name} ({number % 5})", country, "education")
        )
    return found


def _seat(people: People, org: Org, number: int) -> Seat:
    """Every eighth did not come."""
    guest = people.guest(org, box=f"{number + 1}")
    return Seat(guest, came="no" if number % 8 == 7 else CAME[number % len(CAME)])
