"""The programme of an event, edited in place: a session at a time, by htmx or by plain posts."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import meets
from core import times
from core.errors import DomainError, invalid, not_found
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import is_fragment, render, see_other
from core.i18n import Lazy, _, fmt, language
from events.event.access import Scope, desk_event
from events.event.kind import SessionKind
from events.event.kinds import kind_of
from events.presentation.display import programme_days
from events.presentation.navigation import shell
from events.presentation.posted_form import language_names, number, spread, take, words
from events.programme.clashes import clashes
from events.programme.sessions import Session

router = APIRouter(include_in_schema=False)

TEXTS = ("title", "description")
MOST_DAYS = 60
LONG = timedelta(hours=16)
"""From here on `12-11` is a slip of the pen and not a night, unless a day of its own is given for
the end.
"""


@router.get("/desk/e/{event}/programme")
async def programme(
    request: Request,
    scope: Annotated[Scope, Depends(desk_event("viewer"))],
    edit: str = "",
    day: str = "",
) -> Response:
    """What happens when, and does it clash? `edit` opens a session, `day` says where the next one
    is added.
    """
    session = await _session(scope, edit) if edit and meets(scope.role, "organiser") else None
    form = Form(_as_form(scope, session)) if session else Form(_blank(scope, day))
    return await _page(request, scope, form, editing=session)


async def _page(
    request: Request,
    scope: Scope,
    form: Form,
    status: int = 200,
    *,
    editing: Session | None = None,
    said: "Lazy | str" = "",
    undo: str = "",
) -> Response:
    """The whole page, or for htmx the programme alone."""
    sessions = await scope.event.sessions_now()
    found = clashes(sessions)
    return render(
        request,
        "events/desk/programme_part.html" if is_fragment(request) else "events/desk/programme.html",
        status,
        {
            "Vary": "HX-Request-Type",
            "HX-Push-Url": f"{_base(scope)}?edit={editing.id}" if editing else _base(scope),
        },
        days=programme_days(scope.event, sessions),
        clashes=found,
        clashing={s.id for c in found for s in (c.one, c.other)},
        form=form,
        editing=editing.id if editing else None,
        untouched=form.values.get("untouched") or _time_key(form),
        day_options=_days(scope, editing),
        kinds=list(SessionKind.labels().items()),
        codes=language_names(_codes(scope)),
        zones=times.zones(),
        said=said,
        undo=undo,
        may_edit=meets(scope.role, "organiser") and scope.event.status != "cancelled",
        **shell(scope, tab="programme"),
    )


def _codes(scope: Scope) -> list[str]:
    return scope.project.languages or [language()]


async def _session(scope: Scope, given: str) -> Session:
    found = await Session.get_or_none(id=identity(given), event_id=scope.event.id)
    if not found:
        raise not_found()
    return found


def _days(scope: Scope, editing: Session | None) -> list[tuple[str, str]]:
    """The event's days, one before and one after for the journey, and the day of the session at
    hand.
    """
    zone = ZoneInfo(scope.event.timezone)
    first = scope.event.starts_at.astimezone(zone).date()
    last = scope.event.ends_at.astimezone(zone).date()
    days = {first + timedelta(days=n) for n in range(-1, min((last - first).days, MOST_DAYS) + 2)}
    if editing:
        days |= {editing.starts_at.astimezone(ZoneInfo(editing.zone(scope.event))).date()}
        days |= {editing.ends_at.astimezone(ZoneInfo(editing.zone_at_end(scope.event))).date()}
    return [(day.isoformat(), fmt.date(day)) for day in sorted(days)]


def _blank(scope: Scope, day: str) -> dict[str, Any]:
    first = scope.event.starts_at.astimezone(ZoneInfo(scope.event.timezone)).date()
    return {"day": day or first.isoformat(), "kind": kind_of(scope.event.kind).session_kind}


def _as_form(scope: Scope, session: Session) -> dict[str, Any]:
    event, codes = scope.event, _codes(scope)
    zone, end_zone = session.zone(event), session.zone_at_end(event)
    begins, ends = (
        session.starts_at.astimezone(ZoneInfo(zone)),
        session.ends_at.astimezone(ZoneInfo(end_zone)),
    )
    return {
        "day": begins.date().isoformat(),
        "end_day": ends.date().isoformat() if ends.date() != begins.date() else "",
        "time": times.said_span(session.starts_at, session.ends_at, zone, end_zone),
        "kind": session.kind,
        "place": session.place,
        "speakers": ", ".join(session.speakers),
        "capacity": session.capacity,
        "timezone": session.timezone,
        "end_timezone": session.end_timezone,
        "counted": "yes" if session.counted else "no",
        **spread("title", session.title, codes),
        **spread("description", session.description, codes),
    }


def _values(form: Form, scope: Scope, session: Session | None) -> dict[str, Any]:
    """The fields as the verb takes them. Raises a 422 for a day or a time that cannot be read."""
    codes = _codes(scope)
    given = {
        name: form.values.get(name, "") for name in ("kind", "place", "timezone", "end_timezone")
    }
    given["capacity"] = number(form, "capacity")
    given["speakers"] = [
        name.strip()
        for name in str(form.values.get("speakers") or "").replace("\n", ",").split(",")
    ]
    for name in TEXTS:
        given[name] = {**(getattr(session, name) if session else {}), **words(form, name, codes)}
    if form.values.get("counted"):
        given["counted"] = form.values["counted"] == "yes"
    if session and form.values.get("untouched") == _time_key(form):
        return given
    given["starts_at"], given["ends_at"] = _span(form, scope)
    return given


def _time_key(form: Form) -> str:
    """What the times came from: if none of it was touched, the moments stay."""
    return "|".join(
        str(form.values.get(n) or "")
        for n in ("day", "time", "end_day", "timezone", "end_timezone")
    )


def _span(form: Form, scope: Scope) -> tuple[datetime, datetime]:
    zone = _zone(form, "timezone", scope.event.timezone)
    end_zone = _zone(form, "end_timezone", zone)
    day = _day(form, "day")
    begins, ends = times.typed_span(str(form.values.get("time") or ""), day, zone, end_zone)
    if form.values.get("end_day"):
        wall = ends.astimezone(ZoneInfo(end_zone))
        ends = times.local(datetime.combine(_day(form, "end_day"), wall.time()), end_zone, "time")
    elif ends - begins >= LONG and form.values.get("kind") not in {"stay", "travel"}:
        raise invalid(time=_("This is before the beginning."))
    return begins, ends


def _zone(form: Form, name: str, otherwise: str) -> str:
    typed = str(form.values.get(name) or "")
    return typed if typed and times.zone(typed) else otherwise


def _day(form: Form, name: str) -> date:
    try:
        return date.fromisoformat(str(form.values.get(name) or ""))
    except ValueError as error:
        said = _("Please choose a day.")
        raise DomainError(said, 422, {name: said}) from error


@router.post("/desk/e/{event}/programme")
async def add(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Add a session. The form is then ready for the next one, on the same day."""
    form = await Form.read(request)
    try:
        made = await Session.add(scope.event, scope.actor, **_values(form, scope, None))
    except DomainError as error:
        take(form, _at_time(error), TEXTS, _codes(scope)[0])
        return await _page(request, scope, form, error.status)
    said = _("Added: %(title)s.", title=made.name)
    if is_fragment(request):
        return await _page(
            request, scope, Form(_blank(scope, str(form.values.get("day") or ""))), said=said
        )
    return see_other(request, f"{_base(scope)}?day={form.values.get('day')}", said)


