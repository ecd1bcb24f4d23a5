"""Registrations: a person at an event, from the form to the end.

Every verb holds the event's row first (registrations/registration/seats.py), then looks how the
registration stands, then acts.
"""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import settings, tokens
from core.clock import now
from core.db import UtcField, atomic
from core.errors import DomainError
from core.i18n import _
from core.text import clean
from notifications.outbox.message import Message
from registrations.registration import seats, tickets
from registrations.registration.persons import Person
from registrations.registration.secrets import calendar_secret, secret
from registrations.registration.vocabulary import ACTIVE, UNSEATED, not_now

MAILS = {"confirmed": "confirmation", "waiting": "waiting", "pending": "pending"}
"""The mail that says how a registration stands."""

PARTICIPANT = Actor("participant")
"""Who acts on a page whose address is the secret."""


class Registration(Model):
    """A person × an event. One active registration per person and event (a partial unique index in
    migrations/).

    `waiting_number` orders the list (given out by the event row); `ticket_identity` is the ticket's
    48 random bits. Organisation, country, gender, birth year and target group are as said for this
    event.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="registrations", on_delete=fields.CASCADE
    )
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="registrations", on_delete=fields.CASCADE
    )
    person_id: int
    person: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Person", related_name="registrations", on_delete=fields.CASCADE
    )
    status = fields.CharField(10)
    role = fields.CharField(15, default="attendee")
    organisation_id: int | None
    organisation: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Organisation", related_name="registrations", null=True, on_delete=fields.SET_NULL
    )
    country = fields.CharField(2, default="")
    gender = fields.CharField(6, default="")
    birth_year = fields.IntField(null=True)
    target_group = fields.CharField(200, default="")
    language = fields.CharField(5)
    answers = fields.JSONField[dict[str, object]](default=dict)
    door_note = fields.CharField(200, default="")
    ticket_identity = fields.BigIntField(unique=True)
    hash = fields.CharField(64, null=True)
    """Hash of the manage address's secret, which is derived from id and generation; looked up
    through an index.
    """
    generation = fields.IntField(default=0)
    calendar_generation = fields.IntField(default=0)
    """Of the secret in the feed's address, derived from id and this: a higher one ends the old
    address.
    """
    calendar_used_at = UtcField(null=True)
    """When a calendar program last read the feed."""
    invited_sequence = fields.IntField(null=True)
    """SEQUENCE of the last calendar invitation that was mailed; None: none ever was."""
    invited_by = fields.CharField(254, default="")
    """ORGANIZER of that invitation: it stays the same as long as it lives (RFC 5546, 3.2.2)."""
    reply = fields.CharField(10, default="")
    """What a calendar program answered: accepted, tentative, declined."""
    replied_at = UtcField(null=True)
    """DTSTAMP of that answer: an older one that comes later changes nothing."""
    waiting_number = fields.IntField(null=True)
    offer_ends_at = UtcField(null=True)
    replaces_id: int | None
    replaces: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Registration", related_name="replaced_by", null=True, on_delete=fields.SET_NULL
    )
    source = fields.CharField(10, default="web")
    """web, api, desk, door (a walk-in), substitute, demo."""
    after_event = fields.BooleanField(default=False)
    form_key = fields.CharField(64, default="")
    """Hash of a secret of the form that was sent: the browser that sends it twice may see this
    registration.
    """
    cancel_reason = fields.CharField(500, default="")
    revision = fields.IntField(default=0)
    created_at = UtcField()
    changed_at = UtcField()
    confirmed_at = UtcField(null=True)
    ended_at = UtcField(null=True)
    """When it was cancelled, declined or replaced."""
    choices: fields.ReverseRelation[Any]
    place_in_line: int | None = None
    """How far down the waiting list, from 1; known to whoever asked (`waiting_list.positions`, or
    the seat counter).
    """

    earlier: int = 0
    """What the same person's earlier registrations for the event add to SEQUENCE; known to whoever
    asked.
    """

    class Meta:
        table = "registration"
        indexes = (("event_id", "status"), ("project_id", "event_id"), ("hash",), ("person_id",))

    @classmethod
    async def by_token(cls, token: str) -> "Registration | None":
        """The registration of a manage address, with its person, organisation, event and project;
        None if nobody's.
        """
        if not token.startswith(tokens.REGISTRATION) or len(token) > 80:
            return None
        found = cls.get_or_none(hash=tokens.hashed(token))
        return await found.select_related("person", "organisation", "event__project")

    @property
    def ticket(self) -> str:
        """The 16 characters of the ticket."""
        return tickets.ticket(self.event_id, self.ticket_identity)

    @property
    def secret(self) -> str:
        """What makes the manage address."""
        return secret(self.ticket_identity, self.generation)

    @property
    def manage_url(self) -> str:
        """The participant's own page."""
        return f"{settings.get().base_url}/r/{self.secret}"

    @property
    def calendar_url(self) -> str:
        """The participant's own feed, whose secret is not that of the page."""
        return f"{settings.get().base_url}/r/{calendar_secret(self.id or 0, self.calendar_generation)}.ics"

    @property
    def active(self) -> bool:
        """Whether it still stands."""
        return self.status in ACTIVE

    @atomic
    async def cancel(
        self, reason: str = "", actor: Actor = PARTICIPANT, *, notify: bool = True
    ) -> None:
        """Give up the registration; its seat goes to whoever waits longest. Once cancelled, it
        stays so.
        """
        counter = await self.hold()
        if self.status == "cancelled":
            return
        if not self.active:
            raise not_now(self.status)
        await self._end("cancelled", reason)
        await audit(actor, "registration.cancelled", self, ["status"])
        if notify and not counter.over:
            await self.tell("cancelled_registration")

    @atomic
    async def approve(self, actor: Actor) -> None:
        """Let a pending registration in: a seat, or a place on the waiting list when there is none.
        409 when full.
        """
        counter = await self.hold()
        if self.status != "pending":
            if self.status in ACTIVE:
                return
            raise not_now(self.status)
        counter.require_open()
        taken = await seats.take(self.event_id, over=counter.over)
        await self.become(taken.status, waiting_number=taken.number)
        await audit(actor, "registration.approved", self, ["status"])
        if not counter.over:
            await self.tell(MAILS[taken.status])

    @atomic
    async def decline(self, actor: Actor, reason: str = "", *, notify: bool = True) -> None:
        """Refuse someone who has no seat yet."""
        counter = await self.hold()
        if self.status == "declined":
            return
        if self.status not in UNSEATED:
            raise not_now(self.status)
        await self._end("declined", reason)
        await audit(actor, "registration.declined", self, ["status"])
        if notify and not counter.over:
            await self.tell("declined")

    @atomic
    async def accept(self, actor: Actor = PARTICIPANT) -> None:
        """Take an offered seat, before its deadline."""
        counter = await self.hold()
        if self.status == "confirmed":
            return
        if self.status != "offered":
            raise not_now(self.status)
        counter.require_open()
        if self.offer_ends_at and self.offer_ends_at <= now():
            raise DomainError(
                _("This offer has ended: the seat goes to the next one on the list."), 409
            )
        await self.become("confirmed", offer_ends_at=None)
        await audit(actor, "registration.accepted", self, ["status"])
        await self.tell("confirmation")

    @atomic
    async def refuse_offer(self, actor: Actor = PARTICIPANT) -> None:
        """Leave an offered seat to the next one."""
        await self.hold()
        if self.status == "declined":
            return
        if self.status != "offered":
            raise not_now(self.status)
        await self._end("declined", "")
        await audit(actor, "registration.offer_refused", self, ["status"])

    async def renew_address(self) -> None:
        """A new manage address; the old one leads nowhere any more."""
        self.generation += 1
        self.hash = tokens.hashed(self.secret)
        await self.save(update_fields=["generation", "hash"])

    async def tell(self, kind: str, once: str = "", **about: object) -> None:
        """Queue a mail to this person, as part of the transaction; once for each state it speaks
        of, or each `once`.
        """
        person = (
            self.person if isinstance(self.person, Person) else await Person.get(id=self.person_id)
        )
        if kind not in MAILS.values():
            once = f":{once or self.revision}"
        given: dict[str, Any] = {
            "scope": self.project_id,
            "subject_of": self.event_id,
            "language": self.language,
        }
        mail: dict[str, Any] = {
            "about": {"registration": self.id, **about},
            "dedup": f"{kind}:{self.id}{once}",
        }
        await Message.queue(kind, person.email, person.name, **given, **mail)

    async def hold(self) -> seats.Counter:
        """Hold the seat counter, then see how this registration stands now."""
        counter = await seats.hold(self.event_id)
        await self.refresh_from_db(
            fields=["status", "offer_ends_at", "revision", "waiting_number", "confirmed_at"]
        )
        return counter

    async def become(self, status: str, **more: Any) -> None:
        """Stand so from now on; for verbs that hold the counter."""
        moment = now()
        if status == "confirmed" and not self.confirmed_at:
            more["confirmed_at"] = moment
        self.update_from_dict(
            {"status": status, "changed_at": moment, "revision": self.revision + 1, **more}
        )
        await self.save(update_fields=["status", "changed_at", "revision", *more])

    async def _end(self, status: str, reason: str) -> None:
        before = self.status
        await seats.leave_sessions(self.id)
        await self.become(
            status,
            ended_at=now(),
            cancel_reason=clean(reason, lines=True)[:500],
            offer_ends_at=None,
        )
        await seats.give_back(self.event_id, before)
        await seats.offer_seats(self.event_id)
