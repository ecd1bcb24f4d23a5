"""Mail to everyone registered: changes, cancellation, agenda, reminders, thanks, an organiser's
words.

One mail a person, written in the transaction of what causes it, and once for one reason. Nobody is
told anything of an event that has ended, but for thanks.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db
from core.clock import now
from core.db import atomic
from core.errors import DomainError
from core.i18n import _, language, speaking
from core.text import fold
from core.tokens import derived
from events.event.event import Event
from events.event.history import Change
from notifications.outbox.letters import Rendered, written
from notifications.outbox.message import Message, Recipient
from registrations.mail.announcements import Announcement
from registrations.mail.audience import audience
from registrations.mail.letters import compose
from registrations.mail.recipients import invented
from registrations.mail.unsubscribe import STOPPABLE, uninvited
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ACTIVE

COMING = ("confirmed",)

_REGISTERED = """
SELECT r.id, r.language, p.name, p.email, p.mails_stopped_at FROM registration r JOIN person p ON p.id = r.person_id
WHERE r.event_id = $1::bigint AND r.status = ANY($2::text[]) ORDER BY r.id
"""


async def tell(
    event: Event,
    kind: str,
    statuses: Sequence[str],
    dedup: Callable[[int], str],
    *,
    only: Sequence[int] | None = None,
    **about: Any,
) -> int:
    """Queue a mail of this kind to everyone registered in one of these states; answers how many are
    new.
    """
    found = await db.rows(_REGISTERED, event.id, [s for s in statuses if s in ACTIVE])
    wanted = None if only is None else set(only)
    recipients = [
        Recipient(
            r["email"], r["name"], r["language"], {"registration": r["id"], **about}, dedup(r["id"])
        )
        for r in found
        if (wanted is None or r["id"] in wanted)
        and not (kind in STOPPABLE and r["mails_stopped_at"])
    ]
    return await Message.queue_all(kind, recipients, scope=event.project_id, subject_of=event.id)


async def tell_of(event: Event, change: Change | None, what: str) -> int:
    """Hook of events.event.notices: those registered learn of a change or a cancellation; of a
    publication nobody yet can.
    """
    if what == "cancelled":
        # what was still on its way speaks of an event that takes place
        await Message.withdraw(
            subject_of=event.id, kind__in=("agenda", "reminder", "changed", "offer")
        )
        reason = event.cancel_reason
        return await tell(
            event, "cancelled", ACTIVE, lambda r: f"cancelled:{r}:{event.id}", reason=reason
        )
    if what == "changed" and change:
        ids = [change.id]
        return await tell(
            event, "changed", ACTIVE, lambda r: f"changed:{r}:{change.id}", changes=ids
        )
    return 0


@atomic
async def tell_changes(event: Event, actor: Actor, changes: Sequence[int]) -> int:
    """Tell of changes that nobody was told of yet, in one mail a person. Answers how many
    people.
    """
    found = await Change.filter(event_id=event.id, id__in=changes, told_at=None).order_by("id")
    if not found or event.ends_at <= now() or event.status != "published":
        return 0
    ids, last = [c.id for c in found], found[-1].id
    count = await tell(event, "changed", ACTIVE, lambda r: f"changed:{r}:{last}", changes=ids)
    await Change.filter(id__in=ids).update(told_at=now())
    await audit(actor, "event.change_told", event)
    return count


@atomic
async def send_agenda(event: Event, actor: Actor) -> int:
    """The agenda to everyone confirmed, once for each state of the programme. 409 when the event
    has ended.
    """
    _still_to_come(event)
    count = await tell(event, "agenda", COMING, lambda r: f"agenda:{r}:{event.revision}")
    await audit(actor, "event.agenda_sent", event)
    return count


@atomic
async def send_reminder(event: Event, actor: Actor) -> int:
    """A reminder to everyone confirmed, once a day at most."""
    _still_to_come(event)
    day = now().date().isoformat()
    count = await tell(event, "reminder", COMING, lambda r: f"reminder:{r}:{day}")
    await audit(actor, "event.reminder_sent", event)
    return count


@atomic
async def thank(event: Event, actor: Actor, only: Sequence[int] | None = None) -> int:
    """Thanks to those confirmed (or only to these registrations), once."""
    if event.status == "cancelled" or event.starts_at > now():
        raise DomainError(_("Thanks go out once the event has begun."), 409)
    count = await tell(event, "thanks", COMING, lambda r: f"thanks:{r}", only=only)
    await audit(actor, "event.thanked", event)
    return count


@atomic
async def announce(event: Event, actor: Actor, draft: Announcement) -> int:
    """Send an organiser's message. Answers how many people it goes to."""
    if draft.sent_at:
        raise DomainError(_("This message has been sent already."), 409)
    whom, about = await audience(event, draft), {"announcement": draft.id}
    count = await tell(
        event, "message", draft.statuses, lambda r: f"message:{r}:{draft.id}", only=whom, **about
    )
    draft.update_from_dict({"sent_at": now(), "people": count})
    await draft.save()
    await audit(actor, "event.message_sent", event)
    return count


