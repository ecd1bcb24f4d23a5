"""The addresses of a person's own calendar: one that is a secret of its own, and the page's with
`.ics`.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from core import tokens
from core.errors import not_found
from core.http import limits
from core.http.pages import see_other
from core.i18n import LANGUAGES, _
from events.feeds import http
from registrations.calendar.address import by_calendar, renew_calendar
from registrations.calendar.feeds import person_feed
from registrations.presentation.own_page import own
from registrations.registration.registration import Registration

router = APIRouter(include_in_schema=False)


@router.api_route("/r/{token}.ics", methods=["GET", "HEAD"])
async def person_ics(request: Request, token: str) -> Response:
    """Everything this person is registered for in this project, in the person's language."""
    if token.startswith(tokens.CALENDAR):
        found = await by_calendar(token)
    else:
        found = await Registration.get_or_none(hash=tokens.hashed(token)).prefetch_related(
            "project"
        )
    if not found:
        await limits.wrong_token(request)
        raise not_found()
    asked = request.query_params.get("lang", "")
    code = asked if asked in LANGUAGES else found.language
    feed = await person_feed(found, code, request.query_params.get("remind", ""))
    return await http.answer(request, feed, secret=True)


@router.post("/r/{token}/calendar")
async def new_address(request: Request, token: str) -> Response:
    """A new address of the calendar; the old one ends at once."""
    await renew_calendar(await own(request, token))
    said = _("This is the new address of your calendar. The old one no longer works.")
    return see_other(request, f"/r/{token}#calendar", said)
