"""Organisers' pages of one event: everything that can be said about it, publishing it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core import countries, times
from core.clock import now
from core.errors import DomainError
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import _, language, text
from events.event import map_place
from events.event.access import Scope, desk_event
from events.event.event import TOLD_OF, Event
from events.event.fields import TIMES, WALK_INS
from events.event.history import Change
from events.event.kind import Detail
from events.event.kinds import KINDS, kind_of
from events.presentation.navigation import shell
from events.presentation.posted_form import (
    language_names,
    local_input,
    number,
    spread,
    take,
    words,
    yes,
)
from events.projects.projects import Activity, Partner
from events.projects.series import Series

router = APIRouter(include_in_schema=False)

TEXTS = ("title", "description")
PLAIN = (
    "kind",
    "place",
    "online_url",
    "feedback_url",
    "country",
    "timezone",
    "walk_ins",
    "activity",
    "series",
)
AHEAD = ("agenda_days_before", "reminder_days_before", "reminder_hours_before")
NUMBERS = ("capacity", "grace_minutes", "offer_hours", *AHEAD)
FLAGS = (
    *("waiting_list", "approval", "open_to_public", "invitation_only", "internal", "rooms_grouped"),
    "calendar_invites",
)


@router.get("/desk/e/{event}/edit")
async def edit(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Every field of the event."""
    return await _page(request, scope, Form(await values_of(scope.event, _codes(scope))))


async def _page(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    project_id = scope.project.id
    kind = kind_of(str(form.values.get("kind") or scope.event.kind))
    partners = (
        await Partner.filter(project_id=project_id)
        .order_by("position", "id")
        .prefetch_related("organisation")
    )
    return render(
        request,
        "events/desk/event_edit.html",
        status,
        form=form,
        kind=kind,
        kinds=[(k.code, k.label) for k in KINDS.values()],
        codes=language_names(_codes(scope)),
        zones=times.zones(),
        countries=list(countries.choices().items()),
        activities=await Activity.filter(project_id=project_id).order_by("number"),
        series=await Series.filter(project_id=project_id).order_by("id"),
        partners=[
            (name, name)
            for p in partners
            if (name := text(p.organisation.name, scope.project.first_language))
        ],
        walk_ins=list(WALK_INS.items()),
        **shell(scope, tab="edit"),
    )


def _codes(scope: Scope) -> list[str]:
    return scope.project.languages or [language()]


async def values_of(event: Event, codes: list[str]) -> dict[str, Any]:
    """The event as the form's fields."""
    zone = event.timezone
    found: dict[str, Any] = {name: getattr(event, name) for name in (*NUMBERS, *FLAGS)}
    found |= {
        name: getattr(event, name)
        for name in PLAIN
        if hasattr(event, name) and name not in {"activity", "series"}
    }
    found |= {name: local_input(getattr(event, name), zone) for name in TIMES}
    found |= spread("title", event.title, codes) | spread("description", event.description, codes)
    found |= {f"details_{key}": value for key, value in event.details.items()}
    found["map"] = map_place.shown(event.latitude, event.longitude)
    found |= {"direction_from": event.direction_from, "direction_to": event.direction_to}
    said = await event.described()
    series = str(event.series_id or "")
    return {
        **found,
        "activity": said["activity"] or "",
        "series": series,
        "organisers": said["organisers"],
    }


def values_from(form: Form, event: Event, codes: list[str]) -> dict[str, Any]:
    """The form's fields as the event's verb takes them, without times that were not touched."""
    values: dict[str, Any] = {name: form.values.get(name, "") for name in PLAIN}
    values |= {name: number(form, name) for name in NUMBERS}
    values |= {name: yes(form, name) for name in FLAGS}
    values |= {name: {**getattr(event, name), **words(form, name, codes)} for name in TEXTS}
    for name in TIMES:
        typed, moment = str(form.values.get(name) or ""), getattr(event, name)
        if typed != local_input(moment, event.timezone):
            values[name] = typed or None
    values["latitude"], values["longitude"] = _map(form, event)
    kind = kind_of(str(values["kind"]))
    if kind.has_direction:
        ends = {end: str(form.values.get(f"direction_{end}") or "") for end in ("from", "to")}
        values["direction"] = ends if any(ends.values()) else None
    else:
        values["direction"] = None
    values["details"] = {d.key: _detail(form, d) for d in kind.details}
    values["organisers"] = form.values.get("organisers") or []
    return values


def _map(form: Form, event: Event) -> tuple[object, object]:
    """The place on the map; one that was not touched stays to the last digit."""
    typed, kept = str(form.values.get("map") or ""), (event.latitude, event.longitude)
    return kept if typed == map_place.shown(*kept) else map_place.read(typed)


def _at_map(error: DomainError) -> DomainError:
    """Errors of the two numbers stand beside the one field in which they were typed."""
    fields = {("map" if n in {"latitude", "longitude"} else n): m for n, m in error.fields.items()}
    return DomainError(error.message, error.status, fields, extra=error.extra)


def _detail(form: Form, detail: Detail) -> object:
    name = f"details_{detail.key}"
    if detail.kind == "number":
        return number(form, name)
    return yes(form, name) if detail.kind == "yes_no" else str(form.values.get(name) or "")


@router.post("/desk/e/{event}/edit")
async def save(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Save; nobody is told yet. Where people should know, the next page shows the mail and asks."""
    form = await Form.read(request, ("organisers",))
    event, codes = scope.event, _codes(scope)
    revision = event.revision
    try:
        await event.change(scope.actor, notify=False, **values_from(form, event, codes))
    except DomainError as error:
        take(form, _at_map(error), TEXTS, codes[0])
        return await _page(request, scope, form, error.status)
    base = f"/desk/e/{event.slug}"
    if event.status == "published" and event.revision > revision and event.ends_at > now():
        last = await Change.filter(event_id=event.id).order_by("-id").first()
        if last and TOLD_OF & set(last.values):
            return see_other(
                request, f"{base}/tell?change={last.id}", _("Saved. Nobody has been told yet.")
            )
        if last and event.seats_taken and last.values.get("calendar_invites") == [False, True]:
            return see_other(
                request, f"{base}/tell?what=calendar", _("Saved. Nobody has been told yet.")
            )
    return see_other(request, base, _("Saved."))


@router.post("/desk/e/{event}/publish")
async def publish(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """Make the draft public."""
    await scope.event.publish(scope.actor)
    listed = scope.event.open_to_public and not scope.event.internal
    said = (
        _("It is published, and people can register.")
        if listed
        else _("It is published. It is on no list: give its address to those whom you invite.")
    )
    return see_other(request, f"/desk/e/{scope.event.slug}", said)
