"""Signed sheets: the scan of a paper list from which attendance was entered."""

from tortoise import fields
from tortoise.models import Model

from core.db import UtcField


class Paper(Model):
    """`unit` is the door it was signed for: a session's id, or the local date. `file` is a name under `papers/`."""

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
