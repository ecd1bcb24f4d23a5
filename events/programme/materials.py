"""What participants take along: slides, leaflets, recordings; a file or an address, shown on their
own page.
"""

import asyncio
from typing import Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core.clock import now
from core.db import UtcField, atomic
from core.errors import DomainError
from core.http import uploads
from core.http.fields import FieldReader
from core.i18n import _
from events.event.event import Event

FOLDER = "materials"
MOST = 50
"""Of one event."""


class Material(Model):
    """Either `url`, an https or http address, or `file`, a name under `materials/`."""

    id = fields.BigIntField(primary_key=True)
    project_id = fields.BigIntField()
    event_id = fields.BigIntField(db_index=True)
    title = fields.CharField(200)
    url = fields.CharField(1000, default="")
    file = fields.CharField(100, default="")
    media_type = fields.CharField(40, default="")
    size = fields.IntField(default=0)
    added_by = fields.CharField(254, default="")
    added_at = UtcField()

    class Meta:
        table = "material"

    @property
    def download_name(self) -> str:
        """What the file is called when it is saved."""
        return f"{self.title.replace('/', '-')}.{self.file.rpartition('.')[2]}"

    @classmethod
    async def add(
        cls, event: Event, actor: Actor, title: str, url: str = "", upload: bytes = b""
    ) -> Self:
        """Add a file, or an address. Raises a 422 for `title`, `url` or `file`; a 409 when there
        are too many.
        """
        reader = FieldReader({"title": title, "url": url or None}, ("title", "url"))
        title, url = reader.text("title", required=True, longest=200), reader.address("url")
        if not url and not upload and "url" not in reader.errors:
            reader.wrong("file", _("Choose a file, or give an address."))
        reader.check()
        kept = await asyncio.to_thread(uploads.keep, FOLDER, upload) if upload else None
        return await cls._kept(event, actor, title=title, url="" if kept else url, kept=kept)

    @classmethod
    @atomic
    async def _kept(
        cls, event: Event, actor: Actor, *, title: str, url: str, kept: uploads.Kept | None
    ) -> Self:
        if await cls.filter(event_id=event.id).count() >= MOST:
            raise DomainError(_("An event has at most %(most)s materials.", most=MOST), 409)
        found = await cls.create(
            project_id=event.project_id,
            event_id=event.id,
            title=title,
            url=url,
            file=kept.name if kept else "",
            media_type=kept.media_type if kept else "",
            size=kept.size if kept else 0,
            added_by=actor.name,
            added_at=now(),
        )
        await audit(actor, "material.added", found)
        return found

    async def remove(self, actor: Actor) -> None:
        """Take it away; its file too, unless another event shows the same one."""
        await self._taken_away(actor)
        if self.file and not await Material.exists(file=self.file):
            uploads.remove(FOLDER, self.file)

    @atomic
    async def _taken_away(self, actor: Actor) -> None:
        await audit(actor, "material.removed", self)
        await self.delete()


async def materials(event: Event) -> list[Material]:
    """All of an event, in the order in which they were added."""
    return await Material.filter(event_id=event.id).order_by("id")
