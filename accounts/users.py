"""People who run it: an account is an address; a password is optional."""

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class User(Model):
    """Someone who organises. `admin` is for the whole installation; everything else is a Role in a project."""

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
