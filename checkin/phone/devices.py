"""Paired phones: for one event, until it ends, revocable."""

import hmac
from datetime import datetime, timedelta
from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from checkin.scanning.scan_input import HOURS, UPLOADS
from core import db, tokens
from core.clock import now
from core.db import UtcField, atomic
from core.errors import DomainError
from core.i18n import _
from events.event.event import Event

PAIRING = timedelta(minutes=10)
SEEN_EVERY = timedelta(seconds=20)
HOME = "phone "
"""By whom an app on a phone's home screen was paired: the phone, by its number."""


class Device(Model):
    """A phone at a door. `pairing_hash` is of the link (one use, ten minutes), `hash` of what the
    phone then holds.
    """

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="devices", on_delete=fields.CASCADE
    )
    name = fields.CharField(100)
    pairing_hash = fields.CharField(64, null=True, unique=True)
    pairing_ends_at = UtcField()
    hash = fields.CharField(64, null=True, unique=True)
    created_by = fields.CharField(254, default="")
    created_at = UtcField()
    paired_at = UtcField(null=True)
    expires_at = UtcField()
    seen_at = UtcField(null=True)
    unsent = fields.IntField(default=0)
    clock_offset_ms = fields.BigIntField(null=True)
    """By how much the server's clock is ahead of the phone's, as the phone last measured it."""
    revoked_at = UtcField(null=True)

    class Meta:
        table = "device"

    @classmethod
    @atomic
    async def offer(cls, event: Event, actor: Actor) -> tuple[Self, str]:
        """A new link that pairs one phone, within ten minutes; answers it once. Raises 409 when the
        door is closed.
        """
        if event.status == "cancelled":
            raise DomainError(_("This event was cancelled."), 409)
        if closes_at(event) <= now():
            raise DomainError(
                _("The event is over, so no phone can be paired. You can still enter who came."),
                409,
            )
        secret = tokens.random(tokens.DEVICE)
        found = await cls.create(
            event_id=event.id,
            name="",
            pairing_hash=tokens.hashed(secret),
            pairing_ends_at=now() + PAIRING,
            created_by=actor.name,
            created_at=now(),
            expires_at=closes_at(event),
        )
        await audit(actor, "door.opened", found, project_id=event.project_id)
        return found, secret

    @classmethod
    async def offered(cls, secret: str) -> Self | None:
        """The phone that this link would pair, with its event and project, or None: used, too old
        or taken back.
        """
        return await cls.get_or_none(
            pairing_hash=tokens.hashed(secret),
            pairing_ends_at__gt=now(),
            expires_at__gt=now(),
            paired_at=None,
            revoked_at=None,
        ).prefetch_related("event__project")

    @classmethod
    @atomic
    async def pair(cls, secret: str, name: str) -> tuple[Self, str]:
        """Pair the phone that follows the link; answers what it will hold. Raises 410: a link works
        once.
        """
        held = tokens.random(tokens.DEVICE)
        row = await db.row(
            "UPDATE device SET hash = $1, name = $2, paired_at = $3, seen_at = $3, pairing_hash = NULL "
            "WHERE pairing_hash = $4 AND pairing_ends_at > $3 AND expires_at > $3 AND revoked_at IS NULL RETURNING id",
            tokens.hashed(held),
            name,
            now(),
            tokens.hashed(secret),
        )
        if not row:
            raise gone()
        found = await cls.get(id=row["id"]).prefetch_related("event__project")
        await audit(Actor(name), "door.paired", found, project_id=found.event.project_id)
        return found, held

    @property
    def home(self) -> str:
        """What goes to this phone's home screen where an app there gets none of the browser's
        cookies, as on an iPhone.

        It pairs the app with the same event, for as long as this phone may read; an app's own leads
        no further.
        """
        return (
            ""
            if self.created_by.startswith(HOME)
            else f"{tokens.derived(tokens.DEVICE, self._home)}-{self.id}"
        )

    @property
    def _home(self) -> str:
        return f"home {self.hash}"

    @classmethod
    async def at_home(cls, held: str, slug: str) -> Self | None:
        """The phone whose home screen holds this, with its event and project, if it may read."""
        number = held.rpartition("-")[2]
        known = number.isascii() and number.isdigit() and len(number) < 19
        found = (
            await cls.get_or_none(id=int(number)).select_related("event__project")
            if known
            else None
        )
        if (
            not found
            or not found.hash
            or not hmac.compare_digest(found.home.encode(), held.encode())
        ):
            return None
        return found if found.open and found.event.slug == slug else None

    @atomic
    async def again(self, name: str) -> tuple[Self, str]:
        """Pair the app on this phone's home screen; answers what it will hold. It is stopped with
        this phone.
        """
        held = tokens.random(tokens.DEVICE)
        found = await type(self).create(
            event_id=self.event_id,
            name=name,
            hash=tokens.hashed(held),
            pairing_ends_at=now(),
            created_by=f"{HOME}{self.id}",
            created_at=now(),
            paired_at=now(),
            seen_at=now(),
            expires_at=self.expires_at,
        )
        await audit(Actor(name), "door.paired", found, project_id=self.event.project_id)
        return found, held

    @classmethod
    async def holding(cls, secret: str, slug: str) -> Self:
        """The phone that holds this secret, at this event, with event and project; also one that is
        stopped or done.

        Raises 410 when there is none, or when it is too late to send anything.
        """
        found = (
            await cls.get_or_none(hash=tokens.hashed(secret)).select_related("event__project")
            if secret
            else None
        )
        if not found or found.event.slug != slug or found.uploads_until <= now():
            raise gone()
        if not found.seen_at or found.seen_at < now() - SEEN_EVERY:
            await cls.filter(id=found.id).update(seen_at=now())
        return found

    @property
    def uploads_until(self) -> datetime:
        """Until when what it has not sent yet is taken."""
        return self.expires_at + UPLOADS

    @property
    def revoked(self) -> bool:
        """Whether it was stopped."""
        return self.revoked_at is not None

    @property
    def open(self) -> bool:
        """Whether it may read."""
        return not self.revoked_at and self.expires_at > now()

    async def heard(self, unsent: int, clock_offset_ms: int | None) -> None:
        """It was in touch, has this many scans to send, and this is by how much its clock is behind
        the server's.
        """
        known = {} if clock_offset_ms is None else {"clock_offset_ms": clock_offset_ms}
        await Device.filter(id=self.id).update(seen_at=now(), unsent=unsent, **known)

    @atomic
    async def revoke(self, actor: Actor, project_id: int) -> None:
        """From now on this phone reads nothing and lets nobody in."""
        if self.revoked_at:
            return
        self.revoked_at, self.pairing_hash = now(), None
        await self.save(update_fields=["revoked_at", "pairing_hash"])
        await Device.filter(created_by=f"{HOME}{self.id}", revoked_at=None).update(revoked_at=now())
        await audit(actor, "door.revoked", self, project_id=project_id)


def closes_at(event: Event) -> datetime:
    """When the door closes: two hours after the end."""
    return event.ends_at + HOURS


def gone(device: Device | None = None) -> DomainError:
    """410: ask for a new one. Of a phone that is known, `revoked` says whether it was stopped or
    the event is over.
    """
    said = _("This phone is not paired, or no longer. Ask the organiser to show you a new code.")
    return DomainError(said, 410, extra={"revoked": device.revoked} if device else {})


async def extend(event_id: int) -> None:
    """The phones of an event that was moved serve until its new end."""
    event = await Event.get(id=event_id)
    await Device.filter(event_id=event_id).update(expires_at=closes_at(event))
