"""The sixth, invented project, and its past; upcoming.py and today.py make the rest."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core import clock
from core.db import atomic
from demo.organisations import LAKES, LATGALE, NORWEGIAN
from demo.plan import (
    DISCUSSION,
    Guest,
    Occasion,
    Org,
    People,
    Words,
    absent,
    at,
    conference_day,
    course_day,
    programme,
    seats,
)
from demo.writer import ALICE, Stage, write
from events.event.event import Event
from events.projects.projects import Project
from indicators.report.periods import Period
from indicators.report.report import submit
from indicators.rules.indicators import Indicator

CODE, SLUG = "DEMO-6", "neighbours"
AGENCY = Org("Ezermalas attīstības aģentūra", "LV", "association")
CENTRE = Org("Paežerių bendruomenės centras", "LT", "ngo")
VILLAGE = Org("Fjordvik kommune", "NO", "municipality")
TITLE = {
    "lv": "Kaimiņi pie ezeriem",
    "lt": "Kaimynai prie ežerų",
    "en": "Neighbours by the lakes",
    "nb": "Naboer ved innsjøene",
}
STATEMENT = {
    "lv": "Šis projekts ir izdomāts. Šeit stāvētu jūsu finansētāja teksts.",
    "lt": "Šis projektas išgalvotas. Čia būtų jūsų finansuotojo tekstas.",
    "en": "This project is invented. Your funder's statement would stand here.",
    "nb": "Dette prosjektet er oppdiktet. Her ville teksten fra deres finansieringskilde stå.",
}
INDICATORS = (
    ("RCO81", 300),
    ("RCO115", 4),
    ("RCO85", 60),
    ("RCR81", 40),
    ("RCO87", 3),
    ("PEOPLE", 400),
    ("PARTICIPATIONS", 600),
    ("HOURS-D", None),
    ("HOURS-P", None),
    ("EVENTS", 20),
    ("VISITS", 2),
)
SCHEME: Words = {
    "lv": "Sabiedrības līdzdalības vadītāji",
    "lt": "Dalyvavimo moderatoriai",
    "en": "Facilitators of participation",
    "nb": "Fasilitatorer for medvirkning",
}


PLAIN = str.maketrans("āčēģīķļņšūž", "acegiklnsuz")


def partner(org: Org, role: str = "") -> dict[str, str]:
    """An organisation as `Project.begin` takes it."""
    found = {"name": org.name, "country": org.country, "kind": org.kind}
    return {**found, "role": role} if role else found


@atomic
async def begin() -> Project:
    """The project itself, with indicators of the shipped packs and two reporting periods."""
    first = clock.today("Europe/Riga").replace(day=1) - timedelta(days=300)
    project = await Project.begin(
        ALICE,
        code=CODE,
        slug=SLUG,
        acronym="NEIGHBOURS",
        title=TITLE,
        programme="An invented programme, for trying Viesis out",
        statement=STATEMENT,
        timezone="Europe/Riga",
        languages=["lv", "lt", "en", "nb"],
        starts_on=str(first.replace(day=1)),
        ends_on=str(first.replace(day=1) + timedelta(days=1095)),
        accent="#0b6e4f",
        contact_email=ALICE.name,
        target_groups=["municipalities", "NGOs", "young people"],
        lead=partner(AGENCY),
        partners=[partner(CENTRE, "partner"), partner(VILLAGE, "donor_partner")],
        activities=[
            {
                "number": "1.1",
                "title": {"en": "Learning together", "lv": "Mācāmies kopā", "lt": "Mokomės kartu"},
            },
            {
                "number": "1.2",
                "title": {"en": "Meeting each other", "lv": "Tiekamies", "lt": "Susitinkame"},
            },
        ],
    )
    for code, target in INDICATORS:
        await Indicator.shipped(project, ALICE, code, target=target)
    middle = first.replace(day=1) + timedelta(days=182)
    await Period.make(project, ALICE, "Period 1", first.replace(day=1), middle)
    await Period.make(
        project, ALICE, "Period 2", middle + timedelta(days=1), middle + timedelta(days=365)
    )
    return project


class Cast:
    """Who takes part in the sixth project."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.regulars = people.guests([*LATGALE[:9], *LAKES[:5]], 60)
        self.norwegians = people.guests(NORWEGIAN, 10)
        self.partners = people.guests([AGENCY, CENTRE, VILLAGE], 12)


async def past(stage: Stage, cast: Cast) -> list[Event]:
    """What the project has held: an opening, a scheme of three modules, workshops, a visit, an
    internal meeting.
    """
    today = clock.today(stage.project.timezone)
    await stage.begin_series([{"kind": "scheme", "title": SCHEME, "threshold_percent": 80}])
    occasions = [_opening(cast, today), *(_module(cast, today, number) for number in range(3))]
    occasions += [_workshop(cast, today), _visit(cast, today), _internal(cast, today)]
    return [await write(stage, occasion) for occasion in occasions]


