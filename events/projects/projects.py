"""Projects: the boundary of access, of people and of counting."""

from typing import Any, Self

from tortoise import fields
from tortoise.models import Model

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from accounts.users.roles import Role
from core import db, settings
from core.clock import now
from core.db import UtcField
from core.i18n import text
from core.memory.change_notification import tell
from core.text import fold
from events.projects import accents, addresses
from events.projects import fields as project_fields
from events.projects.organisations import Organisation, PartnerRole


class Project(Model):
    """A funded operation: code, dates, partners, activities, and the funder's statement shown on
    all it sends.
    """

    id = fields.BigIntField(primary_key=True)
    slug = fields.CharField(80, unique=True)
    code = fields.CharField(80, unique=True)
    acronym = fields.CharField(80, default="")
    title = fields.JSONField[dict[str, str]]()
    programme = fields.CharField(300, default="")
    statement = fields.JSONField[dict[str, str]](default=dict)
    logo = fields.CharField(80, default="")
    accent = fields.CharField(7, default="")
    starts_on = fields.DateField(null=True)
    ends_on = fields.DateField(null=True)
    timezone = fields.CharField(60)
    languages = fields.JSONField[list[str]](default=list)
    target_groups = fields.JSONField[list[str]](default=list)
    budget = fields.JSONField[dict[str, str]](default=dict)
    notes = fields.JSONField[dict[str, object]](default=dict)
    """What a source says that must be kept as text: raw dates, where a code comes from,
    municipalities.
    """
    contact_email = fields.CharField(254, default="")
    retention_on = fields.DateField(null=True)
    created_at = UtcField()
    changed_at = UtcField()

    partners: fields.ReverseRelation[Any]
    activities: fields.ReverseRelation[Any]
    resources: fields.ReverseRelation[Any]

    class Meta:
        table = "project"

    @classmethod
    async def by_slug(cls, slug: str) -> Self | None:
        """The project at this address."""
        return await cls.get_or_none(slug=slug)

    @classmethod
    async def lock(cls, project_id: int) -> None:
        """Lock its row until the transaction ends: whoever does the same waits."""
        await db.execute("UPDATE project SET code = code WHERE id = $1", project_id)

    @classmethod
    async def begin(cls, actor: Actor, **values: Any) -> Self:
        """A new project from what docs/interface.md names (POST /projects), and acronym, target_groups,
        budget, notes, resources, contact_email, accent, retention_on. Raises a 422 that names
        each wrong field.
        """
        given = project_fields.read(values)
        given.columns["accent"] = given.columns.get("accent") or accents.own(given.columns["code"])
        slug = await addresses.free(cls, given.columns.pop("slug", "") or given.columns["code"])
        return await addresses.retried(slug, lambda slug: cls._begun(actor, given, slug))

    @classmethod
    @db.atomic
    async def _begun(cls, actor: Actor, given: project_fields.Read, slug: str) -> Self:
        await cls._code_is_free(str(given.columns["code"]))
        found = await cls.create(slug=slug, created_at=now(), changed_at=now(), **given.columns)
        await found.take_parts(given)
        if actor.user and not actor.user.admin:
            await Role.create(
                user_id=actor.user.id, project_id=found.id, role="manager", created_at=now()
            )
        await audit(actor, "project.created", found, project_id=found.id)
        return found

    @db.atomic
    async def change(self, actor: Actor, **values: Any) -> None:
        """Change what is given; partners, activities and resources are given whole. Raises a
        422.
        """
        given = project_fields.read(values, self)
        if "code" in given.columns:
            await self._code_is_free(str(given.columns["code"]), self.id)
        self.update_from_dict({**given.columns, "changed_at": now()})
        await self.save(update_fields=[*given.columns, "changed_at"])
        await self.take_parts(given)
        await tell()
        await audit(actor, "project.changed", self, list(values), project_id=self.id)

    @db.atomic
    async def take_logo(self, actor: Actor, name: str) -> None:
        """Wear the logo of this name (events.projects.logos.keep), or none."""
        self.update_from_dict({"logo": name, "changed_at": now()})
        await self.save(update_fields=["logo", "changed_at"])
        await tell()
        await audit(actor, "project.changed", self, ["logo"], project_id=self.id)

    async def take_parts(self, given: project_fields.Read) -> None:
        """Write what a project has beside its columns, where it was given."""
        if given.partners is not None:
            await Partner.become(self, given.partners, whole=given.whole)
        if given.activities is not None:
            await Activity.become(self.id, given.activities)
        if given.resources is not None:
            await Resource.filter(project_id=self.id).delete()
            for one in given.resources:
                await Resource.create(project_id=self.id, **one)

    @classmethod
    async def _code_is_free(cls, code: str, but: int = 0) -> None:
        if await cls.filter(code=code).exclude(id=but).exists():
            raise project_fields.TAKEN

    @property
    def first_language(self) -> str:
        """The language of what is given as a plain string."""
        return self.languages[0] if self.languages else "en"

    @property
    def name(self) -> str:
        """What a person calls it: its acronym, else its title."""
        return self.acronym or text(self.title)

    @property
    def path(self) -> str:
        """Its page, without the host."""
        return f"/p/{self.slug}"

    @property
    def url(self) -> str:
        """Its page."""
        return settings.get().base_url + self.path

    @property
    def calendar_url(self) -> str:
        """The feed of its public events."""
        return f"{self.url}.ics"

    @property
    def accent_url(self) -> str:
        """The style sheet with its colour."""
        return f"{self.path}/accent.css?v={self.accent.lstrip('#') or self.id}"

    @property
    def logo_url(self) -> str:
        """Its logo, or an empty text."""
        return f"{self.path}/logo.png?v={self.logo[:10]}" if self.logo else ""

    @property
    def statement_text(self) -> str:
        """The funder's statement in the person's language."""
        return text(self.statement)

    async def lead(self) -> Organisation | None:
        """The lead partner's organisation."""
        found = (
            await Partner.filter(project_id=self.id, role="lead")
            .prefetch_related("organisation")
            .first()
        )
        return found.organisation if found else None


