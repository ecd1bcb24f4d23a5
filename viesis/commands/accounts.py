"""`viesis user` and `viesis token`: accounts made from the command line."""

from accounts.audit.audit import audit
from accounts.management.sign_ins import printed_link
from accounts.sessions.access import Actor
from accounts.sessions.api_tokens import ApiToken
from accounts.users.roles import Role
from accounts.users.users import User
from core import db, tokens
from core.clock import now
from core.errors import NO_EMAIL, REQUIRED, DomainError, invalid
from core.i18n import _
from core.text import fold, is_email
from events.projects.projects import Project

COMMAND = Actor("command line")


async def _project(slug: str) -> Project:
    found = await Project.get_or_none(slug=slug)
    if not found:
        raise DomainError(_("There is no project with the address %(slug)s.", slug=slug), 404)
    return found


@db.atomic
async def add_user(
    email: str, *, admin: bool = False, role: str | None = None, project: str | None = None
) -> str:
    """Make or find the user, give the rights, answer a sign-in link."""
    if not is_email(email):
        raise invalid(email=NO_EMAIL)
    if bool(role) != bool(project):
        raise invalid(role=_("A role and a project go together: --role and --project."))
    user, _made = await User.get_or_create(
        email_folded=fold(email), defaults={"email": email, "created_at": now()}
    )
    if admin and not user.admin:
        user.admin = True
        await user.save(update_fields=["admin"])
    if role and project:
        found = await _project(project)
        await Role.update_or_create(
            user=user, project=found, defaults={"role": role, "created_at": now()}
        )
    await audit(COMMAND, "user.added", user)
    return await printed_link(user)


@db.atomic
async def add_token(email: str, *, name: str, project: str | None = None) -> str:
    """Make an API token of an existing user; answer the token itself, which is not kept."""
    if not name.strip():
        raise invalid(name=REQUIRED)
    user = await User.get_or_none(email_folded=fold(email))
    if not user:
        raise DomainError(
            _("There is no user with this address: `viesis user add` makes one."), 404
        )
    secret = tokens.random(tokens.API)
    found = await _project(project) if project else None
    made = await ApiToken.create(
        user=user,
        project=found,
        name=name.strip()[:100],
        hash=tokens.hashed(secret),
        created_at=now(),
    )
    await audit(COMMAND, "token.added", made)
    return secret
