"""JSON: projects and their series."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.sessions.access import Actor, bearer
from core.errors import forbidden
from core.http.api import PREFIX, Paging
from core.i18n import _
from events.event.access import Scope, api_project
from events.presentation.bodies import ProjectBody, SeriesBody
from events.presentation.serializers import PROJECT_PARTS, project_json, series_json
from events.projects.projects import Project
from events.projects.series import Series

router = APIRouter(prefix=PREFIX, tags=["projects"])

Pages = Annotated[Paging, Depends(Paging)]
Viewer = Annotated[Scope, Depends(api_project("viewer"))]


@router.post("/projects", status_code=201)
async def create(body: ProjectBody, actor: Annotated[Actor, Depends(bearer)]) -> Response:
    """Make a project. For an administrator's token that is not limited to a project."""
    if not actor.user or not actor.user.admin or actor.project_id:
        raise forbidden(_("Only an administrator makes projects."))
    found = await Project.begin(actor, **body.model_dump(exclude_unset=True))
    headers = {"Location": f"{PREFIX}/projects/{found.slug}"}
    return JSONResponse(await _said(found), 201, headers)


@router.get("/projects")
async def projects(
    request: Request, paging: Pages, actor: Annotated[Actor, Depends(bearer)]
) -> Response:
    """The projects in which the token's user has a role."""
    found = Project.filter(id__gt=paging.after)
    ids = await actor.project_ids()
    if ids is not None:
        found = found.filter(id__in=ids)
    rows = await found.order_by("id").limit(paging.limit + 1).prefetch_related(*PROJECT_PARTS)
    return paging.answer(request, [(p.id, project_json(p)) for p in rows])


@router.get("/projects/{project}")
async def project(scope: Viewer) -> dict[str, Any]:
    """A project."""
    return await _said(scope.project)


async def _said(found: Project) -> dict[str, Any]:
    await found.fetch_related(*PROJECT_PARTS)
    return project_json(found)


@router.post("/projects/{project}/series", status_code=201)
async def begin_series(
    body: SeriesBody, scope: Annotated[Scope, Depends(api_project("organiser"))]
) -> dict[str, Any]:
    """Make a series: a scheme, a network or a cycle."""
    found = await Series.begin(scope.project, scope.actor, **body.model_dump(exclude_unset=True))
    return series_json(found, scope.project)


@router.get("/projects/{project}/series")
async def series(request: Request, paging: Pages, scope: Viewer) -> Response:
    """The project's series."""
    rows = (
        await Series.filter(project_id=scope.project.id, id__gt=paging.after)
        .order_by("id")
        .limit(paging.limit + 1)
    )
    return paging.answer(request, [(s.id, series_json(s, scope.project)) for s in rows])
