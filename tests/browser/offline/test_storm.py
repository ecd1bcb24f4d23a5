"""A short storm; `make faults` has the long one of a thousand scans."""

import time

from checkin.scanning.scans import Scan
from events.event.event import Event
from tests.browser.support.bob import paired
from tests.browser.support.visitor import Arrive
from tests.checkin.people import code, registered
from tests.faults.phone import Storm, control, lost, told

SCANS = 150


async def test_every_scan_arrives_once(served: str, visitor: Arrive, event: Event) -> None:
    codes = [code(await registered(event)) for _n in range(SCANS)]
    there = await visitor(base_url=served)
    await paired(there.context, event, served)
    storm = Storm(f"/c/e/{event.slug}", kills=2, cut_seconds=0.7, pause_ms=10)
    began = time.monotonic()
    await storm.rages(there.context, served, codes)
    print(told(storm, began))
    stored = [(str(s.id), s.ticket, s.counts) for s in await Scan.all()]
    assert lost(storm.shown, stored, codes) == []
    assert storm.killed == 2
    assert storm.cuts >= 1


def test_the_check_can_fail() -> None:
    assert control() == []
