"""Organisations of a project: partners, and where participants come from. Known by folded name and
country.
"""

import json
from collections.abc import Mapping
from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from core import db
from core.i18n import Lazy, Vocabulary, _, language
from core.text import clean, fold


class OrganisationKind(Vocabulary):
    """What an organisation is."""

    MUNICIPALITY = "municipality", _("Municipality")
    PLANNING_REGION = "planning_region", _("Planning region")
    STATE_INSTITUTION = "state_institution", _("State institution")
    EDUCATION = "education", _("Education")
    HEALTH = "health", _("Health")
    SOCIAL = "social", _("Social services")
    ASSOCIATION = "association", _("Association")
    NGO = "ngo", _("Non-governmental organisation")
    BUSINESS = "business", _("Business")
    OTHER = "other", _("Other organisation")


class PartnerRole(Vocabulary):
    """An organisation's part in a project."""

    LEAD = "lead", _("Lead partner")
    PARTNER = "partner", _("Partner")
    DONOR_PARTNER = "donor_partner", _("Donor partner")
    ASSOCIATED = "associated", _("Associated partner")
    HOST = "host", _("Host")

    @classmethod
    def besides_lead(cls) -> dict[str, Lazy]:
        """The roles that several organisations of a project can have."""
        return {role.value: role.label for role in cls if role != cls.LEAD}


class Organisation(Model):
    """An organisation known to one project. A department counts as its `parent`."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="organisations", on_delete=fields.CASCADE
    )
    name = fields.JSONField[dict[str, str]]()
    folded = fields.CharField(300)
    country = fields.CharField(2, default="")
    kind = fields.CharField(20, default="")
    parent_id: int | None
    parent: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "viesis.Organisation", related_name="departments", null=True, on_delete=fields.SET_NULL
    )

    class Meta:
        table = "organisation"
        unique_together = (("project", "folded", "country"),)

    @classmethod
    async def known(
        cls,
        project_id: int,
        name: Mapping[str, str] | str,
        country: str,
        kind: str = "",
        *,
        said_in: str = "",
    ) -> Self:
        """The organisation of this name, in any of the languages given, and country; made when it
        is new.

        A plain `name` is in the language `said_in`, by default that of the person. A kind that was
        not known is kept.
        """
        names = {said_in or language(): name} if isinstance(name, str) else name
        names = {code: cleaned for code, said in names.items() if (cleaned := clean(said)[:300])}
        folds = list(dict.fromkeys(fold(said)[:300] for said in names.values()))
        found = (
            await cls.filter(project_id=project_id, country=country, folded__in=folds)
            .order_by("id")
            .first()
        )
        found = found or await cls._partner(project_id, country, set(folds))
        if found is None:
            found = await cls._made(project_id, names, folds[0], country, kind)
        await found.learn(names if len(names) > 1 else {}, kind)
        return found

    @classmethod
    async def _partner(cls, project_id: int, country: str, folds: set[str]) -> Self | None:
        """The partner that has one of these names in another language than its first."""
        for one in await cls.filter(project_id=project_id, country=country, partnerships__id__gt=0):
            if folds & {fold(said) for said in one.name.values()}:
                return one
        return None

    @classmethod
    async def _made(
        cls, project_id: int, names: Mapping[str, str], folded: str, country: str, kind: str
    ) -> Self:
        """Two that come at once with the same organisation make one."""
        made = await db.row(
            "INSERT INTO organisation (project_id, name, folded, country, kind, parent_id) "
            "VALUES ($1, $2::jsonb, $3, $4, $5, NULL) "
            "ON CONFLICT (project_id, folded, country) DO UPDATE SET folded = excluded.folded "
            "RETURNING id, project_id, name, folded, country, kind, parent_id",
            project_id,
            json.dumps(dict(names), ensure_ascii=False),
            folded,
            country,
            kind,
        )
        assert made, "an upsert answers its row"
        return cls._init_from_db(**made)

    async def learn(self, names: Mapping[str, str], kind: str) -> None:
        """Keep what was not known before: names in more languages, the kind."""
        more = {code: said for code, said in names.items() if code not in self.name}
        if more or (kind and not self.kind):
            self.name = {**self.name, **more}
            self.kind = self.kind or kind
            await self.save(update_fields=["name", "kind"])
