"""The table of rules, checkin/scanning/rules.json, asked of the server through a paired phone;
phones: tests/browser.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from checkin.phone.devices import Device, closes_at
from checkin.phone.paired_phone import cookie
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import RESULTS, Scan, record
from core import tokens
from core.clock import now, travelled
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.projects import Project
from registrations.registration.registration import Registration
from registrations.registration.tickets import new_identity, ticket
from tests.checkin import rules
from tests.checkin.people import code, registered, session
from tests.support import factories


async def gate(event: Event, name: str) -> tuple[Device, str]:
    """A paired phone, and what it holds."""
    secret = tokens.random(tokens.DEVICE)
    at = now()
    phone = await Device.create(
        event_id=event.id,
        name=name,
        hash=tokens.hashed(secret),
        pairing_ends_at=at,
        created_at=at,
        paired_at=at,
        expires_at=closes_at(event),
    )
    return phone, secret


class World:
    """What a case's server knows."""

    def __init__(self, case: rules.Case, project: Project) -> None:
        self.case, self.project, self.knowledge = case, project, case["knowledge"]
        self.sessions: dict[str, Session] = {}
        self.people: dict[str, Registration] = {}
        self.codes: dict[str, str] = {}

    async def build(self) -> None:
        """The event, its sessions, its people, who is inside, and other events."""
        given = rules.event_of(self.case)
        times = {k: rules.moment(given[k]) for k in ("starts_at", "ends_at")}
        grouped = {"rooms_grouped": given["rooms_grouped"], "timezone": given["zone"]}
        self.event = await factories.event(
            self.project, status="published", capacity=None, **times, **grouped
        )
        for s in self.knowledge.get("sessions", []):
            seats = {"capacity": 30} if s["capacity"] else {}
            made = await session(
                self.event, rules.moment(s["starts_at"]), rules.moment(s["ends_at"]), **seats
            )
            self.sessions[s["id"]] = made
        for p in self.knowledge.get("people", []):
            chosen = tuple(self.sessions[c] for c in p.get("chosen") or () if c in self.sessions)
            person = await registered(
                self.event, p["id"], role=p.get("role", "attendee"), chosen=chosen
            )
            self.people[p["id"]], self.codes[p["id"]] = person, code(person)
        await self._come_in()
        for p in self.knowledge.get("people", []):
            await Registration.filter(id=self.people[p["id"]].id).update(status=p["status"])
        await Event.filter(id=self.event.id).update(status=given["status"])
        await self._others()

    async def _come_in(self) -> None:
        """Everyone who is or was inside came through a gate, in the order of time; who left did so
        a minute later.
        """
        for i in sorted(self.knowledge.get("inside", []), key=lambda i: str(i["first_at"])):
            phone, _secret = await gate(self.event, i["gate"])
            at = rules.moment(i["first_at"])
            told = [("in", at)] if i["inside"] else [("in", at), ("out", at + timedelta(minutes=1))]
            where = None if i["unit"] == "day" else self.sessions[i["unit"]].id
            whom = self.people[i["person"]].id
            scans = [
                ScanEntry(str(uuid4()), registration=whom, session=where, direction=d, scanned_at=t)
                for d, t in told
            ]
            await record(self.event, scans, actor_name=i["gate"], device=phone.id, organiser=False)

    async def _others(self) -> None:
        for title in self.knowledge.get("others", []):
            other = await factories.event(
                self.project, title={"en": title}, starts_at=self.event.starts_at
            )
            self.codes[f"other:{title}"] = code(await registered(other))
        self.codes["stranger"] = code(
            await registered(await factories.event(await factories.project()))
        )
        self.codes["unlisted"] = ticket(self.event.id, new_identity())

    async def answer(self, client: httpx.AsyncClient) -> tuple[dict[str, Any], bool]:
        """What the phone is told, and whether the scan counts."""
        _phone, secret = await gate(self.event, "Gate 9")
        people = {name: str(p.id) for name, p in self.people.items()}
        sessions = {name: str(s.id) for name, s in self.sessions.items()}
        scan: dict[str, Any] = {"id": str(uuid4()), "scanned_at": rules.at_of(self.case)}
        scan |= rules.said(self.case, self.codes, people, sessions)
        if self.case["scan"].get("admitted"):
            scan["admitted"] = True
        headers = {"cookie": f"{cookie()}={secret}", "accept": "application/json"}
        answer = await client.post(f"/c/e/{self.event.slug}/scans", json=[scan], headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()[0], (await Scan.get(id=scan["id"])).counts


async def test_the_server_keeps_to_the_table(client: httpx.AsyncClient) -> None:
    project = await factories.project()
    wrong = {}
    for case in rules.cases("server"):
        # every case has its project, so that no case's events are near another's
        own = await factories.project() if case["knowledge"].get("others") else project
        with travelled(rules.now_of(case)):
            world = World(case, own)
            await world.build()
            answer, counts = await world.answer(client)
        since = rules.milliseconds(case["since"]) if "since" in case else None
        wanted = (case["result"], case["admits"], since, case.get("gate"), case.get("other"))
        found = (
            answer["result"],
            counts,
            answer.get("since"),
            answer.get("gate"),
            answer.get("other_event"),
        )
        if wanted != found:
            wrong[case["name"]] = (wanted, found)
    assert wrong == {}


def test_the_table_has_every_result() -> None:
    server, phone = ({case["result"] for case in rules.cases(side)} for side in ("server", "phone"))
    assert server == phone == set(RESULTS) - {"repeated"}
    names = [case["name"] for case in rules.cases("server")]
    assert len(names) == len(set(names)) >= 60
