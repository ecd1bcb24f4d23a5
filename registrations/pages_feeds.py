"""The address of a person's own calendar."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from core import tokens
from core.errors import not_found
from core.i18n import LANGUAGES
from events import subscribing
from registrations.feeds import person_feed
from registrations.registrations import Registration

router = APIRouter(include_in_schema=False)


@router.api_route("/r/{token}.ics", methods=["GET", "HEAD"])
async def person_ics(request: Request, token: str) -> Response:
    """Everything this person is registered for in this project, in the person's language."""
    found = await Registration.get_or_none(hash=tokens.hashed(token)).prefetch_related("project")
    if not found:
        raise not_found()
    asked = request.query_params.get("lang", "")
    code = asked if asked in LANGUAGES else found.language
    return await subscribing.answer(request, await person_feed(found, code), secret=True)