async def try_out(event: Event, actor: Actor, draft: Announcement) -> str:
    """The message to oneself, as an invented person reads it. Answers the address."""
    if not actor.user:
        raise DomainError(_("Only a person who is signed in has an address."), 409)
    about = {"trial": event.id, "announcement": draft.id}
    whom = (actor.user.email, actor.user.shown)
    await Message.queue("message", *whom, language=language(), about=about, scope=event.project_id)
    return str(actor.user.email)


@atomic
async def invite(
    event: Event, actor: Actor, people: Sequence[tuple[str, str]], words: str = "", code: str = ""
) -> int:
    """Invite people, each an address and a name, to register, in this language; each address once,
    if wanted.
    """
    _still_to_come(event)
    unwanted = await uninvited(event.project_id, [email for email, _name in people])
    about = {"event": event.id, "text": words}
    recipients = [
        Recipient(
            email,
            name,
            code or language(),
            about,
            derived(f"event_invitation:{event.id}:", fold(email)),
        )
        for email, name in people
        if email not in unwanted
    ]
    count = await Message.queue_all(
        "event_invitation", recipients, scope=event.project_id, subject_of=event.id
    )
    await audit(actor, "event.invited", event)
    return count


async def ahead() -> int:
    """Timetable: agendas and reminders of events that want them so long before, also to who
    registered since.
    """
    moment, count = now(), 0
    for event in await Event.filter(status="published", starts_at__gt=moment).only(*_FEW):
        days, early, hours = (
            event.agenda_days_before,
            event.reminder_days_before,
            event.reminder_hours_before,
        )
        begins = event.starts_at
        late = hours is not None and begins - timedelta(hours=hours) <= moment
        if days is not None and begins - timedelta(days=days) <= moment:
            count += await _first(event, "agenda")
        if late:
            count += await _first(event, "reminder", "hours", begins - timedelta(hours=hours or 0))
        elif early is not None and begins - timedelta(days=early) <= moment:
            count += await _first(event, "reminder", "days", begins - timedelta(days=early))
    return count


_BEFORE = ("agenda_days_before", "reminder_days_before", "reminder_hours_before")
_FEW = ("id", "project_id", "starts_at", "ends_at", "revision", *_BEFORE)


@atomic
async def _first(
    event: Event, kind: str, when: str = "ahead", since: datetime | None = None
) -> int:
    """To everyone confirmed who never got one of this kind for this event; with a moment: none
    since, for this day.
    """
    told = Message.filter(subject_of=event.id, kind=kind)
    told = told.filter(created_at__gte=since) if since else told
    known = {m.about["registration"] for m in await told.only("id", "about")}
    found = await Registration.filter(event_id=event.id, status="confirmed").values_list(
        "id", flat=True
    )
    fresh = [int(str(i)) for i in found if i not in known]
    day = (
        f":{event.starts_at:%Y-%m-%d}" if since else ""
    )  # a day that moved is another one to be reminded of
    return (
        await tell(event, kind, COMING, lambda r: f"{kind}:{r}:{when}{day}", only=fresh)
        if fresh
        else 0
    )


async def preview(
    kind: str, event: Event, about: dict[str, Any] | None = None, to: int | None = None
) -> Rendered:
    """The mail as the first person registered (or `to`, a registration) will read it, before
    anything is queued.

    `event` may carry values not saved yet; with its project fetched. With nobody registered, an
    invented person reads.
    """
    found = Registration.filter(event_id=event.id, status__in=ACTIVE)
    found = found.filter(id=to) if to else found.order_by("id")
    someone = await found.select_related("person", "organisation").first() or invented(event)
    someone.event = event
    with speaking(someone.language):
        letter = await compose[kind](someone, about or {})
        return written(kind, someone.person.name, letter).blanked()


async def how_many(event: Event, statuses: Sequence[str] = ACTIVE) -> int:
    """How many people a mail would go to."""
    return await Registration.filter(event_id=event.id, status__in=statuses).count()


def _still_to_come(event: Event) -> None:
    if event.status != "published" or event.ends_at <= now():
        raise DomainError(
            _("Only those registered for an event that is published and still to come are told."),
            409,
        )