def _at_time(error: DomainError) -> DomainError:
    """Errors of the two moments stand beside the one field in which they were typed."""
    fields = {("time" if n in {"starts_at", "ends_at"} else n): m for n, m in error.fields.items()}
    return DomainError(error.message, error.status, fields)


def _base(scope: Scope) -> str:
    return f"/desk/e/{scope.event.slug}/programme"


@router.post("/desk/e/{event}/programme/{session}")
async def change(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))], session: str
) -> Response:
    """Change a session. Nobody is told yet: the event's page offers that."""
    found, form = await _session(scope, session), await Form.read(request)
    try:
        await found.change(scope.event, scope.actor, notify=False, **_values(form, scope, found))
    except DomainError as error:
        take(form, _at_time(error), TEXTS, _codes(scope)[0])
        return await _page(request, scope, form, error.status, editing=found)
    return await _after(request, scope, _("Saved: %(title)s.", title=found.name), "")


@router.post("/desk/e/{event}/programme/{session}/remove")
async def remove(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))], session: str
) -> Response:
    """Take a session out; it can be brought back."""
    found = await _session(scope, session)
    await found.remove(scope.event, scope.actor, notify=False, keep=True)
    undo = f"{_base(scope)}/{found.id}/restore"
    return await _after(request, scope, _("Removed: %(title)s.", title=found.name), undo)


@router.post("/desk/e/{event}/programme/{session}/restore")
async def restore(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))], session: str
) -> Response:
    """Bring a removed session back."""
    found = await _session(scope, session)
    await found.restore(scope.event, scope.actor)
    return await _after(request, scope, _("It is back: %(title)s.", title=found.name), "")


async def _after(request: Request, scope: Scope, said: Lazy, undo: str) -> Response:
    if is_fragment(request):
        return await _page(request, scope, Form(_blank(scope, "")), said=said, undo=undo)
    return see_other(request, _base(scope), said, undo=undo)
