"""Signed-in browsers: idle for three hours, at most twelve; listed and revocable."""

from datetime import timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from core import tokens
from core.clock import now
from core.db import UtcField
from core.text import clean

IDLE = timedelta(hours=3)
LONGEST = timedelta(hours=12)

_BROWSERS = ("Edg", "OPR", "SamsungBrowser", "Firefox", "Chrome", "Safari", "curl", "python")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")
_NAMES = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "CrOS": "ChromeOS",
    "Mac OS": "macOS",
}


class WebSession(Model):
    """One browser, signed in as one user. Only the hash of its secret is stored."""

    id = fields.BigIntField(primary_key=True)
    user_id: int
    user: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.User", related_name="sessions", on_delete=fields.CASCADE
    )
    hash = fields.CharField(64, unique=True)
    agent = fields.CharField(200, default="")
    method = fields.CharField(10, default="link")
    """How it was begun: link (also an invitation's) or password."""
    created_at = UtcField()
    seen_at = UtcField()
    ended_at = UtcField(null=True)

    class Meta:
        table = "web_session"

    @classmethod
    async def begin(cls, user_id: int, agent: str, method: str = "link") -> str:
        """Sign a browser in; answers its new secret, for the cookie."""
        secret, moment = tokens.random(tokens.SESSION), now()
        await cls.create(
            user_id=user_id,
            hash=tokens.hashed(secret),
            agent=clean(agent)[:200],
            method=method,
            created_at=moment,
            seen_at=moment,
        )
        return secret

    @classmethod
    async def end(cls, **which: Any) -> int:
        """Sign browsers out: `end(user_id=…)`, `end(hash=…)`. Answers how many."""
        return await cls.filter(ended_at=None, **which).update(ended_at=now())

    @classmethod
    async def live(cls, user_id: int) -> "list[WebSession]":
        """The user's signed-in browsers, the last seen first."""
        moment = now()
        found = cls.filter(
            user_id=user_id,
            ended_at=None,
            seen_at__gt=moment - IDLE,
            created_at__gt=moment - LONGEST,
        )
        return await found.order_by("-seen_at", "-id")

    @classmethod
    async def sweep(cls) -> int:
        """Forget browsers that signed out, or were signed out, long ago. For the timetable of
        periodic work.
        """
        return await cls.filter(created_at__lt=now() - timedelta(days=30)).delete()

    @property
    def shown(self) -> str:
        """The browser as people know it: `Firefox, Windows`."""
        found = [next((n for n in names if n in self.agent), "") for names in (_BROWSERS, _SYSTEMS)]
        return ", ".join(_NAMES.get(n, n) for n in found if n) or self.agent[:40] or "–"
