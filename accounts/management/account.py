"""What people do to their own account: name, language, password, browsers, tokens for machines."""

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from accounts.sessions.api_tokens import ApiToken
from accounts.sessions.sessions import WebSession
from accounts.users import passwords
from accounts.users.users import User
from core import db, tokens
from core.clock import now
from core.errors import NOT_LISTED, DomainError, invalid, not_found
from core.i18n import LANGUAGES, _


@db.atomic
async def change(actor: Actor, name: str, language: str) -> None:
    """Say one's name, and the language to be written to in."""
    user = own(actor)
    if language not in LANGUAGES:
        raise invalid(language=NOT_LISTED)
    changed = [
        field
        for field, value in (("name", name), ("language", language))
        if getattr(user, field) != value
    ]
    user.name, user.language = name, language
    await user.save(update_fields=["name", "language"])
    if changed:
        await audit(actor, "account.changed", user, changed)


async def set_password(actor: Actor, session: WebSession, current: str, new: str) -> None:
    """Set or change the password; every other browser of this user is signed out.

    Whoever signed in by a mailed link may set one without the old one, which may be forgotten.
    """
    user = own(actor)
    if (
        user.password
        and session.method != "link"
        and not await passwords.matches(user.password, current)
    ):
        raise invalid(current=_("This is not your password."))
    passwords.check(new, user.email.partition("@")[0], user.name)
    await _keep_password(actor, session, await passwords.hashed(new))


@db.atomic
async def _keep_password(actor: Actor, session: WebSession, hashed: str) -> None:
    user = own(actor)
    await User.filter(id=user.id).update(password=hashed)
    await WebSession.end(user_id=user.id, id__not=session.id)
    await audit(actor, "password.changed", user)


@db.atomic
async def sign_out(actor: Actor, session_id: int) -> None:
    """Sign one's own browser out, this or another. Raises 404 for someone else's."""
    if not await WebSession.end(user_id=own(actor).id, id=session_id):
        raise not_found()
    await audit(actor, "signed_out", own(actor))


@db.atomic
async def make_token(actor: Actor, name: str, project_id: int | None) -> str:
    """Make an API token for what the actor may do, in one project or all; the secret is answered
    once and not kept.
    """
    if project_id is not None and await actor.role_in(project_id) is None:
        raise invalid(project=NOT_LISTED)
    secret = tokens.random(tokens.API)
    given = {
        "user_id": own(actor).id,
        "project_id": project_id,
        "name": name,
        "hash": tokens.hashed(secret),
    }
    made = await ApiToken.create(**given, created_at=now())
    await audit(actor, "token.added", made)
    return secret


@db.atomic
async def revoke_token(actor: Actor, token_id: int) -> None:
    """Make one's own token worthless. Raises 404 for someone else's."""
    found = await ApiToken.get_or_none(id=token_id, user_id=own(actor).id, revoked_at=None)
    if not found:
        raise not_found()
    found.revoked_at = now()
    await found.save(update_fields=["revoked_at"])
    await audit(actor, "token.revoked", found)


def own(actor: Actor) -> User:
    """The actor's account. Raises 403 for a command, which has none."""
    if not actor.user:
        raise DomainError(_("You may not do this here."), 403)
    return actor.user
