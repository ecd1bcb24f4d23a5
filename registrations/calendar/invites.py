"""Invitations by mail that calendar programs show with Yes, Maybe and No (iTIP, RFC 5546; as mail,
RFC 6047).

One VEVENT: the event itself, with its UID of the feeds; the programme stands in its description.
SEQUENCE follows from stored revisions and never falls in one mailbox; ORGANIZER stays what it was
at the first invitation.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote

from icalendar import Calendar, vCalAddress
from icalendar.parser import Contentline

from core import db, settings
from core.i18n import language, text
from core.text import clean, fold
from events.event.history import Change
from events.feeds.entries import event_entry
from events.feeds.ics import Entry, fragment, zones
from notifications.outbox import return_addresses
from notifications.outbox.letters import Letter
from notifications.outbox.mime import Attachment
from registrations.calendar.feeds import confirmation_ics
from registrations.registration.programme import programme
from registrations.registration.registration import Registration

PURPOSE = "reply"
"""Of the addresses that answers come to: see registrations.calendar.replies."""
PARTSTATS = {"accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}
LOCAL = "!#$&'*+/=?^_`{|}~.-"
"""What stands in the local part of an address as it is."""
LONGEST = 5000
"""Characters of a description: several programs cut it off soon after."""

_BEFORE = """
SELECT r.revision, r.status, r.invited_by FROM registration r
WHERE r.event_id = $1::bigint AND r.id < $2::bigint AND r.person_id IN (
  SELECT id FROM person WHERE project_id = $3::bigint AND email_folded = $5
  UNION SELECT p.id FROM person p JOIN person me ON me.id = $4::bigint
  WHERE p.id = COALESCE(me.merged_into_id, me.id) OR p.merged_into_id = COALESCE(me.merged_into_id, me.id)
) ORDER BY r.id DESC
"""
_OTHERS = """
SELECT 1 AS one FROM registration r JOIN person p ON p.id = r.person_id
WHERE p.project_id = $1::bigint AND p.email_folded = $2 AND r.event_id = $3::bigint AND r.id <> $4::bigint
AND r.status = 'confirmed' LIMIT 1
"""
_INVITED = """
UPDATE registration SET invited_sequence = $2::int, invited_by = $3 WHERE id = $1::bigint AND status = 'confirmed'
AND event_id IN (SELECT id FROM event WHERE status <> 'cancelled') RETURNING id
"""


@dataclass(frozen=True)
class Invitation:
    """A calendar message: what it asks (`REQUEST`, `CANCEL`), with which SEQUENCE, in whose name,
    and its bytes.
    """

    method: str
    sequence: int
    organizer: str
    body: bytes

    def attachments(self) -> list[Attachment]:
        """As one more form of the mail's text, where Gmail, Outlook and Apple look; and as a file
        for the others.
        """
        shown = f'text/calendar; charset="utf-8"; method={self.method}'
        return [
            Attachment("invite.ics", shown, self.body, alternative=True),
            Attachment("invite.ics", "application/ics", self.body),
        ]


async def enclose(made: Letter, to: Registration) -> None:
    """Put the event into a letter for the calendar: an invitation where that is wanted, else an
    .ics to open.
    """
    if not wanted(to):
        made.attachments.append(await plain(to))
        return
    found = await invitation(to, "REQUEST")
    made.attachments += found.attachments()

    async def sending() -> bool:
        return bool(await db.row(_INVITED, to.id, found.sequence, found.organizer))

    made.sending = sending


async def enclose_programme(made: Letter, to: Registration) -> None:
    """For a letter that invites to nothing new: to whoever has an invitation, the sessions alone as
    an .ics.
    """
    if to.invited_sequence is None:
        made.attachments.append(await plain(to))
    elif body := await confirmation_ics(to, programme_only=True):
        made.attachments.append(_file(to, body))


async def call_off(made: Letter, to: Registration) -> bool:
    """Take the entry out of the calendar of whoever was invited. False when nobody was.

    Where somebody else at the same address comes all the same, the entry stays: it is theirs too.
    """
    if to.invited_sequence is None:
        return False
    address = fold(to.person.email)
    if to.event.status == "cancelled" or not await db.row(
        _OTHERS, to.project_id, address, to.event_id, to.id
    ):
        made.attachments += (await invitation(to, "CANCEL")).attachments()
    return True


def wanted(to: Registration) -> bool:
    """Whether this person gets invitations: as the event wants, and for ever once one was sent."""
    return bool(to.event.calendar_invites) or to.invited_sequence is not None


async def plain(to: Registration) -> Attachment:
    """The event with the person's own sessions as a file to open once."""
    return _file(to, await confirmation_ics(to))


def _file(to: Registration, body: bytes) -> Attachment:
    return Attachment(f"{to.event.slug}.ics", "text/calendar; charset=utf-8", body)


