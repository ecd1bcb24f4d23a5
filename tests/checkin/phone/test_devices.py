"""Phones of an event: what one may do until when, and that stopping it works with the very next
scan.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.sessions.access import Actor
from checkin.phone.devices import Device, closes_at, extend
from checkin.phone.paired_phone import Phone
from checkin.scanning import scanner
from checkin.scanning.scan_input import Door, ScanEntry
from checkin.scanning.scans import Scan, StaleDoorError, judge
from core.clock import now, travelled
from core.errors import DomainError
from core.settings import Settings
from events.event.event import Event
from tests.browser.support.daytime import zone
from tests.checkin.people import code, registered, scan
from tests.checkin.scanning.test_rules import gate
from tests.support import factories

ALICE = Actor("alice@example.org")
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def event(database: Settings) -> Event:
    """A conference that began an hour ago."""
    start = now().replace(microsecond=0) - timedelta(hours=1)
    project = await factories.project()
    return await factories.event(
        project, starts_at=start, ends_at=start + timedelta(hours=8), timezone=zone()
    )


async def paired(event: Event, name: str = "Gate 2, Bob") -> tuple[Phone, str]:
    device, secret = await gate(event, name)
    return Phone(device, event), secret


async def test_until_when_a_phone_reads_and_sends(event: Event) -> None:
    phone, secret = await paired(event)
    assert phone.device.expires_at == closes_at(event) == event.ends_at + timedelta(hours=2)
    assert phone.device.uploads_until == closes_at(event) + timedelta(days=14)
    for later, reads in ((timedelta(hours=9, minutes=-1), True), (timedelta(days=14), False)):
        with travelled(event.starts_at + timedelta(hours=1) + later):
            assert (await Device.holding(secret, event.slug)).open is reads
    with (
        travelled(phone.device.uploads_until + timedelta(seconds=1)),
        pytest.raises(DomainError) as refused,
    ):
        await Device.holding(secret, event.slug)
    assert (refused.value.status, refused.value.extra) == (410, {})
    for wrong in ("", "vsd_wrong", secret + "x"):
        with pytest.raises(DomainError):
            await Device.holding(wrong, event.slug)


async def test_an_event_that_ends_later_has_its_phones_longer(event: Event) -> None:
    phone, _secret = await paired(event)
    await Event.filter(id=event.id).update(ends_at=event.ends_at + timedelta(days=1))
    await extend(event.id)
    assert (await Device.get(id=phone.device.id)).expires_at == phone.device.expires_at + timedelta(
        days=1
    )


async def test_what_a_phone_says_of_itself(event: Event) -> None:
    phone, _secret = await paired(event)
    await phone.device.heard(12, -90_000)
    await phone.device.heard(3, None)
    kept = await Device.get()
    assert (kept.unsent, kept.clock_offset_ms) == (3, -90_000)
    assert kept.seen_at is not None
    assert now() - kept.seen_at < timedelta(minutes=1)


async def test_stopped_between_the_look_and_the_scan(event: Event) -> None:
    """The control: without the guard in the statement, the scan would count."""
    phone, _secret = await paired(event)
    door = await phone.door()
    await phone.device.revoke(ALICE, event.project_id)
    one, two = await registered(event), await registered(event)
    with pytest.raises(StaleDoorError):
        await judge(door, [scan(one)])
    assert await Scan.all().count() == 0

    async def again() -> Door:
        return await Phone(await Device.get(id=phone.device.id), event).door()

    body = [{"id": str(uuid4()), "ticket": code(one)}]
    assert [a["result"] for a in await scanner.scanned(door, body, again)] == ["valid"]
    kept = await Scan.get()
    assert (kept.counts, kept.marks) == (False, "revoked")
    unguarded = Door(
        event.id, event.project_id, event.timezone, "x", organiser=False, device_id=phone.device.id
    )
    await judge(unguarded, [scan(two)])
    assert (await Scan.get(registration_id=two.id)).counts is True


async def test_a_stopped_phone_is_judged_by_what_was_before(event: Event) -> None:
    phone, _secret = await paired(event)
    one = await registered(event)
    await judge(await phone.door(), [scan(one, now() - timedelta(minutes=30))])
    await phone.device.revoke(ALICE, event.project_id)
    stopped = await Phone(await Device.get(), event).door()
    at = [now() - timedelta(minutes=m) for m in (40, 20)]
    found = await judge(stopped, [scan(one, at[0]), scan(one, at[1]), scan(one, at[1], "out")])
    assert [a["result"] for a in found] == ["valid", "already_in", "exit"]
    assert await Scan.filter(counts=True).count() == 1


async def test_a_phone_sends_until_its_uploads_end(event: Event) -> None:
    phone, _secret = await paired(event)
    entry = ScanEntry(str(uuid4()), ticket=code(await registered(event)), scanned_at=now())
    with (
        travelled(phone.device.uploads_until + timedelta(minutes=1)),
        pytest.raises(StaleDoorError),
    ):
        await judge(await phone.door(), [entry])
    with travelled(phone.device.uploads_until - timedelta(minutes=1)):
        assert (await judge(await phone.door(), [entry]))[0]["result"] == "valid"
