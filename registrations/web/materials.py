"""Materials of an event, for those who have a seat there. The address is the secret."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from core.errors import not_found
from core.http import uploads
from core.http.api import identity
from core.http.pages import attachment
from events.programme.materials import FOLDER, Material
from registrations.presentation.own_page import own

router = APIRouter(include_in_schema=False)


@router.get("/r/{token}/materials/{material}")
async def file(request: Request, token: str, material: str) -> Response:
    """A file to take along."""
    found = await own(request, token)
    one = await Material.get_or_none(id=identity(material), event_id=found.event_id)
    if not one or not one.file or found.status != "confirmed":
        raise not_found()
    return attachment(uploads.path(FOLDER, one.file), one.download_name, one.media_type)
