"""Rate limits that every node shares: counts in the database, windows by the `limits` library.

A hit must be counted whatever follows, so routes call `hit` before a verb's transaction, never
inside it.
"""

from datetime import datetime, timedelta

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import Request

from core import db, settings, tokens
from core.clock import now
from core.database.state import LimitCount
from core.errors import DomainError
from core.i18n import plural


def _limits() -> dict[str, RateLimitItem]:
    return {
        "sign_in": RateLimitItemPerHour(10),
        "link": RateLimitItemPerHour(10),
        "password": RateLimitItemPerDay(20),
        "registration": RateLimitItemPerHour(settings.get().registrations_per_hour),
        "token": RateLimitItemPerHour(20),
    }


class _Counts(Storage):
    """The counts of `limits` in our table; an upsert decides between hits at the same moment, on
    both engines.
    """

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        moment = now()
        row = await db.row(
            """INSERT INTO limit_count AS c (key, hits, ends_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET
            hits = CASE WHEN c.ends_at <= $4 THEN excluded.hits ELSE c.hits + excluded.hits END,
            ends_at = CASE WHEN c.ends_at <= $4 THEN excluded.ends_at ELSE c.ends_at END
            RETURNING hits""",
            key,
            amount,
            moment + timedelta(seconds=expiry),
            moment,
        )
        return int(row["hits"]) if row else amount

    async def get(self, key: str) -> int:
        found = await LimitCount.get_or_none(key=key, ends_at__gt=now())
        return found.hits if found else 0

    async def get_expiry(self, key: str) -> float:
        found = await LimitCount.get_or_none(key=key)
        return (found.ends_at if found else now()).timestamp()

    async def check(self) -> bool:
        return await db.row("SELECT 1 AS one") is not None

    async def reset(self) -> int:
        return await LimitCount.all().delete()

    async def clear(self, key: str) -> None:
        await LimitCount.filter(key=key).delete()


_counts = _Counts()
_limiter = FixedWindowRateLimiter(_counts)


def client_ip(request: Request) -> str:
    """The address that a request comes from; a proxy's word is believed only if it is trusted
    (viesis.middleware).
    """
    return request.client.host if request.client else ""


async def hit(limit: str, key: str) -> None:
    """Count one try of `key` (an address, an IP) against a limit. Raises 429 with Retry-After after
    too many.
    """
    if settings.get().limits == "off":
        return
    item = _limits()[limit]
    if await _limiter.hit(item, *_names(limit, key)):
        return
    ends_at = await _counts.get_expiry(item.key_for(*_names(limit, key)))
    seconds = max(1, int(ends_at - now().timestamp()) + 1)
    minutes = -(-seconds // 60)
    message = plural(
        "There were too many tries. Please wait %(n)s minute and try again.",
        "There were too many tries. Please wait %(n)s minutes and try again.",
        minutes,
    )
    raise DomainError(message, 429, headers={"Retry-After": str(seconds)})


async def reserve(name: str, wanted: int, most: int, seconds: int) -> tuple[int, datetime]:
    """Take up to `wanted` of the `most` that one window has: how many were left, and when the
    window ends.
    """
    hits = await _counts.incr(name, seconds, wanted)
    granted = max(0, min(wanted, most - (hits - wanted)))
    found = await LimitCount.get_or_none(key=name)
    return granted, found.ends_at if found else now()


async def forgive(limit: str, key: str) -> None:
    """Forget the tries of `key`: it turned out to be the right person."""
    await _limiter.clear(_limits()[limit], *_names(limit, key))


async def wrong_token(request: Request) -> None:
    """Count a secret that is none of ours. Raises 429 when this client guessed too often."""
    await hit("token", client_ip(request))


async def sweep() -> int:
    """Forget windows that are over. For the timetable of periodic work."""
    return await LimitCount.filter(ends_at__lte=now()).delete()


def _names(limit: str, key: str) -> tuple[str, str]:
    # Hashed, because addresses and IPs are personal data; keyed, because they could be tried out
    # otherwise.
    return limit, tokens.key("limit", key).hex()[:40]
