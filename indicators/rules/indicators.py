"""Indicators of a project: a rule each, every change of it a new version."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core.clock import now
from core.db import UtcField, atomic
from core.errors import REQUIRED, invalid
from core.i18n import _
from events.projects.projects import Project
from indicators.rules.rules import Rule, needs_checking, shipped_rule


class Indicator(Model):
    """What a project promised. `code` is a shipped rule's, empty for an own one. `rule` is the
    newest version's.
    """

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="indicators", on_delete=fields.CASCADE
    )
    code = fields.CharField(20, default="")
    name = fields.JSONField[dict[str, str]]()
    unit = fields.CharField(60, default="")
    """The word beside the number, as the programme says it."""
    rule = fields.JSONField[dict[str, object]]()
    version = fields.IntField(default=1)
    baseline = fields.DecimalField(14, 2, null=True)
    target = fields.DecimalField(14, 2, null=True)
    reported = fields.DecimalField(14, 2, null=True)
    split = fields.JSONField[dict[str, object]](default=dict)
    note = fields.TextField(default="")
    position = fields.IntField(default=0)
    created_at = UtcField()

    class Meta:
        table = "indicator"

    @classmethod
    @atomic
    async def shipped(cls, project: Project, actor: Actor, code: str, **more: Any) -> Self:
        """Add an indicator with a shipped rule. Raises a 422 for a code that is not known."""
        found = shipped_rule(code)
        given = {
            "name": found.named(),
            "unit": found.unit,
            **{k: v for k, v in more.items() if v not in (None, "", {})},
        }
        return await cls.add(project, actor, found.counting(), code=code, **given)

    @classmethod
    @atomic
    async def add(cls, project: Project, actor: Actor, rule: Rule, **given: Any) -> Self:
        """Add an indicator after the project's others. `given` are columns."""
        if not given.get("name"):
            raise invalid(name=REQUIRED)
        last = await cls.filter(project_id=project.id).order_by("-position").first()
        one = await cls.create(
            project_id=project.id,
            rule=rule.as_json(),
            position=last.position + 1 if last else 1,
            created_at=now(),
            **given,
        )
        await RuleVersion.create(
            indicator_id=one.id, number=1, rule=one.rule, actor=actor.name, at=now()
        )
        await audit(actor, "indicator.added", one)
        return one

    @property
    def counting(self) -> Rule:
        """The newest rule."""
        return Rule.read(self.rule)

    @property
    def verify(self) -> bool:
        """Whether to check the rule with the programme's secretariat."""
        return needs_checking(self.code)

    @atomic
    async def count_by(self, rule: Rule, actor: Actor) -> bool:
        """Count by another rule from now on: a new version. False when it is the same rule."""
        if rule == self.counting:
            return False
        if (rule.unit == "manual") != (self.counting.unit == "manual"):
            raise invalid(
                rule=_(
                    "An indicator entered by hand cannot become a counted one, or the other way round."
                )
            )
        self.rule, self.version = rule.as_json(), self.version + 1
        await self.save(update_fields=["rule", "version"])
        await RuleVersion.create(
            indicator_id=self.id, number=self.version, rule=self.rule, actor=actor.name, at=now()
        )
        await audit(actor, "indicator.rule_changed", self, changed=["rule"])
        return True

    @atomic
    async def change(self, actor: Actor, values: Mapping[str, Any]) -> list[str]:
        """Change columns (name, unit, baseline, target, note). Answers which differ."""
        changed = [name for name, value in values.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, values[name])
        if changed:
            await self.save(update_fields=changed)
            await audit(actor, "indicator.changed", self, changed=changed)
        return changed


class RuleVersion(Model):
    """A rule as it stood."""

    id = fields.BigIntField(primary_key=True)
    indicator_id: int
    indicator: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Indicator", related_name="versions", on_delete=fields.CASCADE
    )
    number = fields.IntField()
    rule = fields.JSONField[dict[str, object]]()
    actor = fields.CharField(254, default="")
    at = UtcField()

    class Meta:
        table = "rule_version"
        unique_together = (("indicator", "number"),)


class ManualValue(Model):
    """A figure entered by hand, with its evidence. It falls on its last day."""

    id = fields.BigIntField(primary_key=True)
    indicator_id: int
    indicator: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Indicator", related_name="values", on_delete=fields.CASCADE
    )
    value = fields.DecimalField(14, 2)
    starts_on = fields.DateField()
    ends_on = fields.DateField()
    note = fields.TextField(default="")
    evidence_url = fields.CharField(500, default="")
    actor = fields.CharField(254, default="")
    at = UtcField()
    withdrawn_at = UtcField(null=True)

    class Meta:
        table = "manual_value"

    @classmethod
    @atomic
    async def enter(
        cls,
        indicator: Indicator,
        actor: Actor,
        value: Decimal,
        starts_on: date,
        ends_on: date,
        note: str = "",
        evidence_url: str = "",
    ) -> Self:
        """Enter a value for a span of dates. Raises a 422 for a counted indicator and for a span
        turned round.
        """
        if indicator.counting.unit != "manual":
            raise invalid(
                value=_("This indicator is counted from attendance: nothing is entered by hand.")
            )
        if ends_on < starts_on:
            raise invalid(to=_("The last day is before the first."))
        if evidence_url and not evidence_url.lower().startswith(("https://", "http://")):
            raise invalid(evidence_url=_("This must be an address that begins with https://."))
        one = await cls.create(
            indicator_id=indicator.id,
            value=value,
            starts_on=starts_on,
            ends_on=ends_on,
            note=note,
            evidence_url=evidence_url,
            actor=actor.name,
            at=now(),
        )
        await audit(actor, "indicator.value_entered", one, project_id=indicator.project_id)
        return one

    @atomic
    async def withdraw(self, project_id: int, actor: Actor, *, back: bool = False) -> None:
        """Take a value out, or put it back; the row stays."""
        await ManualValue.filter(id=self.id).update(withdrawn_at=None if back else now())
        await audit(
            actor,
            "indicator.value_put_back" if back else "indicator.value_withdrawn",
            self,
            project_id=project_id,
        )
