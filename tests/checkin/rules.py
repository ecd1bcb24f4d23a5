"""The table of rules, checkin/scanning/rules.json, as a phone's roster and as rows in the
database.
"""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from checkin.phone.roster import told
from checkin.scanning.event_days import Night, day_of, nights_between
from core import ROOT
from registrations.registration import tickets

Case = dict[str, Any]

NOW = "2026-05-12T08:00:00Z"
EVENT = {
    "starts_at": "2026-05-12T07:00:00Z",
    "ends_at": "2026-05-12T15:00:00Z",
    "zone": "Europe/Riga",
    "status": "published",
    "rooms_grouped": False,
}
OURS, THEIRS, STRANGERS = 101, 102, 999
"""Events whose keys make the tickets of a case, where no database gives them numbers."""


def cases(side: str) -> list[Case]:
    """Those for the `server` or the `phone`."""
    every: list[Case] = json.loads((ROOT / "checkin/scanning/rules.json").read_text("utf-8"))[
        "cases"
    ]
    return [case for case in every if case.get("only", side) == side]


def moment(text: str) -> datetime:
    """A time of the table."""
    return datetime.fromisoformat(text).astimezone(UTC)


def milliseconds(text: str) -> int:
    """A time of the table as phones have it."""
    return int(moment(text).timestamp() * 1000)


def now_of(case: Case) -> datetime:
    """When the case is."""
    return moment(case["knowledge"].get("now", NOW))


def event_of(case: Case) -> dict[str, Any]:
    """The event of the case, whole."""
    return {**EVENT, **case["knowledge"].get("event", {})}


def unit_of(case: Case, unit: str, at: str, sessions: dict[str, str]) -> str:
    """A door as the server calls it: a session's id, or the local date."""
    return (
        day_of(moment(at), event_of(case)["zone"], nights_of(case)).isoformat()
        if unit == "day"
        else sessions[unit]
    )


def nights_of(case: Case) -> tuple[Night, ...]:
    """The nights of the case's event."""
    event, sessions = event_of(case), case["knowledge"].get("sessions", [])
    awake = [(moment(s["starts_at"]), moment(s["ends_at"])) for s in sessions]
    return nights_between(
        moment(event["starts_at"]), moment(event["ends_at"]), event["zone"], awake
    )


def forged(code: str) -> str:
    """A code with another last character."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def typed(code: str) -> str:
    """A code as someone types it."""
    return "-".join(code.lower()[n : n + 4] for n in range(0, 16, 4))


def roster_of(case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """`(what GET /roster answers, the scan: {ticket or registration, session, direction, at
    (ms)})`.
    """
    knowledge = case["knowledge"]
    event = event_of(case)
    sessions = {s["id"]: str(n) for n, s in enumerate(knowledge.get("sessions", []), 11)}
    people = {p["id"]: str(n) for n, p in enumerate(knowledge.get("people", []), 1)}
    codes = {p: tickets.ticket(OURS, _identity(p)) for p in [*people, "unlisted"]}
    others = {
        title: tickets.ticket(THEIRS, _identity(title)) for title in knowledge.get("others", [])
    }
    seated = {s["id"] for s in knowledge.get("sessions", []) if s["capacity"]}
    found = {
        "cursor": "1.a",
        "whole": True,
        "key": base64.b64encode(tickets.event_key(OURS)).decode(),
        "event": {
            **{k: event[k] for k in ("zone", "status", "rooms_grouped")},
            **{k: milliseconds(event[k]) for k in ("starts_at", "ends_at")},
            "id": str(OURS),
            "title": "Conference",
            "walk_ins": "yes",
            "grace_minutes": 0,
            "nights": told(nights_of(case)),
        },
        "sessions": [
            {
                "id": sessions[s["id"]],
                "title": s["id"],
                "capacity": s["capacity"],
                "room": "",
                "zone": event["zone"],
                **{k: milliseconds(s[k]) for k in ("starts_at", "ends_at")},
            }
            for s in knowledge.get("sessions", [])
        ],
        "people": [
            [
                people[p["id"]],
                codes_identity(codes[p["id"]]),
                p["id"],
                "",
                p.get("role", "attendee"),
                p["status"],
                "",
                [sessions[c] for c in p["chosen"] if c in seated] if p.get("chosen") else None,
            ]
            for p in knowledge.get("people", [])
        ],
        "inside": [
            [
                people[i["person"]],
                unit_of(case, i["unit"], i["first_at"], sessions),
                int(i["inside"]),
                milliseconds(i["first_at"]),
                i["gate"],
            ]
            for i in knowledge.get("inside", [])
        ],
        "others": {title: [_fingerprint(code)] for title, code in others.items()},
        "gone": [],
    }
    codes |= {"stranger": tickets.ticket(STRANGERS, _identity("stranger"))}
    codes |= {f"other:{title}": code for title, code in others.items()}
    return found, {**said(case, codes, people, sessions), "at": milliseconds(at_of(case))}


def at_of(case: Case) -> str:
    """When the scan was."""
    return str(case["scan"].get("at", case["knowledge"].get("now", NOW)))


def said(
    case: Case, codes: dict[str, str], people: dict[str, str], sessions: dict[str, str]
) -> dict[str, Any]:
    """The scan as a phone says it, without its time."""
    scan = case["scan"]
    found: dict[str, Any] = {"direction": scan.get("direction", "in")}
    if "registration" in scan:
        found["registration"] = people.get(scan["registration"], "999999999")
    else:
        kind, _colon, name = scan["ticket"].partition(":")
        change = {"forged": forged, "typed": typed}.get(kind)
        found["ticket"] = (
            name if kind == "text" else change(codes[name]) if change else codes[scan["ticket"]]
        )
    if "session" in scan:
        found["session"] = sessions.get(scan["session"], "999999999")
    return found


def codes_identity(code: str) -> str:
    """The identity in a ticket, as the roster has it."""
    number = tickets.read(code)
    assert number is not None
    return "".join(tickets.ALPHABET[number >> shift & 31] for shift in range(45, -1, -5))


def _identity(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")


def _fingerprint(code: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(code.encode()).digest()[:8]).decode().rstrip("=")
