"""Addresses that bounced: shown to organisers until the address is corrected."""

from collections.abc import Iterable

from tortoise import fields
from tortoise.models import Model

from core import db
from core.clock import now
from core.db import UtcField

_SEEN = """
INSERT INTO bounce (scope, email, failure, answer, times, at) VALUES ($1::bigint, $2, $3, $4, 1, $5::timestamptz)
ON CONFLICT (scope, email) DO UPDATE SET
  failure = excluded.failure, answer = excluded.answer, times = bounce.times + 1, at = excluded.at
"""


class Bounce(Model):
    """An address that a server refused, or that sent a mail back. `scope` is a message's, 0 without
    one.

    `failure` is a word of `notifications.delivery.failures.FAILURES`; `answer` is what the server
    said, in its own words.
    """

    id = fields.BigIntField(primary_key=True)
    scope = fields.BigIntField()
    email = fields.CharField(254)
    failure = fields.CharField(20)
    answer = fields.TextField(default="")
    times = fields.IntField(default=1)
    at = UtcField()

    class Meta:
        table = "bounce"
        unique_together = (("scope", "email"),)

    @classmethod
    async def seen(cls, scope: int | None, email: str, failure: str, answer: str) -> None:
        """Mail to this address did not arrive."""
        await db.execute(_SEEN, scope or 0, email.casefold()[:254], failure, answer[:2000], now())

    @classmethod
    async def mended(cls, scope: int | None, email: str) -> None:
        """Somebody looked after this address: forget what came back until it does again."""
        await cls.filter(scope=scope or 0, email=email.casefold()).delete()

    @classmethod
    async def of(cls, scope: int | None, emails: Iterable[str]) -> "dict[str, Bounce]":
        """Which of these addresses bounce, by the folded address."""
        found = await cls.filter(scope=scope or 0, email__in=[e.casefold() for e in emails])
        return {one.email: one for one in found}
