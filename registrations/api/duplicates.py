"""JSON: pairs of people who may be the same person (docs/interface.md)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.sessions.access import Actor, bearer, require
from core.errors import not_found
from core.http.api import PREFIX, Body, Paging, identity
from core.i18n import _, text
from events.event.access import Scope, api_project
from registrations.people import merge as duplicates
from registrations.people import pairs
from registrations.registration.persons import Merge, Person

router = APIRouter(prefix=PREFIX, tags=["persons"])

Caller = Annotated[Actor, Depends(bearer)]
Organiser = Annotated[Scope, Depends(api_project("organiser"))]


class Into(Body):
    """Who stays."""

    into: str


class Two(Body):
    """Two persons."""

    one: str
    two: str


@router.get("/projects/{project}/duplicates")
async def list_duplicates(
    request: Request, scope: Organiser, paging: Annotated[Paging, Depends()]
) -> Response:
    """Pairs of persons who may be one, each with the reason."""
    shown = await pairs.proposed(scope.project.id, paging.limit + 1, paging.after)
    ids = {identity for pair in shown for identity in (pair.one, pair.two)}
    people = (
        {p.id: p for p in await Person.filter(id__in=list(ids)).prefetch_related("organisation")}
        if ids
        else {}
    )
    return paging.answer(
        request,
        [
            (
                number_,
                {
                    "one": person_json(people[pair.one]),
                    "two": person_json(people[pair.two]),
                    "reason": pair.reason,
                    "why": str(pair.why),
                },
            )
            for number_, pair in enumerate(shown, paging.after + 1)
        ],
    )


def person_json(person: Person) -> dict[str, Any]:
    """A person as a pair shows them."""
    organisation = person.organisation
    return {
        "id": str(person.id),
        "name": person.name,
        "email": person.email,
        "organisation": text(organisation.name) if organisation else None,
        "country": person.country or None,
    }


async def _person(actor: Actor, given: str) -> Person:
    found = await Person.get_or_none(id=identity(given))
    if not found:
        raise not_found(_("There is nothing with this id."))
    await require(actor, found.project_id, "organiser")
    return found


@router.post("/persons/{person}/merge", status_code=201)
async def merge_persons(person: str, actor: Caller, body: Into) -> Response:
    """Two persons are one; `into` stays."""
    gone = await _person(actor, person)
    kept = await _person(actor, body.into)
    found = await duplicates.merge(gone, kept, actor)
    return JSONResponse({"id": str(found.id), "person": str(found.kept_id)}, 201)


@router.delete("/merges/{merge}", status_code=204)
async def take_merge_back(merge: str, actor: Caller) -> Response:
    """Two people again."""
    found = await Merge.get_or_none(id=identity(merge))
    if not found:
        raise not_found(_("There is nothing with this id."))
    await require(actor, found.project_id, "organiser")
    await duplicates.take_back(found, actor)
    return Response(status_code=204)


@router.post("/projects/{project}/duplicates/rejection", status_code=201)
async def reject_pair(scope: Organiser, body: Two) -> Response:
    """These are two people; the pair is not proposed again."""
    found = await duplicates.reject(
        scope.project, identity(body.one), identity(body.two), scope.actor
    )
    return JSONResponse({"id": str(found.id)}, 201)
