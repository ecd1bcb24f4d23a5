"""The first schema."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from core.db import UtcField
from json import dumps, loads
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
                ("project_id", fields.BigIntField(null=True)),
                ("user_id", fields.BigIntField(null=True)),
                ("actor", fields.CharField(max_length=254)),
                ("action", fields.CharField(max_length=60)),
                ("object_type", fields.CharField(default="", max_length=40)),
                ("object_id", fields.CharField(default="", max_length=64)),
                (
                    "changed",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("refused", fields.BooleanField(default=False)),
            ],
            options={
                "table": "audit_entry",
                "app": "viesis",
                "indexes": [Index(fields=["project_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FigureStamp",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("project_id", fields.BigIntField()),
                ("event_id", fields.BigIntField()),
                ("number", fields.BigIntField()),
            ],
            options={
                "table": "figure_stamp",
                "app": "viesis",
                "unique_together": (("project_id", "event_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FigureSummary",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("project_id", fields.BigIntField()),
                ("key", fields.CharField(max_length=64)),
                ("stamp", fields.BigIntField()),
                ("until", UtcField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "rule",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("starts_on", fields.DateField(null=True)),
                ("ends_on", fields.DateField(null=True)),
                (
                    "figure",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "figure_summary",
                "app": "viesis",
                "unique_together": (("project_id", "key"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "key",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=300),
                ),
                ("body", fields.CharField(max_length=64)),
                ("status", fields.IntField(null=True)),
                ("answer", fields.TextField(default="", unique=False)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "idempotency_key", "app": "viesis", "pk_attr": "key"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Lease",
            fields=[
                (
                    "name",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=60),
                ),
                ("holder", fields.CharField(max_length=80)),
                ("ends_at", UtcField(auto_now=False, auto_now_add=False)),
                ("last_done_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "lease", "app": "viesis", "pk_attr": "name"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LimitCount",
            fields=[
                (
                    "key",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=200),
                ),
                ("hits", fields.IntField()),
                ("ends_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "limit_count", "app": "viesis", "pk_attr": "key"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("scope", fields.BigIntField(null=True)),
                ("subject_of", fields.BigIntField(null=True)),
                ("kind", fields.CharField(max_length=40)),
                ("to_name", fields.CharField(default="", max_length=200)),
                ("to_email", fields.CharField(max_length=254)),
                ("language", fields.CharField(max_length=5)),
                (
                    "about",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("dedup", fields.CharField(null=True, unique=True, max_length=120)),
                ("state", fields.CharField(default="queued", max_length=10)),
                ("attempts", fields.IntField(default=0)),
                ("due_at", UtcField(auto_now=False, auto_now_add=False)),
                ("bulk", fields.BooleanField(default=False)),
                ("lease_ends_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("leased_by", fields.CharField(default="", max_length=80)),
                ("message_id", fields.CharField(default="", max_length=200)),
                ("subject", fields.CharField(default="", max_length=300)),
                ("answer", fields.TextField(default="", unique=False)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("sent_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "message",
                "app": "viesis",
                "indexes": [
                    Index(fields=["scope", "id"]),
                    Index(fields=["state", "due_at"]),
                    Index(fields=["subject_of", "id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "message",
                    fields.ForeignKeyField(
                        "viesis.Message",
                        source_field="message_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
                ("outcome", fields.CharField(max_length=20)),
                ("answer", fields.TextField(default="", unique=False)),
            ],
            options={"table": "attempt", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("event_id", fields.BigIntField()),
                ("registration_id", fields.BigIntField()),
                ("unit", fields.CharField(max_length=20)),
                ("inside", fields.BooleanField()),
                ("was_inside", fields.BooleanField()),
                ("first_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("last_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "presence",
                "app": "viesis",
                "unique_together": (("registration_id", "unit"),),
                "indexes": [Index(fields=["event_id", "inside"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("slug", fields.CharField(unique=True, max_length=80)),
                ("code", fields.CharField(unique=True, max_length=80)),
                ("acronym", fields.CharField(default="", max_length=80)),
                (
                    "title",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("programme", fields.CharField(default="", max_length=300)),
                (
                    "statement",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("logo", fields.CharField(default="", max_length=80)),
                ("accent", fields.CharField(default="", max_length=7)),
                ("starts_on", fields.DateField(null=True)),
                ("ends_on", fields.DateField(null=True)),
                ("timezone", fields.CharField(max_length=60)),
                (
                    "languages",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "target_groups",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "budget",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "notes",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("contact_email", fields.CharField(default="", max_length=254)),
                ("retention_on", fields.DateField(null=True)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("changed_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "project", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="activities",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.CharField(max_length=20)),
                (
                    "title",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
            ],
            options={
                "table": "activity",
                "app": "viesis",
                "unique_together": (("project", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="indicators",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code", fields.CharField(default="", max_length=20)),
                (
                    "name",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("unit", fields.CharField(default="", max_length=60)),
                (
                    "rule",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("version", fields.IntField(default=1)),
                ("baseline", fields.DecimalField(null=True, max_digits=14, decimal_places=2)),
                ("target", fields.DecimalField(null=True, max_digits=14, decimal_places=2)),
                ("reported", fields.DecimalField(null=True, max_digits=14, decimal_places=2)),
                (
                    "split",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("note", fields.TextField(default="", unique=False)),
                ("position", fields.IntField(default=0)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "indicator", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("email", fields.CharField(max_length=254)),
                ("role", fields.CharField(max_length=12)),
                ("hash", fields.CharField(unique=True, max_length=64)),
                ("generation", fields.IntField(default=0)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("expires_at", UtcField(auto_now=False, auto_now_add=False)),
                ("accepted_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "invitation", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ManualValue",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "indicator",
                    fields.ForeignKeyField(
                        "viesis.Indicator",
                        source_field="indicator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="values",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("value", fields.DecimalField(max_digits=14, decimal_places=2)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField()),
                ("note", fields.TextField(default="", unique=False)),
                ("evidence_url", fields.CharField(default="", max_length=500)),
                ("actor", fields.CharField(default="", max_length=254)),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
                ("withdrawn_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "manual_value", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="organisations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "name",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("folded", fields.CharField(max_length=300)),
                ("country", fields.CharField(default="", max_length=2)),
                ("kind", fields.CharField(default="", max_length=20)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "viesis.Organisation",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="departments",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "organisation",
                "app": "viesis",
                "unique_together": (("project", "folded", "country"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="partners",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "viesis.Organisation",
                        source_field="organisation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="partnerships",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("role", fields.CharField(max_length=15)),
                ("position", fields.IntField(default=0)),
            ],
            options={
                "table": "partner",
                "app": "viesis",
                "unique_together": (("project", "organisation"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="periods",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
                ("starts_on", fields.DateField()),
                ("ends_on", fields.DateField()),
                ("submitted_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("submitted_by", fields.CharField(default="", max_length=254)),
            ],
            options={"table": "period", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FrozenFigure",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "period",
                    fields.ForeignKeyField(
                        "viesis.Period",
                        source_field="period_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="figures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "indicator",
                    fields.ForeignKeyField(
                        "viesis.Indicator",
                        source_field="indicator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="frozen",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("version", fields.IntField()),
                (
                    "figure",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "behind",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "frozen_figure",
                "app": "viesis",
                "unique_together": (("period", "indicator"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=200)),
                ("name_folded", fields.CharField(max_length=400)),
                ("search", fields.CharField(default="", max_length=600)),
                ("email", fields.CharField(max_length=254)),
                ("email_folded", fields.CharField(max_length=254)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "viesis.Organisation",
                        source_field="organisation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("country", fields.CharField(default="", max_length=2)),
                ("gender", fields.CharField(default="", max_length=6)),
                ("birth_year", fields.IntField(null=True)),
                ("target_group", fields.CharField(default="", max_length=200)),
                ("language", fields.CharField(default="", max_length=5)),
                (
                    "merged_into",
                    fields.ForeignKeyField(
                        "viesis.Person",
                        source_field="merged_into_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="merged",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("erased_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "person",
                "app": "viesis",
                "unique_together": (("project", "email_folded", "name_folded"),),
                "indexes": [Index(fields=["merged_into_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merges",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "gone",
                    fields.ForeignKeyField(
                        "viesis.Person",
                        source_field="gone_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merges_from",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kept",
                    fields.ForeignKeyField(
                        "viesis.Person",
                        source_field="kept_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="merges_into",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("actor", fields.CharField(max_length=254)),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
                ("taken_back_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "merge", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RejectedPair",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rejected_pairs",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "one",
                    fields.ForeignKeyField(
                        "viesis.Person",
                        source_field="one_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rejected_one",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "two",
                    fields.ForeignKeyField(
                        "viesis.Person",
                        source_field="two_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rejected_two",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("actor", fields.CharField(max_length=254)),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "rejected_pair",
                "app": "viesis",
                "unique_together": (("one", "two"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="resources",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=100)),
                ("title", fields.CharField(default="", max_length=300)),
                ("status", fields.CharField(default="", max_length=40)),
                ("url", fields.CharField(default="", max_length=500)),
            ],
            options={"table": "resource", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RuleVersion",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "indicator",
                    fields.ForeignKeyField(
                        "viesis.Indicator",
                        source_field="indicator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                (
                    "rule",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("actor", fields.CharField(default="", max_length=254)),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "rule_version",
                "app": "viesis",
                "unique_together": (("indicator", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("project_id", fields.BigIntField()),
                ("event_id", fields.BigIntField()),
                ("registration_id", fields.BigIntField(null=True)),
                ("session_id", fields.BigIntField(null=True)),
                ("unit", fields.CharField(max_length=20)),
                ("device_id", fields.BigIntField(null=True)),
                ("actor", fields.CharField(default="", max_length=254)),
                ("ticket", fields.CharField(default="", max_length=64)),
                ("direction", fields.CharField(max_length=3)),
                ("method", fields.CharField(max_length=6)),
                ("result", fields.CharField(max_length=15)),
                ("counts", fields.BooleanField()),
                ("admitted", fields.BooleanField()),
                ("whole", fields.BooleanField()),
                ("minutes", fields.IntField(null=True)),
                ("scanned_at", UtcField(auto_now=False, auto_now_add=False)),
                ("device_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("clock_offset_ms", fields.BigIntField(null=True)),
                ("received_at", UtcField(auto_now=False, auto_now_add=False)),
                ("flagged", fields.BooleanField()),
                ("settled", fields.BooleanField()),
                ("withdrawn_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("withdrawn_by", fields.CharField(default="", max_length=254)),
                ("withdrawn_reason", fields.CharField(default="", max_length=300)),
            ],
            options={
                "table": "scan",
                "app": "viesis",
                "indexes": [
                    Index(fields=["registration_id", "scanned_at"]),
                    Index(fields=["event_id", "received_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="series",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=10)),
                (
                    "title",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("threshold_percent", fields.IntField(null=True)),
            ],
            options={"table": "series", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("slug", fields.CharField(unique=True, max_length=80)),
                ("kind", fields.CharField(max_length=20)),
                (
                    "title",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "description",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("starts_at", UtcField(auto_now=False, auto_now_add=False)),
                ("ends_at", UtcField(auto_now=False, auto_now_add=False)),
                ("timezone", fields.CharField(max_length=60)),
                ("place", fields.CharField(default="", max_length=300)),
                ("online_url", fields.CharField(default="", max_length=500)),
                ("country", fields.CharField(default="", max_length=2)),
                ("capacity", fields.IntField(null=True)),
                ("grace_minutes", fields.IntField(default=0)),
                ("waiting_list", fields.BooleanField(default=True)),
                ("approval", fields.BooleanField(default=False)),
                ("open_to_public", fields.BooleanField(default=False)),
                ("invitation_only", fields.BooleanField(default=False)),
                ("internal", fields.BooleanField(default=False)),
                ("walk_ins", fields.CharField(default="ask", max_length=5)),
                (
                    "activity",
                    fields.ForeignKeyField(
                        "viesis.Activity",
                        source_field="activity_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "series",
                    fields.ForeignKeyField(
                        "viesis.Series",
                        source_field="series_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="events",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("direction_from", fields.CharField(default="", max_length=2)),
                ("direction_to", fields.CharField(default="", max_length=2)),
                (
                    "details",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("status", fields.CharField(default="draft", max_length=10)),
                ("held_reason", fields.CharField(default="", max_length=500)),
                ("cancel_reason", fields.CharField(default="", max_length=500)),
                ("registration_opens_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("registration_closes_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("offer_hours", fields.IntField(default=48)),
                ("agenda_days_before", fields.IntField(null=True)),
                ("reminder_hours_before", fields.IntField(null=True)),
                ("seats_taken", fields.IntField(default=0)),
                ("waiting", fields.IntField(default=0)),
                ("last_place", fields.IntField(default=0)),
                ("revision", fields.IntField(default=0)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("changed_at", UtcField(auto_now=False, auto_now_add=False)),
                ("published_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("cancelled_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "event",
                "app": "viesis",
                "indexes": [Index(fields=["project_id", "starts_at"])],
                "pk_attr": "id",
            },
            bases=["Said", "Model"],
        ),
        ops.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="announcements",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("subject", fields.CharField(max_length=200)),
                ("text", fields.TextField(unique=False)),
                (
                    "statuses",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("author", fields.CharField(max_length=254)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("sent_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("people", fields.IntField(default=0)),
            ],
            options={
                "table": "announcement",
                "app": "viesis",
                "indexes": [Index(fields=["event_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="changes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("session_id", fields.BigIntField(null=True)),
                ("at", UtcField(auto_now=False, auto_now_add=False)),
                ("actor", fields.CharField(max_length=254)),
                ("revision", fields.IntField()),
                ("action", fields.CharField(max_length=20)),
                (
                    "values",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("told_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "change",
                "app": "viesis",
                "indexes": [Index(fields=["event_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="devices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=100)),
                ("pairing_hash", fields.CharField(null=True, unique=True, max_length=64)),
                ("pairing_ends_at", UtcField(auto_now=False, auto_now_add=False)),
                ("hash", fields.CharField(null=True, unique=True, max_length=64)),
                ("created_by", fields.CharField(default="", max_length=254)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("paired_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", UtcField(auto_now=False, auto_now_add=False)),
                ("seen_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("unsent", fields.IntField(default=0)),
                ("revoked_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "device", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EventOrganiser",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="organisers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "partner",
                    fields.ForeignKeyField(
                        "viesis.Partner",
                        source_field="partner_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="organised",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "event_organiser",
                "app": "viesis",
                "unique_together": (("event", "partner"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=40)),
                ("kind", fields.CharField(max_length=10)),
                (
                    "label",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "hint",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "options",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("required", fields.BooleanField(default=False)),
                ("private", fields.BooleanField(default=False)),
                (
                    "shown_if",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("position", fields.IntField(default=0)),
                ("asked", fields.BooleanField(default=True)),
            ],
            options={
                "table": "question",
                "app": "viesis",
                "unique_together": (("event", "key"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "viesis.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("status", fields.CharField(max_length=10)),
                ("role", fields.CharField(default="attendee", max_length=15)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "viesis.Organisation",
                        source_field="organisation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="registrations",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("country", fields.CharField(default="", max_length=2)),
                ("gender", fields.CharField(default="", max_length=6)),
                ("birth_year", fields.IntField(null=True)),
                ("target_group", fields.CharField(default="", max_length=200)),
                ("language", fields.CharField(max_length=5)),
                (
                    "answers",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("door_note", fields.CharField(default="", max_length=200)),
                ("ticket_identity", fields.BigIntField(unique=True)),
                ("hash", fields.CharField(null=True, max_length=64)),
                ("generation", fields.IntField(default=0)),
                ("waiting_number", fields.IntField(null=True)),
                ("offer_ends_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "replaces",
                    fields.ForeignKeyField(
                        "viesis.Registration",
                        source_field="replaces_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="replaced_by",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("source", fields.CharField(default="web", max_length=10)),
                ("after_event", fields.BooleanField(default=False)),
                ("form_key", fields.CharField(default="", max_length=64)),
                ("cancel_reason", fields.CharField(default="", max_length=500)),
                ("revision", fields.IntField(default=0)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("changed_at", UtcField(auto_now=False, auto_now_add=False)),
                ("confirmed_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "registration",
                "app": "viesis",
                "indexes": [
                    Index(fields=["event_id", "status"]),
                    Index(fields=["project_id", "event_id"]),
                    Index(fields=["hash"]),
                    Index(fields=["person_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("project_id", fields.BigIntField()),
                ("event_id", fields.BigIntField()),
                (
                    "registration",
                    fields.ForeignKeyField(
                        "viesis.Registration",
                        source_field="registration_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="attendance",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("unit", fields.CharField(max_length=20)),
                ("session_id", fields.BigIntField(null=True)),
                ("day", fields.DateField()),
                ("starts_at", UtcField(auto_now=False, auto_now_add=False)),
                ("first_at", UtcField(auto_now=False, auto_now_add=False)),
                ("minutes", fields.IntField()),
                (
                    "methods",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("signed", fields.BooleanField()),
            ],
            options={
                "table": "attendance",
                "app": "viesis",
                "unique_together": (("registration", "unit"),),
                "indexes": [
                    Index(fields=["project_id", "starts_at"]),
                    Index(fields=["event_id", "unit"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "registration",
                    fields.OneToOneField(
                        "viesis.Registration",
                        source_field="registration_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="certificate",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.CharField(unique=True, max_length=12)),
                ("issued_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "certificate", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "registration",
                    fields.ForeignKeyField(
                        "viesis.Registration",
                        source_field="registration_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("purpose", fields.CharField(max_length=60)),
                ("wording", fields.TextField(unique=False)),
                ("language", fields.CharField(max_length=5)),
                ("given_at", UtcField(auto_now=False, auto_now_add=False)),
                ("withdrawn_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "consent", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PrivateAnswer",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="private_answers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="private_answers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "registration",
                    fields.ForeignKeyField(
                        "viesis.Registration",
                        source_field="registration_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="private_answers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("key", fields.CharField(max_length=40)),
                ("sealed", fields.TextField(unique=False)),
                ("purpose", fields.CharField(max_length=300)),
                ("consented_at", UtcField(auto_now=False, auto_now_add=False)),
                ("delete_on", fields.DateField()),
            ],
            options={
                "table": "private_answer",
                "app": "viesis",
                "unique_together": (("registration", "key"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "event",
                    fields.ForeignKeyField(
                        "viesis.Event",
                        source_field="event_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=10)),
                (
                    "title",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "description",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("starts_at", UtcField(auto_now=False, auto_now_add=False)),
                ("ends_at", UtcField(auto_now=False, auto_now_add=False)),
                ("timezone", fields.CharField(default="", max_length=60)),
                ("end_timezone", fields.CharField(default="", max_length=60)),
                ("place", fields.CharField(default="", max_length=300)),
                (
                    "speakers",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("capacity", fields.IntField(null=True)),
                ("seats_taken", fields.IntField(default=0)),
                ("counted", fields.BooleanField(default=True)),
                ("revision", fields.IntField(default=0)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("changed_at", UtcField(auto_now=False, auto_now_add=False)),
                ("removed_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "session",
                "app": "viesis",
                "indexes": [Index(fields=["event_id", "starts_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "registration",
                    fields.ForeignKeyField(
                        "viesis.Registration",
                        source_field="registration_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="choices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "session",
                    fields.ForeignKeyField(
                        "viesis.Session",
                        source_field="session_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="choices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "choice",
                "app": "viesis",
                "unique_together": (("registration", "session"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("email", fields.CharField(max_length=254)),
                ("email_folded", fields.CharField(unique=True, max_length=254)),
                ("name", fields.CharField(default="", max_length=200)),
                ("admin", fields.BooleanField(default=False)),
                ("password", fields.CharField(default="", max_length=200)),
                ("language", fields.CharField(default="", max_length=5)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("disabled_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "user_account", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "viesis.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=100)),
                ("hash", fields.CharField(unique=True, max_length=64)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("used_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "api_token", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrganiserCalendar",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "user",
                    fields.OneToOneField(
                        "viesis.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calendar",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("generation", fields.IntField(default=0)),
                ("hash", fields.CharField(unique=True, max_length=64)),
                ("used_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "organiser_calendar", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "viesis.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="roles",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "project",
                    fields.ForeignKeyField(
                        "viesis.Project",
                        source_field="project_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="roles",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("role", fields.CharField(max_length=12)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "role",
                "app": "viesis",
                "unique_together": (("user", "project"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "viesis.User",
                        source_field="user_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="signins",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("hash", fields.CharField(unique=True, max_length=64)),
                ("browser", fields.CharField(default="", max_length=64)),
                ("purpose", fields.CharField(default="sign_in", max_length=20)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("expires_at", UtcField(auto_now=False, auto_now_add=False)),
                ("used_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "sign_in", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WebSession",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "viesis.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("hash", fields.CharField(unique=True, max_length=64)),
                ("agent", fields.CharField(default="", max_length=200)),
                ("method", fields.CharField(default="link", max_length=10)),
                ("created_at", UtcField(auto_now=False, auto_now_add=False)),
                ("seen_at", UtcField(auto_now=False, auto_now_add=False)),
                ("ended_at", UtcField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "web_session", "app": "viesis", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
