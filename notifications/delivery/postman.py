"""Delivery: a worker takes messages with a lease, renders them, hands them to the server, and
stores its answer.
"""

import asyncio
import logging
import os
import secrets
import socket
from datetime import datetime, timedelta
from email.utils import parseaddr

from core import db, settings
from core.clock import now
from notifications.delivery import pace
from notifications.delivery.failures import over, pause
from notifications.delivery.smtp import LONGEST, Connection, Outcome, Server
from notifications.outbox import letters
from notifications.outbox.bounces import Bounce
from notifications.outbox.message import Attempt, Message
from notifications.outbox.return_addresses import address

log = logging.getLogger("viesis.mail")

LEASE = timedelta(seconds=90)
"""Mail of a worker that died is taken up after this: within 120 s with the pause between looks."""
ENOUGH = timedelta(seconds=LONGEST + 5)
"""A mail is begun only while so much of its lease is left: no other worker takes it while it is
being sent.
"""
CONNECTIONS = 4
BATCH = 40
PAUSE = 2.0
"""Seconds between two looks at an empty outbox."""

_LEASE = """
UPDATE message SET state = 'sending', leased_by = $1, lease_ends_at = $2::timestamptz, due_at = $2::timestamptz
WHERE id IN (
    SELECT id FROM message WHERE state IN ('queued', 'sending') AND due_at <= $3::timestamptz
    ORDER BY bulk, due_at, id LIMIT $4::bigint FOR UPDATE SKIP LOCKED
) RETURNING id
"""
_DUE = "SELECT 1 AS one FROM message WHERE state IN ('queued', 'sending') AND due_at <= $1::timestamptz LIMIT 1"


class Postman:
    """One worker's part in sending: its name on the leases, its open connections."""

    def __init__(self, name: str = "", connections: int = CONNECTIONS) -> None:
        self.name = name or f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.sender = parseaddr(settings.get().mail_from)[1]
        url = settings.get().smtp_url
        self.links = [Connection(Server.parse(url)) for _ in range(connections)] if url else []
        """None without a mail server: mails are kept and shown, nothing is sent."""
        self.quiet_until: datetime | None = None
        """This minute's mails are out: see `VIESIS_MAIL_PER_MINUTE`."""

    async def work(self, stop: asyncio.Event) -> None:
        """Send whatever falls due until told to stop; then finish what is in hand."""
        while not stop.is_set():
            try:
                sent = await self.round(stop)
            except Exception:
                # the database is away, or a fault of ours: neither may end the worker
                log.exception("the outbox could not be worked on")
                sent = 0
            if not sent:
                await _rest(stop, PAUSE)
        await self.close()

    async def round(self, stop: asyncio.Event | None = None) -> int:
        """Take a batch and send it over all connections; answers how many were taken."""
        if not self.links or (self.quiet_until and now() < self.quiet_until):
            return 0
        taken = await self.take(BATCH)
        batch = await self._paced(taken)
        left, away = list(reversed(batch)), list[Outcome]()

        async def run(link: Connection) -> None:
            while left:
                message = left.pop()
                if (stop and stop.is_set()) or _left(message) < ENOUGH:
                    await self._give_back(message)
                else:
                    outcome = away[0] if away else await self.send(message, link)
                    if outcome and outcome.server_wide:
                        away.append(outcome)
                    await self.settle(message, outcome)

        await asyncio.gather(*(run(link) for link in self.links))
        return 0 if away else len(taken)

    async def _paced(self, taken: list[Message]) -> list[Message]:
        """Those that this minute's limits let go."""
        batch, self.quiet_until = await pace.altogether(
            await pace.domains(taken, self.name), self.name
        )
        return batch

    async def take(self, count: int) -> list[Message]:
        """Take due mails with a lease: those that wait, and those whose worker's lease has run
        out.
        """
        moment = now()
        if not await db.row(_DUE, moment):
            # a look costs no write lock, which on SQLite is everyone's
            return []
        taken = await db.rows(_LEASE, self.name, moment + LEASE, moment, count)
        return (
            await Message.filter(id__in=[row["id"] for row in taken]).order_by("bulk", "id")
            if taken
            else []
        )

    async def send(self, message: Message, link: Connection) -> Outcome | None:
        """Write and hand over one mail. None: its matter is no longer due."""
        try:
            rendered = await letters.render(message)
            if rendered is None:
                return None
            message.subject = rendered.shown_subject[:300]
            data = rendered.mime(message)
            if rendered.sending and not await rendered.sending():
                return None
        except Exception:
            log.exception("mail %s (%s) could not be written", message.id, message.kind)
            return Outcome(
                "later", "This mail could not be written: a fault of ours.", failure="fault"
            )
        return await link.deliver(
            address("bounce", message.id) or self.sender, message.to_email, data
        )

    async def settle(self, message: Message, outcome: Outcome | None) -> None:
        """Keep what became of it. Tried again when the database is away: a mail that is out should
        not go twice.
        """
        for wait in (0.5, 1, 2, 4, 8, 16, 0):
            try:
                await self._settle(message, outcome)
            except Exception:
                if not wait:
                    raise
                log.exception("what became of mail %s could not be kept; trying again", message.id)
                await asyncio.sleep(wait)
            else:
                return

    async def _settle(self, message: Message, outcome: Outcome | None) -> None:
        ours = Message.filter(id=message.id, leased_by=self.name, state="sending")
        if outcome is None:
            await ours.update(state="withdrawn", lease_ends_at=None)
        elif outcome.result == "sent":
            await ours.update(
                state="sent",
                sent_at=now(),
                attempts=message.attempts + 1,
                subject=message.subject,
                answer=outcome.answer,
                failure="",
                lease_ends_at=None,
            )
        else:
            await self._keep_failure(message, outcome)

    @db.atomic
    async def _keep_failure(self, message: Message, outcome: Outcome) -> None:
        attempts, failure = message.attempts + 1, outcome.failure
        failed = over(failure, attempts, server_wide=outcome.server_wide)
        await Message.filter(id=message.id, leased_by=self.name, state="sending").update(
            state="failed" if failed else "queued",
            attempts=attempts,
            due_at=now() + pause(attempts, failure),
            subject=message.subject,
            answer=outcome.answer,
            failure=failure,
            lease_ends_at=None,
        )
        await Attempt.create(
            message_id=message.id, at=now(), outcome=failure, answer=outcome.answer
        )
        if failure in {"refused_address", "full_mailbox"}:
            await Bounce.seen(message.scope, message.to_email, failure, outcome.answer)

    async def _give_back(self, message: Message) -> None:
        """Not begun: due again at once, for whoever comes."""
        ours = Message.filter(id=message.id, leased_by=self.name, state="sending")
        await ours.update(state="queued", due_at=now(), lease_ends_at=None)

    async def close(self) -> None:
        """Say goodbye to the server."""
        await asyncio.gather(*(link.quit() for link in self.links))


def _left(message: Message) -> timedelta:
    ends: datetime | None = message.lease_ends_at
    return ends - now() if ends else timedelta(0)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
