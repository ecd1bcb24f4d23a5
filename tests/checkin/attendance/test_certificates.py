"""A certificate follows the door at once: also for those who are entered after it was over, and
taken back.
"""

from datetime import timedelta

import httpx

from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import record, withdraw
from core.clock import now
from registrations.form.entry import Entry
from registrations.placing.register import place
from tests.checkin.people import scan
from tests.support import factories


async def test_who_was_entered_late_has_it_at_once(client: httpx.AsyncClient) -> None:
    start = now() - timedelta(hours=9)
    event = await factories.event(await factories.project(), starts_at=now() + timedelta(hours=1))
    made, _new = await place(
        event, Entry(name="Charlie", email="c@example.org"), source="web", language="en"
    )
    await event.filter(id=event.id).update(starts_at=start, ends_at=start + timedelta(hours=8))
    await event.refresh_from_db()
    path = f"/r/{made.secret}/certificate.pdf"
    assert (await client.get(path)).status_code == 404
    signed: ScanEntry = scan(made, method="paper")
    await record(event, [signed], actor_name="alice", organiser=True)
    assert "certificate.pdf" in (await client.get(f"/r/{made.secret}")).text
    assert (await client.get(path)).status_code == 200
    await withdraw(signed.id, "alice", "Somebody else")
    assert (await client.get(path)).status_code == 404
