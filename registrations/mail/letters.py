"""The mails to a participant: one builder for each kind, and when it is no longer due.

A letter is made from a registration with its person, event and project; `about` holds what else its
kind needs.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from core.clock import now
from core.i18n import Lazy, _, fmt, text
from events.event.event import Event
from events.event.history import Change
from events.presentation.mail_facts import facts, letterhead, list_id, title
from notifications.outbox.letters import Letter, letter
from notifications.outbox.message import Message
from notifications.outbox.mime import Attachment
from registrations.calendar.invites import call_off, enclose, enclose_programme, plain, wanted
from registrations.mail.announcements import Announcement, filled
from registrations.mail.changes import Said, said
from registrations.mail.day_sheets import day_sheet
from registrations.mail.recipients import loaded, trial
from registrations.mail.unsubscribe import STOPPABLE
from registrations.mail.unsubscribe import url as stop_url
from registrations.mail.wordings import ADAPTED, Wording
from registrations.people.certificates import attended
from registrations.people.certificates import pdf as certificate
from registrations.registration import tickets
from registrations.registration.programme import programme
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ACTIVE
from registrations.registration.waiting_list import waiting_position

About = dict[str, Any]
Compose = Callable[[Registration, About], Awaitable[Letter]]

TICKET = "ticket"

compose: dict[str, Compose] = {}
"""How the letter of each kind is made: for the outbox, and for previews before anything is
queued.
"""


def to_registered(kind: str, name: Lazy) -> Callable[[Compose], Compose]:
    """Register the letter of a kind that goes to someone registered."""

    def register(make: Compose) -> Compose:
        async def build(message: Message) -> Letter | None:
            registration = await loaded(message.about.get("registration")) or await trial(message)
            if registration and not registration.person.email:
                # whoever was just erased gets a last mail
                registration.person.name, registration.person.email = "", message.to_email
            return await finished(registration, message.about) if registration else None

        async def finished(to: Registration, about: About) -> Letter:
            made = await make(to, about)
            if kind in ADAPTED and (own := await Wording.of(to.event, kind, about)):
                made.own_subject, made.own_text, made.own_html = own.filled(to)
            if kind in STOPPABLE and to.person.id:
                made.stop_url = stop_url(to.person.id)
                made.due = made.due and not to.person.mails_stopped_at
            return made

        compose[kind] = finished
        letter(kind, name)(build)
        return make

    return register


@to_registered("confirmation", _("Confirmation"))
async def confirmation(to: Registration, _about: About) -> Letter:
    """A seat: the ticket as a picture, the way back to my page, an .ics to open."""
    made = await _with_ticket(to, approved=to.event.approval)
    await enclose(made, to)
    return made


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
    return _letter(
        to, due, until=f"{fmt.datetime(ends_at, zone)} ({fmt.zone(zone)})" if ends_at else ""
    )


@to_registered("declined", _("Not accepted"))
async def declined(to: Registration, _about: About) -> Letter:
    """The organiser could not accept this registration."""
    made = _letter(to, to.status == "declined", reason=to.cancel_reason)
    await call_off(made, to)
    return made


@to_registered("cancelled_registration", _("Registration cancelled"))
async def cancelled_registration(to: Registration, _about: About) -> Letter:
    """Cancelled, by the person or by the organiser."""
    made = _letter(to, to.status == "cancelled", reason=to.cancel_reason)
    await call_off(made, to)
    return made


@to_registered("substitution", _("Substitute"))
async def substitution(to: Registration, _about: About) -> Letter:
    """To the one who hands over, and to the one who comes instead, with the ticket."""
    if to.status == "replaced":
        follower = await Registration.filter(replaces_id=to.id).prefetch_related("person").first()
        made = _letter(
            to, follower is not None, other=follower.person.name if follower else "", comes=False
        )
        await call_off(made, to)
        return made
    before = (
        await Registration.filter(id=to.replaces_id).prefetch_related("person").first()
        if to.replaces_id
        else None
    )
    made = await _with_ticket(to, other=before.person.name if before else "", comes=True)
    await enclose(made, to)
    return made


@to_registered("link_again", _("My link again"))
async def link_again(to: Registration, about: About) -> Letter:
    """The address of my page, asked for again; `moved` to another address, so that its calendar is
    a new one.
    """
    made = _letter(to, due=True)
    if about.get("moved") and to.status == "confirmed" and wanted(to) and _ahead(to.event):
        await enclose(made, to)
    return made


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
    days, name = await programme(to), f"{to.event.slug}.pdf"
    made = _letter(to, to.status == "confirmed" and _ahead(to.event), days=days)
    sheet = [Attachment(name, "application/pdf", await day_sheet(to.event, days))] if days else []
    await enclose_programme(made, to)
    made.attachments += sheet
    return made


@to_registered("reminder", _("Reminder"))
async def reminder(to: Registration, _about: About) -> Letter:
    """Soon: when, where, and the ticket once more."""
    made = await _with_ticket(to)
    await enclose_programme(made, to)
    return made


@to_registered("changed", _("Change of the event"))
async def changed(to: Registration, about: About) -> Letter:
    """What changed, old and new, in words; the entry for the calendar as it is now."""
    shown = about.get("shown") or await _changes(to.event, about)
    made = _letter(to, to.status in ACTIVE and _ahead(to.event) and bool(shown), changes=shown)
    if to.status == "confirmed":
        await enclose(made, to)
    return made


@to_registered("calendar_invite", _("Invitation for the calendar"))
async def calendar_invite(to: Registration, _about: About) -> Letter:
    """To those who had a seat before the event began to send invitations; and the newest one, when
    a calendar asks.
    """
    made = _letter(to, to.status == "confirmed" and _ahead(to.event))
    await enclose(made, to)
    return made


@to_registered("cancelled", _("Event cancelled"))
async def cancelled(to: Registration, about: About) -> Letter:
    """The event does not take place."""
    reason = str(about.get("reason") or to.event.cancel_reason)
    made = _letter(to, to.status in ACTIVE and to.event.status == "cancelled", reason=reason)
    if to.status == "confirmed" and not await call_off(made, to):
        made.attachments.append(await plain(to))
    return made


@to_registered("thanks", _("Thanks"))
async def thanks(to: Registration, _about: About) -> Letter:
    """After the event: thank you, where materials are, how to say what one thinks, a certificate
    for who was there.
    """
    certified = bool(to.id) and await attended(to)
    due = to.status == "confirmed" and to.event.status != "cancelled"
    made = _letter(to, due, certified=certified, feedback_url=to.event.feedback_url)
    if certified:
        made.attachments = [
            Attachment(f"certificate-{to.event.slug}.pdf", "application/pdf", await certificate(to))
        ]
    return made


@to_registered("message", _("Message of the organiser"))
async def message(to: Registration, about: About) -> Letter:
    """What an organiser wrote; the placeholders of the closed list are looked up, nothing else
    is.
    """
    found = about.get("draft") or await Announcement.get_or_none(id=about.get("announcement"))
    due = found is not None and to.status in ACTIVE
    words = filled(found, to) if found else ("", "", "")
    return _letter(
        to, due, said_subject=words[0], said=words[1], said_html=words[2], trial="trial" in about
    )


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
    made = _letter(
        to,
        to.status == "confirmed" and _ahead(to.event),
        ticket=code,
        picture=f"cid:{TICKET}",
        **more,
    )
    picture = tickets.png(code)
    made.attachments = [
        Attachment("ticket.png", "image/png", picture, inline=TICKET),
        Attachment(f"ticket-{code}.png", "image/png", picture),
    ]
    return made


def _ahead(event: Event) -> bool:
    return event.status in {"published", "held"} and bool(event.ends_at > now())


async def _changes(event: Event, about: About) -> list[Said]:
    found = Change.filter(event_id=event.id, id__in=about.get("changes") or [])
    return await said(event, await found.order_by("id"))
