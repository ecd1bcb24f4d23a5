"""A scan's result, in the order of docs/interface.md; nothing lost, nothing twice, on both engines."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from checkin.scanning.presence import Presence
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import Scan, record, withdraw
from core.clock import now, travelled
from core.errors import DomainError
from core.settings import Settings
from events.event.event import Event
from tests.browser.support.daytime import zone
from tests.checkin.people import code, registered, scan, session
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def door(database: Settings) -> Event:
    """A conference that began an hour ago, until seven hours from now."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    return await factories.event(
        await factories.project(),
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        timezone=zone(),
    )


async def scanned(
    event: Event, *entries: ScanEntry, organiser: bool = False
) -> list[dict[str, Any]]:
    return await record(event, list(entries), actor_name="bob@example.org", organiser=organiser)


async def results(event: Event, *entries: ScanEntry, organiser: bool = False) -> list[str]:
    return [a["result"] for a in await scanned(event, *entries, organiser=organiser)]


async def test_in_again_out_and_out_again(door: Event) -> None:
    one = await registered(door, "Jānis Bērziņš")
    first = scan(one)
    answers = await scanned(door, first)
    assert (
        answers[0]["id"],
        answers[0]["result"],
        answers[0]["registration"],
        answers[0]["name"],
    ) == (
        first.id,
        "valid",
        str(one.id),
        "Jānis Bērziņš",
    )
    again = (await scanned(door, scan(one)))[0]
    stored = await Scan.get(id=first.id)
    assert again["result"] == "already_in"
    assert datetime.fromisoformat(again["first_scanned_at"]) == stored.scanned_at
    assert await results(
        door, scan(one, direction="out"), scan(one, direction="out"), scan(one)
    ) == [
        "exit",
        "not_inside",
        "valid",
    ]
    assert await results(door, first) == ["repeated"]
    assert await Scan.all().count() == 5


async def test_every_refusal_in_its_order(door: Event) -> None:
    other = await factories.event(door.project)
    stranger = await factories.event(await factories.project())
    people = {
        status: await registered(door, status=status)
        for status in ("replaced", "cancelled", "declined", "waiting", "offered", "pending")
    }
    entries = [scan(p) for p in people.values()]
    entries += [scan(await registered(other)), scan(await registered(stranger))]
    genuine = code(await registered(door))
    entries += [ScanEntry(str(uuid4()), genuine[:-1] + ("Y" if genuine[-1] == "Z" else "Z"))]
    entries += [
        ScanEntry(str(uuid4()), "not a ticket"),
        ScanEntry(str(uuid4()), registration=10**9),
    ]
    entries += [
        ScanEntry(str(uuid4()), registration=(await registered(other)).id),
        ScanEntry(str(uuid4()), registration=(await registered(stranger)).id),
    ]
    expected = [
        "replaced",
        "cancelled",
        "cancelled",
        "waiting",
        "waiting",
        "pending",
        "other_event",
        "other_event",
    ]
    expected += ["unknown", "unknown", "unknown", "other_event", "unknown"]
    assert await results(door, *entries) == expected
    assert await Scan.all().count() == len(entries)
    assert await Scan.filter(counts=True).count() == 0
    assert await Presence.all().count() == 0


async def test_a_cancelled_event_answers_after_a_cancelled_ticket(door: Event) -> None:
    door.status = "cancelled"
    await door.save()
    gone, here, waiting = [
        await registered(door, status=s) for s in ("cancelled", "confirmed", "waiting")
    ]
    assert await results(door, scan(gone), scan(here), scan(waiting)) == [
        "cancelled",
        "event_cancelled",
        "event_cancelled",
    ]


async def test_another_session_and_hours(door: Event) -> None:
    start = door.starts_at
    full = await session(door, start, start + timedelta(hours=2), capacity=5)
    rest = await session(door, start, start + timedelta(hours=2))
    chose, chose_this, none = (
        await registered(door, chosen=(rest,)),
        await registered(door, chosen=(full,)),
        await registered(door),
    )
    entries = [scan(p, session=full.id) for p in (chose, chose_this, none)] + [
        scan(chose_this, session=rest.id)
    ]
    assert await results(door, *entries) == ["other_session", "valid", "valid", "valid"]
    late, early = start + timedelta(hours=4, seconds=1), start - timedelta(hours=2, seconds=1)
    entries = [scan(none, at, session=rest.id) for at in (late.isoformat(), early.isoformat())]
    with travelled(start + timedelta(hours=5)):
        assert await results(door, *entries) == ["outside_hours", "outside_hours"]
        assert await results(
            door, scan(none, (start + timedelta(hours=4)).isoformat(), session=rest.id)
        ) == ["valid"]


