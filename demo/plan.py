"""What the demo writes, as data: guests, their seats at occasions, and who came how."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from core.text import search_key, slug
from demo.names import invented

LANGUAGE = {"LT": "lt", "LV": "lv", "NO": "nb"}
Words = dict[str, str]


class Org(NamedTuple):
    """An organisation, named in the language of its country; `part_of` is the organisation it is a
    department of.
    """

    name: str
    country: str
    kind: str
    part_of: str = ""

    @property
    def domain(self) -> str:
        """A domain that nobody can have (RFC 2606)."""
        return f"{slug(self.name, 30)}.example"


@dataclass(frozen=True)
class Guest:
    """Someone invented."""

    name: str
    email: str
    organisation: Org
    country: str
    gender: str = ""
    birth_year: int | None = None
    target_group: str = ""

    @property
    def language(self) -> str:
        """What this person reads."""
        return LANGUAGE.get(self.country, "en")


@dataclass(frozen=True)
class Seat:
    """A guest's registration at an occasion. `came`: see `demo.doors`."""

    guest: Guest
    role: str = "attendee"
    status: str = "confirmed"
    came: str = "qr"


@dataclass
class Occasion:
    """An event as `Event.draft` takes it, its programme as `Session.add` does, and who registered.

    `after` is what was said afterwards: a reason why it is held without lists, or why it was
    cancelled.
    """

    event: dict[str, Any]
    programme: list[dict[str, Any]] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    series: str = ""
    after: tuple[str, str] = ("", "")


@dataclass
class Plan:
    """A project's past, and what was entered by hand: indicator's name → note and evidence."""

    code: str
    occasions: list[Occasion]
    series: list[dict[str, Any]] = field(default_factory=list)
    manual: dict[str, tuple[str, str]] = field(default_factory=dict)
    entered_on: tuple[date, date] = (date(2020, 1, 1), date(2020, 12, 31))


class People:
    """Guests of one project: no two with the same name, ages as of `year`, genders as given or two
    women to one man.
    """

    def __init__(self, year: int, groups: Sequence[str] = ()) -> None:
        self.year, self.groups = year, list(groups)
        self._made: dict[tuple[str, str], int] = {}
        self._count = 0

    def guest(self, organisation: Org, gender: str | None = None, box: str = "") -> Guest:
        """The next one of this organisation. An empty `gender` is not stated; `box` makes the
        address unique.
        """
        self._count += 1
        n = self._count
        said = ("female", "female", "male")[n % 3] if gender is None else gender
        borne = said if said in {"female", "male"} else ("female", "male")[n % 2]
        number = self._made.get((organisation.country, borne), 0)
        self._made[organisation.country, borne] = number + 1
        name = invented(organisation.country, borne, number)
        return Guest(
            name=name,
            email=f"{'.'.join([*search_key(name).split(), *filter(None, [box])])}@{organisation.domain}",
            organisation=organisation,
            country=organisation.country,
            gender=said,
            birth_year=None if n % 9 == 0 else self.year - 23 - n * 17 % 43,
            target_group=self.groups[n % len(self.groups)] if self.groups else "",
        )

    def guests(
        self, organisations: Sequence[Org], count: int, genders: Iterable[str] | None = None
    ) -> list[Guest]:
        """So many, of these organisations in turn."""
        said = iter(genders) if genders else None
        return [
            self.guest(organisations[i % len(organisations)], next(said) if said else None)
            for i in range(count)
        ]


CAME = ("qr",) * 10 + ("paper", "late", "qr", "manual", "left", "qr", "paper", "qr")


def seats(guests: Iterable[Guest], came: str = "", role: str = "attendee") -> list[Seat]:
    """Seats of people who came, most by ticket, some on paper, some late."""
    return [Seat(guest, role, came=came or CAME[i % len(CAME)]) for i, guest in enumerate(guests)]


def absent(guests: Iterable[Guest]) -> list[Seat]:
    """Seats of people who did not come: every third had said so."""
    return [
        Seat(g, status="cancelled" if i % 3 == 2 else "confirmed", came="no")
        for i, g in enumerate(guests)
    ]


def at(day: date, hours: str, days: int = 1) -> dict[str, str]:
    """`starts_at` and `ends_at`, local: `at(date(2016, 4, 21), "09:00-17:00")`."""
    begins, ends = hours.split("-")
    return {"starts_at": f"{day}T{begins}", "ends_at": f"{day + timedelta(days=days - 1)}T{ends}"}


def programme(
    day: date, items: Sequence[tuple[str, str, Words]], **more: Any
) -> list[dict[str, Any]]:
    """A day's items, each `(hours, kind, title)`."""
    return [
        {"kind": kind, "title": title, **at(day, hours), **more} for hours, kind, title in items
    ]


COFFEE: Words = {"en": "Coffee", "lt": "Kava", "lv": "Kafija", "nb": "Kaffe"}
LUNCH: Words = {"en": "Lunch", "lt": "Pietūs", "lv": "Pusdienas", "nb": "Lunsj"}
WELCOME: Words = {"en": "Welcome", "lt": "Sveikinimo žodis", "lv": "Ievadvārdi", "nb": "Velkommen"}
DISCUSSION: Words = {"en": "Discussion", "lt": "Diskusija", "lv": "Diskusija", "nb": "Diskusjon"}
GROUPS: Words = {
    "en": "Work in groups", "lt": "Darbas grupėse", "lv": "Darbs grupās", "nb": "Arbeid i grupper",
}  # fmt: skip
EXAMPLES: Words = {
    "en": "Examples from practice",
    "lt": "Praktikos pavyzdžiai",
    "lv": "Prakses piemēri",
    "nb": "Eksempler fra praksis",
}
SUMMARY: Words = {
    "en": "Summing up",
    "lt": "Apibendrinimas",
    "lv": "Kopsavilkums",
    "nb": "Oppsummering",
}


def course_day(day: date) -> list[dict[str, Any]]:
    """A day of a course: six counted hours and lunch."""
    items = [
        ("09:30-12:30", "talk", EXAMPLES),
        ("12:30-13:30", "meal", LUNCH),
        ("13:30-16:30", "workshop", GROUPS),
    ]
    return programme(day, items)


def conference_day(day: date) -> list[dict[str, Any]]:
    """A day of a conference."""
    items = [
        ("09:30-10:00", "talk", WELCOME),
        ("10:00-11:30", "talk", EXAMPLES),
        ("11:30-12:00", "break", COFFEE),
        ("12:00-13:00", "talk", DISCUSSION),
        ("13:00-14:00", "meal", LUNCH),
        ("14:00-15:30", "workshop", GROUPS),
        ("15:30-16:30", "talk", SUMMARY),
    ]
    return programme(day, items)
