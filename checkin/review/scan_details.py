"""A scan as the desk reads it: who, when, at which gate, what the door answered, and what has
become of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checkin.attendance.gates import organisation
from core.db import moment
from core.i18n import _

COLUMNS = """s.id, s.registration_id, s.unit, s.session_id, s.device_id, s.actor, s.ticket, s.direction, s.method,
  s.result, s.counts, s.admitted, s.minutes, s.scanned_at, s.device_at, s.clock_offset_ms, s.received_at, s.flagged,
  s.marks, s.sheet_id, s.reviewed_at, s.reviewed_by, s.withdrawn_at, s.withdrawn_by, s.withdrawn_reason,
  p.name, o.name AS organisation, d.name AS device"""
TABLES = """scan s LEFT JOIN registration r ON r.id = s.registration_id LEFT JOIN person p ON p.id = r.person_id
  LEFT JOIN organisation o ON o.id = r.organisation_id LEFT JOIN device d ON d.id = s.device_id"""


@dataclass(frozen=True)
class Seen:
    """One scan. `at` is when it counts, `received_at` when it reached the server."""

    id: str
    registration: int | None
    unit: str
    session_id: int | None
    gate: str
    where: str
    ticket: str
    name: str
    organisation: str
    direction: str
    method: str
    result: str
    counts: bool
    admitted: bool
    minutes: int | None
    at: datetime
    device_at: datetime | None
    offset_ms: int | None
    received_at: datetime
    flagged: bool
    marks: frozenset[str]
    sheet: int | None
    reviewed: bool
    reviewed_by: str
    undone_at: datetime | None
    undone_by: str
    reason: str

    @property
    def undone(self) -> bool:
        """Whether it was taken back."""
        return self.undone_at is not None

    @property
    def may_undo(self) -> bool:
        """Whether there is something to take back."""
        return self.counts and not self.undone


def gate_of(device_id: object, actor: str) -> str:
    """Which gate: a phone, or who entered it at a desk."""
    return f"phone-{device_id}" if device_id else f"by-{actor}"


def where_of(device: str | None, actor: str, method: str = "") -> str:
    """A gate in words."""
    if method == "paper":
        return str(_("From a signed sheet, by %(name)s", name=actor))
    return device or actor or str(_("A phone at the door"))


def seen(row: dict[str, Any]) -> Seen:
    """From a row of COLUMNS."""
    return Seen(
        id=str(row["id"]),
        registration=row["registration_id"],
        unit=row["unit"],
        session_id=row["session_id"],
        gate=gate_of(row["device_id"], row["actor"]),
        where=where_of(row["device"], row["actor"], row["method"]),
        ticket=row["ticket"],
        name=row["name"] or "",
        organisation=organisation(row["organisation"]),
        direction=row["direction"],
        method=row["method"],
        result=row["result"],
        counts=bool(row["counts"]),
        admitted=bool(row["admitted"]),
        minutes=row["minutes"],
        at=moment(row["scanned_at"]),
        device_at=moment(row["device_at"]) if row["device_at"] else None,
        offset_ms=row["clock_offset_ms"],
        received_at=moment(row["received_at"]),
        flagged=bool(row["flagged"]),
        marks=frozenset(row["marks"].split()),
        sheet=row["sheet_id"],
        reviewed=row["reviewed_at"] is not None,
        reviewed_by=row["reviewed_by"],
        undone_at=moment(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        undone_by=row["withdrawn_by"],
        reason=row["withdrawn_reason"],
    )
