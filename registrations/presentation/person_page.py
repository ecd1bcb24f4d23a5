"""One registration as its organisers see it: answers and history."""

from datetime import datetime
from typing import Any

from accounts.audit.audit import AuditEntry
from core.i18n import Lazy, _, fmt, text
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.organisations import OrganisationKind
from notifications.outbox.letters import kinds
from notifications.outbox.message import Message
from registrations.form import form
from registrations.form.answers import asked
from registrations.registration.choices import Choice
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import Gender, ParticipantRole

HAPPENED: dict[str, Lazy] = {
    "registration.made": _("Registered"),
    "registration.cancelled": _("Cancelled"),
    "registration.approved": _("Approved"),
    "registration.declined": _("Declined"),
    "registration.accepted": _("Took the offered seat"),
    "registration.offer_refused": _("Left the offered seat to the next one"),
    "registration.seat_given": _("Was given a seat before others"),
    "registration.substituted": _("Replaced by somebody else"),
    "registration.corrected": _("Name or address corrected"),
    "registration.changed": _("Changed the answers"),
    "registration.needs_changed": _("Changed food, access or other needs"),
    "registration.sessions_chosen": _("Chose sessions"),
    "registration.said_yes": _("Answered Yes in the calendar"),
    "registration.said_maybe": _("Answered Maybe in the calendar"),
    "registration.said_no": _("Answered No in the calendar"),
    "registration.proposed_time": _("Proposed another time in the calendar"),
}
SOURCES: dict[str, Lazy] = {
    "web": _("Registered on the page"),
    "invited": _("Registered by invitation"),
    "api": _("Registered by another program"),
    "desk": _("Registered by hand"),
    "door": _("Registered at the door"),
    "substitute": _("Named as a substitute"),
    "demo": _("Registered"),
}
MAILS: dict[str, Lazy] = {
    "sent": _("E-mail sent"),
    "queued": _("E-mail on its way"),
    "sending": _("E-mail on its way"),
    "failed": _("E-mail could not be delivered"),
    "bounced": _("E-mail came back"),
    "held": _("E-mail held back"),
    "withdrawn": _("E-mail not needed any more"),
}


async def said(found: Registration, event: Event) -> list[tuple[str, Any, str]]:
    """What was said, as rows of components/facts.html. Needs kept apart are not among it."""
    organisation = found.organisation if found.organisation_id else None
    chosen = await Choice.filter(registration_id=found.id).values_list("session_id", flat=True)
    sessions = (
        await Session.filter(id__in=list(chosen)).order_by("starts_at", "id") if chosen else []
    )
    rows: list[tuple[str, Any, str]] = [
        ("mail", _("E-mail"), found.person.email),
        ("building-2", _("Organisation"), text(organisation.name) if organisation else ""),
        (
            "list",
            _("Kind of organisation"),
            str(OrganisationKind.labels().get(organisation.kind, "")) if organisation else "",
        ),
        ("globe", _("Country"), fmt.country(found.country)),
        ("user", _("Role"), str(ParticipantRole.of(found.role).label)),
        ("users", _("Gender"), str(Gender.labels().get(found.gender, ""))),
        ("calendar", _("Year of birth"), str(found.birth_year or "")),
        ("users", _("Group"), found.target_group),
        ("presentation", _("Sessions"), ", ".join(text(s.title) for s in sessions)),
    ]
    answers = [(q, found.answers[q.key]) for q in await asked(event) if q.key in found.answers]
    return rows + [
        ("info", text(question.label), form.in_words(question, value))
        for question, value in answers
    ]


async def history(found: Registration, event: Event) -> list[dict[str, Any]]:
    """What happened, the newest first, as items of components/timeline.html."""
    entries = await AuditEntry.filter(
        project_id=found.project_id,
        object_type="registration",
        object_id=str(found.id),
        refused=False,
    )
    mails = await Message.filter(
        scope=found.project_id, subject_of=event.id, to_email=found.person.email
    )
    names = kinds()
    items: list[tuple[datetime, dict[str, Any]]] = [
        (found.created_at, {"what": SOURCES.get(found.source, HAPPENED["registration.made"])})
    ]
    items += [
        (e.at, {"what": HAPPENED[e.action], "who": e.actor if e.user_id else ""})
        for e in entries
        if e.action in HAPPENED and e.action != "registration.made"
    ]
    items += [
        (
            m.sent_at or m.created_at,
            {
                "what": MAILS.get(m.state, m.state),
                "text": str(names.get(m.kind, m.kind)),
                "tone": _tone(m.state),
            },
        )
        for m in mails
        if m.kind != "private_code"
    ]
    items.sort(key=lambda i: i[0], reverse=True)
    return [{**item, "when": fmt.datetime(at, event.timezone)} for at, item in items]


def _tone(state: str) -> str:
    return {"failed": "danger", "bounced": "danger", "withdrawn": "muted", "held": "muted"}.get(
        state, ""
    )
