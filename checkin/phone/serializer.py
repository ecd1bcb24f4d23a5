"""Answers to a phone about its scans: more than a machine gets, and the first answer again for a
scan that is sent again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from checkin.attendance.gates import organisation
from checkin.attendance.offline_admission import admit
from checkin.scanning import presence
from checkin.scanning.scan_input import PHONE_MARKS, Door, joined
from checkin.scanning.scans import Answer
from core import db
from core.db import moment
from registrations.registration import tickets


async def completed(door: Door, body: Sequence[Any], answers: list[Answer]) -> list[Answer]:
    """The answers with organisation, since when and at which gate someone is in, and which other
    event it is.

    A scan sent again as admitted becomes so: the first answer was lost, and the phone let the
    person in on its own.
    """
    again = {
        a["id"]: given for a, given in zip(answers, body, strict=True) if a["result"] == "repeated"
    }
    if again:
        await admit(door, {i: _marks(given) for i, given in again.items() if _admitted(given)})
        known = await _had(door, list(again))
        answers = [known.get(a["id"], a) if a["result"] == "repeated" else a for a in answers]
    for a in answers:
        a["organisation"] = organisation(a.get("organisation"))
        if at := a.get("first_scanned_at"):
            a["since"] = int(datetime.fromisoformat(at).timestamp() * 1000)
    await _gates([a for a in answers if "since" in a])
    elsewhere = [
        (a, given) for a, given in zip(answers, body, strict=True) if a["result"] == "other_event"
    ]
    if elsewhere:
        await _titles(door, elsewhere)
    return answers


def _admitted(given: Any) -> bool:
    return isinstance(given, dict) and given.get("admitted") is True


def _marks(given: dict[str, Any]) -> str:
    said = given.get("marks")
    return joined(m for m in PHONE_MARKS if isinstance(said, list) and m in said)


async def _had(door: Door, ids: list[str]) -> dict[str, Answer]:
    """The answers that these scans of the event had."""
    found = await db.rows(
        "SELECT s.id, s.result, s.registration_id, s.unit, s.scanned_at, p.name, r.role, r.door_note AS note, "
        "o.name AS organisation, r.country FROM scan s LEFT JOIN registration r ON r.id = s.registration_id "
        "LEFT JOIN person p ON p.id = r.person_id LEFT JOIN organisation o ON o.id = r.organisation_id "
        "WHERE s.id = ANY($1::uuid[]) AND s.event_id = $2",
        ids,
        door.event_id,
    )
    told: dict[str, Answer] = {}
    for r in found:
        answer: Answer = {"id": str(r["id"]), "result": r["result"]}
        if r["registration_id"]:
            answer["registration"] = str(r["registration_id"])
            answer |= {k: r[k] for k in ("name", "role", "note", "organisation", "country")}
        if r["result"] == "already_in" and (since := await _since(door, r)):
            answer["first_scanned_at"] = since.astimezone(door.zone).isoformat()
        told[answer["id"]] = answer
    return told


async def _since(door: Door, scan: dict[str, Any]) -> datetime | None:
    rid, at = scan["registration_id"], moment(scan["scanned_at"])
    before = [c for c in (await presence.crossings([rid]))[rid] if c.at <= at]
    found = presence.standings(before, grouped=door.rooms_grouped).get(scan["unit"])
    return found.since if found else None


async def _gates(answers: list[Answer]) -> None:
    """At which phone those who are in already came in; nothing when it was no phone."""
    if not answers:
        return
    found = await db.rows(
        "SELECT s.registration_id, s.scanned_at, d.name FROM scan s JOIN device d ON d.id = s.device_id "
        "WHERE s.registration_id = ANY($1::bigint[]) AND s.direction = 'in' AND s.counts AND s.withdrawn_at IS NULL",
        sorted({int(a["registration"]) for a in answers}),
    )
    gates = {(str(r["registration_id"]), moment(r["scanned_at"])): r["name"] for r in found}
    for a in answers:
        a["gate"] = gates.get(
            (a["registration"], datetime.fromisoformat(a["first_scanned_at"])), ""
        )


async def _titles(door: Door, elsewhere: list[tuple[Answer, Any]]) -> None:
    """Which event the tickets are for, if it is one of the same project."""
    identities: dict[int, int] = {}
    ids: dict[int, int] = {}
    for i, (_answer, given) in enumerate(elsewhere):
        if (identity := tickets.read(str(given.get("ticket") or ""))) is not None:
            identities[i] = identity
        else:
            ids[i] = int(given["registration"])
    for column, wanted in (("ticket_identity", identities), ("id", ids)):
        if not wanted:
            continue
        found = await db.rows(
            f"SELECT r.{column} AS key, e.title FROM registration r JOIN event e ON e.id = r.event_id "
            f"WHERE r.{column} = ANY($1::bigint[]) AND e.project_id = $2",
            sorted(set(wanted.values())),
            door.project_id,
        )
        titles = {r["key"]: organisation(r["title"]) for r in found}
        for i, key in wanted.items():
            if key in titles:
                elsewhere[i][0]["other_event"] = titles[key]
