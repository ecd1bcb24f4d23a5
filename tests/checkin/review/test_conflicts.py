"""What someone should look at: the same whichever phone's scans come first; looking, counting,
undoing.
"""

from itertools import permutations
from typing import Any

import pytest

from accounts.audit.audit import AuditEntry
from accounts.sessions.access import Actor
from checkin.attendance.attendance import settle
from checkin.phone.devices import Device
from checkin.review.conflicts import conflicts
from checkin.review.verbs import count_in, review, undo, undo_all
from checkin.scanning.presence import Presence
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import Scan, record
from core.clock import now
from core.errors import DomainError
from events.event.event import Event
from registrations.registration.registration import Registration
from tests.checkin.attendance.test_attendance import agrees, at, gathering, minutes, talk
from tests.checkin.people import code, registered, scan
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")

ALICE = Actor("alice")


async def phone(event: Event, name: str) -> int:
    given: dict[str, Any] = {
        "pairing_ends_at": now(),
        "created_at": now(),
        "expires_at": event.ends_at,
    }
    return int((await Device.create(event_id=event.id, name=name, paired_at=now(), **given)).id)


async def shown(event: Event, device: int | None, *entries: ScanEntry) -> list[str]:
    answers = await record(
        event, list(entries), actor_name=f"phone {device}", device=device, organiser=False
    )
    return [a["result"] for a in answers]


async def listed(event: Event) -> list[tuple[tuple[str, ...], int]]:
    """Kinds, and the scans that each line is about."""
    await event.refresh_from_db()
    return [(c.kinds, len(c.scans)) for c in await conflicts(event)]


async def test_one_ticket_at_two_phones_without_reception_is_one_line_whichever_sends_first() -> (
    None
):
    event = await gathering()
    one, two = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    lines = []
    for order in permutations([(one, 9.0), (two, 9.1)]):
        guest = await registered(event)
        for device, hour in order:
            await shown(event, device, scan(guest, at(hour), admitted=True))
        found = [c for c in await conflicts(event) if c.last.registration == guest.id]
        lines.append([(c.kinds, c.gates, [s.where for s in c.scans]) for c in found])
    assert lines == [[(("twice",), "Gate 1, Gate 2", ["Gate 1", "Gate 2"])]] * 2
    await settle(event.project_id)
    assert await agrees(event)


async def test_twice_needs_two_phones_one_without_reception_and_no_exit_between() -> None:
    event = await gathering()
    one, two = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    same, online, left, paper = [await registered(event) for _n in range(4)]
    await shown(event, one, scan(same, at(9), admitted=True), scan(same, at(9.2), admitted=True))
    await shown(event, one, scan(online, at(9)))
    await shown(event, two, scan(online, at(9.2)))
    await shown(
        event, one, scan(left, at(9), admitted=True), scan(left, at(10), "out", admitted=True)
    )
    await shown(event, two, scan(left, at(11), admitted=True))
    await shown(event, one, scan(paper, at(9), admitted=True))
    await shown(event, None, scan(paper, at(9), method="paper"))
    assert await listed(event) == []


async def test_in_grouped_rooms_going_elsewhere_is_leaving() -> None:
    event = await gathering(rooms_grouped=True)
    a, b = await talk(event, 9, 12), await talk(event, 9, 12)
    one, two = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    guest = await registered(event)
    await shown(event, one, scan(guest, at(9), session=a.id, admitted=True))
    await shown(event, two, scan(guest, at(10), session=b.id, admitted=True))
    await shown(event, two, scan(guest, at(11), session=a.id, admitted=True))
    assert await listed(event) == []
    event.rooms_grouped = False
    assert [c.kinds for c in await conflicts(event)] == [("twice",)]


async def test_each_kind() -> None:
    event = await gathering()
    device = await phone(event, "Gate 1")
    gone = await registered(event, status="cancelled")
    waiting = await registered(event, status="waiting")
    guest = await registered(event)
    await shown(event, device, scan(gone, at(9), admitted=True))
    await shown(event, device, scan(waiting, at(9), admitted=True, marks="overflow"))
    await shown(event, device, scan(guest, at(9), admitted=True, marks="unlisted jump"))
    forged = code(guest)[:-1] + ("0" if code(guest)[-1] != "0" else "1")
    await shown(event, device, scan(guest, at(9.5), ticket=forged))
    await shown(event, device, scan(guest, at(9.6)))
    await Scan.filter(ticket=forged).update(flagged=True)
    assert sorted(await listed(event)) == sorted(
        [
            (("admitted",), 1),
            (("admitted", "overflow"), 1),
            (("unlisted", "jump"), 1),
            (("forged", "clock"), 1),
        ]
    )
    words = {c.kinds: c.why for c in await conflicts(event)}
    assert words["admitted",] == [
        "Let in by a phone without reception. The list says now: Cancelled."
    ]
    assert words["unlisted", "jump"] == [
        "A genuine ticket that the phone's list did not have yet.",
        "The phone's clock was changed between two scans, so the time may be wrong.",
    ]
    assert await minutes(gone) == {"2026-05-04": 480}, "let in is let in"


async def test_a_forged_code_is_one_line_however_often_it_is_shown() -> None:
    event = await gathering()
    guest = await registered(event)
    forged = [code(guest)[:-4] + end for end in ("ZZZZ", "YYYY")]
    for ticket in (forged[0], forged[1], forged[0]):
        await shown(event, await phone(event, "Gate"), scan(guest, at(9), ticket=ticket))
    assert sorted(await listed(event)) == [(("forged",), 1), (("forged",), 2)]


