"""The audit log: who did what, when, on which object and fields. Append-only, written in the same
transaction, without sensitive values.
"""

from collections.abc import Iterable
from typing import Any

from tortoise import fields
from tortoise.models import Model

from accounts.sessions.access import Actor
from core.clock import now
from core.db import UtcField


class AuditEntry(Model):
    """One thing done or refused. `project_id` is a plain number, so that entries outlive what they
    speak of.
    """

    id = fields.BigIntField(primary_key=True)
    at = UtcField()
    project_id = fields.BigIntField(null=True)
    user_id = fields.BigIntField(null=True)
    actor = fields.CharField(254)
    action = fields.CharField(60)
    object_type = fields.CharField(40, default="")
    object_id = fields.CharField(64, default="")
    changed = fields.JSONField[list[str]](default=list)
    refused = fields.BooleanField(default=False)

    class Meta:
        table = "audit_entry"
        indexes = (("project_id", "id"),)

    @classmethod
    async def page(
        cls, before: int | None = None, most: int = 100, **which: object
    ) -> "tuple[list[AuditEntry], int | None]":
        """The newest entries (before this id); and where the older ones begin, or None."""
        found = (
            cls.filter(**which, **({"id__lt": before} if before else {}))
            .order_by("-id")
            .limit(most + 1)
        )
        entries = await found
        return entries[:most], entries[most - 1].id if len(entries) > most else None


async def audit(
    actor: Actor,
    action: str,
    what: Model | None = None,
    changed: Iterable[str] = (),
    *,
    project_id: int | None = None,
    refused: bool = False,
) -> None:
    """Write an entry, in the transaction of what it speaks of. `changed` are names of fields, never
    values.
    """
    await _entry(actor, action, what, changed, project_id=project_id, refused=refused).save()


async def audit_all(
    actor: Actor,
    action: str,
    what: Iterable[tuple[Model, Iterable[str]]],
    *,
    project_id: int | None = None,
) -> None:
    """An entry for each of several things to which the same happened, with the names of the fields
    that changed.
    """
    await AuditEntry.bulk_create(
        [_entry(actor, action, one, names, project_id=project_id) for one, names in what]
    )


def _entry(
    actor: Actor,
    action: str,
    what: Model | None,
    changed: Iterable[str],
    *,
    project_id: int | None = None,
    refused: bool = False,
) -> AuditEntry:
    scope = project_id if project_id is not None else getattr(what, "project_id", None)
    columns = entry_row(actor, action, type(what) if what else None, scope)
    columns |= {"changed": list(changed), "refused": refused}
    return AuditEntry(**columns, **({"object_id": str(what.pk)} if what else {}))


def entry_row(
    actor: Actor, action: str, kind: type[Model] | None, project_id: int | None
) -> dict[str, Any]:
    """An entry's columns, whoever writes it, but for the id of its object."""
    return {
        "at": now(),
        "project_id": project_id,
        "user_id": actor.user.id if actor.user else None,
        "actor": actor.name,
        "action": action,
        "object_type": kind.__name__.lower() if kind else "",
    }
