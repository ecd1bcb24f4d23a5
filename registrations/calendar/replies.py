"""Answers of calendar programs to our invitations (iTIP REPLY and COUNTER, RFC 5546; by mail, RFC
6047).

They come to an address that each invitation has of its own, which nobody can invent
(notifications.outbox.return_addresses). What was answered stands beside the person; nothing else
follows from it: a seat is given up by whoever holds it.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message

from icalendar import Calendar
from icalendar import Event as VEvent

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core.clock import now
from core.db import atomic
from core.text import fold
from events.feeds.ics import uid
from notifications.incoming.server import Refused, mailbox
from notifications.outbox import return_addresses
from registrations.calendar.invites import PARTSTATS, PURPOSE
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ACTIVE

log = logging.getLogger("viesis.mail")

CALENDAR = Actor("calendar")
"""Who acts when a calendar program has answered."""
LARGEST = 200_000
"""Bytes of one answer: real ones have five thousand."""
MOST_PARTS = 50
KINDS = ("text/calendar", "application/ics")
SAID = {"accepted": "said_yes", "tentative": "said_maybe", "declined": "said_no"}
"""What was answered, as an action of the log."""

_KNOWN = {partstat: reply for reply, partstat in PARTSTATS.items()}


@dataclass(frozen=True)
class Reply:
    """What a calendar program said of one attendee. `sequence` None: it did not say which version
    it answers.
    """

    method: str
    uid: str
    sequence: int | None
    at: datetime
    attendees: tuple[tuple[str, str], ...]
    """Addresses, folded, and what each answered: accepted, tentative, declined, or another word in
    capitals.
    """

    def of(self, email: str) -> str:
        """What this address answered; or the only one there is, for mail is forwarded and people
        have several.
        """
        if len(self.attendees) == 1:
            return self.attendees[0][1]
        return next((said for address, said in self.attendees if address == fold(email)), "")


@mailbox(PURPOSE)
async def answered(identity: int, mail: EmailMessage) -> None:
    """A mail to an invitation's address: an answer is kept; whoever writes in words is told where
    to write.
    """
    found = await asyncio.to_thread(read, mail)
    if found:
        await keep(identity, found)
    elif not _calendar_parts(mail) and _by_a_person(mail):
        raise Refused(await _elsewhere(identity))


@atomic
async def keep(identity: int, reply: Reply) -> bool:
    """Keep an answer, if it is one to the invitation as it stands. Answers whether anything was
    kept.
    """
    to = await _registration(identity)
    if not to or reply.uid.casefold() != uid("event", to.event_id, to.event.created_at).casefold():
        log.info("an answer of a calendar about nothing that stands (%s)", identity)
        return False
    said = reply.of(to.person.email)
    if reply.method == "REFRESH":
        await to.tell("calendar_invite", once=f"again:{now():%Y%m%d}")
        return False
    if reply.method == "COUNTER":
        await audit(CALENDAR, "registration.proposed_time", to)
        said = said if said in SAID else "tentative"
    if said not in SAID or _old(to, reply):
        return False
    changed = to.reply != said
    await Registration.filter(id=to.id).update(reply=said, replied_at=min(reply.at, now()))
    if changed:
        await audit(CALENDAR, f"registration.{SAID[said]}", to, ["reply"])
    return changed


def _old(to: Registration, reply: Reply) -> bool:
    """Whether it answers an earlier invitation, or was written before the last one that came."""
    if reply.sequence is not None and reply.sequence < (to.invited_sequence or 0):
        return True
    return bool(to.replied_at and reply.at < to.replied_at)


async def _registration(identity: int) -> Registration | None:
    """The registration that an address stands for now: who cancelled and came again has the old
    address still.
    """
    first = await Registration.get_or_none(id=identity).select_related("event", "person")
    if not first or first.active:
        return first
    address = return_addresses.address(PURPOSE, identity)
    later = Registration.filter(event_id=first.event_id, invited_by=address, status__in=ACTIVE)
    return await later.order_by("-id").select_related("event", "person").first()


def read(mail: EmailMessage) -> Reply | None:
    """The answer in a mail, in whichever part it stands; None when there is none that can be
    read.
    """
    for part in _calendar_parts(mail):
        try:
            if reply := _reply(_text(part)):
                return reply
        except Exception as error:  # noqa: BLE001 - written by anybody: whatever is wrong with it, it is no answer
            log.info("a calendar that came in could not be read: %r", error)
    return None


def _calendar_parts(mail: Message) -> list[Message]:
    """The parts that are calendars, by their type or by their name; of the first fifty."""
    found = list[Message]()
    for _number, part in zip(range(MOST_PARTS), mail.walk(), strict=False):
        name = (part.get_filename() or "").casefold()
        if part.get_content_type() in KINDS or (name.endswith(".ics") and not part.is_multipart()):
            found.append(part)
    return found


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or len(data) > LARGEST:
        return ""
    try:
        text = data.decode(str(part.get_content_charset() or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        text = data.decode("utf-8", "replace")
    return text.replace("\0", "").lstrip("\ufeff\r\n ")


def _reply(text: str) -> Reply | None:
    if not text:
        return None
    calendar = Calendar.from_ical(text)
    method = str(calendar.get("METHOD", "")).strip().upper()
    event = next((c for c in calendar.subcomponents if isinstance(c, VEvent)), None)
    if method not in {"REPLY", "COUNTER", "REFRESH"} or event is None:
        return None
    sequence = event.get("SEQUENCE")
    return Reply(
        method=method,
        uid=str(event.get("UID", "")).strip(),
        sequence=int(sequence) if sequence is not None else None,
        at=_moment(event),
        attendees=tuple(_attendees(event.get("ATTENDEE"))),
    )


def _attendees(given: object) -> Iterable[tuple[str, str]]:
    for one in given if isinstance(given, list) else [given]:
        if one is not None:
            said = str(getattr(one, "params", {}).get("PARTSTAT", "")).strip().upper()
            yield fold(str(one)).removeprefix("mailto:"), _KNOWN.get(said, said)


def _moment(event: VEvent) -> datetime:
    """DTSTAMP; now where it is missing or odd."""
    at = getattr(event.get("DTSTAMP"), "dt", None)
    if not isinstance(at, datetime):
        return now()
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _by_a_person(mail: EmailMessage) -> bool:
    """Not a machine's: what a machine wrote is never answered, or two machines would write for ever
    (RFC 3834).
    """
    automatic = str(mail.get("Auto-Submitted", "no")).strip().casefold()
    loud = [name for name in ("X-Autoreply", "X-Autorespond", "List-Id") if mail.get(name)]
    bulk = str(mail.get("Precedence", "")).strip().casefold() in {
        "bulk",
        "list",
        "junk",
        "auto_reply",
    }
    report = mail.get_content_type() in {"multipart/report", "message/delivery-status"}
    return automatic.startswith("no") and not (loud or bulk or report)


async def _elsewhere(identity: int) -> str:
    found = await Registration.get_or_none(id=identity).select_related("event__project")
    to = found.event.project.contact_email if found else ""
    only = "Only calendars are read here."
    return f"{only} Please write to {to}" if to.isascii() and to else only
