"""My account: who I am here, my password, my signed-in browsers, my tokens for machines."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.management import account
from accounts.management.account import own
from accounts.management.navigation import navigation
from accounts.sessions.access import Actor, signed_in
from accounts.sessions.api_tokens import ApiToken
from accounts.sessions.sessions import WebSession
from accounts.users.roles import Role
from core import settings
from core.errors import DomainError
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import LANGUAGES, _, language

router = APIRouter(prefix="/desk/account", include_in_schema=False)

Me = Annotated[Actor, Depends(signed_in)]


@router.get("")
async def page(request: Request, actor: Me) -> Response:
    """Who am I here?"""
    user = own(actor)
    return await _page(
        request, actor, Form({"name": user.name, "language": user.language or language()}), Form()
    )


@router.post("")
async def change(request: Request, actor: Me) -> Response:
    """Keep name and language."""
    form = await Form.read(request)
    name, chosen = (
        form.text("name", required=True),
        form.choice("language", LANGUAGES, required=True),
    )
    try:
        form.check()
        await account.change(actor, name, chosen)
    except DomainError as error:
        form.take(error)
        return await _page(request, actor, form, Form(), 422)
    response = see_other(request, "/desk/account", _("Saved."))
    response.set_cookie("lang", chosen, max_age=31536000, path="/", samesite="lax")
    return response


@router.post("/password")
async def password(request: Request, actor: Me) -> Response:
    """Set or change the password."""
    form = await Form.read(request)
    new, current = str(form.values.get("password") or ""), str(form.values.get("current") or "")
    try:
        await account.set_password(actor, request.state.web_session, current, new)
    except DomainError as error:
        form.take(error)
        user = own(actor)
        about = Form({"name": user.name, "language": user.language or language()})
        return await _page(request, actor, about, form, 422)
    return see_other(
        request, "/desk/account", _("Your password is set. Your other browsers are signed out.")
    )


@router.post("/sessions/{session}/end")
async def end_session(request: Request, actor: Me, session: str) -> Response:
    """Sign another browser of mine out."""
    await account.sign_out(actor, identity(session))
    return see_other(request, "/desk/account", _("That browser is signed out."))


@router.get("/tokens")
async def tokens_page(request: Request, actor: Me) -> Response:
    """Which programs act for me?"""
    return await _tokens(request, actor, Form())


@router.post("/tokens")
async def make_token(request: Request, actor: Me) -> Response:
    """Make one, and show it: once."""
    form = await Form.read(request)
    name, project = form.text("name", required=True, longest=100), form.text("project", longest=20)
    try:
        form.check()
        secret = await account.make_token(actor, name, identity(project) if project else None)
    except DomainError as error:
        form.take(error)
        return await _tokens(request, actor, form, 422)
    return await _tokens(request, actor, Form(), secret=secret, made=name)


@router.post("/tokens/{token}/revoke")
async def revoke_token(request: Request, actor: Me, token: str) -> Response:
    """Make it worthless."""
    await account.revoke_token(actor, identity(token))
    return see_other(request, "/desk/account/tokens", _("That key works no longer."))


async def _page(
    request: Request, actor: Actor, form: Form, password_form: Form, status: int = 200
) -> Response:
    here: WebSession = request.state.web_session
    return render(
        request,
        "accounts/desk/account.html",
        status,
        form=form,
        password_form=password_form,
        has_password=bool(own(actor).password),
        needs_current=bool(own(actor).password) and here.method != "link",
        sessions=[(s, s.id == here.id) for s in await WebSession.live(own(actor).id)],
        zone=settings.get().timezone,
        nav=navigation(actor, "/desk/account"),
    )


async def _tokens(
    request: Request,
    actor: Actor,
    form: Form,
    status: int = 200,
    *,
    secret: str = "",
    made: str = "",
) -> Response:
    found = ApiToken.filter(user_id=own(actor).id, revoked_at=None).order_by("-id")
    return render(
        request,
        "accounts/desk/tokens.html",
        status,
        {"Cache-Control": "no-store"} if secret else None,
        form=form,
        secret=secret,
        made=made,
        tokens=await found.prefetch_related("project"),
        choices=[(str(p.id), p.name) for p in await _projects(actor)],
        zone=settings.get().timezone,
        nav=navigation(actor, "/desk/account/tokens"),
    )


async def _projects(actor: Actor) -> list[Any]:
    """What a token can be for: the projects that one has a role in; for an administrator, all."""
    # Projects live in a package above this one; the role's own relation leads to them.
    # Through the table: imports go down only, and Tortoise offers no public way to the model behind
    # a foreign key.
    model: Any = Role._meta.fields_map["project"].related_model  # type: ignore[attr-defined]  # noqa: SLF001
    ids = await actor.project_ids()
    found = model.all() if ids is None else model.filter(id__in=ids)
    return list(await found.order_by("slug"))
