"""Items of an event's programme: talk, workshop, visit, travel, meal, stay, break."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit, audit_all
from accounts.sessions.access import Actor
from core import db, times
from core.clock import now
from core.db import UtcField
from core.errors import DomainError
from core.http.fields import FieldReader
from core.i18n import _, text
from events.event.event import Event
from events.event.history import record, record_all
from events.event.kind import SessionKind
from events.event.notices import tell

UNCOUNTED = (SessionKind.TRAVEL, SessionKind.MEAL, SessionKind.STAY, SessionKind.BREAK)
TIMES = ("starts_at", "ends_at")
FIELDS = (
    "kind", "title", "description", *TIMES, "timezone", "end_timezone", "place", "speakers", "capacity", "counted",
)  # fmt: skip
TOLD_OF = {"title", "starts_at", "ends_at", "place", "timezone", "end_timezone"}


class Session(Model):
    """An item of the programme. Travel may have a zone at each end. A removed one stays 60 days for
    the feeds.
    """

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="sessions", on_delete=fields.CASCADE
    )
    kind = fields.CharField(10)
    title = fields.JSONField[dict[str, str]]()
    description = fields.JSONField[dict[str, str]](default=dict)
    starts_at = UtcField()
    ends_at = UtcField()
    timezone = fields.CharField(60, default="")
    """Empty: the event's."""
    end_timezone = fields.CharField(60, default="")
    """Empty: the same as at the start."""
    place = fields.CharField(300, default="")
    speakers = fields.JSONField[list[str]](default=list)
    capacity = fields.IntField(null=True)
    seats_taken = fields.IntField(default=0)
    counted = fields.BooleanField(default=True)
    imported_uid = fields.CharField(255, default="")
    """The UID that it had in the calendar file it came from, so that the next import finds it
    again.
    """
    revision = fields.IntField(default=0)
    created_at = UtcField()
    changed_at = UtcField()
    removed_at = UtcField(null=True)

    class Meta:
        table = "session"
        indexes = (("event_id", "starts_at"),)

    @classmethod
    @db.atomic
    async def add(cls, event: Event, actor: Actor, *, notify: bool = False, **values: Any) -> Self:
        """A new item of the programme, from what docs/interface.md names. Raises a 422 that names each
        wrong field.
        """
        await _open(event)
        columns = read(event, values, await _first_language(event))
        found = await cls.create(event_id=event.id, created_at=now(), changed_at=now(), **columns)
        await found.note(event, actor, "session_added", _all_of(found, event), notify=notify)
        return found

    @classmethod
    @db.atomic
    async def add_all(
        cls, event: Event, actor: Actor, given: Sequence[dict[str, Any]]
    ) -> list[Self]:
        """Many new items as one revision, of which nobody is told. Raises a 422 for the first that
        is wrong.
        """
        await _open(event)
        first = await _first_language(event)
        columns = [read(event, values, first) for values in given]
        found = [
            await cls.create(event_id=event.id, created_at=now(), changed_at=now(), **one)
            for one in columns
        ]
        new = [(session, _all_of(session, event)) for session in found]
        await record_all(
            event, actor, "session_added", [(session.id, values) for session, values in new]
        )
        await audit_all(actor, "session.added", new, project_id=event.project_id)
        await event.has_moved()
        return found

    @db.atomic
    async def change(
        self, event: Event, actor: Actor, *, notify: bool = True, **values: Any
    ) -> int:
        """Change what is given; answers how many were told. Raises a 422."""
        await _open(event)
        await self.refresh_from_db()
        if self.removed_at:
            raise DomainError(_("This session was removed from the programme."), 409)
        before, capacity = self.described(event), self.capacity
        columns = read(event, values, await _first_language(event), self)
        self.update_from_dict(columns)
        changed = {
            name: [before[name], v]
            for name, v in self.described(event).items()
            if v != before[name]
        }
        if not changed:
            return 0
        await self.save(update_fields=list(columns))
        said = await self.note(
            event, actor, "session_changed", changed, notify=notify and bool(TOLD_OF & set(changed))
        )
        if capacity is not None and (self.capacity is None or self.capacity > capacity):
            await event.has_free_seats()
        return said

    @db.atomic
    async def remove(
        self, event: Event, actor: Actor, *, notify: bool = True, keep: bool = False
    ) -> int:
        """Take it out of the programme; of a draft for good, but `keep` it for an undo. Answers how
        many were told.
        """
        await _open(event)
        await self.refresh_from_db()
        if self.removed_at:
            return 0
        self.removed_at = now()
        await self.save(update_fields=["removed_at"])
        title: list[object] = [self.title, ""]
        said = await self.note(event, actor, "session_removed", {"title": title}, notify=notify)
        if not event.published_at and not keep:
            await self.delete()
        return said

    @db.atomic
    async def restore(self, event: Event, actor: Actor) -> None:
        """Bring a removed one back."""
        await _open(event)
        await self.refresh_from_db()
        if self.removed_at:
            self.update_from_dict({"removed_at": None})
            await self.save(update_fields=["removed_at"])
            await self.note(
                event, actor, "session_restored", {"title": ["", self.title]}, notify=False
            )

    async def note(
        self,
        event: Event,
        actor: Actor,
        action: str,
        values: dict[str, list[object]],
        *,
        notify: bool,
    ) -> int:
        """Write the change down, move attendance along, tell those registered if the event is
        public.
        """
        entry = await record(event, actor, action, values, self.id)
        self.changed_at = event.changed_at
        if event.published_at and action != "session_added":
            self.revision += 1
        await self.save(update_fields=["revision", "changed_at"])
        await audit(
            actor, action.replace("_", "."), self, list(values), project_id=event.project_id
        )
        await event.has_moved()
        return await tell(event, entry, "changed") if notify and event.status == "published" else 0

    def zone(self, event: Event) -> str:
        """The zone at its start."""
        return self.timezone or event.timezone

    def zone_at_end(self, event: Event) -> str:
        """The zone at its end."""
        return self.end_timezone or self.zone(event)

    @property
    def name(self) -> str:
        """Its title in the person's language."""
        return text(self.title)

    def described(self, event: Event) -> dict[str, Any]:
        """What can be changed, in words of JSON; each time in the zone of its place."""
        return {
            "kind": self.kind,
            "title": self.title,
            "description": self.description,
            "starts_at": times.iso(self.starts_at, self.zone(event)),
            "ends_at": times.iso(self.ends_at, self.zone_at_end(event)),
            "timezone": self.zone(event),
            "end_timezone": self.zone_at_end(event),
            "place": self.place,
            "speakers": self.speakers,
            "capacity": self.capacity,
            "counted": self.counted,
        }


