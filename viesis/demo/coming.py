"""What is coming in the sixth project: events to register for, one full with a waiting list, a study visit, drafts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core import clock
from core.db import atomic
from events.events import Event
from events.projects import Project
from registrations.entries import Entry
from registrations.places import place
from registrations.registrations import Registration
from viesis.demo.filling import ALICE, Stage
from viesis.demo.filling import programme as written
from viesis.demo.plan import LUNCH, Guest, Words, at, conference_day, course_day, programme
from viesis.demo.sixth import Cast, companions

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


async def register(
    event: Event,
    guest: Guest,
    *,
    ago: float,
    notify: bool = False,
    role: str = "attendee",
    sessions: tuple[int, ...] = (),
) -> Registration:
    """Register someone as the form does, so many days ago."""
    entry = Entry(
        name=guest.name,
        email=guest.email,
        organisation_name=guest.organisation.name,
        organisation_country=guest.organisation.country,
        organisation_kind=guest.organisation.kind,
        country=guest.country,
        gender=guest.gender,
        birth_year=guest.birth_year,
        target_group=guest.target_group,
        role=role,
        sessions=sessions,
    )
    with clock.travelled(timedelta(days=-ago)):
        made, _new = await place(event, entry, source="demo", notify=notify, language=guest.language)
    return made


async def announce(
    project: Project, given: dict[str, Any], items: list[dict[str, Any]], *, publish: bool = True
) -> Event:
    """An event with its programme, made a fortnight ago, published unless told otherwise."""
    with clock.travelled(timedelta(days=-14)):
        event = await Event.draft(project, ALICE, **given)
        await written(event, items)
        if publish:
            await event.publish(ALICE, notify=False)
    return event


def spoken(items: list[dict[str, Any]], guests: Sequence[Guest]) -> list[dict[str, Any]]:
    """A programme with a speaker for each talk and workshop."""
    held = [item for item in items if item["kind"] in {"talk", "workshop"}]
    for number, item in enumerate(held):
        item["speakers"] = [guests[number % len(guests)].name]
    return items


@atomic
async def coming(stage: Stage, cast: Cast) -> None:
    """Everything after today."""
    project = stage.project
    lead, both = [stage.partners["LV"]], [stage.partners["LV"], stage.partners["LT"]]
    today = clock.today(project.timezone)
    await _conference(project, cast, today, both)
    await _full(project, cast, today, both)
    await _visit(project, cast, today, [*both, stage.partners["NO"]])
    await _small(project, cast, today, lead)
    await _drafts(project, today, lead)


async def _conference(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    day = _weekday(today + timedelta(days=24))
    title = {
        "lv": "Konference “Kaimiņi lemj kopā”",
        "lt": "Konferencija „Kaimynai sprendžia kartu“",
        "en": "Conference: neighbours decide together",
        "nb": "Konferanse: naboer bestemmer sammen",
    }
    text = {
        "lv": "Divas dienas par to, kā iedzīvotāji piedalās lēmumos. Tulkojums lietuviski un angliski.",
        "lt": "Dvi dienos apie tai, kaip gyventojai dalyvauja priimant sprendimus. Vertimas į latvių ir anglų kalbas.",
        "en": "Two days about how people take part in decisions. Interpretation into Latvian and Lithuanian.",
        "nb": "To dager om hvordan innbyggere deltar i beslutninger. Tolking til latvisk og litauisk.",
    }
    given = {
        "kind": "conference",
        "title": title,
        "description": text,
        "place": "Rēzekne",
        "capacity": 150,
        "open_to_public": True,
        "organisers": organisers,
        "activity": "1.2",
        "agenda_days_before": 3,
        **at(day, "09:00-17:00", 2),
    }
    items = spoken(conference_day(day) + conference_day(day + timedelta(days=1)), cast.partners + cast.norwegians)
    event = await announce(project, given, items)
    for number, guest in enumerate(cast.regulars[:38]):
        await register(event, guest, ago=13 - number / 3, notify=number < 5)


async def _full(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    """Twelve seats: eleven taken, the twelfth given up and offered to the first of seven who waited."""
    day = _weekday(today + timedelta(days=12))
    title = {
        "lv": "Mācības: kā vadīt sarunu",
        "lt": "Mokymai: kaip vesti pokalbį",
        "en": "Training: leading a conversation",
        "nb": "Kurs: å lede en samtale",
    }
    given = {
        "kind": "training",
        "title": title,
        "place": "Daugavpils",
        "capacity": 12,
        "open_to_public": True,
        "organisers": organisers,
        "activity": "1.1",
        "reminder_hours_before": 24,
        **at(day, "09:00-17:00"),
    }
    event = await announce(project, given, course_day(day))
    guests = enumerate(companions(cast, 19))
    made = [await register(event, guest, ago=13 - number / 2, notify=number > 11) for number, guest in guests]
    await made[4].cancel("Slimības dēļ", notify=False)


async def _visit(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    day = _weekday(today + timedelta(days=40))
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
    made = [await register(event, guest, ago=12 - number) for number, guest in enumerate(companions(cast, 11))]
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
    items += programme(there, [("12:45-13:45", "meal", LUNCH), ("14:30-16:30", "visit", _HALL)], place="Bodø")
    items += [
        {"kind": "stay", "title": _HOTEL, "place": "Bodø", "starts_at": f"{there}T17:00", "ends_at": f"{back}T08:00"}
    ]
    middle = day + timedelta(days=1)
    hours = [("09:00-11:30", "visit", _LIBRARY), ("12:00-13:00", "meal", LUNCH), ("13:30-16:00", "visit", _SCHOOL)]
    items += programme(middle, hours, place="Bodø")
    items += programme(back, [("09:00-10:30", "visit", _HALL)], place="Fauske")
    items += programme(back, [("13:05-14:35", "travel", _FLIGHT)], place="BOO – OSL")
    return items + programme(back, [("16:10-19:00", "travel", _FLIGHT)], place="OSL – RIX", **returns)


async def _small(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    """One of each other kind, and one that was called off."""
    for kind, days, hours, place_, words in _SMALL:
        day = _weekday(today + timedelta(days=days))
        given: dict[str, Any] = {
            "kind": kind,
            "title": words,
            "place": place_,
            "organisers": organisers,
            **at(day, hours),
        }
        given["capacity"] = _SEATS.get(kind)
        if kind in {"debate", "publicity", "workshop"}:
            given["open_to_public"] = True
        if kind == "debate":
            given["online_url"] = "https://meet.example.org/neighbours"
        event = await announce(project, given, [])
        for guest in cast.regulars[days % 20 :: 9]:
            await register(event, guest, ago=days % 12)
        if kind == "publicity":
            await event.cancel(ALICE, "Zāle ir slēgta remonta dēļ.", notify=False)


async def _drafts(project: Project, today: date, organisers: list[str]) -> None:
    for days, kind, words in (
        (70, "conference", {"lv": "Noslēguma konference", "en": "Closing conference", "lt": "Baigiamoji konferencija"}),
        (
            55,
            "training",
            {"lv": "Mācības: vienkārša valoda", "en": "Training: plain words", "lt": "Mokymai: paprasta kalba"},
        ),
    ):
        day = _weekday(today + timedelta(days=days))
        given = {"kind": kind, "title": words, "organisers": organisers, **at(day, "10:00-16:00")}
        await announce(project, given, [], publish=False)


_SEATS = {"coaching": 1, "group_coaching": 10, "consultation": 4, "workshop": 40}
_SMALL: tuple[tuple[str, int, str, str, Words], ...] = (
    (
        "debate",
        9,
        "18:00-20:00",
        "Daugavpils",
        {"lv": "Diskusija: kam pieder ezers?", "lt": "Diskusija: kieno ežeras?", "en": "Debate: whose lake is it?",
         "nb": "Debatt: hvem eier innsjøen?"},
    ),
    (
        "workshop",
        17,
        "10:00-16:00",
        "Zarasai",
        {"lv": "Darbnīca: kopīga pieteikuma rakstīšana", "lt": "Dirbtuvės: rašome bendrą paraišką",
         "en": "Workshop: writing an application together", "nb": "Verksted: å skrive en felles søknad"},
    ),
    (
        "coaching",
        6,
        "13:00-15:00",
        "Preiļi",
        {"lv": "Koučings vadītājai", "lt": "Ugdomasis konsultavimas vadovei", "en": "Coaching for a manager"},
    ),
    (
        "group_coaching",
        20,
        "10:00-15:00",
        "Līvāni",
        {"lv": "Grupu koučings", "lt": "Grupinis ugdomasis konsultavimas", "en": "Group coaching"},
    ),
    (
        "consultation",
        5,
        "09:00-12:00",
        "Ludza",
        {"lv": "Konsultācija par līdzdalības budžetu", "lt": "Konsultacija dėl dalyvaujamojo biudžeto",
         "en": "Consultation on participatory budgets"},
    ),
    (
        "working_group",
        15,
        "10:00-13:00",
        "Rēzekne",
        {"lv": "Darba grupa: jaunieši", "lt": "Darbo grupė: jaunimas", "en": "Working group: young people"},
    ),
    (
        "publicity",
        30,
        "12:00-16:00",
        "Krāslava",
        {"lv": "Kaimiņu svētki", "lt": "Kaimynų šventė", "en": "Neighbours' fair", "nb": "Nabofest"},
    ),
)  # fmt: skip


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
