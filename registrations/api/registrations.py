"""JSON: registrations (docs/interface.md)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.sessions.access import Actor, bearer, require
from core import times
from core.errors import MARKED, NOT_LISTED, REQUIRED, DomainError, not_found
from core.http.api import PREFIX, Body, Paging, identity
from core.i18n import LANGUAGES, _
from events.event.access import Scope, api_event, api_event_at_once
from events.event.event import Event
from registrations.form import answers
from registrations.form.entry import Entry, language_of
from registrations.placing.register import place
from registrations.placing.substitution import substitute
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import Gender, ParticipantRole
from registrations.registration.waiting_list import waiting_position, with_positions

router = APIRouter(prefix=PREFIX, tags=["registrations"])

Organiser = Annotated[Scope, Depends(api_event("organiser"))]
Caller = Annotated[Actor, Depends(bearer)]


class OrganisationBody(Body):
    """Where a person comes from."""

    name: str
    country: str = ""
    kind: str | None = None


class PersonBody(Body):
    """Who comes, and what they say. Lists and codes are those of docs/interface.md."""

    name: str
    email: str
    organisation: OrganisationBody | None = None
    country: str | None = None
    gender: Gender | None = None
    birth_year: int | None = None
    target_group: str | None = None
    role: ParticipantRole | None = None
    language: str | None = None
    answers: dict[str, Any] | None = None
    sessions: list[str | int] | None = None


class Nothing(Body):
    """An empty body."""


class Reason(Body):
    """Why, in words that may be shown to the person."""

    reason: str | None = None


@router.post("/events/{event}/registrations", status_code=201)
async def register(body: PersonBody, scope: Organiser) -> Response:
    """Register someone. 201; 200 with the registration there is when the same address and name are
    registered.
    """
    return await _registered(body, scope)


async def _register_at_once(request: Request) -> Response | None:
    """A body that is not as it should be is refused by the ordinary route."""
    if request.headers.get("content-type") != "application/json":
        return None
    scope = await api_event_at_once(request, request.path_params["event"], "organiser")
    try:
        body = PersonBody.model_validate(await request.json())
    except ValueError:
        return None
    return await _registered(body, scope)


hot = APIRouter()
"""Registering the short way (viesis/fast_routes.py)."""
_PATH = PREFIX + "/events/{event}/registrations"
hot.add_route(_PATH, _register_at_once, methods=["POST"])  # type: ignore[arg-type]  # None: the ordinary route


async def _registered(body: PersonBody, scope: Scope) -> Response:
    entry = await _entry(scope.event, body)
    made, new = await place(
        scope.event,
        entry,
        source="api",
        actor=scope.actor,
        language=language_of(_language(body), scope.project.languages),
    )
    if not new:
        return JSONResponse(await shown(made))
    return JSONResponse(_json(made, await waiting_position(made), sorted(set(entry.sessions))), 201)


@router.get("/events/{event}/registrations")
async def registrations(
    request: Request, scope: Organiser, paging: Annotated[Paging, Depends()]
) -> Response:
    """Everyone there ever was, in order of registering."""
    found = (
        Registration.filter(event_id=scope.event.id, id__gt=paging.after)
        .order_by("id")
        .limit(paging.limit + 1)
    )
    rows = await found.prefetch_related("person", "organisation", "choices", "event")
    await with_positions(rows)
    return paging.answer(
        request,
        [(r.id, _json(r, r.place_in_line, [c.session_id for c in r.choices])) for r in rows],
    )


@router.get("/registrations/{registration}")
async def registration(registration: str, actor: Caller) -> Response:
    """One registration."""
    return JSONResponse(await shown(await _found(registration, actor)))


@router.post("/registrations/{registration}/cancellation")
async def cancel(registration: str, body: Reason, actor: Caller) -> Response:
    """Give it up: the seat goes to the waiting list."""
    found = await _found(registration, actor)
    await found.cancel(body.reason or "", actor)
    return JSONResponse(await shown(found))


@router.post("/registrations/{registration}/approval")
async def approve(registration: str, body: Nothing, actor: Caller) -> Response:  # noqa: ARG001 - an empty body is checked
    """Let a pending one in."""
    found = await _found(registration, actor)
    await found.approve(actor)
    return JSONResponse(await shown(found))


@router.post("/registrations/{registration}/acceptance")
async def accept(registration: str, body: Nothing, actor: Caller) -> Response:  # noqa: ARG001 - an empty body is checked
    """Take an offered seat."""
    found = await _found(registration, actor)
    await found.accept(actor)
    return JSONResponse(await shown(found))


@router.post("/registrations/{registration}/substitution", status_code=201)
async def substitution(registration: str, body: PersonBody, actor: Caller) -> Response:
    """Somebody else goes instead: the new registration."""
    found = await _found(registration, actor)
    event = await Event.get(id=found.event_id)
    entry = await _entry(event, body, role=found.role)
    new = await substitute(found, entry, actor=actor, language=_language(body))
    return JSONResponse(await shown(new), 201)


async def _found(registration: str, actor: Actor) -> Registration:
    found = await Registration.get_or_none(id=identity(registration))
    if not found:
        raise not_found()
    await require(actor, found.project_id, "organiser")
    return found


def _language(body: PersonBody) -> str:
    if body.language and body.language not in LANGUAGES:
        raise DomainError(
            NOT_LISTED,
            422,
            {"language": NOT_LISTED},
        )
    return body.language or ""


async def _entry(event: Event, body: PersonBody, role: str = "attendee") -> Entry:
    said = answers.Answers()
    if body.answers:
        said = answers.read(await answers.asked(event), body.answers, strict=False)
    if said.wrong:
        wrong = {f"answers.{key}": message for key, message in said.wrong.items()}
        raise DomainError(MARKED, 422, dict(wrong))
    organisation = body.organisation or OrganisationBody(name="")
    if body.organisation and not organisation.name:
        raise DomainError(REQUIRED, 422, {"organisation.name": REQUIRED})
    return Entry(
        name=body.name,
        email=body.email,
        organisation_name=organisation.name,
        organisation_country=organisation.country,
        organisation_kind=organisation.kind or "",
        country=body.country or "",
        gender=body.gender or "",
        birth_year=body.birth_year,
        target_group=body.target_group or "",
        role=body.role or role,
        answers=said.kept,
        private=said.private,
        sessions=tuple(_session(s) for s in body.sessions or ()),
    )


def _session(value: str | int) -> int:
    typed = str(value)
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        said = _("This session is not part of the event.")
        raise DomainError(said, 422, {"sessions": said})
    return int(typed)


async def shown(found: Registration) -> dict[str, Any]:
    """A registration in JSON."""
    line = await waiting_position(found)
    await found.fetch_related("person", "organisation", "choices", "event")
    return _json(found, line, [c.session_id for c in found.choices])


def _json(found: Registration, place_in_line: int | None, sessions: list[int]) -> dict[str, Any]:
    """`found` has its person, organisation and event."""
    person: Person = found.person
    event: Event = found.event
    organisation = found.organisation if found.organisation_id else None
    return {
        "id": str(found.id),
        "event": event.slug,
        "status": found.status,
        "waiting_position": place_in_line,
        "ticket": found.ticket,
        "manage_url": found.manage_url,
        "calendar_url": found.calendar_url,
        "person": str(person.root_id),
        "name": person.name,
        "email": person.email,
        "organisation": organisation
        and {
            "id": str(organisation.id),
            "name": next(iter(organisation.name.values()), ""),
            "country": organisation.country,
            "kind": organisation.kind or None,
        },
        "country": found.country or None,
        "gender": found.gender or None,
        "birth_year": found.birth_year,
        "target_group": found.target_group or None,
        "role": found.role,
        "language": found.language,
        "answers": found.answers,
        "sessions": [str(s) for s in sessions],
        "offer_ends_at": times.iso(found.offer_ends_at, event.timezone)
        if found.offer_ends_at
        else None,
        "replaces": str(found.replaces_id) if found.replaces_id else None,
        "after_event": found.after_event,
        "calendar_reply": found.reply or None,
        "created_at": times.iso(found.created_at, event.timezone),
    }
