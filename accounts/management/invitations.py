"""Invitations to a project's team: sent by e-mail, valid for two weeks, accepted by a button; and
changing or ending a role.
"""

from datetime import timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from accounts.sessions.sessions import WebSession
from accounts.users.roles import ProjectRole, Role
from accounts.users.users import User
from core import db, settings, tokens
from core.clock import now
from core.db import UtcField
from core.errors import NO_EMAIL, NOT_LISTED, DomainError, invalid, not_found
from core.i18n import _, language
from core.text import fold, is_email
from notifications.outbox.message import Message

LASTING = timedelta(days=14)


class Invitation(Model):
    """An address invited to a project with a role; taken up by following its link."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="invitations", on_delete=fields.CASCADE
    )
    email = fields.CharField(254)
    role = fields.CharField(12)
    hash = fields.CharField(64, unique=True)
    generation = fields.IntField(default=0)
    created_at = UtcField()
    expires_at = UtcField()
    accepted_at = UtcField(null=True)
    revoked_at = UtcField(null=True)

    class Meta:
        table = "invitation"

    @property
    def secret(self) -> str:
        """The secret of its link; a new generation revokes the old."""
        return tokens.derived(tokens.LINK, f"invitation {self.id}", self.generation)

    @property
    def url(self) -> str:
        """Where its mail leads."""
        return f"{settings.get().base_url}/desk/join/{self.secret}"

    @property
    def open(self) -> bool:
        """Whether it can be taken up."""
        return not self.accepted_at and not self.revoked_at and self.expires_at > now()

    @classmethod
    async def by_secret(cls, secret: str) -> "Invitation | None":
        """The open invitation with this secret, its project fetched."""
        found = await cls.get_or_none(hash=tokens.hashed(secret)).prefetch_related("project")
        return found if found and found.open else None

    @classmethod
    async def waiting(cls, project_id: int) -> "list[Invitation]":
        """Those of a project that nobody took up or back yet, also the expired ones."""
        return await cls.filter(project_id=project_id, accepted_at=None, revoked_at=None).order_by(
            "email"
        )

    @classmethod
    @db.atomic
    async def send(
        cls, actor: Actor, project_id: int, email: str, role: str, language_of: str = ""
    ) -> "Invitation":
        """Invite an address, or invite it anew with this role. Raises 422 for who has a role
        already.
        """
        if not is_email(email):
            raise invalid(email=NO_EMAIL)
        if role not in ProjectRole.labels():
            raise invalid(role=NOT_LISTED)
        if await Role.filter(
            project_id=project_id, user__email_folded=fold(email), user__disabled_at=None
        ).exists():
            raise invalid(
                email=_("This person is in the team already. You can change the role below.")
            )
        found = next(
            (i for i in await cls.waiting(project_id) if fold(i.email) == fold(email)), None
        )
        moment = now()
        found = found or await cls.create(
            project_id=project_id,
            email=email,
            role=role,
            hash=tokens.hashed(tokens.random(tokens.LINK)),
            generation=-1,
            created_at=moment,
            expires_at=moment,
        )
        found.role, found.generation, found.expires_at = (
            role,
            found.generation + 1,
            moment + LASTING,
        )
        found.hash = tokens.hashed(found.secret)
        await found.save()
        about = {"invitation": found.id, "generation": found.generation, "inviter": actor.shown}
        await Message.queue(
            "invitation", email, language=language_of or language(), about=about, scope=project_id
        )
        await audit(actor, "invitation.sent", found, ["role"])
        return found

    @db.atomic
    async def revoke(self, actor: Actor) -> None:
        """Take it back."""
        await Invitation.filter(id=self.id, accepted_at=None).update(revoked_at=now())
        await audit(actor, "invitation.revoked", self)

    @db.atomic
    async def accept(self, name: str, agent: str) -> tuple[User, str]:
        """Take it up; answers the user and the secret of a session.

        Someone who has an account gets the role, but no session: this link is older than a sign-in
        link may be.
        """
        if not await Invitation.filter(id=self.id, accepted_at=None, revoked_at=None).update(
            accepted_at=now()
        ):
            raise DomainError(_("This invitation has been taken up already."), 410)
        before = await User.get_or_none(email_folded=fold(self.email))
        if before and before.disabled_at:
            raise DomainError(
                _("This account is switched off. Please write to whoever invited you."), 403
            )
        user = before or await User.known(self.email, name, language())
        given = {"role": self.role, "created_at": now()}
        await Role.update_or_create(user_id=user.id, project_id=self.project_id, defaults=given)
        await audit(Actor(user.email, user), "invitation.accepted", self, ["role"])
        return user, "" if before else await WebSession.begin(user.id, agent)


async def role_of(project_id: int, role_id: int) -> Role:
    """A role of this project, its user fetched. Raises 404."""
    found = await Role.get_or_none(id=role_id, project_id=project_id).prefetch_related("user")
    if not found:
        raise not_found()
    return found


@db.atomic
async def change_role(actor: Actor, role: Role, to: str) -> None:
    """Give another role. Raises 409 for the last manager."""
    if to not in ProjectRole.labels():
        raise invalid(role=NOT_LISTED)
    if to == role.role:
        return
    await _not_the_last(actor, role)
    role.role = to
    await role.save(update_fields=["role"])
    await audit(actor, "role.changed", role, ["role"])


@db.atomic
async def remove_role(actor: Actor, role: Role) -> None:
    """Take someone out of the team. Raises 409 for the last manager."""
    await _not_the_last(actor, role)
    await audit(actor, "role.removed", role)
    await role.delete()


async def _not_the_last(actor: Actor, role: Role) -> None:
    if role.role != "manager" or (actor.user and actor.user.admin):
        return
    if (
        await Role.filter(
            project_id=role.project_id, role="manager", user__disabled_at=None
        ).count()
        < 2
    ):
        raise DomainError(
            _("A project keeps at least one manager. Make someone else a manager first."), 409
        )
