"""Series of a project's events: training schemes, networks, cycles."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response
from tortoise.functions import Count

from core.errors import DomainError, not_found
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import _, language
from events.event.access import Scope, desk_project
from events.presentation.navigation import shell
from events.presentation.posted_form import language_names, number, spread, take, words
from events.projects.series import SERIES_KINDS, Series

router = APIRouter(include_in_schema=False)


@router.get("/desk/p/{project}/series")
async def series(
    request: Request, scope: Annotated[Scope, Depends(desk_project("organiser"))], edit: str = ""
) -> Response:
    """What belongs together? `edit` opens one."""
    found = await _one(scope, edit) if edit else None
    codes = scope.project.languages or [language()]
    about = {"kind": found.kind, "threshold_percent": found.threshold_percent} if found else {}
    return await _page(
        request,
        scope,
        Form({**about, **spread("title", found.title if found else None, codes)}),
        found,
    )


async def _page(
    request: Request, scope: Scope, form: Form, editing: Series | None, status: int = 200
) -> Response:
    known = Series.filter(project_id=scope.project.id).annotate(n=Count("events")).order_by("id")
    return render(
        request,
        "events/desk/series.html",
        status,
        form=form,
        editing=editing,
        series=await known,
        kinds=list(SERIES_KINDS.items()),
        words_of=SERIES_KINDS,
        codes=language_names(scope.project.languages or [language()]),
        **shell(scope),
    )


async def _one(scope: Scope, given: str) -> Series:
    found = await Series.get_or_none(id=identity(given), project_id=scope.project.id)
    if not found:
        raise not_found()
    return found


@router.post("/desk/p/{project}/series")
async def save(
    request: Request, scope: Annotated[Scope, Depends(desk_project("organiser"))], edit: str = ""
) -> Response:
    """Begin a series, or change the one named by `edit`."""
    form, project = await Form.read(request), scope.project
    found = await _one(scope, edit) if edit else None
    codes = project.languages or [language()]
    values = {
        "title": {**(found.title if found else {}), **words(form, "title", codes)},
        "kind": form.values.get("kind", ""),
        "threshold_percent": number(form, "threshold_percent"),
    }
    try:
        if found:
            await found.change(project, scope.actor, **values)
        else:
            await Series.begin(project, scope.actor, **values)
    except DomainError as error:
        take(form, error, ("title",), codes[0])
        return await _page(request, scope, form, found, error.status)
    return see_other(request, f"/desk/p/{project.slug}/series", _("Saved."))
