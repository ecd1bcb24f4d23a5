"""Signing in and out, and accepting an invitation."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.management import account, sign_ins
from accounts.management.invitations import Invitation
from accounts.management.sign_ins import FIRST, SignIn
from accounts.sessions.access import Actor, browser, signed_in
from accounts.sessions.sessions import WebSession
from accounts.users.roles import ROLE_WORDS
from accounts.users.users import User
from core import settings, tokens
from core.errors import REQUIRED, DomainError
from core.http import limits
from core.http.forms import Form
from core.http.pages import (
    SECRET_HEADERS,
    check_csrf,
    cookie_name,
    render,
    safe_next,
    see_other,
    set_cookie,
)
from core.i18n import LANGUAGES, _
from core.text import fold

router = APIRouter(include_in_schema=False)


@router.get("/desk/sign-in")
async def sign_in(request: Request, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """Who are you? A link by mail, or a password."""
    back = safe_next(next)
    if await browser(request):
        return see_other(request, back)
    return _sign_in(request, Form({"next": back}))


@router.post("/desk/sign-in/link")
async def ask_for_link(request: Request) -> Response:
    """Mail a link, if the address is known; the answer is the same if it is not."""
    await check_csrf(request)
    form = await Form.read(request)
    email = form.email("email", required=True)
    try:
        form.check()
    except DomainError:
        return _sign_in(request, form, 422)
    await limits.hit("sign_in", fold(email))
    visitor = request.cookies.get(cookie_name("visitor")) or request.scope.setdefault(
        "new_visitor", tokens.random("vsv_")
    )
    await sign_ins.ask(email, visitor, safe_next(form.text("next", longest=1000)))
    return render(
        request, "accounts/web/link_sent.html", email=email, minutes=sign_ins.LASTING.seconds // 60
    )


@router.post("/desk/sign-in/password")
async def sign_in_with_password(request: Request) -> Response:
    """Sign in by address and password."""
    await check_csrf(request)
    form = await Form.read(request)
    email, password = form.email("email", required=True), str(form.values.get("password") or "")
    if not password:
        form.wrong("password", REQUIRED)
    try:
        form.check()
        await limits.hit("password", fold(email))
        user, secret = await sign_ins.with_password(email, password, _agent(request))
    except DomainError as error:
        if error.status != 422:
            raise
        form.take(error)
        return _sign_in(request, form, 422, by_password=True)
    await limits.forgive("password", fold(email))
    return await _entered(request, user, secret, safe_next(form.text("next", longest=1000)))


@router.get("/desk/enter/{secret}")
async def enter_page(request: Request, secret: str, next: str = "") -> Response:  # noqa: A002 - the name in the address
    """A button, because mail scanners open links."""
    found = await _good(request, secret)
    if not found:
        return _gone(request)
    if not found.of_browser(request.cookies.get(cookie_name("visitor"), "")):
        return _elsewhere(request)
    return _enter(request, found, Form({"next": safe_next(next)}))


@router.post("/desk/enter/{secret}")
async def enter(request: Request, secret: str) -> Response:
    """Use the link up."""
    await check_csrf(request)
    found = await _good(request, secret)
    if not found:
        return _gone(request)
    if not found.of_browser(request.cookies.get(cookie_name("visitor"), "")):
        return _elsewhere(request)
    form = await Form.read(request)
    try:
        if found.purpose == FIRST:
            email, name = form.email("email", required=True), form.text("name", required=True)
            form.check()
            user, session = await found.make_first_admin(email, name, _agent(request))
        else:
            user, session = await found.enter(_agent(request))
    except DomainError as error:
        if error.status == 410:
            return _gone(request)
        form.take(error)
        return _enter(request, found, form, error.status)
    return await _entered(request, user, session, safe_next(form.text("next", longest=1000)))


@router.post("/desk/sign-out")
async def sign_out(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
    """Sign this browser out."""
    await account.sign_out(actor, request.state.web_session.id)
    response = see_other(request, "/desk/sign-in", _("You are signed out."))
    response.delete_cookie(
        cookie_name("session"), path="/", secure=settings.get().secure, httponly=True
    )
    return response


@router.get("/desk/join/{secret}")
async def join_page(request: Request, secret: str) -> Response:
    """You are invited: to what, by whom, as what."""
    found = await Invitation.by_secret(secret)
    if not found:
        await limits.wrong_token(request)
        return _gone(request)
    return await _join(request, found, Form())


@router.post("/desk/join/{secret}")
async def join(request: Request, secret: str) -> Response:
    """Take the invitation up."""
    await check_csrf(request)
    found = await Invitation.by_secret(secret)
    if not found:
        await limits.wrong_token(request)
        return _gone(request)
    form = await Form.read(request)
    name = form.text("name", required=not await User.by_email(found.email))
    try:
        form.check()
        user, session = await found.accept(name, _agent(request))
    except DomainError as error:
        if error.status == 410:
            return _gone(request)
        form.take(error)
        return await _join(request, found, form, error.status)
    target = f"/desk/p/{found.project.slug}"
    if session:
        return await _entered(request, user, session, target)
    here = await browser(request)
    if here and here.user and here.user.id == user.id:
        return see_other(request, target, _("Welcome to the team."))
    return see_other(
        request, f"/desk/sign-in?next={target}", _("You are in the team now. Please sign in.")
    )


def _sign_in(
    request: Request, form: Form, status: int = 200, *, by_password: bool = False
) -> Response:
    form.values.setdefault("next", "/desk")
    return render(request, "accounts/web/sign_in.html", status, form=form, by_password=by_password)


async def _good(request: Request, secret: str) -> SignIn | None:
    found = await SignIn.good(secret)
    if not found and not await SignIn.exists(hash=tokens.hashed(secret)):
        await limits.wrong_token(request)
    return found


def _enter(request: Request, found: SignIn, form: Form, status: int = 200) -> Response:
    template = "accounts/web/first.html" if found.purpose == FIRST else "accounts/web/enter.html"
    return render(request, template, status, SECRET_HEADERS, form=form, person=found.user)


def _gone(request: Request) -> Response:
    return render(request, "accounts/web/gone.html", 410, SECRET_HEADERS)


def _elsewhere(request: Request) -> Response:
    return render(request, "accounts/web/elsewhere.html", 403, SECRET_HEADERS)


async def _join(request: Request, found: Invitation, form: Form, status: int = 200) -> Response:
    known = await User.by_email(found.email)
    context = {
        "invitation": found,
        "role": ROLE_WORDS[found.role],
        "known": known,
        "project": found.project,
    }
    return render(request, "accounts/web/join.html", status, SECRET_HEADERS, form=form, **context)


async def _entered(request: Request, user: User, secret: str, target: str) -> Response:
    """Go on, with a new session in place of the one that was there."""
    if before := request.cookies.get(cookie_name("session")):
        await WebSession.end(hash=tokens.hashed(before))
    response = see_other(request, target)
    set_cookie(response, "session", secret)
    if user.language in LANGUAGES:
        response.set_cookie("lang", user.language, max_age=31536000, path="/", samesite="lax")
    return response


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")
