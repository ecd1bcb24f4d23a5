"""Materials of an event, for its organisers: add a file or an address, take one away."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from core.errors import DomainError, not_found
from core.http import uploads
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import attachment, render, see_other
from core.i18n import _
from events.event.access import Scope, desk_event
from events.presentation.navigation import shell
from events.programme.materials import FOLDER, Material, materials

router = APIRouter(prefix="/desk/e/{event}/materials", include_in_schema=False)

Organiser = Annotated[Scope, Depends(desk_event("organiser"))]


@router.get("")
async def page(request: Request, scope: Organiser) -> Response:
    """What do those who were there take along?"""
    return await _page(request, scope, Form())


@router.post("")
async def add(request: Request, scope: Organiser) -> Response:
    """Add a file or an address."""
    data = await request.form()
    form, sent = Form.of(data), data.get("file")
    try:
        upload = (
            await sent.read(uploads.MOST_BYTES + 1)
            if isinstance(sent, UploadFile) and sent.filename
            else b""
        )
        found = await Material.add(
            scope.event, scope.actor, form.text("title"), form.text("url", longest=500), upload
        )
    except DomainError as error:
        form.take(error)
        return await _page(request, scope, form, error.status)
    finally:
        await data.close()
    return see_other(
        request,
        _base(scope),
        _("%(title)s is on the page of everyone who has a seat.", title=found.title),
    )


@router.get("/{material}/file")
async def file(scope: Organiser, material: str) -> Response:
    """The file as participants get it."""
    found = await _found(scope, material)
    if not found.file:
        raise not_found()
    return attachment(uploads.path(FOLDER, found.file), found.download_name, found.media_type)


@router.post("/{material}/removal")
async def remove(request: Request, scope: Organiser, material: str) -> Response:
    """Take one away."""
    found = await _found(scope, material)
    await found.remove(scope.actor)
    return see_other(request, _base(scope), _("%(title)s is taken away.", title=found.title))


def _base(scope: Scope) -> str:
    return f"/desk/e/{scope.event.slug}/materials"


async def _found(scope: Scope, material: str) -> Material:
    found = await Material.get_or_none(id=identity(material), event_id=scope.event.id)
    if not found:
        raise not_found()
    return found


async def _page(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "events/desk/materials.html",
        status,
        form=form,
        materials=await materials(scope.event),
        base=_base(scope),
        most=uploads.MOST_BYTES // 2**20,
        **shell(scope, tab="materials"),
    )
