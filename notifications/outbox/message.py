"""Messages: one row a mail, written in the transaction that causes it, sent by a worker with a
lease.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

from tortoise import fields
from tortoise.models import Model

from core import db, settings
from core.clock import now
from core.database import rows
from core.db import UtcField
from core.i18n import DEFAULT, LANGUAGES
from notifications.outbox.bounces import Bounce

STATES = ("queued", "sending", "sent", "failed", "bounced", "held", "withdrawn")
""""sent" is taken by the mail server; "bounced" came back after that."""
OPEN = ("queued", "sending", "held", "failed")
"""States from which a mail may still go out."""


@dataclass(frozen=True)
class Recipient:
    """One of many who get the same kind of mail: see `Message.queue_all`."""

    to_email: str
    to_name: str
    language: str
    about: Mapping[str, object]
    dedup: str | None = None


class Message(Model):
    """One mail. `kind` names the mail's folder in templates/mails; `about` are the ids its builder
    needs.

    `scope` and `subject_of` are plain numbers of the domain (project, event): this package knows no
    domain. `dedup` keeps one reason from mailing twice.
    """

    id = fields.BigIntField(primary_key=True)
    scope = fields.BigIntField(null=True)
    subject_of = fields.BigIntField(null=True)
    kind = fields.CharField(40)
    to_name = fields.CharField(200, default="")
    to_email = fields.CharField(254)
    language = fields.CharField(5)
    about = fields.JSONField[dict[str, object]](default=dict)
    dedup = fields.CharField(120, null=True, unique=True)
    state = fields.CharField(10, default="queued")
    attempts = fields.IntField(default=0)
    due_at = UtcField()
    """When to look at it next: when it may go, be tried again, or when the lease of whoever sends
    it ends.
    """
    bulk = fields.BooleanField(default=False)
    """One of many: goes after the single ones, so that a sign-in never waits behind an agenda for
    thousands.
    """
    lease_ends_at = UtcField(null=True)
    leased_by = fields.CharField(80, default="")
    message_id = fields.CharField(200, default="")
    subject = fields.CharField(300, default="")
    answer = fields.TextField(default="")
    failure = fields.CharField(20, default="")
    """Why it did not go, as a word of notifications.delivery.failures.FAILURES."""
    created_at = UtcField()
    sent_at = UtcField(null=True)

    class Meta:
        table = "message"
        indexes = (("scope", "id"), ("state", "due_at"), ("subject_of", "id"))

    @classmethod
    async def queue(
        cls,
        kind: str,
        to_email: str,
        to_name: str = "",
        *,
        language: str,
        about: Mapping[str, object],
        scope: int | None = None,
        subject_of: int | None = None,
        dedup: str | None = None,
        due_at: datetime | None = None,
    ) -> "Message | None":
        """Write a mail into the outbox, as part of the caller's transaction; None if this reason
        has mailed already.
        """
        to = Recipient(to_email, to_name, language, about, dedup)
        columns = message_row(kind, to, scope, subject_of, due_at)
        found = await db.row(_insert(), *map(rows.stored, columns.values()))
        if not found:
            return None
        message = cls(**columns)
        # written by hand, for ON CONFLICT
        message.id, message._saved_in_db = int(found["id"]), True
        return message

    @classmethod
    async def queue_all(
        cls,
        kind: str,
        recipients: Iterable[Recipient],
        *,
        scope: int | None = None,
        subject_of: int | None = None,
        due_at: datetime | None = None,
    ) -> int:
        """Write the same kind of mail for many, in batches; answers how many are new (see
        `dedup`).
        """
        wanted = {
            r.dedup or uuid4().hex: cls(**message_row(kind, r, scope, subject_of, due_at))
            for r in recipients
        }
        keys, there = list(wanted), set[str]()
        for start in range(0, len(keys), 500):
            known = await cls.filter(dedup__in=keys[start : start + 500]).values_list(
                "dedup", flat=True
            )
            there.update(str(key) for key in known)
        new = [made for key, made in wanted.items() if key not in there]
        for made in new:
            made.bulk = True
        await cls.bulk_create(new, batch_size=500, ignore_conflicts=True)
        return len(new)

    @classmethod
    async def withdraw(cls, *, dedup_prefix: str = "", **which: Any) -> int:
        """Take back mails that have not gone out: `withdraw(subject_of=event.id, kind="offer")`.
        Answers how many.
        """
        if dedup_prefix:
            which["dedup__startswith"] = dedup_prefix
        return await cls.filter(state__in=("queued", "held"), **which).update(
            state="withdrawn", lease_ends_at=None
        )

    @classmethod
    async def hold_all(cls) -> int:
        """Hold everything that has not gone out, as after a restore; nothing is sent until
        released.
        """
        return await cls.filter(state__in=("queued", "sending")).update(
            state="held", lease_ends_at=None, leased_by=""
        )

    @classmethod
    async def release_all(cls, **which: Any) -> int:
        """Let held mails go; one that is no longer due is then withdrawn by its builder."""
        return await cls.filter(state="held", **which).update(state="queued")

    async def hold(self) -> bool:
        """Keep this mail back until released. False if it is gone or on its way."""
        return bool(await type(self).filter(id=self.id, state="queued").update(state="held"))

    async def release(self) -> bool:
        """Let a held mail go."""
        return bool(await type(self).filter(id=self.id, state="held").update(state="queued"))

    async def retry(self) -> bool:
        """Try again now: one that failed or came back, or one that waits for its next try."""
        found = type(self).filter(id=self.id, state__in=("failed", "bounced", "queued"))
        done = bool(await found.update(state="queued", attempts=0, failure="", due_at=now()))
        if done:
            await Bounce.mended(self.scope, self.to_email)
        return done


class Attempt(Model):
    """One try that did not succeed, with the server's answer. `outcome`: a word of
    notifications.delivery.failures.FAILURES.
    """

    id = fields.BigIntField(primary_key=True)
    message_id: int
    message: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Message", related_name="tries", on_delete=fields.CASCADE
    )
    at = UtcField()
    outcome = fields.CharField(20)
    answer = fields.TextField(default="")

    class Meta:
        table = "attempt"


@cache
def _insert() -> str:
    head, values = rows.insert(Message, "", {}, casts=True)
    sql, _names = rows.numbered(f"{head} VALUES ({values})")
    return f"{sql} ON CONFLICT (dedup) DO NOTHING RETURNING id"


def message_row(
    kind: str,
    to: Recipient,
    scope: int | None,
    subject_of: int | None,
    due_at: datetime | None = None,
) -> dict[str, Any]:
    """A new message's columns, whoever writes it."""
    moment = now()
    return rows.row(
        Message,
        scope=scope,
        subject_of=subject_of,
        kind=kind,
        to_name=to.to_name[:200],
        to_email=to.to_email,
        language=to.language if to.language in LANGUAGES else DEFAULT,
        about=dict(to.about),
        dedup=to.dedup,
        due_at=due_at or moment,
        message_id=new_message_id(),
        created_at=moment,
    )


def new_message_id() -> str:
    """A Message-ID (RFC 5322, section 3.6.4) that this mail keeps however often it is tried."""
    return f"<{uuid4().hex}@{_domain(settings.get().mail_from)}>"


@lru_cache
def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
