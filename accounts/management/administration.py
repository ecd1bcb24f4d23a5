"""What an administrator does to accounts: switch off and on, make administrators; and the guard of
these pages.
"""

from starlette.requests import Request

from accounts.audit.audit import audit
from accounts.sessions.access import Actor, signed_in
from accounts.sessions.sessions import WebSession
from accounts.users.users import User
from core import db
from core.clock import now
from core.errors import DomainError, forbidden, not_found
from core.i18n import _


async def administrator(request: Request) -> Actor:
    """Dependency of the administrator's pages. Raises 401, or 403 for everyone else."""
    actor = await signed_in(request)
    if not actor.user or not actor.user.admin:
        raise forbidden()
    return actor


async def user_of(user_id: int) -> User:
    """An account by its id. Raises 404."""
    found = await User.get_or_none(id=user_id)
    if not found:
        raise not_found()
    return found


@db.atomic
async def switch(actor: Actor, user: User, *, on: bool) -> None:
    """Switch an account off, which signs it out everywhere and stops its tokens; or on again."""
    if not on:
        await _not_oneself(actor, user)
    await User.filter(id=user.id).update(disabled_at=None if on else now())
    if not on:
        await WebSession.end(user_id=user.id)
    await audit(actor, "user.enabled" if on else "user.disabled", user)


@db.atomic
async def appoint(actor: Actor, user: User, *, admin: bool) -> None:
    """Make someone an administrator of the installation, or no longer."""
    if not admin:
        await _not_oneself(actor, user)
    user.admin = admin
    await user.save(update_fields=["admin"])
    await audit(actor, "admin.given" if admin else "admin.taken", user)


async def _not_oneself(actor: Actor, user: User) -> None:
    # So there is always an administrator left: the one who does this.
    if actor.user and actor.user.id == user.id:
        raise DomainError(
            _("You cannot do this to your own account. Ask another administrator."), 409
        )
