"""Rate limits count on every node alike, end with their window, and know no address."""

import asyncio
from datetime import timedelta

import pytest

from core import settings
from core.clock import now, travelled
from core.database.state import LimitCount
from core.errors import DomainError
from core.http import limits
from core.settings import Settings


async def tries(limit: str, key: str, times: int) -> list[int]:
    """The statuses of so many tries; 200 where it is let through."""
    found = []
    for _ in range(times):
        try:
            await limits.hit(limit, key)
        except DomainError as error:
            found.append(error.status)
        else:
            found.append(200)
    return found


async def test_charlie_may_ask_for_ten_links_an_hour(database: Settings) -> None:
    assert await tries("sign_in", "charlie@example.org", 12) == [200] * 10 + [429] * 2
    assert await tries("sign_in", "alice@example.org", 1) == [200]
    assert await tries("link", "charlie@example.org", 1) == [200]


async def test_the_refusal_says_how_long_to_wait(database: Settings) -> None:
    await tries("sign_in", "charlie@example.org", 10)
    with travelled(timedelta(minutes=50)), pytest.raises(DomainError) as refused:
        await limits.hit("sign_in", "charlie@example.org")
    assert 590 <= int(refused.value.headers["Retry-After"]) <= 601
    assert str(refused.value) == "There were too many tries. Please wait 10 minutes and try again."


async def test_after_the_window_the_count_begins_anew(database: Settings) -> None:
    await tries("sign_in", "charlie@example.org", 11)
    with travelled(timedelta(hours=1, seconds=1)):
        assert await tries("sign_in", "charlie@example.org", 11) == [200] * 10 + [429]
        assert await limits.sweep() == 0
    with travelled(timedelta(hours=3)):
        assert await limits.sweep() == 1


async def test_hits_at_the_same_moment_are_all_counted(database: Settings) -> None:
    found = await asyncio.gather(*(tries("registration", "192.0.2.1", 10) for _ in range(10)))
    assert sorted(status for part in found for status in part) == [200] * 60 + [429] * 40


async def test_the_right_person_is_forgiven(database: Settings) -> None:
    await tries("password", "alice@example.org", 20)
    await limits.forgive("password", "alice@example.org")
    assert await tries("password", "alice@example.org", 21) == [200] * 20 + [429]


async def test_no_address_is_stored(database: Settings) -> None:
    await limits.hit("sign_in", "charlie@example.org")
    (count,) = await LimitCount.all()
    assert "charlie" not in count.key
    assert now() < count.ends_at <= now() + timedelta(hours=1)


async def test_a_town_hall_may_have_more(database: Settings) -> None:
    settings.use(database.model_copy(update={"registrations_per_hour": 3}))
    assert await tries("registration", "192.0.2.1", 4) == [200, 200, 200, 429]


async def test_limits_can_be_off(database: Settings) -> None:
    settings.use(database.model_copy(update={"limits": "off"}))
    assert await tries("sign_in", "charlie@example.org", 30) == [200] * 30
    assert await LimitCount.all().count() == 0
