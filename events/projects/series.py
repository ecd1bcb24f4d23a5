"""Events that belong together: a training scheme (with a completion rule), a network, a cycle."""

from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db
from core.http.fields import FieldReader
from core.i18n import Lazy, _
from events.projects.projects import Project

SERIES_KINDS: dict[str, Lazy] = {
    "scheme": _("Training scheme"),
    "network": _("Network"),
    "cycle": _("Cycle"),
}
FIELDS = ("title", "kind", "threshold_percent")


class Series(Model):
    """`threshold_percent` is the least share of a scheme's counted minutes that completes it."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="series", on_delete=fields.CASCADE
    )
    kind = fields.CharField(10)
    title = fields.JSONField[dict[str, str]]()
    threshold_percent = fields.IntField(null=True)

    class Meta:
        table = "series"

    @classmethod
    @db.atomic
    async def begin(cls, project: Project, actor: Actor, **values: Any) -> Self:
        """A new series: `title`, `kind`, and `threshold_percent` (0 to 100) for a scheme. Raises a
        422.
        """
        reader = FieldReader(values, FIELDS, project.first_language)
        found = cls(
            project_id=project.id,
            title=reader.translations("title", required=True),
            kind=reader.choice("kind", SERIES_KINDS, required=True),
            threshold_percent=reader.number("threshold_percent", most=100),
        )
        found._agree(reader)
        await found.save(force_create=True)
        await audit(actor, "series.created", found)
        return found

    async def change(self, project: Project, actor: Actor, **values: Any) -> None:
        """Change what is given. Raises a 422."""
        reader = FieldReader(values, FIELDS, project.first_language)
        if reader.has("title"):
            self.title = reader.translations("title", required=True)
        if reader.has("kind"):
            self.kind = reader.choice("kind", SERIES_KINDS, required=True)
        if reader.has("threshold_percent"):
            self.threshold_percent = reader.number("threshold_percent", most=100)
        self._agree(reader)
        await self._changed(actor, list(values))

    @db.atomic
    async def _changed(self, actor: Actor, names: list[str]) -> None:
        await self.save()
        await audit(actor, "series.changed", self, names)

    def _agree(self, reader: FieldReader) -> None:
        if self.threshold_percent is not None and self.kind in {"network", "cycle"}:
            reader.wrong("threshold_percent", _("Only a training scheme is completed."))
        reader.check()
