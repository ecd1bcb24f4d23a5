"""What people see in their calendar programs, before and after a train, a zone, a session and an
event changed.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from accounts.sessions.access import Actor
from events.event.event import Event
from events.programme.sessions import Session
from tests.support import calendar_programs, factories, libical
from tests.support.calendar_programs import PROGRAMS, Shown
from tests.support.lint_ics import lint

ALICE = Actor("alice")
DAY = "2031-12-10"


async def visit() -> tuple[Event, dict[str, Session]]:
    start = datetime(2031, 12, 10, 7, tzinfo=UTC)
    of = await factories.project()
    event = await factories.event(
        of, title={"en": "Visit"}, starts_at=start, ends_at=start + timedelta(hours=32)
    )
    hours: dict[str, dict[str, Any]] = {
        "Flight": {"starts_at": f"{DAY}T07:00", "ends_at": f"{DAY}T07:55", "kind": "travel"},
        "Opening": {"starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T10:30", "kind": "talk"},
        "Hotel": {"starts_at": f"{DAY}T16:00", "ends_at": "2031-12-11T10:00", "kind": "stay"},
        "Train": {"starts_at": f"{DAY}T23:30", "ends_at": "2031-12-11T01:30", "kind": "travel"},
    }
    hours["Flight"] |= {"timezone": "Europe/Riga", "end_timezone": "Europe/Oslo"}
    return event, {
        title: await Session.add(event, ALICE, title=title, **given)
        for title, given in hours.items()
    }


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_each_program_shows_what_a_person_expects(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    """On one engine: what a program makes of the bytes does not depend on it."""
    event, sessions = await visit()
    mine = await factories.register(event, "Ilze Bērziņa")
    addresses = [f"/e/{event.slug}.ics", f"{mine.calendar_url}?remind=evening"]
    wanted: Shown = {
        "Visit": (DAY, "CONFIRMED"),
        "Flight": (f"{DAY}T07:00", "CONFIRMED"),
        "Opening": (f"{DAY}T09:00", "CONFIRMED"),
        "Hotel": (DAY, "CONFIRMED"),
        "Train": (f"{DAY}T23:30", "CONFIRMED"),
    }
    await all_show(client, addresses, wanted, tmp_path)
    await sessions["Train"].change(event, ALICE, starts_at=f"{DAY}T22:15", ends_at=f"{DAY}T23:50")
    wanted["Train"] = (f"{DAY}T22:15", "CONFIRMED")
    await all_show(client, addresses, wanted, tmp_path)
    before = sequences((await client.get(addresses[0])).text)
    await event.change(ALICE, timezone="Europe/Oslo")
    await all_show(client, addresses, wanted, tmp_path, khal=False)
    after = sequences((await client.get(addresses[0])).text)
    assert set(after) == set(before)
    assert all(after[uid] > before[uid] for uid in before)
    await sessions["Opening"].remove(event, ALICE)
    wanted["Opening"] = (wanted["Opening"][0], "CANCELLED")
    await all_show(client, addresses, wanted, tmp_path, khal=False)
    await event.cancel(ALICE, "Snow")
    wanted = {title: (start, "CANCELLED") for title, (start, _status) in wanted.items()}
    await all_show(client, addresses, wanted, tmp_path)
    found = (await client.get(f"/p/{event.project.slug}.ics")).content
    assert [show(found) for show in PROGRAMS.values()] == [{"Visit": (DAY, "CANCELLED")}] * len(
        PROGRAMS
    )


async def all_show(
    client: httpx.AsyncClient,
    addresses: list[str],
    wanted: Shown,
    folder: Path,
    *,
    khal: bool = True,
) -> None:
    for address in addresses:
        body = (await client.get(address)).content
        assert (lint(body), libical.complaints(body)) == ([], [])
        for name, shows in PROGRAMS.items():
            assert shows(body) == wanted, name
    if khal:
        found = calendar_programs.khal(body, folder / "khal")
        assert set(found) == set(wanted)
        assert [title for title, (_start, status) in found.items() if "CANCELLED" in status] == [
            title for title in found if wanted[title][1] == "CANCELLED"
        ]


def sequences(body: str) -> dict[str, int]:
    """The SEQUENCE of each UID."""
    found, uid = {}, ""
    for line in body.replace("\r\n ", "").split("\r\n"):
        if line.startswith("UID:"):
            uid = line
        if line.startswith("SEQUENCE:"):
            found[uid] = int(line.removeprefix("SEQUENCE:"))
    return found
