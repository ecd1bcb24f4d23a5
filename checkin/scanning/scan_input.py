"""Reads and checks one scan from a phone or a machine. By hand, because this is the hottest path."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from checkin.scanning.event_days import Night
from core import times
from core.errors import NO_MOMENT, UNKNOWN_FIELD, DomainError, invalid, none_of
from core.i18n import Lazy, _
from core.text import clean

METHODS = ("qr", "manual", "paper", "online")
DIRECTIONS = ("in", "out")
HOURS = timedelta(hours=2)
AHEAD = timedelta(minutes=5)
LONGEST_BATCH = 1000
UPLOADS = timedelta(days=14)
"""For so long after a phone's end, what it has not sent yet is taken."""
_ID = re.compile(r"\d{1,18}", re.ASCII)
_FIELDS = frozenset(
    (
        "id",
        "ticket",
        "registration",
        "session",
        "direction",
        "scanned_at",
        "clock_offset_ms",
        "admitted",
        "minutes",
        "method",
    )
)
_PHONE_FIELDS = _FIELDS | {"marks"}
PHONE_MARKS = ("unlisted", "jump", "overflow")
"""What a phone may say is odd about a scan (checkin.scanning.scans.MARKS)."""


@dataclass(slots=True)
class ScanEntry:
    """One scan as given. `id` is empty if it was none; `errors` says what could not be read: it is
    kept as unknown.
    """

    id: str
    ticket: str = ""
    registration: int | None = None
    session: int | None = None
    direction: str = "in"
    scanned_at: "str | datetime | None" = None
    clock_offset_ms: int | None = None
    admitted: bool = False
    minutes: int | None = None
    method: str = "qr"
    marks: str = ""
    """Of checkin.scanning.scans.MARKS. Phones say some; machines none."""
    sheet: int | None = None
    unit: str = ""
    """The door, where it is known better than by the time: whom everyone's leaving finds inside
    leaves that one.
    """
    errors: "dict[str, Lazy | str]" = field(default_factory=dict)
    given_id: str = ""

    def __post_init__(self) -> None:
        self.given_id = self.given_id or self.id


@dataclass(frozen=True, slots=True)
class Door:
    """Where scans are made: the event, and who scans. `token_id` and `role`, or `device_id`, hold
    or fail

    with each scan, where `guarded`.
    """

    event_id: int
    project_id: int
    timezone: str
    actor: str
    organiser: bool
    device_id: int | None = None
    token_id: int | None = None
    role: str = ""
    guarded: bool = False
    rooms_grouped: bool = False
    nights: tuple[Night, ...] = ()
    stopped: bool = False
    """From a phone that was stopped: its scans are kept for someone to look at, and count
    nothing.
    """

    @property
    def zone(self) -> ZoneInfo:
        """The event's zone."""
        return ZoneInfo(self.timezone)

    def may_be_whole(self, entry: ScanEntry) -> bool:
        """Whether an organiser enters this one without a time."""
        return self.organiser and entry.scanned_at is None and entry.method in {"manual", "paper"}


def read_batch(body: Any, door: Door) -> list[ScanEntry]:
    """The entries of a body. Raises 422 when it is no list of 1 to 1,000, or when nothing in it can
    be read.

    A time without an offset is in the event's zone. A phone may say what is odd about a scan.
    """
    if not isinstance(body, list) or not 1 <= len(body) <= LONGEST_BATCH:
        raise invalid(body=_("Please send a list of 1 to %(most)s scans.", most=LONGEST_BATCH))
    phone = door.device_id is not None
    entries = [read(item, phone=phone) for item in body]
    for entry in entries:
        read_time(entry, door.timezone)
    if all(e.errors for e in entries):
        raise DomainError(
            _("Please look at the fields named."),
            422,
            {k: v for e in entries for k, v in e.errors.items()},
        )
    return entries


