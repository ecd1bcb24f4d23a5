"""Organisers' page of persons who may be one: pairs side by side, and what was decided, which can
be taken back.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core import db
from core.errors import not_found
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import _
from events.event.access import Scope, desk_project
from events.presentation.navigation import shell
from registrations.people import merge as duplicates
from registrations.people import pairs
from registrations.registration.persons import Merge, Person, RejectedPair

router = APIRouter(include_in_schema=False)

Organiser = Annotated[Scope, Depends(desk_project("organiser"))]
PER_PAGE = 20


@router.get("/desk/p/{project}/duplicates")
async def page(request: Request, scope: Organiser, page: int = 1) -> Response:
    """The pairs to decide, the surest first."""
    total = await pairs.how_many(scope.project.id)
    page = min(max(1, page), max(1, -(-total // PER_PAGE)))
    shown = await pairs.proposed(scope.project.id, PER_PAGE, (page - 1) * PER_PAGE)
    merges = (
        await Merge.filter(project_id=scope.project.id, taken_back_at=None)
        .order_by("-id")
        .limit(50)
    )
    rejected = await RejectedPair.filter(project_id=scope.project.id).order_by("-id").limit(50)
    ids = {i for p in shown for i in (p.one, p.two)} | {
        i for m in merges for i in (m.gone_id, m.kept_id)
    }
    ids |= {i for r in rejected for i in (r.one_id, r.two_id)}
    return render(
        request,
        "registrations/desk/duplicates.html",
        pairs=shown,
        total=total,
        page=page,
        pages=-(-total // PER_PAGE),
        people=await _people(list(ids)),
        events=await _events([i for p in shown for i in (p.one, p.two)]),
        merges=merges,
        rejected=rejected,
        **_here(scope),
    )


def _here(scope: Scope) -> dict[str, Any]:
    return {
        **shell(scope, current="duplicates"),
        "base": f"/desk/p/{scope.project.slug}/duplicates",
    }


async def _people(ids: list[int]) -> dict[int, Person]:
    found = await Person.filter(id__in=ids).prefetch_related("organisation") if ids else []
    return {person.id: person for person in found}


async def _events(ids: list[int]) -> dict[int, int]:
    """At how many events each is registered."""
    if not ids:
        return {}
    found = await db.rows(
        "SELECT person_id, count(DISTINCT event_id) AS n FROM registration "
        "WHERE person_id = ANY($1::bigint[]) GROUP BY person_id",
        ids,
    )
    return {row["person_id"]: row["n"] for row in found}


@router.post("/desk/p/{project}/duplicates")
async def decide(request: Request, scope: Organiser) -> Response:
    """The same person, or two people."""
    form = await Form.read(request)
    base = _here(scope)["base"]
    one, two = identity(form.text("one")), identity(form.text("two"))
    if form.choice("what", ("same", "two")) == "two":
        rejected = await duplicates.reject(scope.project, one, two, scope.actor)
        said = _("Two people: this pair is not proposed again.")
        return see_other(request, base, said, undo=f"{base}/rejections/{rejected.id}")
    kept = await Person.get_or_none(id=one, project_id=scope.project.id)
    gone = await Person.get_or_none(id=two, project_id=scope.project.id)
    if not kept or not gone:
        raise not_found()
    found = await duplicates.merge(gone, kept, scope.actor)
    return see_other(
        request,
        base,
        _("%(name)s is counted once from now on.", name=kept.name),
        undo=f"{base}/merges/{found.id}",
    )


@router.post("/desk/p/{project}/duplicates/merges/{merge}")
async def take_back(request: Request, scope: Organiser, merge: str) -> Response:
    """Two people again."""
    found = await Merge.get_or_none(id=identity(merge), project_id=scope.project.id)
    if not found:
        raise not_found()
    await duplicates.take_back(found, scope.actor)
    return see_other(
        request,
        _here(scope)["base"],
        _("They are two people again, each with all that was theirs."),
    )


@router.post("/desk/p/{project}/duplicates/rejections/{rejection}")
async def propose_again(request: Request, scope: Organiser, rejection: str) -> Response:
    """Propose a rejected pair again."""
    await duplicates.take_back_rejection(scope.project, identity(rejection), scope.actor)
    return see_other(request, _here(scope)["base"], _("The pair is proposed again."))
