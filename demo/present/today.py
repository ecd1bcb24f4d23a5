"""An event that runs at this moment, with a door open: some are in, some have left, most are still
to come.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from checkin.scanning import scans
from checkin.scanning.scan_input import ScanEntry
from core import clock
from core.db import atomic
from demo.doors import DOOR
from demo.plan import COFFEE, DISCUSSION, SUMMARY, WELCOME, Words
from demo.present.announcements import announce, register, spoken
from demo.present.project import Cast, companions
from demo.writer import Stage
from events.event.event import Event
from registrations.registration.registration import Registration

TITLE: Words = {
    "lv": "Kaimiņu diena",
    "lt": "Kaimynų diena",
    "en": "Neighbours' day",
    "nb": "Nabodagen",
}
_LEFT: Words = {
    "lv": "Darbnīca: kopienas karte",
    "lt": "Dirbtuvės: bendruomenės žemėlapis",
    "en": "Workshop: a map of the community",
    "nb": "Verksted: et kart over nærmiljøet",
}
_RIGHT: Words = {
    "lv": "Darbnīca: pirmā sanāksme",
    "lt": "Dirbtuvės: pirmasis susirinkimas",
    "en": "Workshop: the first meeting",
    "nb": "Verksted: det første møtet",
}
_HALL = "Lielā zāle"
PROGRAMME = (
    ("talk", WELCOME, _HALL, None, 0, 30),
    ("talk", DISCUSSION, _HALL, None, 30, 120),
    ("break", COFFEE, "", None, 120, 150),
    ("workshop", _LEFT, "101", 40, 150, 270),
    ("workshop", _RIGHT, "102", 40, 150, 270),
    ("talk", SUMMARY, _HALL, None, 285, 360),
)
"""Kind, title, room, seats, and from which minute of six hours to which."""
EXPECTED, INSIDE, GONE = 64, 23, 2


@atomic
async def open_door(stage: Stage, cast: Cast) -> Event:
    """Begun three quarters of an hour ago; six hours in all, or until midnight, but two at
    least.
    """
    moment = clock.now().replace(second=0, microsecond=0)
    begins = moment - timedelta(minutes=45 + moment.minute % 5)
    local = begins.astimezone(ZoneInfo(stage.project.timezone))
    length = max(120, min(360, 1435 - local.hour * 60 - local.minute))
    items = spoken([_item(begins, length, *one) for one in PROGRAMME], cast.partners)
    given = {
        "kind": "conference",
        "title": TITLE,
        "place": "Rēzekne",
        "capacity": 90,
        "open_to_public": True,
        "walk_ins": "yes",
        "grace_minutes": 10,
        "activity": "1.2",
        "organisers": [stage.partners["LV"], stage.partners["LT"]],
        "starts_at": begins,
        "ends_at": begins + timedelta(minutes=length),
    }
    event = await announce(stage.project, given, items)
    await _arrive(event, await _expected(event, cast))
    return event


def _item(
    begins: datetime,
    length: int,
    kind: str,
    title: Words,
    room: str,
    seats: int | None,
    first: int,
    last: int,
) -> dict[str, Any]:
    starts, ends = (
        begins + timedelta(minutes=minute * length // 1800 * 5) for minute in (first, last)
    )
    return {
        "kind": kind,
        "title": title,
        "place": room,
        "capacity": seats,
        "starts_at": starts,
        "ends_at": ends,
    }


async def _expected(event: Event, cast: Cast) -> list[Registration]:
    """Everyone chose one of the two workshops; three of them organise."""
    rooms = [session.id for session in await event.sessions_now() if session.capacity]
    found = []
    guests = cast.partners[:3] + cast.regulars[:40] + companions(cast, EXPECTED - 43)
    for number, guest in enumerate(guests):
        role = "organiser" if number < 3 else "attendee"
        found.append(
            await register(
                event, guest, role=role, sessions=(rooms[number % 2],), ago=13 - number / 6
            )
        )
    return found


async def _arrive(event: Event, expected: list[Registration]) -> None:
    """One after the other, from a quarter of an hour before it began; the first two have left
    again.
    """
    first = event.starts_at - timedelta(minutes=15)
    span = clock.now() - timedelta(minutes=4) - first
    for number, one in enumerate(expected[: INSIDE + GONE]):
        # few come early, few late, most around the beginning
        part = 0.5 + 4 * (number / (INSIDE + GONE) - 0.5) ** 3
        await _scan(event, ScanEntry(str(uuid4()), one.ticket, scanned_at=first + span * part))
    for number, one in enumerate(expected[3 : 3 + GONE]):
        left = clock.now() - timedelta(minutes=3 - number)
        await _scan(event, ScanEntry(str(uuid4()), one.ticket, scanned_at=left, direction="out"))


async def _scan(event: Event, entry: ScanEntry) -> None:
    assert isinstance(entry.scanned_at, datetime), "made here"
    with clock.travelled(entry.scanned_at):
        await scans.record(event, [entry], actor_name=DOOR, organiser=False)
