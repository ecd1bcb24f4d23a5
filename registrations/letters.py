"""The mails to someone registered: each kind's letter, and when it is no longer due.

A letter is made from a registration with its person, event and project; `about` holds what else its kind needs.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from core.clock import now
from core.i18n import Lazy, _, fmt, text
from events.events import Event
from events.history import Change
from events.letters import facts, letterhead, list_id, title
from events.sessions import Session
from events.shown import ShownDay, programme_days
from notifications.letters import Letter, letter
from notifications.mime import Attachment
from notifications.outbox import Message
from registrations import tickets
from registrations.announcements import Announcement, filled
from registrations.certificates import attended
from registrations.certificates import pdf as certificate
from registrations.changes import Said, said
from registrations.choices import Choice
from registrations.day_sheets import day_sheet
from registrations.feeds import confirmation_ics
from registrations.invitations import form_url
from registrations.loading import invented, loaded
from registrations.registrations import ACTIVE, Registration
from registrations.stopping import STOPPABLE
from registrations.stopping import url as stop_url
from registrations.waiting_list import waiting_position
from registrations.wordings import ADAPTED, Wording

About = dict[str, Any]
Compose = Callable[[Registration, About], Awaitable[Letter]]

TICKET = "ticket"

compose: dict[str, Compose] = {}
"""How the letter of each kind is made: for the outbox, and for previews before anything is queued."""


def to_registered(kind: str, name: Lazy) -> Callable[[Compose], Compose]:
    """Register the letter of a kind that goes to someone registered."""

    def register(make: Compose) -> Compose:
        async def build(message: Message) -> Letter | None:
            registration = await loaded(message.about.get("registration")) or await _trial(message)
            return await finished(registration, message.about) if registration else None

        async def finished(to: Registration, about: About) -> Letter:
            made = await make(to, about)
            if kind in ADAPTED and (own := await Wording.of(to.event, kind, about)):
                made.own_subject, made.own_text, made.own_html = own.filled(to)
            if kind in STOPPABLE:
                made.stop_url = stop_url(to.person.id or 0)
                made.due = made.due and not to.person.mails_stopped_at
            return made

        compose[kind] = finished
        letter(kind, name)(build)
        return make

    return register


@to_registered("confirmation", _("Confirmation"))
async def confirmation(to: Registration, _about: About) -> Letter:
    """A seat: the ticket as a picture, the way back to my page, an .ics to open."""
    return await _with_ticket(to, approved=to.event.approval)


@to_registered("waiting", _("On the waiting list"))
async def waiting(to: Registration, _about: About) -> Letter:
    """A place on the list."""
    return _letter(to, to.status == "waiting", position=await waiting_position(to) or 1)


@to_registered("pending", _("Waiting for approval"))
async def pending(to: Registration, _about: About) -> Letter:
    """Received; the organiser decides."""
    return _letter(to, to.status == "pending")


@to_registered("offer", _("Offer of a seat"))
async def offer(to: Registration, _about: About) -> Letter:
    """A seat fell free: take it or leave it, until when."""
    ends_at, zone = to.offer_ends_at, to.event.timezone
    due = to.status == "offered" and ends_at > now()
    return _letter(to, due, until=f"{fmt.datetime(ends_at, zone)} ({fmt.zone(zone)})" if ends_at else "")


@to_registered("declined", _("Not accepted"))
async def declined(to: Registration, _about: About) -> Letter:
    """The organiser could not accept this registration."""
    return _letter(to, to.status == "declined", reason=to.cancel_reason)


@to_registered("cancelled_registration", _("Registration cancelled"))
async def cancelled_registration(to: Registration, _about: About) -> Letter:
    """Cancelled, by the person or by the organiser."""
    return _letter(to, to.status == "cancelled", reason=to.cancel_reason)


@to_registered("substitution", _("Substitute"))
async def substitution(to: Registration, _about: About) -> Letter:
    """To the one who hands over, and to the one who comes instead, with the ticket."""
    if to.status == "replaced":
        follower = await Registration.filter(replaces_id=to.id).prefetch_related("person").first()
        return _letter(to, follower is not None, other=follower.person.name if follower else "", comes=False)
    before = await Registration.filter(id=to.replaces_id).prefetch_related("person").first() if to.replaces_id else None
    return await _with_ticket(to, other=before.person.name if before else "", comes=True)


@to_registered("link_again", _("My link again"))
async def link_again(to: Registration, _about: About) -> Letter:
    """The address of my page, asked for again."""
    return _letter(to, due=True)


@to_registered("private_code", _("Code for dietary and access needs"))
async def private_code(to: Registration, about: About) -> Letter:
    """A code that shows what I said about my needs, for a few minutes."""
    code = str(about.get("code", ""))
    made = _letter(to, bool(code), code=code, minutes=int(str(about.get("minutes", 10))))
    made.secrets = (code,)
    return made


@to_registered("agenda", _("Agenda"))
async def agenda(to: Registration, _about: About) -> Letter:
    """The whole programme as this person attends it, by day; an .ics, and a day sheet to print."""
    days, name = await _programme(to), f"{to.event.slug}.pdf"
    made = _letter(to, to.status == "confirmed" and _ahead(to.event), days=days)
    sheet = [Attachment(name, "application/pdf", await day_sheet(to.event, days))] if days else []
    made.attachments = [await _calendar(to), *sheet]
    return made


@to_registered("reminder", _("Reminder"))
async def reminder(to: Registration, _about: About) -> Letter:
    """Soon: when, where, and the ticket once more."""
    return await _with_ticket(to)


@to_registered("changed", _("Change of the event"))
async def changed(to: Registration, about: About) -> Letter:
    """What changed, old and new, in words; the entry for the calendar as it is now."""
    shown = about.get("shown") or await _changes(to.event, about)
    made = _letter(to, to.status in ACTIVE and _ahead(to.event) and bool(shown), changes=shown)
    if to.status == "confirmed":
        made.attachments = [await _calendar(to)]
    return made


@to_registered("cancelled", _("Event cancelled"))
async def cancelled(to: Registration, about: About) -> Letter:
    """The event does not take place."""
    reason = str(about.get("reason") or to.event.cancel_reason)
    made = _letter(to, to.status in ACTIVE and to.event.status == "cancelled", reason=reason)
    if to.status == "confirmed":
        made.attachments = [await _calendar(to)]
    return made


@to_registered("thanks", _("Thanks"))
async def thanks(to: Registration, _about: About) -> Letter:
    """After the event: thank you, where materials are, and the certificate for whoever was there."""
    certified = bool(to.id) and await attended(to)
    made = _letter(to, to.status == "confirmed" and to.event.status != "cancelled", certified=certified)
    if certified:
        made.attachments = [Attachment(f"certificate-{to.event.slug}.pdf", "application/pdf", await certificate(to))]
    return made


@to_registered("message", _("Message of the organiser"))
async def message(to: Registration, about: About) -> Letter:
    """What an organiser wrote; the placeholders of the closed list are looked up, nothing else is."""
    found = about.get("draft") or await Announcement.get_or_none(id=about.get("announcement"))
    due = found is not None and to.status in ACTIVE
    words = filled(found, to) if found else ("", "", "")
    return _letter(to, due, said_subject=words[0], said=words[1], said_html=words[2], trial="trial" in about)


@letter("event_invitation", _("Invitation to register"))
async def event_invitation(message: Message) -> Letter | None:
    """To someone not registered yet: what, when, where, and the form."""
    event = await Event.get_or_none(id=message.about.get("event")).select_related("project")
    if not event:
        return None
    due = event.status == "published" and _ahead(event)
    words = {"said": str(message.about.get("text", "")), "register_url": form_url(event, message.to_email)}
    context = {"event": event, "title": title(event), "facts": facts(event, online=False), "event_url": event.url}
    return Letter({**context, **words}, head=letterhead(event.project), list_id=list_id(event), due=due)


def _letter(to: Registration, due: bool, **more: Any) -> Letter:
    event: Event = to.event
    confirmed = to.status == "confirmed"
    organisation = text(to.organisation.name) if to.organisation_id and to.organisation else ""
    context = {
        "event": event,
        "title": title(event),
        "facts": [*facts(event, online=confirmed), (_("Registered"), to.person.name, organisation)],
        "status": to.status,
        "manage_url": to.manage_url,
        "calendar_url": to.calendar_url,
        "event_url": event.url,
        **more,
    }
    return Letter(context, head=letterhead(event.project), list_id=list_id(event), due=due)


async def _with_ticket(to: Registration, **more: Any) -> Letter:
    code = to.ticket
    made = _letter(to, to.status == "confirmed" and _ahead(to.event), ticket=code, picture=f"cid:{TICKET}", **more)
    picture = tickets.png(code)
    made.attachments = [
        Attachment("ticket.png", "image/png", picture, inline=TICKET),
        Attachment(f"ticket-{code}.png", "image/png", picture),
        await _calendar(to),
    ]
    return made


async def _trial(message: Message) -> Registration | None:
    """A mail to whoever writes it, who is not registered."""
    event = await Event.get_or_none(id=message.about.get("trial") or 0).select_related("project")
    return invented(event, message.to_name, message.to_email) if event else None


def _ahead(event: Event) -> bool:
    return event.status in {"published", "held"} and bool(event.ends_at > now())


async def _calendar(to: Registration) -> Attachment:
    return Attachment(f"{to.event.slug}.ics", "text/calendar; charset=utf-8", await confirmation_ics(to))


async def _programme(to: Registration) -> list[ShownDay]:
    sessions = await Session.filter(event_id=to.event_id, removed_at=None)
    chosen = set(await Choice.filter(registration_id=to.id or 0).values_list("session_id", flat=True))
    return programme_days(to.event, [s for s in sessions if s.capacity is None or s.id in chosen])


async def _changes(event: Event, about: About) -> list[Said]:
    found = Change.filter(event_id=event.id, id__in=about.get("changes") or [])
    return await said(event, await found.order_by("id"))
