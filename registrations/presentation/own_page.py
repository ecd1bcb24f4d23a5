"""A participant's own page: whose it is, by the secret in its address, and what it shows."""

from typing import Any

from starlette.requests import Request

from core.clock import now
from core.errors import not_found
from core.http import limits
from core.http.forms import Form
from core.http.pages import check_origin
from core.i18n import _, fmt, text
from events.event.event import Event
from events.presentation.display import programme_days, standing, when
from events.programme.materials import materials
from events.programme.sessions import Session
from registrations.calendar.feeds import REMINDERS
from registrations.form import form as forms
from registrations.form.answers import asked
from registrations.form.notice import choices_of, kept_until, problems
from registrations.form.questions import Consent, Question
from registrations.people.certificates import attended
from registrations.registration.choices import Choice
from registrations.registration.registration import Registration
from registrations.registration.session_options import to_choose
from registrations.registration.vocabulary import Gender
from registrations.registration.waiting_list import waiting_position


async def own(request: Request, token: str) -> Registration:
    """The registration of this address. 404 when it is nobody's; a form must come from our own
    page.
    """
    if request.method != "GET":
        check_origin(request)
    found = await Registration.by_token(token)
    if not found:
        await limits.wrong_token(request)
        raise not_found()
    return found


async def shown(found: Registration, form: Form, remind: str = "") -> dict[str, Any]:
    """The context of registrations/mine.html; the form gets what was said before, where it says
    nothing else.
    """
    event: Event = found.event
    questions = await asked(event)
    chosen = [
        c.session_id for c in await Choice.filter(registration_id=found.id).order_by("session_id")
    ]
    known = forms.values(found, chosen)
    form.values = {**{k: v for k, v in known.items() if k not in {"name", "email"}}, **form.values}
    follower = await Registration.filter(replaces_id=found.id).select_related("person").first()
    remind = remind if remind in REMINDERS else ""
    return dict(
        own=found,
        base=f"/r/{found.secret}",
        event=event,
        project=event.project,
        title=text(event.title),
        when=when(event),
        over=event.ends_at <= now(),
        open=standing(event).open,
        online=event.online_url if found.status == "confirmed" else "",
        organisation_name=known["organisation"],
        position=await waiting_position(found),
        follower=follower.person.name if follower else "",
        calendar=found.calendar_url + (f"?remind={remind}" if remind else ""),
        reminders=[("", _("Never")), *REMINDERS.items()],
        remind=remind,
        choices=await to_choose(event),
        days=await _days(event, chosen),
        said=_said(found, questions, str(known["organisation"])),
        asked=questions,
        problems=problems(form, questions),
        needs=any(q.private for q in questions) and found.active,
        consents=await Consent.filter(registration_id=found.id).order_by("id"),
        certificate=await attended(found),
        materials=await materials(event) if found.status == "confirmed" else [],
        kept_until=kept_until(event),
        form=form,
        **choices_of(event),
    )


async def _days(event: Event, chosen: list[int]) -> list[Any]:
    """The programme as this person has it: what is for all, and the sessions chosen."""
    every = await Session.filter(event_id=event.id, removed_at=None)
    return programme_days(event, [s for s in every if s.capacity is None or s.id in chosen])


def _said(
    found: Registration, questions: list[Question], organisation: str
) -> list[tuple[str, Any, str]]:
    """What was said, as rows of components/facts.html."""
    rows: list[tuple[str, Any, str]] = [
        ("user", _("Name"), found.person.name),
        ("mail", _("E-mail"), found.person.email),
        ("building-2", _("Organisation"), organisation),
        ("globe", _("Country"), fmt.country(found.country)),
        ("users", _("Gender"), str(Gender.labels().get(found.gender, ""))),
        ("calendar", _("Year of birth"), str(found.birth_year or "")),
        ("users", _("Group"), found.target_group),
    ]
    for question in questions:
        if question.key in found.answers:
            words = forms.in_words(question, found.answers[question.key])
            rows.append(("info", text(question.label), words))
    return rows