async def test_one_ticket_several_times_in_a_batch_in_order(door: Event) -> None:
    one, two = await registered(door), await registered(door)
    first = scan(one)
    entries = [
        first,
        scan(two),
        scan(one),
        scan(one, direction="out"),
        first,
        ScanEntry(str(uuid4()), registration=one.id),
        scan(two, direction="out"),
    ]
    assert await results(door, *entries) == [
        "valid",
        "valid",
        "already_in",
        "exit",
        "repeated",
        "valid",
        "exit",
    ]


async def test_a_late_scan_falls_where_its_time_says(door: Event) -> None:
    one = await registered(door)
    at = [(now() - timedelta(minutes=m)).isoformat() for m in (50, 40, 30, 20, 10)]
    assert await results(door, scan(one, at[2])) == ["valid"]
    assert await results(door, scan(one, at[0])) == ["valid"]
    assert await results(door, scan(one, at[1], "out")) == ["exit"]
    presence = await Presence.get(registration_id=one.id)
    assert (presence.inside, presence.first_at) == (True, datetime.fromisoformat(at[2]))
    assert await results(door, scan(one, at[4], "out")) == ["exit"]
    late = (await scanned(door, scan(one, at[3])))[0]
    assert (late["result"], datetime.fromisoformat(late["first_scanned_at"])) == (
        "already_in",
        datetime.fromisoformat(at[2]),
    )
    assert (await Presence.get(registration_id=one.id)).inside is False


async def test_clocks(door: Event) -> None:
    one, two, three = [await registered(door) for _i in range(3)]
    slow = scan(one, (now() - timedelta(hours=1)).isoformat(), clock_offset_ms=3_600_000)
    ahead = scan(two, (now() + timedelta(minutes=6)).isoformat())
    long_ago = scan(three, "1970-01-01T00:00:00+00:00")
    right = scan(
        await registered(door), (now() - timedelta(minutes=4)).isoformat(), clock_offset_ms=240_000
    )
    assert await results(door, slow, ahead, long_ago, right) == [
        "valid",
        "valid",
        "outside_hours",
        "valid",
    ]
    kept = {str(s.id): s for s in await Scan.all()}
    assert abs(kept[slow.id].scanned_at - now()) < timedelta(minutes=1)
    assert kept[slow.id].clock_offset_ms == 3_600_000
    assert [kept[s.id].flagged for s in (slow, ahead, right)] == [True, True, False]
    assert kept[ahead.id].scanned_at == kept[ahead.id].received_at


async def test_admitted_counts_and_still_gets_its_answer(door: Event) -> None:
    one = await registered(door, status="cancelled")
    assert await results(door, scan(one, admitted=True), scan(one)) == ["cancelled", "cancelled"]
    assert [s.counts for s in await Scan.all().order_by("received_at", "-counts")] == [True, False]
    assert (await Presence.get(registration_id=one.id)).inside


async def test_undo_and_what_cannot_be_undone(door: Event) -> None:
    one = await registered(door)
    first, second = scan(one), scan(await registered(door, status="waiting"))
    await scanned(door, first, second)
    await withdraw(first.id, "bob", "wrong person")
    await withdraw(first.id, "bob")
    assert await Presence.all().count() == 0
    assert await results(door, scan(one)) == ["valid"]
    with pytest.raises(DomainError):
        await withdraw(second.id, "bob")
    with pytest.raises(DomainError):
        await withdraw(str(uuid4()), "bob")


async def test_two_phones_at_the_same_moment(door: Event) -> None:
    people = [await registered(door) for _i in range(5)]
    tries = [results(door, *(scan(p) for p in people)) for _i in range(4)]
    found = await asyncio.gather(*tries)
    assert [sorted(column) for column in zip(*found, strict=True)] == [
        ["already_in"] * 3 + ["valid"]
    ] * 5
    same = scan(people[0], direction="out")
    found = await asyncio.gather(*(results(door, same) for _i in range(5)))
    assert sorted(f[0] for f in found) == ["exit"] + ["repeated"] * 4


async def test_an_organiser_enters_paper_afterwards(door: Event) -> None:
    one, two = await registered(door), await registered(door)
    with travelled(door.ends_at + timedelta(days=3)):
        entries = [scan(one, method="paper"), scan(two, method="manual", minutes=90)]
        assert await results(door, *entries) == ["outside_hours", "outside_hours"]
        for entry in entries:
            entry.id = str(uuid4())
        assert await results(door, *entries, organiser=True) == ["valid", "valid"]
    assert [(s.whole, s.scanned_at) for s in await Scan.filter(counts=True)] == [
        (True, door.starts_at)
    ] * 2