class Partner(Model):
    """An organisation's role in the project itself."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="partners", on_delete=fields.CASCADE
    )
    organisation_id: int
    organisation: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Organisation", related_name="partnerships", on_delete=fields.CASCADE
    )
    role = fields.CharField(15)
    position = fields.IntField(default=0)

    class Meta:
        table = "partner"
        unique_together = (("project", "organisation"),)

    @property
    def role_word(self) -> str:
        """Its role as people read it."""
        return str(PartnerRole.of(self.role).label)

    @classmethod
    async def become(
        cls, project: Project, wanted: list[project_fields.PartnerGiven], *, whole: bool
    ) -> None:
        """Make the project's partners these; with `whole` others leave, without it the lead or the
        rest stays.
        """
        kept = []
        for position, one in enumerate(wanted):
            about = (one.name, one.country, one.kind)
            known = await Organisation.known(project.id, *about, said_in=project.first_language)
            place = {"role": one.role, "position": position}
            await cls.update_or_create(place, project_id=project.id, organisation_id=known.id)
            kept.append(known.id)
        gone = cls.filter(project_id=project.id).exclude(organisation_id__in=kept)
        if not whole:
            gone = (
                gone.filter(role="lead") if wanted[0].role == "lead" else gone.exclude(role="lead")
            )
        await gone.delete()

    @classmethod
    async def named(cls, project_id: int, names: list[str]) -> tuple[list["Partner"], list[str]]:
        """The partners with these names, in any language and folded alike, and the names that no
        partner has.
        """
        known: dict[str, Partner] = {}
        for partner in await cls.filter(project_id=project_id).prefetch_related("organisation"):
            known.update(
                dict.fromkeys([fold(said) for said in partner.organisation.name.values()], partner)
            )
        found = {p.id: p for name in names if (p := known.get(fold(name)))}
        return list(found.values()), [name for name in names if fold(name) not in known]


class Activity(Model):
    """A numbered activity of the project's application."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="activities", on_delete=fields.CASCADE
    )
    number = fields.CharField(20)
    title = fields.JSONField[dict[str, str]](default=dict)

    class Meta:
        table = "activity"
        unique_together = (("project", "number"),)

    @classmethod
    async def become(cls, project_id: int, wanted: list[dict[str, Any]]) -> None:
        """Make the project's activities these, by number."""
        for one in wanted:
            await cls.update_or_create(
                {"title": one["title"]}, project_id=project_id, number=one["number"]
            )
        await (
            cls.filter(project_id=project_id)
            .exclude(number__in=[a["number"] for a in wanted])
            .delete()
        )


class Resource(Model):
    """Something linked to the project: a survey, a database, a publication."""

    id = fields.BigIntField(primary_key=True)
    project_id: int
    project: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "viesis.Project", related_name="resources", on_delete=fields.CASCADE
    )
    kind = fields.CharField(100)
    title = fields.CharField(300, default="")
    status = fields.CharField(40, default="")
    url = fields.CharField(500, default="")

    class Meta:
        table = "resource"
