"""The style sheet with a project's accent colour, and its logo."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from core.errors import not_found
from events.projects import accents, logos
from events.projects.projects import Project

router = APIRouter(include_in_schema=False)

KEPT = "public, max-age=31536000, immutable"


@router.api_route("/p/{project}/accent.css", methods=["GET", "HEAD"])
async def accent(request: Request, project: str) -> Response:
    """The project's colour as a style sheet. Its address changes with the colour, so it is kept for
    good.
    """
    found = await Project.get_or_none(slug=project)
    if not found:
        raise not_found()
    fresh = request.url.query and request.url.query in found.accent_url
    headers = {"Cache-Control": KEPT if fresh else "no-cache"}
    return Response(accents.sheet(found.accent), media_type="text/css", headers=headers)


@router.api_route("/p/{project}/logo.png", methods=["GET", "HEAD"])
async def logo(request: Request, project: str) -> Response:
    """The project's logo, as we encoded it."""
    found = await Project.get_or_none(slug=project)
    if not found or not found.logo or not logos.path(found.logo).exists():
        raise not_found()
    fresh = request.url.query and request.url.query in found.logo_url
    return FileResponse(
        logos.path(found.logo),
        media_type="image/png",
        headers={"Cache-Control": KEPT if fresh else "no-cache"},
    )
