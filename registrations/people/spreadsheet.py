"""The list of people as a table to download: which columns there are, and what is in them."""

from zoneinfo import ZoneInfo

from core.http.spreadsheets import Cell
from core.i18n import Lazy, _, fmt, text
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.organisations import OrganisationKind
from registrations.form import form
from registrations.form.answers import asked
from registrations.registration.choices import Choice
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import (
    CalendarReply,
    Gender,
    ParticipantRole,
    RegistrationStatus,
)
from registrations.registration.waiting_list import with_positions

HEAD: tuple[Lazy, ...] = (
    _("Name"),
    _("E-mail"),
    _("Status"),
    _("Number on the waiting list"),
    _("Role"),
    _("Organisation"),
    _("Kind of organisation"),
    _("Country"),
    _("Gender"),
    _("Year of birth"),
    _("Group"),
    _("Language"),
    _("Sessions"),
    _("Ticket"),
    _("Registered"),
    _("Calendar reply"),
)


async def table(event: Event) -> tuple[list[str], list[list[Cell]]]:
    """Everyone there ever was, by name: head and rows. Needs kept apart are not in it."""
    found = await Registration.filter(event_id=event.id).prefetch_related("person", "organisation")
    await with_positions(found)
    found.sort(key=lambda r: (r.person.search, r.id))
    titles = {s.id: text(s.title) for s in await Session.filter(event_id=event.id)}
    chosen: dict[int, list[str]] = {}
    for choice in await Choice.filter(registration__event_id=event.id).order_by("session_id"):
        chosen.setdefault(choice.registration_id, []).append(titles.get(choice.session_id, ""))
    questions = [q for q in await asked(event) if not q.private]
    head = [str(h) for h in HEAD] + [text(q.label) for q in questions]
    rows: list[list[Cell]] = []
    for one in found:
        answers = [
            form.in_words(q, one.answers[q.key]) if q.key in one.answers else "" for q in questions
        ]
        rows.append([*_person(one, event, ", ".join(chosen.get(one.id, []))), *answers])
    return head, rows


def _person(one: Registration, event: Event, sessions: str) -> list[Cell]:
    organisation = one.organisation if one.organisation_id else None
    return [
        one.person.name,
        one.person.email,
        str(RegistrationStatus.of(one.status).label),
        one.place_in_line or "",
        str(ParticipantRole.of(one.role).label),
        text(organisation.name) if organisation else "",
        str(OrganisationKind.labels().get(organisation.kind, "")) if organisation else "",
        fmt.country(one.country),
        str(Gender.labels().get(one.gender, "")),
        one.birth_year or "",
        one.target_group,
        one.language,
        sessions,
        one.ticket,
        one.created_at.astimezone(ZoneInfo(event.timezone)).replace(tzinfo=None),
        str(CalendarReply.labels().get(one.reply, "")),
    ]