def twins(guests: list[Guest]) -> list[Guest]:
    """The first two as they registered once more, for the page of duplicates: a tag in the address,
    plain letters.
    """
    one, two = guests[:2]
    box, domain = one.email.split("@")
    return [
        replace(one, email=f"{box}+projekti@{domain}"),
        replace(two, name=two.name.translate(PLAIN), email=f"info@{domain}"),
    ]


async def report(project: Project) -> None:
    """Submit the first period, which is over: its figures stay as they are."""
    period = await Period.get(project_id=project.id, name="Period 1")
    await submit(project, period, ALICE)


def _opening(cast: Cast, today: date) -> Occasion:
    day = today - timedelta(days=250)
    title = {
        "lv": "Projekta atklāšana",
        "lt": "Projekto atidarymas",
        "en": "Opening of the project",
        "nb": "Åpning av prosjektet",
    }
    event = _of(
        "publicity", title, day, "11:00-15:00", "Rēzekne", open_to_public=True, activity="1.2"
    )
    guests = (
        cast.regulars[2:]
        + twins(cast.regulars)
        + cast.norwegians
        + cast.people.guests([*LATGALE, *LAKES], 50)
    )
    return Occasion(
        event, conference_day(day)[1:5], seats(guests) + seats(cast.partners[:4], role="organiser")
    )


def _module(cast: Cast, today: date, number: int) -> Occasion:
    """Twenty-eight began; a few missed a day, so that not all of them completed it."""
    day = today - timedelta(days=200 - 40 * number)
    title = {code: f"{said} ({number + 1}/3)" for code, said in SCHEME.items()}
    town, country = (("Preiļi", "LV"), ("Utena", "LT"), ("Krāslava", "LV"))[number]
    event = _of(
        "training",
        title,
        day,
        "09:00-17:00",
        town,
        days=2,
        capacity=30,
        activity="1.1",
        country=country,
    )
    guests = cast.regulars[:28]
    away = 5 if number == 1 else 2
    there = seats(guests[away:]) + seats(guests[:away], "first" if number == 1 else "no")
    return Occasion(event, course_day(day) + course_day(day + timedelta(days=1)), there, "scheme")


def _workshop(cast: Cast, today: date) -> Occasion:
    day = today - timedelta(days=45)
    title = {
        "lv": "Darbnīca: kopīgs dārzs",
        "lt": "Dirbtuvės: bendras sodas",
        "en": "Workshop: a garden for all",
        "nb": "Verksted: en felles hage",
    }
    event = _of(
        "workshop", title, day, "10:00-16:30", "Zarasai", capacity=50, country="LT", activity="1.2"
    )
    guests = cast.regulars[10:50] + cast.norwegians[:5]
    return Occasion(event, course_day(day), seats(guests) + absent(cast.regulars[50:56]))


def _visit(cast: Cast, today: date) -> Occasion:
    day = today - timedelta(days=90)
    title = {
        "lv": "Norvēģu kolēģi Latgalē",
        "lt": "Norvegų kolegos Latgaloje",
        "en": "Norwegian colleagues in Latgale",
        "nb": "Norske kolleger i Latgale",
    }
    event = _of(
        "study_visit",
        title,
        day,
        "09:00-17:00",
        "Ludza",
        days=3,
        direction={"from": "NO", "to": "LV"},
    )
    items: list[dict[str, Any]] = []
    for number in range(3):
        hours = [("10:00-12:00", "visit", DISCUSSION), ("14:00-16:00", "visit", DISCUSSION)]
        items += programme(day + timedelta(days=number), hours)
    return Occasion(event, items, seats(cast.norwegians))


def _internal(cast: Cast, today: date) -> Occasion:
    title = {
        "lv": "Partneru sanāksme",
        "lt": "Partnerių susitikimas",
        "en": "Meeting of the partners",
        "nb": "Partnermøte",
    }
    event = _of(
        "working_group", title, today - timedelta(days=30), "10:00-14:00", "Rēzekne", internal=True
    )
    return Occasion(event, [], seats(cast.partners, "manual"))


def _of(
    kind: str, title: Words, day: date, hours: str, place: str, *, days: int = 1, **more: Any
) -> dict[str, Any]:
    """An event of the partners from two countries; in Lithuania, Lithuanian time."""
    zone = "Europe/Vilnius" if more.get("country") == "LT" else "Europe/Riga"
    basics = {
        "kind": kind,
        "title": title,
        "place": place,
        "timezone": zone,
        "organisers": ["LV", "LT"],
    }
    return {**basics, **at(day, hours, days), **more}


def companions(cast: Cast, count: int) -> list[Guest]:
    """New people, mixed from both countries."""
    return cast.people.guests(
        [org for pair in zip(LATGALE, [*LAKES, *LAKES, *LAKES], strict=False) for org in pair],
        count,
    )
