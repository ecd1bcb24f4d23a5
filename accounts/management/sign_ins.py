"""Sign-in by a mailed link: ten minutes, once, after a button, in the browser that asked; or by a
password.
"""

import secrets
from datetime import timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from accounts.sessions.sessions import WebSession
from accounts.users import passwords
from accounts.users.users import User
from core import db, settings, tokens
from core.clock import now
from core.db import UtcField
from core.errors import DomainError, invalid
from core.i18n import _, language
from notifications.outbox.message import Message

LASTING = timedelta(minutes=10)
FIRST_LASTING = timedelta(hours=1)
FIRST = "first_admin"


class SignIn(Model):
    """A link that signs a user in. `browser` is the hash of the asking browser's cookie; empty for
    a printed link.
    """

    id = fields.BigIntField(primary_key=True)
    user_id: int | None
    user: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.User", related_name="signins", null=True, on_delete=fields.CASCADE
    )
    hash = fields.CharField(64, unique=True)
    browser = fields.CharField(64, default="")
    purpose = fields.CharField(20, default="sign_in")
    created_at = UtcField()
    expires_at = UtcField()
    used_at = UtcField(null=True)

    class Meta:
        table = "sign_in"

    @classmethod
    async def good(cls, secret: str) -> "SignIn | None":
        """The link with this secret, if it works still."""
        found = await cls.get_or_none(hash=tokens.hashed(secret), used_at=None).prefetch_related(
            "user"
        )
        if not found or found.expires_at <= now() or (found.user and found.user.disabled_at):
            return None
        if found.purpose == FIRST and await _administrated():
            return None
        return found

    def of_browser(self, visitor: str) -> bool:
        """Whether a browser with this cookie may use it."""
        return not self.browser or self.browser == tokens.hashed(visitor)

    @db.atomic
    async def enter(self, agent: str) -> tuple[User, str]:
        """Use it up; answers the user and the secret of a new session. Raises 410 when someone was
        quicker.
        """
        await self._use()
        user = await User.get(id=self.user_id)
        await audit(Actor(user.email, user), "signed_in", user)
        return user, await WebSession.begin(user.id, agent)

    @db.atomic
    async def make_first_admin(self, email: str, name: str, agent: str) -> tuple[User, str]:
        """Use it up to make the first administrator."""
        await self._use()
        if await _administrated():
            raise gone()
        user = await User.known(email, name, language())
        await User.filter(id=user.id).update(admin=True, name=name or user.name, disabled_at=None)
        await audit(Actor(user.email, user), "admin.first", user)
        return user, await WebSession.begin(user.id, agent)

    async def _use(self) -> None:
        # The update decides between two clicks at the same moment.
        if not await SignIn.filter(id=self.id, used_at=None, expires_at__gt=now()).update(
            used_at=now()
        ):
            raise gone()


def gone() -> DomainError:
    """This link has been used, or is too old."""
    return DomainError(
        _("This link has been used already, or is too old. You can ask for a new one."), 410
    )


def link_secret(nonce: str) -> str:
    """The secret of a link, which its mail needs again: stored are only its hash and this
    number.
    """
    return tokens.derived(tokens.LINK, nonce)


def link_url(secret: str) -> str:
    """Where a link leads."""
    return f"{settings.get().base_url}/desk/enter/{secret}"


@db.atomic
async def ask(email: str, visitor: str, back: str) -> None:
    """Mail a link to a known user's own address. For an unknown one the same work is done, and
    nothing of it stays.
    """
    user = await User.by_email(email)
    nonce, moment = secrets.token_hex(16), now()
    made = await SignIn.create(
        user_id=user.id if user else None,
        hash=tokens.hashed(link_secret(nonce)),
        browser=tokens.hashed(visitor),
        created_at=moment,
        expires_at=moment + LASTING,
    )
    message = await Message.queue(
        "sign_in",
        user.email if user else email,
        user.name if user else "",
        language=(user.language if user else "") or language(),
        about={"sign_in": made.id, "nonce": nonce, "next": back},
    )
    assert message, "without a dedup it is always queued"
    await Message.filter(id=0 if user else message.id).delete()
    await SignIn.filter(id=0 if user else made.id).delete()


async def with_password(email: str, password: str, agent: str) -> tuple[User, str]:
    """The user and the secret of a new session. Raises the same 422, as late, whatever is wrong."""
    user = await User.by_email(email)
    if not await passwords.matches(user.password if user else "", password) or not user:
        await _refused(email)
        raise invalid(password=_("The address or the password is not right."))
    if passwords.outdated(user.password):
        await User.filter(id=user.id).update(password=await passwords.hashed(password))
    return user, await _entered(user, agent)


@db.atomic
async def _entered(user: User, agent: str) -> str:
    await audit(Actor(user.email, user), "signed_in", user)
    return await WebSession.begin(user.id, agent, "password")


@db.atomic
async def _refused(email: str) -> None:
    # The address stays out of the log for good: it may be anyone's, or a password typed into the
    # wrong field.
    await audit(Actor(f"#{tokens.key('address', email).hex()[:12]}"), "signed_in", refused=True)


async def printed_link(user: User, lasting: timedelta = LASTING) -> str:
    """A link for any browser, which a command prints: it signs `user` in, once."""
    return await _printed(user, "sign_in", lasting)


async def first_link() -> str | None:
    """A link that makes the administrator, once, while there is none; the ones before no longer
    work.
    """
    if await _administrated():
        return None
    await SignIn.filter(purpose=FIRST, used_at=None).update(used_at=now())
    return await _printed(None, FIRST, FIRST_LASTING)


async def _printed(user: User | None, purpose: str, lasting: timedelta) -> str:
    secret, moment = tokens.random(tokens.LINK), now()
    await SignIn.create(
        user_id=user.id if user else None,
        hash=tokens.hashed(secret),
        purpose=purpose,
        created_at=moment,
        expires_at=moment + lasting,
    )
    return link_url(secret)


async def _administrated() -> bool:
    return await User.filter(admin=True, disabled_at=None).exists()


async def sweep() -> int:
    """Forget links of long ago. For the timetable of periodic work."""
    return await SignIn.filter(expires_at__lt=now() - timedelta(days=7)).delete()
