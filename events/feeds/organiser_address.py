"""Organisers' secret calendar addresses: one each, revocable, last use shown."""

from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from accounts.users.users import User
from core import settings, tokens
from core.clock import now
from core.db import UtcField, atomic


class OrganiserCalendar(Model):
    """A user's own feed of what that user may see. Its address is derived; only the hash is
    stored.
    """

    id = fields.BigIntField(primary_key=True)
    user_id: int
    user: fields.OneToOneRelation[Any] = fields.OneToOneField(
        "viesis.User", related_name="calendar", on_delete=fields.CASCADE
    )
    generation = fields.IntField(default=0)
    hash = fields.CharField(64, unique=True)
    used_at: datetime | None = UtcField(null=True)

    class Meta:
        table = "organiser_calendar"

    @classmethod
    async def of(cls, user: User) -> "OrganiserCalendar":
        """The user's calendar, made at the first use."""
        found = await cls.get_or_none(user_id=user.id)
        if found:
            return found
        made, _new = await cls.get_or_create(
            user_id=user.id, defaults={"hash": tokens.hashed(_secret(user.id, 0))}
        )
        return made

    @classmethod
    async def by_token(cls, secret: str) -> "OrganiserCalendar | None":
        """The calendar behind an address; notes its use, at most once a minute."""
        found = await cls.get_or_none(hash=tokens.hashed(secret)).prefetch_related("user")
        if found and (not found.used_at or found.used_at < now() - timedelta(minutes=1)):
            await cls.filter(id=found.id).update(used_at=now())
        return found

    @property
    def url(self) -> str:
        """The secret address."""
        return (
            f"{settings.get().base_url}/desk/calendar/{_secret(self.user_id, self.generation)}.ics"
        )

    @atomic
    async def renew(self) -> None:
        """A new address; the old one ends."""
        self.generation += 1
        self.hash = tokens.hashed(_secret(self.user_id, self.generation))
        self.used_at = None
        await self.save()


def _secret(user_id: int, generation: int) -> str:
    return tokens.derived(tokens.CALENDAR, user_id, generation)
