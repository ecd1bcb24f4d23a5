"""Signed sheets: attendance entered from a paper list, with a scan of it as evidence.

What was entered stays; the picture, which shows names and signatures, goes when someone of the
event is erased, and on the project's date of retention. Its checksum then still tells whether the
paper in the archive is the one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from uuid import UUID, uuid5

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from checkin.attendance.gates import Entrance
from checkin.review.verbs import undo_all
from checkin.scanning.project_lock import lock
from checkin.scanning.scan_input import LONGEST_BATCH, ScanEntry, uuid_of
from checkin.scanning.scans import Scan, record
from core import db, settings
from core.clock import now, today
from core.db import UtcField, atomic
from core.errors import DomainError, invalid
from core.http import uploads
from core.i18n import _
from events.event.event import Event
from registrations.people.erasure import RETENTION
from registrations.registration.registration import Registration

FOLDER = "papers"
ORPHANED = timedelta(hours=1)


class Paper(Model):
    """`unit` is the door it was signed for: a session's id, or the local date. `file` is a name
    under `papers/`.
    """

    id = fields.BigIntField(primary_key=True)
    project_id = fields.BigIntField(db_index=True)
    event_id = fields.BigIntField(db_index=True)
    unit = fields.CharField(20)
    file = fields.CharField(100, default="")
    media_type = fields.CharField(40, default="")
    size = fields.IntField(default=0)
    sha256 = fields.CharField(64, default="")
    note = fields.CharField(300, default="")
    entered_by = fields.CharField(254, default="")
    created_at = UtcField()

    class Meta:
        table = "paper"

    @property
    def download_name(self) -> str:
        """What the file is called when it is saved."""
        return f"sheet-{self.unit}-{self.id}.{self.file.rpartition('.')[2]}"

    @classmethod
    async def enter(
        cls,
        event: Event,
        door: Entrance,
        ids: Sequence[int],
        actor: Actor,
        *,
        key: str,
        minutes: int | None = None,
        note: str = "",
        upload: bytes = b"",
    ) -> tuple[Self, int]:
        """Enter who signed; answers the sheet, and how many of them count.

        `key` is a UUID of the form: sent twice it is one sheet, and the first one is answered.
        Raises a 422 for `who`, `key` or `file`.
        """
        if not ids:
            raise invalid(who=_("Tick those who signed."))
        kept = await asyncio.to_thread(uploads.keep, FOLDER, upload) if upload else None
        return await cls._entered(
            event, door, sorted(set(ids)), actor, _uuid(key), minutes, note[:300], kept
        )

    @classmethod
    @atomic
    async def _entered(
        cls,
        event: Event,
        door: Entrance,
        ids: list[int],
        actor: Actor,
        key: UUID,
        minutes: int | None,
        note: str,
        kept: uploads.Kept | None,
    ) -> tuple[Self, int]:
        await lock(event.project_id)
        known = await Registration.filter(event_id=event.id, id__in=ids).values_list(
            "id", flat=True
        )
        if len(set(known)) != len(ids):
            raise invalid(
                who=_("Somebody on this list is not registered here. Load the page again, please.")
            )
        scans = {str(uuid5(key, str(rid))): rid for rid in ids}
        before = await Scan.filter(
            id__in=list(scans), event_id=event.id, sheet_id__not_isnull=True
        ).first()
        given = {
            "project_id": event.project_id,
            "event_id": event.id,
            "unit": door.unit,
            "note": note,
        }
        found = (
            await cls.get(id=before.sheet_id)
            if before
            else await cls.create(**given, entered_by=actor.name[:254], created_at=now())
        )
        if not found.file:
            await found.attach(kept, actor, said=False)
        # present from the start; before it, from now on
        at = min(door.starts_at, now())
        entries = [
            ScanEntry(
                scan,
                registration=rid,
                session=door.session_id,
                scanned_at=at,
                minutes=minutes,
                method="paper",
                sheet=found.id,
            )
            for scan, rid in scans.items()
        ]
        answers = []
        for start in range(0, len(entries), LONGEST_BATCH):
            part = entries[start : start + LONGEST_BATCH]
            answers += await record(event, part, actor_name=actor.name, organiser=True)
        if any(a["result"] != "repeated" for a in answers):
            await audit(actor, "paper.entered", found)
        return found, await Scan.filter(sheet_id=found.id, counts=True, withdrawn_at=None).count()

    async def add_scan(self, upload: bytes, actor: Actor) -> None:
        """Put a scan with a sheet that has none. Raises a 422 for `file`; 409 when it has one."""
        await self.attach(await asyncio.to_thread(uploads.keep, FOLDER, upload), actor)

    @atomic
    async def attach(self, kept: uploads.Kept | None, actor: Actor, *, said: bool = True) -> None:
        """Put this file with the sheet. Raises a 409 when it has one."""
        if kept is None:
            return
        if self.file:
            raise DomainError(_("This sheet has its scan already."), 409)
        self.file, self.media_type, self.size, self.sha256 = (
            kept.name,
            kept.media_type,
            kept.size,
            kept.sha256,
        )
        await self.save(update_fields=["file", "media_type", "size", "sha256"])
        if said:
            await audit(actor, "paper.attached", self)

    @atomic
    async def take_back(self, reason: str, actor: Actor) -> int:
        """Take back all that came from this sheet; answers how many. The sheet stays."""
        event = await Event.get(id=self.event_id)
        ids = [
            str(i)
            for i in await Scan.filter(sheet_id=self.id, counts=True).values_list("id", flat=True)
        ]
        number = await undo_all(event, ids, reason, actor)
        await audit(actor, "paper.taken_back", self)
        return number

    @atomic
    async def forget(self, actor: Actor) -> None:
        """Remove the picture and what was noted. The checksum stays, and so does what was
        entered.
        """
        file, self.file, self.note = self.file, "", ""
        await self.save(update_fields=["file", "note"])
        await audit(actor, "paper.forgotten", self)
        if file and not await Paper.exists(file=file):
            await asyncio.to_thread(uploads.remove, FOLDER, file)


@dataclass(frozen=True)
class Sheet:
    """A sheet in the list: how many were entered from it, and how many of those count."""

    paper: Paper
    entered: int
    counting: int


async def sheets(event: Event) -> list[Sheet]:
    """The sheets of an event, the newest first."""
    found = await Paper.filter(event_id=event.id).order_by("-id")
    counted = await db.rows(
        "SELECT sheet_id, count(*) AS n, count(CASE WHEN counts AND withdrawn_at IS NULL THEN 1 END) AS counting "
        "FROM scan WHERE event_id = $1 AND sheet_id IS NOT NULL GROUP BY sheet_id",
        event.id,
    )
    numbers = {r["sheet_id"]: (int(r["n"]), int(r["counting"])) for r in counted}
    return [Sheet(p, *numbers.get(p.id, (0, 0))) for p in found]


async def of_scans(event_id: int, ids: Sequence[int]) -> dict[int, Paper]:
    """These sheets of an event, by id."""
    return {p.id: p for p in await Paper.filter(event_id=event_id, id__in=list(ids))} if ids else {}


async def forget_of(registrations: Sequence[Registration]) -> None:
    """Someone is erased: the pictures of their events' sheets, on which their name may stand,
    go.
    """
    for paper in await Paper.filter(event_id__in=[r.event_id for r in registrations]).exclude(
        file=""
    ):
        await paper.forget(RETENTION)


async def sweep() -> int:
    """Remove what has come to its date of retention, and files that no sheet names. Answers how
    many.
    """
    due = await db.rows(
        "SELECT p.id FROM paper p JOIN project j ON j.id = p.project_id "
        "WHERE j.retention_on <= $1 AND (p.file <> '' OR p.note <> '')",
        today("UTC"),
    )
    for row in due:
        await (await Paper.get(id=row["id"])).forget(RETENTION)
    return len(due) + await _orphans()


async def _orphans() -> int:
    folder = settings.get().data_dir / FOLDER
    if not await asyncio.to_thread(folder.is_dir):
        return 0
    old = (now() - ORPHANED).timestamp()
    there = await asyncio.to_thread(
        lambda: [f for f in folder.iterdir() if f.stat().st_mtime < old]
    )
    named = {str(f) for f in await Paper.exclude(file="").values_list("file", flat=True)}
    gone = [f for f in there if f.name not in named]
    for file in gone:
        await asyncio.to_thread(uploads.remove, FOLDER, file.name)
    return len(gone)


def _uuid(value: str) -> UUID:
    if not uuid_of(value):
        raise invalid(key=_("Load the page again, please."))
    return UUID(value)
