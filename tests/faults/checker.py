"""What must hold after any fault, asked of the database itself and of the clients' logs."""

import json
import sqlite3
from typing import Any

import asyncpg

from tests.support.running import Program

Facts = dict[str, Any]

REGISTRATIONS = "SELECT id, event_id, status, waiting_number FROM registration"
EVENTS = "SELECT id, slug, capacity, seats_taken, waiting FROM event"
MAILS = "SELECT id, kind, to_email, state, about FROM message"
KEYS = "SELECT key FROM idempotency_key"


async def facts(url: str) -> Facts:
    """Everything the checker needs, read beside the program; and the database's own integrity
    check.
    """
    if url.startswith("sqlite"):
        connection = sqlite3.connect(f"file:{url.removeprefix('sqlite://')}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            names = {"registrations": REGISTRATIONS, "events": EVENTS, "mails": MAILS}
            found: Facts = {
                k: [dict(r) for r in connection.execute(sql)] for k, sql in names.items()
            }
            found["integrity"] = [r[0] for r in connection.execute("PRAGMA integrity_check")]
        finally:
            connection.close()
        return found
    plain = await asyncpg.connect(url)
    try:
        names = {"registrations": REGISTRATIONS, "events": EVENTS, "mails": MAILS}
        found = {k: [dict(r) for r in await plain.fetch(sql)] for k, sql in names.items()}
        # reading every table and index from end to end is PostgreSQL's own way to find what is
        # broken
        await plain.execute("REINDEX TABLE registration")
        found["integrity"] = ["ok"]
    finally:
        await plain.close()
    return found


def wrong(found: Facts, acknowledged: dict[str, str]) -> list[str]:
    """What does not hold. `acknowledged`: id of a registration → status, as clients were told."""
    said = []
    stored = {str(r["id"]): r for r in found["registrations"]}
    said += [
        f"acknowledged registration {i} is not stored" for i in acknowledged if i not in stored
    ]
    said += [
        f"{i} was told {s}, stored is {stored[i]['status']}"
        for i, s in acknowledged.items()
        if i in stored and stored[i]["status"] != s
    ]
    for event in found["events"]:
        mine = [r for r in found["registrations"] if r["event_id"] == event["id"]]
        seated = sum(r["status"] in {"confirmed", "offered"} for r in mine)
        waiting = sum(r["status"] == "waiting" for r in mine)
        if event["capacity"] is not None and seated > event["capacity"]:
            said.append(f"{event['slug']}: {seated} seated, {event['capacity']} seats")
        if (event["seats_taken"], event["waiting"]) != (seated, waiting):
            said.append(
                f"{event['slug']}: counters {event['seats_taken']}+{event['waiting']}, counted {seated}+{waiting}"
            )
        if waiting and event["capacity"] is not None and seated < event["capacity"]:
            said.append(f"{event['slug']}: a seat is left while {waiting} wait")
        numbers = [r["waiting_number"] for r in mine if r["status"] == "waiting"]
        if len(numbers) != len(set(numbers)):
            said.append(f"{event['slug']}: two have one place")
    about = {str(_about(m).get("registration")) for m in found["mails"]}
    said += [f"registration {i} has no mail" for i in stored if i not in about]
    said += [
        f"a mail about registration {i}, which is not stored" for i in about if i not in stored
    ]
    said += [f"integrity: {line}" for line in found["integrity"] if line != "ok"]
    return said


def recounted(served: Program) -> list[str]:
    """What `viesis recount` says differs."""
    try:
        served.command("recount")
    except AssertionError as error:
        return [f"recount: {error}"]
    return []


def _about(mail: dict[str, Any]) -> dict[str, Any]:
    about = mail["about"]
    return dict(json.loads(about)) if isinstance(about, str) else dict(about)
