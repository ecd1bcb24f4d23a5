"""State that every node shares: rate limits, answers to repeated requests, leases, and facts about
the installation.
"""

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class LimitCount(Model):
    """Hits of one rate limit in one window."""

    key = fields.CharField(200, primary_key=True)
    hits = fields.IntField()
    ends_at = UtcField()

    class Meta:
        table = "limit_count"


class IdempotencyKey(Model):
    """A request that carried an Idempotency-Key, and what was answered. `status` is null while it
    is under way.
    """

    key = fields.CharField(300, primary_key=True)
    body = fields.CharField(64)
    status = fields.IntField(null=True)
    answer = fields.TextField(default="")
    created_at = UtcField()

    class Meta:
        table = "idempotency_key"


class Lease(Model):
    """Who does a piece of periodic work, until when."""

    name = fields.CharField(60, primary_key=True)
    holder = fields.CharField(80)
    ends_at = UtcField()
    last_done_at = UtcField(null=True)

    class Meta:
        table = "lease"