def read(item: Any, *, phone: bool = False) -> ScanEntry:
    """One entry; what is wrong with it is in its `errors`."""
    if not isinstance(item, dict):
        return ScanEntry("", errors={"body": _("Please send an object for each scan.")})
    known = _PHONE_FIELDS if phone else _FIELDS
    wrong: dict[str, Lazy | str] = {str(k)[:60]: UNKNOWN_FIELD for k in item.keys() - known}
    entry = ScanEntry(
        _uuid(item.get("id"), wrong), errors=wrong, given_id=str(item.get("id", ""))[:60]
    )
    _whom(entry, item, wrong)
    entry.direction = _one_of(item, "direction", DIRECTIONS, "in", wrong)
    entry.method = _one_of(item, "method", METHODS, "qr", wrong)
    entry.scanned_at = item.get("scanned_at")
    if entry.scanned_at is not None and not isinstance(entry.scanned_at, str):
        entry.scanned_at = None
        wrong["scanned_at"] = NO_MOMENT
    entry.clock_offset_ms = _whole(item, "clock_offset_ms", -(10**13), 10**13, wrong)
    entry.minutes = _whole(item, "minutes", 0, 60 * 24 * 31, wrong)
    admitted = item.get("admitted")
    if admitted is not None and not isinstance(admitted, bool):
        wrong["admitted"] = _("Please say true or false.")
    entry.admitted = admitted is True
    if phone and item.get("marks") is not None:
        entry.marks = _marks(item["marks"], wrong)
    return entry


def _marks(value: Any, wrong: "dict[str, Lazy | str]") -> str:
    if isinstance(value, list) and all(isinstance(m, str) and m in PHONE_MARKS for m in value):
        return joined(value)
    wrong["marks"] = none_of(PHONE_MARKS)
    return ""


def joined(marks: Iterable[str]) -> str:
    """Marks as they are kept: each once, in order, with spaces between."""
    return " ".join(sorted(set(marks)))


def read_time(entry: ScanEntry, timezone: str) -> None:
    """Read `scanned_at`, if it is text; what is wrong is noted in the entry."""
    if entry.scanned_at is None or "scanned_at" in entry.errors:
        return
    try:
        entry.scanned_at = times.moment(entry.scanned_at, timezone, "scanned_at")
        at = entry.scanned_at + timedelta(milliseconds=entry.clock_offset_ms or 0)
    except DomainError as error:
        entry.errors.update(error.fields)
        return
    except OverflowError:
        at = None
    if at is None or not times.EARLIEST <= at.year <= times.LATEST:
        entry.errors["clock_offset_ms"] = _("This clock is off by centuries.")


def _whom(entry: ScanEntry, item: dict[str, Any], wrong: "dict[str, Lazy | str]") -> None:
    ticket, registration = item.get("ticket"), item.get("registration")
    if ticket is not None and not isinstance(ticket, str):
        wrong["ticket"] = _("Please give the ticket as text.")
    elif ticket is not None:
        entry.ticket = (
            ticket
            if ticket.isalnum() and ticket.isascii() and len(ticket) <= 64
            else clean(ticket[:300])[:64]
        )
    entry.registration = _identity(item, "registration", wrong)
    entry.session = _identity(item, "session", wrong)
    if ticket is None and registration is None:
        wrong["ticket"] = _("Please give a ticket or a registration.")


def uuid_of(value: Any) -> str:
    """A UUID in its usual spelling, or nothing."""
    try:
        return str(UUID(value)) if isinstance(value, str) and len(value) <= 45 else ""
    except ValueError:
        return ""


def _uuid(value: Any, wrong: "dict[str, Lazy | str]") -> str:
    found = uuid_of(value)
    if not found:
        wrong["id"] = _("Please give each scan a UUID of its own.")
    return found


def _identity(item: dict[str, Any], name: str, wrong: "dict[str, Lazy | str]") -> int | None:
    value = item.get(name)
    if value is None:
        return None
    if isinstance(value, str) and _ID.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        return value
    if not isinstance(value, str):
        wrong[name] = _("Please give an id as text.")
    return 0


def _one_of(
    item: dict[str, Any],
    name: str,
    allowed: tuple[str, ...],
    otherwise: str,
    wrong: "dict[str, Lazy | str]",
) -> str:
    value = item.get(name)
    if value is None or (isinstance(value, str) and value in allowed):
        return value or otherwise
    wrong[name] = none_of(allowed)
    return otherwise


def _whole(
    item: dict[str, Any], name: str, least: int, most: int, wrong: "dict[str, Lazy | str]"
) -> int | None:
    value = item.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    wrong[name] = _(
        "Please give a whole number from %(least)s to %(most)s.", least=least, most=most
    )
    return None
