"""The timetable: each piece of work by one of many workers, at its time; a worker that stops lets
go.
"""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.database.state import Lease, LimitCount
from core.settings import Settings
from notifications.outbox.message import Message
from registrations.form.entry import Entry
from registrations.placing.register import place
from registrations.registration.registration import Registration
from tests.support import factories
from tests.support.smtp import SmtpServer
from viesis.processes import worker
from viesis.processes.worker import LONGEST, TIMETABLE, Worker


async def test_one_of_many_does_it_and_not_again_before_its_time(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(1)
        await asyncio.sleep(0.1)

    monkeypatch.setitem(TIMETABLE, "test", (timedelta(minutes=5), work))
    workers = [Worker() for _ in range(4)]
    assert sorted(await asyncio.gather(*(w.do("test") for w in workers))) == [
        False,
        False,
        False,
        True,
    ]
    assert (await workers[0].do("test"), len(done)) == (False, 1)
    with clock.travelled(timedelta(minutes=6)):
        assert (await workers[1].do("test"), len(done)) == (True, 2)


async def test_what_fails_is_tried_again_at_its_next_time(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> None:
        raise RuntimeError("broken")

    monkeypatch.setitem(TIMETABLE, "test", (timedelta(minutes=5), fails))
    one = Worker()
    assert [await one.do("test"), await one.do("test")] == [True, False]
    with clock.travelled(timedelta(minutes=6)):
        assert await one.do("test") is True


async def test_the_work_of_a_dead_worker_is_taken_up(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        return

    monkeypatch.setitem(TIMETABLE, "test", (timedelta(minutes=5), work))
    await Lease.create(name="test", holder="dead", ends_at=clock.now() + LONGEST)
    assert await Worker().do("test") is False
    with clock.travelled(LONGEST + timedelta(seconds=1)):
        assert await Worker().do("test") is True


@pytest.mark.parametrize("name", sorted(TIMETABLE))
async def test_every_piece_runs_on_an_empty_database(database: Settings, name: str) -> None:
    every, work = TIMETABLE[name]
    await work()
    assert timedelta(seconds=10) <= every <= timedelta(days=1)


async def test_it_works_and_stops_when_told(database: Settings, smtp: SmtpServer) -> None:
    database.smtp_url = smtp.url
    event = await factories.event(await factories.project(), capacity=1)
    for n in range(2):
        await place(
            event, Entry(name=f"Guest {n}", email=f"g{n}@example.org"), source="web", language="en"
        )
    await LimitCount.create(key="old", hits=1, ends_at=clock.now() - timedelta(hours=1))
    first = await Registration.get(status="confirmed")
    await first.cancel()
    await Registration.filter(status="offered").update(
        offer_ends_at=clock.now() - timedelta(minutes=1)
    )
    stop = asyncio.Event()
    running = asyncio.create_task(worker.work(stop))
    for _ in range(100):
        await asyncio.sleep(0.1)
        busy = await Message.filter(state__in=("queued", "sending")).count()
        if (
            not busy
            and not await LimitCount.exists()
            and not await Registration.exists(status="offered")
        ):
            break
    stop.set()
    await asyncio.wait_for(running, 10)
    sent = [m.kind for m in await Message.filter(state="sent").order_by("kind")]
    assert (sent, len(smtp.received)) == (["cancelled_registration", "declined"], 2)
    assert await Registration.filter(status="offered").count() == 0
    assert await LimitCount.all().count() == 0
    lease = await Lease.get(name="worker")
    assert lease.last_done_at is not None
    assert await Message.filter(state="sending").count() == 0