async def invitation(to: Registration, method: str) -> Invitation:
    """The calendar message for this person, in the current language. Event, project and person are
    fetched.
    """
    person = to.person
    before = await db.rows(
        _BEFORE, to.event_id, to.id or 0, to.project_id, person.id or 0, fold(person.email)
    )
    sequence = to.event.revision + to.revision + sum(int(b["revision"]) + 1 for b in before)
    if to.invited_sequence is not None:
        sequence = max(sequence, to.invited_sequence + (method == "CANCEL"))
    ended = (b["invited_by"] for b in before if b["invited_by"] and b["status"] != "confirmed")
    organizer = to.invited_by or next(ended, "") or _address(to)
    entry = await _entry(to, sequence, method)
    return Invitation(method, sequence, organizer, _bytes(to, entry, method, organizer))


def _address(to: Registration) -> str:
    """Where answers go: to an address of our own, if mail is taken in; else to whoever reads the
    project's mail.
    """
    own = return_addresses.address(PURPOSE, to.id or 0)
    return own or to.event.project.contact_email or parseaddr(settings.get().mail_from)[1]


async def _entry(to: Registration, sequence: int, method: str) -> Entry:
    status = "CONFIRMED" if method == "REQUEST" else "CANCELLED"
    entry = event_entry(
        to.event, language(), sessions=False, status=status, online=True, timed=True
    )
    said = await _description(to) if method == "REQUEST" else ""
    return replace(
        entry, sequence=sequence, changed=max(entry.changed, to.changed_at), description=said
    )


async def _description(to: Registration) -> str:
    """What it is about, how to join, and the programme; no secret address, for others may see a
    calendar.
    """
    event = to.event
    joined = event.online_url if event.place else ""
    parts = [text(event.description), joined]
    for day in await programme(to):
        lines = [day.date]
        for session in day.sessions:
            zones_of = " → ".join(filter(None, (session.zone, session.end_zone)))
            more = ", ".join(filter(None, (zones_of, session.place)))
            lines.append(
                f"{session.start}–{session.end} {session.title}" + (f" ({more})" if more else "")
            )
        parts.append("\n".join(lines))
    whole = "\n\n".join(filter(None, parts)).strip()
    return whole if len(whole) <= LONGEST else f"{whole[:LONGEST].rstrip()}…\n\n{event.url}"


def _bytes(to: Registration, entry: Entry, method: str, organizer: str) -> bytes:
    head = Calendar()
    head.add("prodid", "-//Viesis//viesis//EN")
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("method", method)
    opening, closing = head.to_ical().rsplit(b"END:VCALENDAR", 1)
    event, end = fragment(entry).rsplit(b"END:VEVENT", 1)
    who = {
        "ORGANIZER": _who(organizer, to.event.project.name),
        "ATTENDEE": _attendee(to, method, organizer),
    }
    lines = b"".join(
        Contentline.from_parts(name, one.params, one).to_ical() + b"\r\n"
        for name, one in who.items()
    )
    return bytes(
        opening
        + b"".join(zones([entry]))
        + event
        + lines
        + b"END:VEVENT"
        + end
        + b"END:VCALENDAR"
        + closing
    )


def _attendee(to: Registration, method: str, organizer: str) -> vCalAddress:
    given = vCalAddress(_mailto(to.person.email))
    answered = bool(settings.get().mail_in) and bool(return_addresses.read(organizer))
    more: dict[str, Any] = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
    if method == "REQUEST":
        more |= {
            "PARTSTAT": PARTSTATS.get(to.reply, "NEEDS-ACTION"),
            "RSVP": "TRUE" if answered else "FALSE",
        }
    return _named(given, to.person.name, more)


def _who(email: str, name: str) -> vCalAddress:
    return _named(vCalAddress(_mailto(email)), name, {})


def _named(given: vCalAddress, name: str, more: dict[str, Any]) -> vCalAddress:
    # Outlook knows no way to write a quotation mark in a parameter (RFC 6868 came later)
    for key, value in {"CN": clean(name).replace('"', "'"), **more}.items():
        if value:
            given.params[key] = value
    return given


def _mailto(email: str) -> str:
    local, _at, domain = clean(email).rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return f"mailto:{quote(local, safe=LOCAL)}@{domain}"


async def rescheduled(event_id: int) -> None:
    """Hook of events.event.event: who said yes to another time has not answered yet (RFC 5546,
    3.2.2.1).
    """
    change = await Change.filter(event_id=event_id).order_by("-id").first()
    values = change.values if change and change.action == "changed" else {}
    if any(_differ(*values[name]) for name in ("starts_at", "ends_at") if name in values):
        await db.execute(
            "UPDATE registration SET reply = '', replied_at = NULL WHERE event_id = $1::bigint AND reply <> ''",
            event_id,
        )


def _differ(old: object, new: object) -> bool:
    """Whether two kept times are two moments; a zone alone makes none."""
    return datetime.fromisoformat(str(old)) != datetime.fromisoformat(str(new))
