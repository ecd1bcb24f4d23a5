"""The administrator's pages: every account of the installation, and the log of everything."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit.audit import AuditEntry
from accounts.audit.sentences import told
from accounts.management import administration
from accounts.management.administration import administrator, user_of
from accounts.management.navigation import navigation
from accounts.sessions.access import Actor
from accounts.users.users import User
from core import settings
from core.errors import not_found
from core.http.api import identity
from core.http.pages import render, see_other
from core.i18n import _
from core.text import fold

router = APIRouter(prefix="/desk/admin", include_in_schema=False)

Admin = Annotated[Actor, Depends(administrator)]

PER_PAGE = 50


@router.get("")
async def users(request: Request, actor: Admin, q: str = "", page: int = 1) -> Response:
    """Who has an account here?"""
    page = min(max(1, page), 10**6)
    found = User.filter(email_folded__contains=fold(q)) if q else User.all()
    total = await found.count()
    rows = (
        await found.order_by("email_folded")
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .prefetch_related("roles")
    )
    return render(
        request,
        "accounts/desk/users.html",
        people=rows,
        me=actor.user,
        q=q,
        page=page,
        total=total,
        more=page * PER_PAGE < total,
        zone=settings.get().timezone,
        nav=navigation(actor, "/desk/admin"),
    )


@router.post("/users/{user}/{what}")
async def change_user(request: Request, actor: Admin, user: str, what: str) -> Response:
    """Switch an account off or on, make an administrator or no longer."""
    found = await user_of(identity(user))
    said = {
        "off": _("%(name)s can no longer sign in.", name=found.shown),
        "on": _("%(name)s can sign in again.", name=found.shown),
        "appoint": _("%(name)s is an administrator now.", name=found.shown),
        "dismiss": _("%(name)s is no longer an administrator.", name=found.shown),
    }
    if what in {"off", "on"}:
        await administration.switch(actor, found, on=what == "on")
    elif what in {"appoint", "dismiss"}:
        await administration.appoint(actor, found, admin=what == "appoint")
    else:
        raise not_found()
    return see_other(request, "/desk/admin", said[what])


@router.get("/log")
async def log(request: Request, actor: Admin, before: str = "") -> Response:
    """Who did what?"""
    entries, older = await AuditEntry.page(identity(before) if before else None)
    return render(
        request,
        "accounts/desk/log.html",
        entries=[told(e, settings.get().timezone) for e in entries],
        older=older,
        crumbs=[],
        nav=navigation(actor, "/desk/admin/log"),
    )
