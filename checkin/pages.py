"""The phone at the door: a link pairs it, and then it is the check-in app."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from checkin import words
from checkin.devices import Device, gone
from checkin.phone import Phone, cookie, holder
from core import ROOT, settings
from core.clock import now
from core.errors import DomainError
from core.forms import Form
from core.pages import SECRET_HEADERS, check_origin, render, see_other
from events.events import Event
from registrations.forms import ROLE_WORDS, STATUS_WORDS

router = APIRouter(include_in_schema=False)

CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; manifest-src 'self'; "
    "media-src 'self' blob:; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@router.get("/c/decode.worker.js")
async def worker() -> Response:
    """The decoder's worker. It has a policy of its own, and its WebAssembly needs the same as the page's."""
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-cache"}
    return FileResponse(ROOT / "static/checkin/decode.worker.js", media_type="text/javascript", headers=headers)


@router.get("/c/{token}")
async def offer(request: Request, token: str) -> Response:
    """A button, so that what looks at links before people do does not use it up."""
    device = await Device.offered(token)
    if not device:
        raise gone()
    return _pairing(request, device, Form())


def _pairing(request: Request, device: Device, form: Form, status: int = 200) -> Response:
    event: Event = device.event
    return render(request, "checkin/pair.html", status, SECRET_HEADERS, event=event, project=event.project, form=form)


@router.post("/c/{token}")
async def pair(request: Request, token: str) -> Response:
    """Pair this phone: the link is used up, and the phone holds a secret of its own."""
    check_origin(request)
    device = await Device.offered(token)
    if not device:
        raise gone()
    form = await Form.read(request)
    name = form.text("name", required=True, longest=100)
    try:
        form.check()
    except DomainError as error:
        return _pairing(request, device, form, error.status)
    paired, secret = await Device.pair(token, name)
    slug = paired.event.slug
    response = see_other(request, f"/c/e/{slug}")
    response.set_cookie(
        cookie(),
        secret,
        max_age=max(0, int((paired.expires_at - now()).total_seconds())),
        path=f"/c/e/{slug}",
        secure=settings.get().secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/c/e/{event}")
async def app(request: Request, phone: Annotated[Phone, Depends(holder)]) -> Response:
    """The check-in app."""
    event = phone.event
    return render(
        request,
        "checkin/phone.html",
        headers={**SECRET_HEADERS, "Content-Security-Policy": CSP},
        phone=phone,
        event=event,
        project=event.project,
        sessions=await event.sessions_now(),
        results=words.RESULTS,
        roles=ROLE_WORDS,
        statuses=STATUS_WORDS,
    )