def _all_of(session: Session, event: Event) -> dict[str, list[object]]:
    """As history writes what was not there before."""
    return {
        name: [None, value]
        for name, value in session.described(event).items()
        if value not in (None, "", [])
    }


_READ: dict[str, Callable[[FieldReader], Any]] = {
    "title": lambda g: g.translations("title", required=True),
    "description": lambda g: g.translations("description", longest=20_000, lines=True),
    "place": lambda g: g.text("place"),
    "speakers": lambda g: g.texts("speakers"),
    "capacity": lambda g: g.number("capacity"),
    "kind": lambda g: g.choice("kind", SessionKind.labels(), required=True),
    "timezone": lambda g: g.zone("timezone"),
    "end_timezone": lambda g: g.zone("end_timezone"),
}


async def _open(event: Event) -> None:
    await event.held_fast()
    if event.status == "cancelled":
        raise DomainError(_("The event was cancelled: its programme stays as it was."), 409)


async def _first_language(event: Event) -> str:
    await event.fetch_related("project")
    return str(event.project.first_language)


def read(
    event: Event, values: dict[str, Any], first: str, session: Session | None = None
) -> dict[str, Any]:
    """Check what was given for a new session, or for changes of one; the columns to write. Raises a
    422.
    """
    reader = FieldReader(values, FIELDS, first)
    found: dict[str, Any] = {}
    for name, get in _READ.items():
        if reader.has(name) or not session:
            found[name] = get(reader)
    _read_times(reader, found, event, session)
    if reader.has("counted") or not session:
        kind = found["kind"] if session is None else session.kind
        found["counted"] = reader.flag("counted", otherwise=kind not in UNCOUNTED)
    reader.check()
    return found


def _read_times(
    reader: FieldReader, found: dict[str, Any], event: Event, session: Session | None
) -> None:
    def value(name: str) -> Any:
        return found[name] if name in found else getattr(session, name)

    zone = value("timezone") or event.timezone
    for name, here in {"starts_at": zone, "ends_at": value("end_timezone") or zone}.items():
        if reader.has(name) or not session:
            found[name] = reader.moment(name, here, required=True)
            continue
        was = session.zone(event) if name == "starts_at" else session.zone_at_end(event)
        if here != was:
            found[name] = reader.same_clock(name, getattr(session, name), was, here)
    starts, ends = value("starts_at"), value("ends_at")
    if isinstance(starts, datetime) and isinstance(ends, datetime) and ends <= starts:
        reader.wrong("ends_at", _("The end must be after the beginning."))
