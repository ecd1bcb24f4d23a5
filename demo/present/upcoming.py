"""What is coming in the sixth project: events to register for, one full with a waiting list, a
study visit, drafts.
"""

from datetime import date, timedelta
from typing import Any

from core import clock
from core.db import atomic
from demo.plan import Words, at, conference_day, course_day
from demo.present.announcements import announce, register, spoken, weekday
from demo.present.project import Cast, companions
from demo.present.study_visit import visit
from demo.writer import ALICE, Stage
from events.projects.projects import Project


@atomic
async def coming(stage: Stage, cast: Cast) -> None:
    """Everything after today."""
    project = stage.project
    lead, both = [stage.partners["LV"]], [stage.partners["LV"], stage.partners["LT"]]
    today = clock.today(project.timezone)
    await _conference(project, cast, today, both)
    await _full(project, cast, today, both)
    await visit(project, cast, today, [*both, stage.partners["NO"]])
    await _small(project, cast, today, lead)
    await _drafts(project, today, lead)


async def _conference(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    day = weekday(today + timedelta(days=24))
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
    items = spoken(
        conference_day(day) + conference_day(day + timedelta(days=1)),
        cast.partners + cast.norwegians,
    )
    event = await announce(project, given, items)
    for number, guest in enumerate(cast.regulars[:38]):
        await register(event, guest, ago=13 - number / 3, notify=number < 5)


async def _full(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    """Twelve seats: eleven taken, the twelfth given up and offered to the first of seven who
    waited.
    """
    day = weekday(today + timedelta(days=12))
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
    made = [
        await register(event, guest, ago=13 - number / 2, notify=number > 11)
        for number, guest in guests
    ]
    await made[4].cancel("Slimības dēļ", notify=False)


async def _small(project: Project, cast: Cast, today: date, organisers: list[str]) -> None:
    """One of each other kind, and one that was called off."""
    for kind, days, hours, place_, words in _SMALL:
        day = weekday(today + timedelta(days=days))
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
        (
            70,
            "conference",
            {
                "lv": "Noslēguma konference",
                "en": "Closing conference",
                "lt": "Baigiamoji konferencija",
            },
        ),
        (
            55,
            "training",
            {
                "lv": "Mācības: vienkārša valoda",
                "en": "Training: plain words",
                "lt": "Mokymai: paprasta kalba",
            },
        ),
    ):
        day = weekday(today + timedelta(days=days))
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
