"""Certificates of attendance: a small honest document with a number that anyone can look up."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from starlette.concurrency import run_in_threadpool
from tortoise import fields
from tortoise.models import Model

from core import ROOT, db, settings
from core.clock import now
from core.db import UtcField, atomic
from core.i18n import _, fmt, language, text
from events.event.event import Event
from events.presentation.display import when
from registrations.registration.attendance import days_attended
from registrations.registration.registration import Registration
from registrations.registration.tickets import ALPHABET

SOURCE = ROOT / "templates" / "registrations" / "people" / "certificate.typ"
LENGTH = 12
"""Characters of a number: 60 random bits, so that nobody finds one by trying."""


class Certificate(Model):
    """A certificate that was issued. One registration has one, however often it is downloaded."""

    id = fields.BigIntField(primary_key=True)
    registration_id: int
    registration: fields.OneToOneRelation[Any] = fields.OneToOneField(
        "viesis.Registration", related_name="certificate", on_delete=fields.CASCADE
    )
    number = fields.CharField(LENGTH, unique=True)
    issued_at = UtcField()

    class Meta:
        table = "certificate"

    @classmethod
    async def by_number(cls, typed: str) -> "Certificate | None":
        """The certificate of a number as someone typed it, with its registration, person and
        event.
        """
        number = "".join(c for c in typed.upper() if c.isalnum())[: LENGTH + 1]
        found = cls.get_or_none(number=number.translate(str.maketrans("OIL", "011")))
        return await found.select_related("registration__person", "registration__event__project")

    @property
    def shown(self) -> str:
        """The number in groups of four."""
        return "-".join(self.number[n : n + 4] for n in range(0, LENGTH, 4))


async def attended(registration: Registration) -> bool:
    """Whether this person was there, at an event that is over: then a certificate can be had. The
    event is fetched.
    """
    if registration.event.ends_at > now() or registration.event.status == "cancelled":
        return False
    return await minutes(registration) is not None


async def minutes(registration: Registration) -> int | None:
    """How long this person was there; None if they were not seen."""
    found = await days_attended(registration.project_id, [registration.id])
    days = found.get(registration.id)
    return sum(attended.minutes for attended in days) if days else None


@atomic
async def issued(registration: Registration) -> Certificate:
    """This registration's certificate, made when it is first asked for."""
    number = "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))
    await db.execute(
        "INSERT INTO certificate (registration_id, number, issued_at) VALUES ($1::bigint, $2, $3::timestamptz) "
        "ON CONFLICT (registration_id) DO NOTHING",
        *(registration.id, number, now()),
    )
    return await Certificate.get(registration_id=registration.id)


async def pdf(registration: Registration) -> bytes:
    """The document, in the reader's language. Person, organisation, event and project are
    fetched.
    """
    certificate = await issued(registration)
    words = _words(registration, certificate, await minutes(registration) or 0)
    return await run_in_threadpool(_compiled, words)


def _words(registration: Registration, certificate: Certificate, there: int) -> dict[str, Any]:
    event: Event = registration.event
    organisation = registration.organisation if registration.organisation_id else None
    return {
        "language": language(),
        "title": str(_("Certificate of attendance")),
        "says": str(_("This is to certify that")),
        "name": registration.person.name,
        "organisation": text(organisation.name) if organisation else "",
        "took_part": str(_("took part in")),
        "event": text(event.title),
        "when": when(event),
        "place": ", ".join(filter(None, (event.place, fmt.country(event.country)))),
        "hours": str(_("Time present: %(hours)s hours", hours=fmt.hours(there))),
        "project": event.project.name,
        "code": event.project.code,
        "statement": event.project.statement_text,
        "logo": _logo(event.project.logo),
        "number": str(_("Number %(number)s", number=certificate.shown)),
        "check": str(_("Check that it is genuine at")),
        "address": f"{settings.get().base_url}/verify/{certificate.shown}",
        "issued": str(
            _(
                "Issued on %(day)s",
                day=fmt.date(certificate.issued_at, event.timezone, weekday=False),
            )
        ),
    }


def _logo(name: str) -> list[int]:
    path: Path = settings.get().data_dir / "logos" / f"{name}.png"
    return list(path.read_bytes()) if name and path.is_file() else []


def _compiled(words: Mapping[str, Any]) -> bytes:
    """The source is ours and never changes; what people said comes to it as data."""
    return typst.compile(SOURCE, ignore_system_fonts=True, sys_inputs={"data": json.dumps(words)})
