"""A phone admitted somebody because the server's answer was late or lost: the stored scan is made
to say so.
"""

from checkin.scanning import presence
from checkin.scanning.project_lock import lock
from checkin.scanning.scan_input import Door, joined
from checkin.scanning.scans import Scan
from core.clock import now
from core.db import atomic

NEVER = ("unknown", "other_event", "repeated")
"""Who has one of these results is nobody of this event's list."""


@atomic
async def admit(door: Door, marks: dict[str, str]) -> None:
    """These stored scans of this phone, by id with what is odd about them, were let in. A second
    time changes nothing.

    One that counted for nothing counts now, unless the phone was stopped or the scan undone.
    """
    if not marks:
        return
    await lock(door.project_id)
    found = await Scan.filter(
        id__in=list(marks), event_id=door.event_id, device_id=door.device_id, admitted=False
    )
    for scan in found:
        scan.admitted = True
        scan.marks = joined([*scan.marks.split(), *marks[str(scan.id)].split()])
        fields = ["admitted", "marks"]
        counting = (
            not scan.counts
            and scan.result not in NEVER
            and not door.stopped
            and "revoked" not in scan.marks
        )
        if counting and scan.registration_id is not None and not scan.withdrawn_at:
            scan.counts, scan.settled, scan.received_at = True, False, now()
            fields += ["counts", "settled", "received_at"]
        await scan.save(update_fields=fields)
        if "counts" in fields and scan.registration_id is not None:
            await presence.rebuild(scan.event_id, scan.registration_id, scan.unit)
