"""What an organiser does with scans: marks them as reviewed, counts them after all, undoes them.
All of it is logged.
"""

from collections.abc import Sequence

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from checkin.review.conflicts import FINE
from checkin.scanning import presence
from checkin.scanning.project_lock import lock
from checkin.scanning.scans import Scan, withdraw
from core import db
from core.clock import now
from core.db import atomic
from core.errors import DomainError, not_found
from core.i18n import _
from events.event.event import Event
from registrations.registration.registration import Registration


@atomic
async def review(event: Event, ids: Sequence[str], actor: Actor) -> None:
    """Say that someone has looked at these scans of the event. Raises 404 when there is none of
    them.
    """
    found = await Scan.filter(id__in=list(ids)[:100], event_id=event.id)
    if not found:
        raise not_found(_("There is no such scan."))
    fresh = [scan.id for scan in found if not scan.reviewed_at]
    await Scan.filter(id__in=fresh).update(reviewed_at=now(), reviewed_by=actor.name[:254])
    for scan in found:
        if scan.id in fresh:
            await audit(actor, "scan.seen", scan)


@atomic
async def count_in(event: Event, scan_id: str, actor: Actor) -> Scan:
    """Count a scan that a stopped phone sent. Raises 404; 409 for one that cannot count, or was
    taken back.

    A second time changes nothing.
    """
    await lock(event.project_id)
    scan = await Scan.get_or_none(id=scan_id, event_id=event.id)
    if not scan:
        raise not_found(_("There is no such scan."))
    let_in = scan.admitted or scan.result in FINE
    if (
        scan.withdrawn_at
        or scan.registration_id is None
        or not let_in
        or "revoked" not in scan.marks.split()
    ):
        raise DomainError(_("This scan cannot be counted."), 409)
    if scan.counts:
        return scan
    scan.counts, scan.settled = True, False
    scan.reviewed_at, scan.reviewed_by = now(), actor.name[:254]
    await scan.save(update_fields=["counts", "settled", "reviewed_at", "reviewed_by"])
    await presence.rebuild_many(event.id, [scan.registration_id])
    await audit(actor, "scan.counted", scan)
    return scan


@atomic
async def undo(event: Event, scan_id: str, reason: str, actor: Actor) -> Scan:
    """Take one scan back, for a reason. Raises 404; 409 for one that counted for nothing."""
    done = await withdraw(scan_id, actor.name, reason, event_id=event.id)
    await audit(actor, "scan.withdrawn", done)
    return done


@atomic
async def undo_all(event: Event, ids: Sequence[str], reason: str, actor: Actor) -> int:
    """Take many scans of the event back at once; answers how many still counted."""
    await lock(event.project_id)
    done = await db.rows(
        "UPDATE scan SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_reason = $4, settled = FALSE "
        "WHERE id = ANY($1::uuid[]) AND event_id = $5 AND counts AND withdrawn_at IS NULL RETURNING registration_id",
        list(ids),
        now(),
        actor.name[:254],
        reason[:300],
        event.id,
    )
    await presence.rebuild_many(event.id, [row["registration_id"] for row in done])
    return len(done)


async def forget_reasons(registrations: Sequence[Registration]) -> None:
    """Someone is erased: the words in which their scans were taken back may name them, and go."""
    ids = [r.id for r in registrations]
    await db.execute(
        "UPDATE scan SET withdrawn_reason = '' WHERE registration_id = ANY($1::bigint[])", ids
    )
