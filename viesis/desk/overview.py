"""An event for its organisers: is it ready, is it full, what next?"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import meets
from core import db
from core.clock import now
from core.errors import DomainError
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import Lazy, _, fmt, text
from events.event.access import Scope, desk_event
from events.event.event import Event
from events.event.history import ACTIONS, Change, readable, said
from events.event.kinds import kind_of
from events.presentation.display import standing, when
from events.presentation.navigation import shell
from events.presentation.pending_notices import untold
from events.programme.sessions import Session
from notifications.outbox.message import Message
from registrations.registration.vocabulary import ACTIVE

router = APIRouter(include_in_schema=False)

AGENDA_AHEAD = timedelta(days=14)
DOOR_AHEAD = timedelta(hours=18)
SHOWN_CHANGES = 40

_STATUSES = """
SELECT status, count(*) AS n, SUM(CASE WHEN reply = 'declined' THEN 1 ELSE 0 END) AS declined
FROM registration WHERE event_id = $1::bigint GROUP BY status
"""
_INSIDE = """
SELECT count(DISTINCT registration_id) AS came, count(DISTINCT CASE WHEN inside THEN registration_id END) AS inside
FROM presence WHERE event_id = $1::bigint AND first_at IS NOT NULL
"""


@dataclass(frozen=True)
class Figures:
    """How many people, by what became of them."""

    confirmed: int
    pending: int
    waiting: int
    offered: int
    attended: int
    inside: int
    said_no: int
    """Those confirmed whose calendar answered No."""


@dataclass(frozen=True)
class Lack:
    """Something that an event which is ready has, and where it is given."""

    what: Lazy
    href: str


@dataclass(frozen=True)
class Entry:
    """A line of the history, for components/timeline.html."""

    what: str
    text: str
    when: str
    who: str
    tone: str


@router.get("/desk/e/{event}")
async def overview(
    request: Request, scope: Annotated[Scope, Depends(desk_event("viewer"))]
) -> Response:
    """Is it ready, is it full, what next?"""
    return await _page(request, scope, Form())


@router.post("/desk/e/{event}/held")
async def held(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Mark as held what nobody was checked in at, for a reason."""
    form = await Form.read(request)
    try:
        await scope.event.hold(scope.actor, form.text("reason"))
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, form, error.status)
    return see_other(
        request, f"/desk/e/{scope.event.slug}", _("It is marked as held, and counts as an event.")
    )


async def _page(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    event = scope.event
    sessions = await event.sessions_now()
    figures = await _figures(event)
    sent = set(
        await Message.filter(subject_of=event.id, kind__in=("agenda", "thanks"))
        .distinct()
        .values_list("kind", flat=True)
    )
    return render(
        request,
        "viesis/desk/overview.html",
        status,
        form=form,
        kind=kind_of(event.kind),
        when=when(event),
        here=standing(event),
        figures=figures,
        step=_step(event, figures, {str(k) for k in sent}, bool(sessions)),
        lacks=_lacks(scope, sessions) if event.status == "draft" else [],
        untold=await untold(event),
        history=await _history(event),
        may_edit=meets(scope.role, "organiser"),
        begun=event.starts_at <= now(),
        **shell(scope, tab="overview"),
    )


async def _figures(event: Event) -> Figures:
    found = await db.rows(_STATUSES, event.id)
    by = {r["status"]: int(r["n"]) for r in found}
    said_no = sum(int(r["declined"]) for r in found if r["status"] == "confirmed")
    doors = await db.row(_INSIDE, event.id) or {}
    people = {status: by.get(status, 0) for status in ACTIVE}
    return Figures(
        **people, attended=int(doors["came"]), inside=int(doors["inside"]), said_no=said_no
    )


def _step(event: Event, figures: Figures, sent: set[str], planned: bool) -> str:
    """The one thing that is due: publish, agenda, door, thank, held, or share when nothing is."""
    if event.status == "draft":
        return "publish"
    if event.status in {"cancelled", "held"}:
        return ""
    if event.is_over:
        return _afterwards(figures, sent)
    moment = now()
    if event.starts_at - DOOR_AHEAD <= moment:
        return "door"
    soon = event.starts_at - AGENDA_AHEAD <= moment
    return "agenda" if soon and planned and figures.confirmed and "agenda" not in sent else "share"


def _afterwards(figures: Figures, sent: set[str]) -> str:
    if not figures.attended:
        return "held"
    return "" if "thanks" in sent else "thank"


def _lacks(scope: Scope, sessions: list[Session]) -> list[Lack]:
    """What is not there yet. None of it hinders publishing."""
    event, base = scope.event, f"/desk/e/{scope.event.slug}"
    missing = [code for code in scope.project.languages if not event.title.get(code)]
    names = ", ".join(fmt.locale.languages.get(code, code) for code in missing)
    found: list[tuple[Any, Lack]] = [
        (
            not event.place and not event.online_url,
            Lack(_("A place, or an address to join online"), f"{base}/edit#field-place"),
        ),
        (not text(event.description), Lack(_("A description"), f"{base}/edit")),
        (bool(missing), Lack(_("The title in %(languages)s", languages=names), f"{base}/edit")),
        (not sessions, Lack(_("A programme"), f"{base}/programme")),
        (event.starts_at <= now(), Lack(_("A date in the future"), f"{base}/edit#field-starts_at")),
    ]
    return [lack for is_missing, lack in found if is_missing]


async def _history(event: Event) -> list[Entry]:
    changes = await Change.filter(event_id=event.id).order_by("-id").limit(SHOWN_CHANGES)
    ids = {c.session_id for c in changes if c.session_id}
    titles = {s.id: s.name for s in await Session.filter(id__in=ids)} if ids else {}
    return [_entry(event, change, titles.get(change.session_id or 0, "")) for change in changes]


def _entry(event: Event, change: Change, session: str) -> Entry:
    what = str(ACTIONS.get(change.action, change.action))
    lines = (
        [_line(*line) for line in readable(change)]
        if change.action in {"changed", "session_changed"}
        else []
    )
    if change.action in {"cancelled", "held"}:
        lines = [said(new) for name, (_old, new) in change.values.items() if name != "status"]
    if change.told_at:
        lines.append(str(_("Everyone registered has been notified.")))
    tone = {"cancelled": "danger", "created": "muted", "copied": "muted"}.get(change.action, "")
    shown = fmt.datetime(change.at, event.timezone)
    return Entry(
        f"{what}: {session}" if session else what, "\n".join(lines), shown, change.actor, tone
    )


def _line(name: str, old: str, new: str) -> str:
    short = [v if len(v) < 120 else v[:119] + "…" for v in (old, new)]
    return f"{name}: {short[0]} → {short[1]}" if old and new else f"{name}: {short[1] or '–'}"
