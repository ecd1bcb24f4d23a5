"""Faults, one after the other, on both databases; ends with 1 if anything was lost."""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.clock import now
from tests.faults import doors, phone
from tests.faults.checker import facts, recounted, wrong
from tests.faults.mail_at_home import at_home
from tests.faults.mails import ten_thousand
from tests.support.postgres import private_server
from tests.support.running import Answer, Program, folder, load, post, program
from tests.support.smtp import smtp_server

API = "/api/v1"
Finding = list[str]


class Door:
    """A project and an event, made by the API of a running program."""

    def __init__(self, served: Program) -> None:
        self.served = served
        served.last_line("user", "add", "faults@example.org", "--admin")
        self.token = served.last_line("token", "add", "faults@example.org", "--name", "faults")

    async def call(self, path: str, body: Any) -> Any:
        """One POST that must succeed."""
        [answer] = await load(
            self.served.port, [post(API + path, body, self.token)], 1, patient=True
        )
        assert answer.status in {200, 201, 204}, (path, answer.status, answer.body[:500])
        return answer.json if answer.body else None

    async def event(self, **over: Any) -> str:
        """A published event in ten days."""
        lead = {"name": "Faults", "country": "LV", "kind": "ngo"}
        given = {
            "code": f"F-{time.time_ns()}",
            "title": "Faults",
            "timezone": "Europe/Riga",
            "languages": ["en"],
        }
        project = (await self.call("/projects", {**given, "lead": lead, "partners": []}))["slug"]
        begins = now() + timedelta(days=10)
        times = {
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(hours=8)).isoformat(),
        }
        event = await self.call(
            f"/projects/{project}/events",
            {"kind": "conference", "title": "Faults", **times, **over},
        )
        await self.call(f"/events/{event['slug']}/publication", {})
        return str(event["slug"])


def acknowledged(answers: list[Answer]) -> dict[str, str]:
    """What clients were told: id of a registration → status."""
    return {a.json["id"]: a.json["status"] for a in answers if a.status in {200, 201}}


async def killed_in_the_rush(url: str, place: Path, workers: int) -> Finding:
    """Serving processes die by kill -9 while 600 people want 60 seats; clients try again with the
    same key.
    """
    with program(url, place, "--no-worker", "--workers", str(workers)) as served:
        door = Door(served)
        slug = await door.event(capacity=60)
        path = f"{API}/events/{slug}/registrations"
        bodies = [{"name": f"Guest {n:04}", "email": f"guest{n}@example.org"} for n in range(600)]
        raw = [post(path, b, door.token, Idempotency_Key=f"rush-{n}") for n, b in enumerate(bodies)]
        rush = asyncio.create_task(load(served.port, raw, 64, patient=True))
        kills = 0
        while not rush.done() and kills < 6:
            await asyncio.sleep(random.uniform(0.1, 0.4))
            await asyncio.to_thread(served.kill, "node")
            kills += 1
        answers = await rush
        unanswered = [n for n, a in enumerate(answers) if a.status not in {200, 201}]
        again = await load(served.port, [raw[n] for n in unanswered], 16, patient=True)
        told = acknowledged(answers) | acknowledged(again)
        print(
            f"    {kills} kills, {len(unanswered)} without an answer, tried again with the same key"
        )
        found = [
            f"asked again: {a.status} {a.body[:200]!r}" for a in again if a.status not in {200, 201}
        ]
        stored = await facts(url)
        if len(stored["registrations"]) != len(bodies):
            found.append(f"{len(stored['registrations'])} registrations of {len(bodies)} people")
        seated = sum(r["status"] == "confirmed" for r in stored["registrations"])
        if seated != 60:
            found.append(f"{seated} confirmed for 60 seats")
        return found + wrong(stored, told) + recounted(served)


