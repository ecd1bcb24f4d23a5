"""Looks at the database that are shared by those who ask at the same moment."""

import asyncio
from functools import partial

import pytest

from core.memory.single_flight import Looks


async def settled() -> None:
    """Let every task go on until it waits: each step of one is a turn of the loop."""
    for _turn in range(10):
        await asyncio.sleep(0)


async def test_a_look_that_has_begun_answers_nobody_who_asks_later() -> None:
    looks: Looks[int] = Looks()
    stored, begun = 1, 0
    goes_on = asyncio.Event()

    async def work() -> int:
        nonlocal begun
        begun += 1
        found = stored
        await goes_on.wait()
        return found

    first = [asyncio.create_task(looks.look("a", work)) for _ in range(3)]
    await settled()
    stored = 2
    second = [asyncio.create_task(looks.look("a", work)) for _ in range(3)]
    await settled()
    assert begun == 1
    goes_on.set()
    assert (await asyncio.gather(*first), await asyncio.gather(*second), begun) == (
        [1, 1, 1],
        [2, 2, 2],
        2,
    )
    assert (looks._waiting, looks._under_way) == ({}, {})


async def test_what_is_asked_for_differently_is_looked_up_differently() -> None:
    looks: Looks[str] = Looks()

    async def work(said: str) -> str:
        await asyncio.sleep(0)
        return said

    assert await asyncio.gather(*(looks.look(key, partial(work, key)) for key in "ab")) == [
        "a",
        "b",
    ]


async def test_a_fault_reaches_everybody_who_asked_and_nobody_after() -> None:
    looks: Looks[int] = Looks()
    broken = True

    async def work() -> int:
        await asyncio.sleep(0)
        if broken:
            raise ConnectionError
        return 1

    found = await asyncio.gather(*(looks.look("a", work) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [ConnectionError] * 3
    broken = False
    assert await looks.look("a", work) == 1


async def test_one_who_leaves_takes_nobody_along() -> None:
    looks: Looks[int] = Looks()
    goes_on = asyncio.Event()

    async def work() -> int:
        await goes_on.wait()
        return 1

    leaving, staying = (asyncio.create_task(looks.look("a", work)) for _ in range(2))
    await settled()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    goes_on.set()
    assert await staying == 1