async def test_whom_a_stopped_phone_refused_is_not_counted() -> None:
    event = await gathering()
    stored = await revoked(event, await registered(event, status="cancelled"))
    await Scan.filter(id=stored.id).update(admitted=False)
    assert [(c.kinds, c.may_count) for c in await conflicts(event)] == [(("revoked",), False)]
    with pytest.raises(DomainError):
        await count_in(event, str(stored.id), ALICE)


async def test_what_was_looked_at_is_seen_and_a_new_scan_brings_it_back() -> None:
    event = await gathering()
    one, two = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    guest = await registered(event)
    await shown(event, one, scan(guest, at(9), admitted=True))
    await shown(event, two, scan(guest, at(9.1), admitted=True))
    (line,) = await conflicts(event)
    await review(event, [s.id for s in line.scans], ALICE)
    await review(event, [s.id for s in line.scans], ALICE)
    assert [c.is_seen for c in await conflicts(event)] == [True]
    assert await AuditEntry.filter(action="scan.seen").count() == 2, "once for each scan"
    await shown(event, two, scan(guest, at(9.2), admitted=True))
    assert [(c.is_seen, len(c.scans)) for c in await conflicts(event)] == [(False, 3)]


async def test_undoing_one_of_two_settles_it() -> None:
    event = await gathering()
    one, two = await phone(event, "Gate 1"), await phone(event, "Gate 2")
    guest = await registered(event)
    await shown(event, one, scan(guest, at(9), admitted=True))
    await shown(event, two, scan(guest, at(10), admitted=True))
    (line,) = await conflicts(event)
    done = await undo(event, line.scans[0].id, "Somebody else had the ticket", ALICE)
    assert (done.withdrawn_by, done.withdrawn_reason) == ("alice", "Somebody else had the ticket")
    assert await listed(event) == []
    assert await minutes(guest) == {"2026-05-04": 420}
    assert await agrees(event)


async def revoked(event: Event, guest: Registration, **over: Any) -> Scan:
    """A scan of a stopped phone, as its route stores it."""
    device = await phone(event, "Stopped")
    entry = scan(guest, at(9), admitted=True, **over)
    await shown(event, device, entry)
    await Scan.filter(id=entry.id).update(marks="revoked", counts=False)
    await Presence.filter(registration_id=guest.id).delete()
    return await Scan.get(id=entry.id)


async def test_a_stopped_phone_s_scan_counts_when_someone_says_so() -> None:
    event = await gathering()
    guest = await registered(event)
    stored = await revoked(event, guest)
    assert await minutes(guest) == {}
    (line,) = await conflicts(event)
    assert (line.kinds, line.may_count, line.why) == (
        ("revoked",),
        True,
        ["Scanned with a phone that had been stopped."],
    )
    await count_in(event, str(stored.id), ALICE)
    await count_in(event, str(stored.id), ALICE)
    assert await minutes(guest) == {"2026-05-04": 480}
    assert [(c.is_seen, c.may_count) for c in await conflicts(event)] == [(True, False)]
    assert await AuditEntry.filter(action="scan.counted", project_id=event.project_id).count() == 1
    assert await agrees(event)
    await undo(event, str(stored.id), "", ALICE)
    with pytest.raises(DomainError):
        await count_in(event, str(stored.id), ALICE)


async def test_another_event_s_scans_are_not_there() -> None:
    event, other = await gathering(), await gathering()
    stored = await revoked(event, await registered(event))
    for verb in (review(other, [str(stored.id)], ALICE), count_in(other, str(stored.id), ALICE)):
        with pytest.raises(DomainError) as refused:
            await verb
        assert refused.value.status == 404
    assert await undo_all(other, [str(stored.id)], "", ALICE) == 0
    plain = scan(await registered(event), at(9))
    await shown(event, None, plain)
    with pytest.raises(DomainError):
        await count_in(event, plain.id, ALICE)
    assert await conflicts(other) == []


async def test_what_the_pages_do(client: Any) -> None:
    project = await factories.project()
    event = await factories.event(
        project, starts_at=now(), ends_at=now().replace(year=now().year + 1)
    )
    guest = await registered(event, "Ina Bērziņa")
    stored = await revoked(event, guest)
    csrf = await factories.sign_in(client, await factories.organiser(project))
    base = f"/desk/e/{event.slug}/door"
    page = (await client.get(f"{base}/conflicts")).text
    assert "Scanned with a phone that had been stopped." in page
    assert "Count it" in page
    assert "Exclude it" in page
    back = {"csrf": csrf, "back": f"{base}/conflicts"}
    answer = await client.post(f"{base}/conflicts", data={**back, "scan": str(stored.id)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/conflicts")
    assert "1 that was looked at" in (await client.get(f"{base}/conflicts")).text
    answer = await client.post(
        f"{base}/scans/{stored.id}/count", data={**back, "back": "https://evil.example/"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, base)
    answer = await client.post(
        f"{base}/scans/{stored.id}/withdrawal", data={**back, "reason": "A mistake"}
    )
    assert answer.status_code == 303
    page = (await client.get(f"{base}/scans/{stored.id}")).text
    assert "A mistake" in page
    assert "Undo this scan" not in page
