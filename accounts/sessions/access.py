"""Who is asking: a signed-in browser, an API token, or nobody. Rights are by role in a project;
deny by default.
"""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request

from accounts.sessions.api_tokens import ApiToken
from accounts.sessions.sessions import IDLE, LONGEST, WebSession
from accounts.users.roles import Role
from accounts.users.users import User
from core import tokens
from core.clock import now
from core.errors import DomainError, forbidden, not_found
from core.http import limits
from core.http.pages import check_csrf, cookie_name
from core.i18n import _

RANK = {"door": 1, "viewer": 1, "organiser": 2, "manager": 3, "admin": 4}
"""`door` and `viewer` are side by side: each sees its own part; either minimum is met by that role
or a higher one.
"""


@dataclass(frozen=True)
class Actor:
    """Someone who acts: `name` is what history and audit show; `project_id` limits an API token to
    one project.
    """

    name: str
    user: User | None = None
    project_id: int | None = None
    token_id: int | None = None

    @property
    def shown(self) -> str:
        """What a person reads: the user's name, or the address."""
        return self.user.shown if self.user else self.name

    async def role_in(self, project_id: int) -> str | None:
        """This actor's role in a project: `admin`, a project role, or None."""
        if not self.user or self.project_id not in {None, project_id}:
            return None
        if self.user.admin:
            return "admin"
        found = await Role.get_or_none(user_id=self.user.id, project_id=project_id)
        return found.role if found else None

    async def project_ids(self) -> list[int] | None:
        """The projects this actor has a role in; None means all of them."""
        if not self.user:
            return []
        if self.user.admin:
            return [self.project_id] if self.project_id else None
        ids = await Role.filter(user_id=self.user.id).values_list("project_id", flat=True)
        found = [int(str(i)) for i in ids]
        return [i for i in found if self.project_id in {None, i}]


def meets(role: str | None, minimum: str) -> bool:
    """Whether a role is enough."""
    return bool(role) and (role == minimum or RANK[str(role)] > RANK[minimum])


async def require(actor: Actor, project_id: int, minimum: str) -> str:
    """The actor's role in the project. 404 without any (another project does not exist), 403 when
    it is too little.
    """
    role = await actor.role_in(project_id)
    if role is None:
        raise not_found()
    if not meets(role, minimum):
        raise forbidden()
    return role


async def signed_in(request: Request) -> Actor:
    """Dependency of every desk page: the signed-in user; a form must carry its token. Raises 401,
    shown as sign-in.
    """
    actor = await browser(request)
    if actor is None:
        raise DomainError(_("Please sign in."), 401)
    if request.method not in {"GET", "HEAD"}:
        await check_csrf(request)
    return actor


async def browser(request: Request) -> Actor | None:
    """The user of this browser's session, or None."""
    secret = request.cookies.get(cookie_name("session"))
    if not secret:
        return None
    session = await WebSession.get_or_none(
        hash=tokens.hashed(secret), ended_at=None
    ).prefetch_related("user")
    moment = now()
    if (
        not session
        or session.seen_at < moment - IDLE
        or session.created_at < moment - LONGEST
        or session.user.disabled_at
    ):
        return None
    if session.seen_at < moment - timedelta(minutes=5):
        await WebSession.filter(id=session.id).update(seen_at=moment)
    request.state.user, request.state.web_session = session.user, session
    return Actor(session.user.email, session.user)


async def bearer(request: Request) -> Actor:
    """Dependency of every API call: the token's user. 401 without a good token."""
    scheme, _sep, secret = request.headers.get("authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and secret.strip():
        found = await ApiToken.get_or_none(
            hash=tokens.hashed(secret.strip()), revoked_at=None
        ).select_related("user")
    if not found or found.user.disabled_at:
        if secret.strip():
            await limits.wrong_token(request)
        raise DomainError(
            _("This call needs a token: Authorization: Bearer …"),
            401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    moment = now()
    if not found.used_at or found.used_at < moment - timedelta(minutes=5):
        await ApiToken.filter(id=found.id).update(used_at=moment)
    return Actor(f"{found.user.email} ({found.name})", found.user, found.project_id, found.id)
