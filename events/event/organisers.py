"""Who organises an event: the partners of its project that do."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class EventOrganiser(Model):
    """A partner of the project that organises this event; countries of these make an event
    joint.
    """

    id = fields.BigIntField(primary_key=True)
    event_id: int
    event: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Event", related_name="organisers", on_delete=fields.CASCADE
    )
    partner_id: int
    partner: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Partner", related_name="organised", on_delete=fields.CASCADE
    )

    class Meta:
        table = "event_organiser"
        unique_together = (("event", "partner"),)

    @classmethod
    async def become(cls, event_id: int, partners: list[Any]) -> None:
        """Make an event's organisers these."""
        await (
            cls.filter(event_id=event_id).exclude(partner_id__in=[p.id for p in partners]).delete()
        )
        kept = await cls.filter(event_id=event_id).values_list("partner_id", flat=True)
        for partner in partners:
            if partner.id not in kept:
                await cls.create(event_id=event_id, partner_id=partner.id)
