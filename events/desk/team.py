"""The team of a project: who may do what here; and the log of what they did."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit.audit import AuditEntry
from accounts.audit.sentences import told
from accounts.management.invitations import Invitation, change_role, remove_role, role_of
from accounts.users.roles import ROLE_WORDS, ProjectRole, Role
from core.clock import now
from core.errors import DomainError, not_found
from core.http import limits
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import LANGUAGES, _, language
from core.text import fold
from events.event.access import Scope, desk_project
from events.presentation.navigation import shell

router = APIRouter(prefix="/desk/p/{project}", include_in_schema=False)

Manager = Annotated[Scope, Depends(desk_project("manager"))]


@router.get("/team")
async def team(request: Request, scope: Manager) -> Response:
    """Who may do what here?"""
    return await _team(request, scope, Form({"language": language()}))


@router.post("/team/invitations")
async def invite(request: Request, scope: Manager) -> Response:
    """Invite someone by mail, or mail the invitation again."""
    form = await Form.read(request)
    email, role = (
        form.email("email", required=True),
        form.choice("role", ProjectRole.labels(), required=True),
    )
    spoken = form.choice("language", LANGUAGES)
    try:
        form.check()
        await limits.hit("sign_in", fold(email))
        await Invitation.send(scope.actor, scope.project.id, email, role, spoken)
    except DomainError as error:
        if error.status != 422:
            raise
        form.take(error)
        return await _team(request, scope, form, 422)
    return see_other(
        request, _address(scope), _("%(email)s gets an e-mail with a link.", email=email)
    )


@router.post("/team/invitations/{invitation}/revoke")
async def revoke(request: Request, scope: Manager, invitation: str) -> Response:
    """Take an invitation back."""
    found = await Invitation.get_or_none(id=identity(invitation), project_id=scope.project.id)
    if not found:
        raise not_found()
    await found.revoke(scope.actor)
    return see_other(
        request, _address(scope), _("The invitation of %(email)s is taken back.", email=found.email)
    )


@router.post("/team/{role}/change")
async def change(request: Request, scope: Manager, role: str) -> Response:
    """Give someone another role."""
    found = await role_of(scope.project.id, identity(role))
    chosen = (await Form.read(request)).text("role")
    await change_role(scope.actor, found, chosen)
    said = _(
        "%(name)s has another role now: %(role)s.", name=found.user.shown, role=ROLE_WORDS[chosen]
    )
    return see_other(request, _address(scope), said)


@router.post("/team/{role}/remove")
async def remove(request: Request, scope: Manager, role: str) -> Response:
    """Take someone out of the team."""
    found = await role_of(scope.project.id, identity(role))
    await remove_role(scope.actor, found)
    return see_other(
        request, _address(scope), _("%(name)s is no longer in the team.", name=found.user.shown)
    )


@router.get("/log")
async def log(request: Request, scope: Manager, before: str = "") -> Response:
    """Who did what in this project?"""
    entries, older = await AuditEntry.page(
        identity(before) if before else None, project_id=scope.project.id
    )
    return render(
        request,
        "accounts/desk/log.html",
        entries=[told(e, scope.project.timezone) for e in entries],
        older=older,
        **shell(scope, current="log"),
    )


async def _team(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    members = await Role.filter(project_id=scope.project.id).prefetch_related("user").order_by("id")
    return render(
        request,
        "events/desk/team.html",
        status,
        form=form,
        members=members,
        me=scope.actor.user,
        waiting=await Invitation.waiting(scope.project.id),
        roles=[(role.value, role.label, role.hint) for role in reversed(ProjectRole)],
        role_words=ROLE_WORDS,
        now=now(),
        **shell(scope, current="team"),
    )


def _address(scope: Scope) -> str:
    return f"/desk/p/{scope.project.slug}/team"