async def killed_while_sending(url: str, place: Path, _workers: int) -> Finding:
    """The worker dies by kill -9 while it sends 300 mails; another takes them up within two
    minutes.
    """
    with smtp_server() as smtp, program(url, place, smtp_url=smtp.url) as served:
        door = Door(served)
        slug = await door.event(open_to_public=True)
        path = f"{API}/events/{slug}/registrations"
        bodies = [{"name": f"Guest {n:04}", "email": f"guest{n}@example.org"} for n in range(300)]
        answers = await load(served.port, [post(path, b, door.token) for b in bodies], 8)
        kills = 0
        while kills < 3 and len(smtp.received) < len(bodies):
            before = len(smtp.received)
            await _until(lambda before=before: len(smtp.received) >= before + 20, 60)  # type: ignore[misc]  # a bound default
            await asyncio.to_thread(served.kill, "worker")
            kills += 1
        everyone = {b["email"] for b in bodies}
        got = await _until(
            lambda: everyone <= {r for m in smtp.received for r in m.recipients}, 180
        )
        times = Counter(r for m in smtp.received for r in m.recipients)
        doubled = sum(n - 1 for n in times.values())
        print(
            f"    {kills} kills, {len(smtp.received)} mails for {len(bodies)} people, {doubled} doubled"
        )
        found = [] if got else [f"{len(everyone - set(times))} never got their mail"]
        if doubled > kills * CONNECTIONS:
            found.append(f"{doubled} doubled by {kills} kills of at most {CONNECTIONS} connections")
        identities = {m.message["Message-ID"] for m in smtp.received}
        if len(identities) != len(everyone & set(times)):
            found.append("a mail sent twice did not keep its Message-ID")
        return found + wrong(await facts(url), acknowledged(answers)) + recounted(served)


CONNECTIONS = 4
"""Connections that a worker keeps open to the mail server: as many mails may be on their way when
it dies.
"""


async def _until(true: Callable[[], bool], seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        await asyncio.sleep(0.05)
    return False


FAULTS = {
    "a worker killed in the rush": killed_in_the_rush,
    "a worker killed while sending": killed_while_sending,
    "a phone in a storm": doors.phone_in_a_storm,
    "two phones": doors.two_phones,
    "ten thousand mails, a worker killed ten times": ten_thousand,
    "mail through postfix and dovecot": at_home,
}


def control() -> Finding:
    """The checker can fail: it finds what is planted."""
    event = {"id": 1, "slug": "e", "capacity": 1, "seats_taken": 2, "waiting": 0}
    rows = [{"id": n, "event_id": 1, "status": "confirmed", "waiting_number": None} for n in (1, 2)]
    mails = [{"about": {"registration": 1}}]
    planted = {"registrations": rows, "events": [event], "mails": mails, "integrity": ["ok"]}
    said = wrong(planted, {"1": "confirmed", "9": "confirmed"})
    expected = [
        "acknowledged registration 9 is not stored",
        "e: 2 seated, 1 seats",
        "registration 2 has no mail",
    ]
    return [] if said == expected else [f"the checker does not find what is planted: {said}"]


@contextmanager
def databases(engine: str) -> Iterator[Callable[[Path], str]]:
    """Fresh databases of one engine."""
    if engine == "SQLite":
        yield lambda place: f"sqlite://{place}/viesis.db"
        return
    with private_server() as server:
        yield lambda _place: server.create_database()


def main() -> None:
    """Run them all."""
    words = argparse.ArgumentParser(prog="make faults")
    words.add_argument("--rounds", type=int, default=1)
    words.add_argument("--engine", choices=["SQLite", "PostgreSQL"])
    words.add_argument("--only", default="", help="part of a fault's name")
    given = words.parse_args()
    lost = control() + phone.control()
    for line in lost:
        print(line)
    for engine, workers in (("PostgreSQL", 2), ("SQLite", 1)):
        if given.engine not in {None, engine}:
            continue
        with databases(engine) as fresh:
            for number in range(given.rounds):
                for name, fault in FAULTS.items():
                    if given.only not in name:
                        continue
                    print(f"{engine}, round {number + 1}: {name}", flush=True)
                    with folder() as place:
                        found = asyncio.run(fault(fresh(place), place, workers))
                    print(
                        "    nothing lost"
                        if not found
                        else "\n".join(f"    LOST: {f}" for f in found[:20]),
                        flush=True,
                    )
                    lost += found
    print(f"{len(lost)} findings")
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
