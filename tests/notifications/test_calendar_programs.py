"""What a calendar makes of the invitations that one person is sent, one after the other, as things
change.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.sessions.access import Actor
from core.settings import Settings
from events.event.event import Event
from events.programme.sessions import Session
from registrations.registration.registration import Registration
from tests.notifications.inviting import calendars, checked, conference, guest, last, sent
from tests.support.calendar_programs import invited, khal, vobjects
from tests.support.smtp import SmtpServer

ALICE = Actor("alice@example.org")
DAY = "2031-12-10"

# What a program makes of the bytes does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def visit() -> tuple[Event, Session, Registration]:
    """A day at the town hall, with a train, and Bob who comes."""
    starts = datetime(2031, 12, 10, 7, tzinfo=UTC)
    event = await conference(
        title={"en": "Visit"}, starts_at=starts, ends_at=starts + timedelta(hours=8)
    )
    train = await Session.add(
        event, ALICE, kind="travel", title="Train", starts_at=f"{DAY}T15:30", ends_at=f"{DAY}T16:30"
    )
    return event, train, await guest(event)


async def newest(mail: SmtpServer) -> tuple[bytes, dict[str, Any]]:
    """The invitation in the newest mail to Bob, and what ical.js reads in it; the other programs
    read the same.
    """
    await sent()
    ((_first, body), _file) = calendars(last(mail))
    assert checked(body) == []
    found = invited(body)
    assert vobjects(body) == {found["title"]: (found["starts"][:16], found["status"])}
    return body, found


def seen(found: dict[str, Any]) -> tuple[Any, ...]:
    """What a person sees of it: method, begin, end, zone, status."""
    return tuple(found[name] for name in ("method", "starts", "ends", "zone", "status"))


async def test_each_program_follows_an_invitation_to_its_end(
    mail: SmtpServer, database: Settings, tmp_path: Path
) -> None:
    event, train, _bob = await visit()
    body, first = await newest(mail)
    assert seen(first) == (
        "REQUEST",
        f"{DAY}T09:00:00",
        f"{DAY}T17:00:00",
        "Europe/Riga",
        "CONFIRMED",
    )
    assert khal(body, tmp_path / "khal") == {"Visit": (f"{DAY}T09:00", "CONFIRMED")}
    await train.change(event, ALICE, starts_at=f"{DAY}T14:15", ends_at=f"{DAY}T15:30")
    _body, earlier = await newest(mail)
    assert "14:15–15:30 Train" in earlier["description"]
    await event.change(ALICE, starts_at=f"{DAY}T10:00", ends_at=f"{DAY}T18:00")
    _body, later = await newest(mail)
    assert seen(later) == (
        "REQUEST",
        f"{DAY}T10:00:00",
        f"{DAY}T18:00:00",
        "Europe/Riga",
        "CONFIRMED",
    )
    await event.change(ALICE, timezone="Europe/Oslo")
    _body, oslo = await newest(mail)
    assert seen(oslo) == (
        "REQUEST",
        f"{DAY}T10:00:00",
        f"{DAY}T18:00:00",
        "Europe/Oslo",
        "CONFIRMED",
    )
    assert oslo["moment"] - later["moment"] == 3600, "what the clocks show stays"
    await train.remove(event, ALICE)
    _body, without = await newest(mail)
    assert "Train" not in without["description"]
    await event.cancel(ALICE, "Snow")
    body, ended = await newest(mail)
    assert seen(ended) == (
        "CANCEL",
        f"{DAY}T10:00:00",
        f"{DAY}T18:00:00",
        "Europe/Oslo",
        "CANCELLED",
    )
    assert "CANCELLED" in khal(body, tmp_path / "khal")["Visit"][1]
    story = [first, earlier, later, oslo, without, ended]
    numbers = [one["sequence"] for one in story]
    assert numbers == sorted(set(numbers))
    ((_uid, organizer, who),) = {(one["uid"], one["organizer"], one["guest"]) for one in story}
    assert (organizer, who) == ("mailto:anna@example.org", "mailto:bob@example.org")
