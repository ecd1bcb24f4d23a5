"""Fewer mails: the page behind a mail's unsubscribe address. The address is the secret."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from core.errors import not_found
from core.http import limits
from core.http.forms import Form
from core.http.pages import SECRET_HEADERS, render, see_other
from core.i18n import _
from registrations.mail import unsubscribe as mails
from registrations.mail.unsubscribe import Stopping

router = APIRouter(include_in_schema=False)


@router.get("/u/{stopping}")
async def page(request: Request, stopping: str) -> Response:
    """What comes, and a button; opening changes nothing, because mail scanners open everything."""
    return _page(request, await _found(request, stopping), stopping)


@router.post("/u/{stopping}")
async def stop(request: Request, stopping: str) -> Response:
    """Stop, or take it back. A mail program posts here from elsewhere (RFC 8058): the address alone
    is the proof.
    """
    whose = await _found(request, stopping)
    form = await Form.read(request)
    if form.values.get("again"):
        await whose.resume()
        return see_other(request, f"/u/{stopping}", _("You get these e-mails again."))
    await whose.stop()
    if form.values.get("List-Unsubscribe"):
        # a mail program wants an answer, not another address
        return _page(request, whose, stopping)
    return see_other(request, f"/u/{stopping}")


async def _found(request: Request, given: str) -> Stopping:
    whose = await mails.found(given)
    if not whose:
        await limits.wrong_token(request)
        raise not_found()
    return whose


def _page(request: Request, whose: Stopping, here: str) -> Response:
    return render(
        request,
        "registrations/web/unsubscribe.html",
        headers=SECRET_HEADERS,
        project=whose.project,
        stopped=whose.stopped,
        here=f"/u/{here}",
        email=whose.email,
    )
