"""Events: dated gatherings of one kind, in one project, with their own time zone."""

from collections.abc import Awaitable, Callable
from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db
from core.clock import now
from core.db import UtcField
from core.errors import DomainError
from core.http.fields import reason_given
from core.i18n import Vocabulary, _, text
from events.event import fields as event_fields
from events.event import zones
from events.event.history import record
from events.event.notices import tell
from events.event.organisers import EventOrganiser
from events.event.text import Said
from events.projects import addresses
from events.projects.projects import Project

TOLD_OF = {"title", "starts_at", "ends_at", "timezone", "place", "online_url"}
"""A change of these is told to those registered."""
MOVES = {"starts_at", "ends_at", "timezone", "grace_minutes", "rooms_grouped"}
"""A change of these may change who was present, and for how long."""

seats_freed: list[Callable[["Event"], Awaitable[Any]]] = []
"""Called in the verb's transaction when an event or one of its sessions may have free seats: the
waiting list moves.
"""
event_moved: list[Callable[[int], Awaitable[Any]]] = []
"""Called in the verb's transaction with an event's id when its hours, or those of its programme,
have changed.
"""


class EventStatus(Vocabulary):
    """Whether an event is announced, and what became of it."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")


PUBLIC = tuple(status.value for status in EventStatus if status != EventStatus.DRAFT)
"""The statuses of events that everybody may see."""


class Event(Said, Model):
    """An event. `seats_taken` counts confirmed registrations and open offers; `waiting` those on
    the list;

    `last_place` is the last number given out on the waiting list; whoever updates this row has
    passed the seat counter. `revision` and `changed_at` rise with each change that a subscriber
    should see.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="events", on_delete=fields.CASCADE
    )
    slug = fields.CharField(80, unique=True)
    kind = fields.CharField(20)
    title = fields.JSONField[dict[str, str]]()
    description = fields.JSONField[dict[str, str]](default=dict)
    starts_at = UtcField()
    ends_at = UtcField()
    timezone = fields.CharField(60)
    place = fields.CharField(300, default="")
    online_url = fields.CharField(500, default="")
    latitude = fields.FloatField(null=True)
    """Degrees north of the place, where somebody gave it; with `longitude`, degrees east."""
    longitude = fields.FloatField(null=True)
    country = fields.CharField(2, default="")
    capacity = fields.IntField(null=True)
    grace_minutes = fields.IntField(default=0)
    waiting_list = fields.BooleanField(default=True)
    approval = fields.BooleanField(default=False)
    open_to_public = fields.BooleanField(default=False)
    invitation_only = fields.BooleanField(default=False)
    internal = fields.BooleanField(default=False)
    walk_ins = fields.CharField(5, default="ask")
    rooms_grouped = fields.BooleanField(default=False)
    """Whoever enters the room of one session leaves that of the last."""
    activity_id: int | None
    activity: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Activity", related_name="events", null=True, on_delete=fields.SET_NULL
    )
    series_id: int | None
    series: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Series", related_name="events", null=True, on_delete=fields.SET_NULL
    )
    direction_from = fields.CharField(2, default="")
    direction_to = fields.CharField(2, default="")
    details = fields.JSONField[dict[str, object]](default=dict)
    """What the kind adds: each kind's file says which."""
    status = fields.CharField(10, default="draft")
    held_reason = fields.CharField(500, default="")
    cancel_reason = fields.CharField(500, default="")
    registration_opens_at = UtcField(null=True)
    registration_closes_at = UtcField(null=True)
    offer_hours = fields.IntField(default=48)
    agenda_days_before = fields.IntField(null=True)
    reminder_hours_before = fields.IntField(null=True)
    reminder_days_before = fields.IntField(null=True)
    calendar_invites = fields.BooleanField(default=False)
    """Whether those who come get an invitation that their calendar program understands (RFC
    5546).
    """
    feedback_url = fields.CharField(500, default="")
    """Where those who came say how it was."""
    seats_taken = fields.IntField(default=0)
    waiting = fields.IntField(default=0)
    last_place = fields.IntField(default=0)
    revision = fields.IntField(default=0)
    created_at = UtcField()
    changed_at = UtcField()
    published_at = UtcField(null=True)
    cancelled_at = UtcField(null=True)

    sessions: fields.ReverseRelation[Any]
    organisers: fields.ReverseRelation[Any]
    changes: fields.ReverseRelation[Any]

    class Meta:
        table = "event"
        indexes = (("project_id", "starts_at"),)

    @classmethod
    async def draft(cls, project: Project, actor: Actor, **values: Any) -> Self:
        """A new event, a draft, from what docs/interface.md names (POST /projects/{slug}/events) and
        event_fields adds.

        Times are ISO 8601 or datetimes; one without an offset is in the event's zone. Raises a 422
        that names each wrong field, with `choices` for a time that a clock change makes double or
        void.
        """
        given = await event_fields.read(project, values)
        title = given.columns["title"]
        slug = await addresses.free(cls, title.get(project.first_language) or text(title))
        return await addresses.retried(slug, lambda slug: cls._drafted(project, actor, given, slug))

    @classmethod
    @db.atomic
    async def _drafted(
        cls, project: Project, actor: Actor, given: event_fields.Read, slug: str
    ) -> Self:
        moment = now()
        found = await cls.create(
            project_id=project.id, slug=slug, created_at=moment, changed_at=moment, **given.columns
        )
        found.project = project
        await EventOrganiser.become(found.id, given.organisers or [])
        await record(found, actor, "created", {})
        await audit(actor, "event.created", found)
        return found

    @db.atomic
    async def change(self, actor: Actor, *, notify: bool = True, **values: Any) -> int:
        """Change what is given; answers how many were told. Nothing is written when nothing
        differs. Raises a 422.
        """
        await self.held_fast()
        project = await Project.get(id=self.project_id)
        given = await event_fields.read(project, values, self)
        along = await zones.following(self, given.columns.get("timezone", self.timezone))
        before = await self.described()
        capacity = self.capacity
        self.update_from_dict(given.columns)
        if given.organisers is not None:
            await EventOrganiser.become(self.id, given.organisers)
        after = await self.described()
        changed = {
            name: [before[name], value] for name, value in after.items() if value != before[name]
        }
        if not changed:
            return 0
        await self.save(update_fields=list(given.columns) or ["changed_at"])
        for session in along:
            await session.save(update_fields=zones.ENDS)
        entry = await record(self, actor, "changed", changed)
        await audit(actor, "event.changed", self, list(changed))
        if MOVES & set(changed):
            await self.has_moved()
        if capacity is not None and (self.capacity is None or self.capacity > capacity):
            await self.has_free_seats()
        concerns = notify and self.status == "published" and TOLD_OF & set(changed)
        return await tell(self, entry, "changed") if concerns else 0

    @db.atomic
    async def publish(self, actor: Actor, *, notify: bool = True) -> int:
        """Make a draft public. A published one stays as it is. Raises a 409 for one that was
        cancelled or held.
        """
        await self.held_fast()
        if self.status == "published":
            return 0
        if self.status != "draft":
            raise DomainError(_("Only a draft can be published."), 409)
        entry = await self._become("published", actor, published_at=now())
        return await tell(self, entry, "published") if notify else 0

    @db.atomic
    async def cancel(self, actor: Actor, reason: str, *, notify: bool = True) -> int:
        """Call it off, for a reason that those registered read. A cancelled one stays so. Raises a
        409 for one held.
        """
        reason = reason_given(reason)
        await self.held_fast()
        if self.status == "cancelled":
            return 0
        if self.status == "held":
            raise DomainError(_("What was held cannot be cancelled."), 409)
        was_public = self.status == "published"
        entry = await self._become("cancelled", actor, cancelled_at=now(), cancel_reason=reason)
        return await tell(self, entry, "cancelled") if notify and was_public else 0

    @db.atomic
    async def hold(self, actor: Actor, reason: str) -> None:
        """Mark as held what nobody was checked in at: it then counts as an event (docs/counting-rules.md), for
        a reason an auditor reads. Raises a 409 before it has begun, or when it was never
        published or was cancelled.
        """
        reason = reason_given(reason)
        await self.held_fast()
        if self.status not in {"published", "held"}:
            raise DomainError(_("Only a published event can be marked as held."), 409)
        if self.starts_at > now():
            raise DomainError(_("It has not begun yet."), 409)
        if (self.status, self.held_reason) != ("held", reason):
            await self._become("held", actor, held_reason=reason)
            await self.has_moved()

    async def _become(self, status: str, actor: Actor, **columns: Any) -> Any:
        values: dict[str, list[object]] = {"status": [self.status, status]}
        if reason := columns.get("cancel_reason") or columns.get("held_reason"):
            values["reason"] = ["", reason]
        self.update_from_dict({"status": status, **columns})
        await self.save(update_fields=["status", *columns])
        await audit(actor, f"event.{status}", self)
        return await record(self, actor, status, values)

    async def held_fast(self) -> None:
        """Lock its row until the transaction ends, then read it again: two changes at once follow
        one another.
        """
        await db.execute("UPDATE event SET changed_at = changed_at WHERE id = $1", self.id)
        await self.refresh_from_db()

    async def has_moved(self) -> None:
        """Tell those who keep attendance that hours have changed."""
        for hook in event_moved:
            await hook(self.id)

    async def has_free_seats(self) -> None:
        """Tell those who keep the waiting list that seats may be free, then read how many are taken
        now.
        """
        for hook in seats_freed:
            await hook(self)
        await self.refresh_from_db(["seats_taken", "waiting"])

    async def sessions_now(self) -> list[Any]:
        """The sessions of its programme, in order, without those removed."""
        return await self.sessions.filter(removed_at=None).order_by("starts_at", "ends_at", "id")
