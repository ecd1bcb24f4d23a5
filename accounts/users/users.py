"""People who run it: an account is an address; a password is optional."""

from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.db import UtcField
from core.text import fold


class User(Model):
    """Someone who organises. `admin` is for the whole installation; everything else is a Role in a
    project.
    """

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(254)
    email_folded = fields.CharField(254, unique=True)
    name = fields.CharField(200, default="")
    admin = fields.BooleanField(default=False)
    password = fields.CharField(200, default="")
    language = fields.CharField(5, default="")
    created_at = UtcField()
    disabled_at = UtcField(null=True)

    class Meta:
        table = "user_account"

    @classmethod
    async def by_email(cls, email: str) -> "User | None":
        """The user with this address who may sign in."""
        return await cls.get_or_none(email_folded=fold(email), disabled_at=None)

    @classmethod
    async def known(cls, email: str, name: str = "", language: str = "") -> "User":
        """The user with this address, made if there is none."""
        given = {"email": email, "name": name, "language": language, "created_at": now()}
        found, _made = await cls.get_or_create(email_folded=fold(email), defaults=given)
        return found

    @property
    def shown(self) -> str:
        """What others see: the name, or the address."""
        return self.name or self.email
