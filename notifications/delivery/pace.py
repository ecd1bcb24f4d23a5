"""Rate limits of delivery, by minute and by domain, counted in the database for all workers
together.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from core import db, settings
from core.clock import now
from core.http import limits
from notifications.outbox.message import Message

MINUTE = 60
_LATER = """
UPDATE message SET due_at = $1::timestamptz
WHERE state = 'queued' AND due_at < $1::timestamptz AND lower(to_email) LIKE $2
"""


def domain(email: str) -> str:
    """The part of an address behind its @, folded."""
    return email.rpartition("@")[2].casefold()


async def domains(batch: Sequence[Message], name: str) -> list[Message]:
    """Those that their domain takes this minute, in their order; the others of a full domain wait
    until the next.
    """
    most = settings.get().mail_per_domain_minute
    if not most:
        return list(batch)
    by = defaultdict[str, list[Message]](list)
    for message in batch:
        by[domain(message.to_email)].append(message)
    gone = set[int]()
    for where, messages in by.items():
        granted, until = await limits.reserve(f"mail:{where}", len(messages), most, MINUTE)
        late = messages[granted:]
        if late:
            gone.update(m.id for m in late)
            await later(late, name, until)
            await db.execute(_LATER, until, f"%@{where}")
    return [m for m in batch if m.id not in gone]


async def altogether(batch: Sequence[Message], name: str) -> tuple[list[Message], datetime | None]:
    """Those that may go this minute at all; and when the next ones may, if some have to wait."""
    most = settings.get().mail_per_minute
    if not most or not batch:
        return list(batch), None
    granted, until = await limits.reserve("mail", len(batch), most, MINUTE)
    late = list(batch[granted:])
    await later(late, name, now())
    return list(batch[:granted]), until if late else None


async def later(messages: Sequence[Message], name: str, until: datetime) -> None:
    """Give back what was taken: due again then."""
    if messages:
        ours = Message.filter(id__in=[m.id for m in messages], leased_by=name, state="sending")
        await ours.update(state="queued", due_at=until, lease_ends_at=None)
