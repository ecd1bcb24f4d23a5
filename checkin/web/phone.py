"""The phone at the door: a link pairs it, and then it is the check-in app."""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from checkin.phone import app_files as shells
from checkin.phone.devices import Device, gone
from checkin.phone.paired_phone import AT, Phone, hold, sender
from checkin.scanning import words
from core import ROOT
from core.errors import DomainError, not_found
from core.http.forms import Form
from core.http.pages import SECRET_HEADERS, check_origin, render, see_other
from core.i18n import LANGUAGES, language, speaking
from events.event.event import Event
from registrations.registration.vocabulary import ParticipantRole, RegistrationStatus

router = APIRouter(include_in_schema=False)

CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; manifest-src 'self'; "
    "media-src 'self' blob:; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CODE = {"Content-Security-Policy": CSP, "Cache-Control": "no-cache"}
MANIFEST = "application/manifest+json"
OTHERS = re.compile("Chrome/|Chromium/|Android")
"""Browsers that say Safari too, and give their cookies to an app on the home screen."""
SLUG = re.compile(r"[a-z0-9-]{1,100}", re.ASCII)


@router.get("/c/{token}")
async def offer(request: Request, token: str) -> Response:
    """A button, so that what looks at links before people do does not use it up."""
    device = await Device.offered(token)
    if device:
        return _pairing(request, device, Form())
    slug = request.cookies.get(AT, "")
    if not SLUG.fullmatch(slug):
        raise gone()
    return render(request, "checkin/web/again.html", 410, SECRET_HEADERS, slug=slug)


def _pairing(request: Request, device: Device, form: Form, status: int = 200) -> Response:
    event: Event = device.event
    return render(
        request,
        "checkin/web/pair.html",
        status,
        SECRET_HEADERS,
        event=event,
        project=event.project,
        form=form,
    )


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
    return _holds(request, paired, paired.event.slug, secret)


def _holds(request: Request, paired: Device, slug: str, secret: str) -> Response:
    response = see_other(request, f"/c/e/{slug}/")
    hold(response, paired, slug, secret)
    return response


@router.get("/c/e/{event}")
async def without_slash(event: str) -> Response:
    """The app's addresses begin with its own, which ends with a slash."""
    return RedirectResponse(f"/c/e/{quote(event)}/", 308)


@router.get("/c/e/{event}/")
async def app(request: Request, event: str, shell: str = "", home: str = "") -> Response:
    """The check-in app. `shell` is a language in which the phone keeps it; `home` is what a home
    screen holds.

    It says nothing about people, so that a phone that was stopped can still open it and send what
    it holds.
    """
    try:
        phone = await sender(request, event)
    except DomainError:
        if first := await Device.at_home(home, event):
            return _pairing(request, first, Form({"name": first.name}))
        raise
    with speaking(shell if shell in LANGUAGES else language()):
        return _shell(request, phone.event)


@router.post("/c/e/{event}/")
async def at_home(request: Request, event: str, home: str = "") -> Response:
    """Pair the app on a phone's home screen, which knows nothing of what the phone's browser
    holds.
    """
    check_origin(request)
    first = await Device.at_home(home, event)
    if not first:
        raise gone()
    form = await Form.read(request)
    name = form.text("name", required=True, longest=100)
    try:
        form.check()
    except DomainError as error:
        return _pairing(request, first, form, error.status)
    paired, secret = await first.again(name)
    return _holds(request, paired, event, secret)


def _shell(request: Request, event: Event) -> Response:
    return render(
        request,
        "checkin/web/phone.html",
        headers={**SECRET_HEADERS, "Content-Security-Policy": CSP},
        event=event,
        project=event.project,
        results=words.RESULTS,
        roles=ParticipantRole.labels(),
        statuses=RegistrationStatus.labels(),
    )


@router.get("/c/e/{event}/sw.js")
async def service_worker(request: Request, event: str) -> Response:
    """What opens the app without reception. It holds the list of the app's files, and nothing that
    is secret.
    """
    found = await Event.get_or_none(slug=event).select_related("project")
    if not found:
        raise not_found()
    pages: dict[str, bytes] = {}
    for code in LANGUAGES:
        with speaking(code):
            pages[code] = bytes(_shell(request, found).body)
    return Response(
        shells.script(found, shells.kept(found, pages)), headers=CODE, media_type="text/javascript"
    )


@router.get("/c/e/{event}/app.webmanifest")
async def manifest(request: Request, phone: Annotated[Phone, Depends(sender)]) -> Response:
    """What the phone calls the app, and where it begins."""
    browser = request.headers.get("user-agent", "")
    home = phone.device.home if "Safari/" in browser and not OTHERS.search(browser) else ""
    return JSONResponse(
        shells.manifest(phone.event, home),
        headers={"Cache-Control": "no-store"},
        media_type=MANIFEST,
    )


@router.get("/c/e/{event}/decode.worker.js")
async def worker() -> Response:
    """The decoder's worker, where the app's own service worker keeps it. Its WebAssembly needs the
    page's policy.
    """
    return FileResponse(ROOT / "static" / shells.WORKER, media_type="text/javascript", headers=CODE)
