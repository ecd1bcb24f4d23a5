"""A placement: a registration about to be made, and all that follows from it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.sessions.access import Actor
from core import tokens
from core.database import rows
from events.event.event import Event
from events.projects.organisations import Organisation
from registrations.form.entry import Entry
from registrations.form.questions import Consent
from registrations.registration.persons import PERSON, Person, Said
from registrations.registration.registration import Registration
from registrations.registration.secrets import secret


@dataclass(frozen=True)
class Placement:
    """A registration about to be made: the event, what was said, by whom, and what follows from
    these.
    """

    event: Event
    entry: Entry
    source: str
    actor: Actor | None
    notify: bool
    language: str
    organisation: Organisation | None
    country: str
    identity: int
    at: datetime
    joined: bool
    """Whether this happens inside a transaction of the caller's."""

    @property
    def late(self) -> bool:
        """Entry afterwards."""
        return self.event.ends_at <= self.at

    @property
    def pending(self) -> bool:
        """Whether someone must approve it first."""
        return self.event.approval and self.source not in {"desk", "door"}

    @property
    def organisation_id(self) -> int | None:
        """The organisation's id, if there is one."""
        return self.organisation.id if self.organisation else None

    @cached_property
    def person(self) -> dict[str, Any]:
        """The columns of the person, but for the id."""
        return dict(zip(PERSON, self.said.row(self.event.project_id), strict=True))

    @cached_property
    def said(self) -> Said:
        """The person."""
        said = self.entry
        return Said(
            name=said.name,
            email=said.email,
            organisation_id=self.organisation_id,
            country=self.country,
            gender=said.gender,
            birth_year=said.birth_year,
            target_group=said.target_group,
            language=self.language,
        )

    def with_relations(self, registration: Registration, root_id: int) -> Registration:
        """The registration that was made, with event, organisation and person beside it, so that
        nobody asks for them again. `root_id`: who the person is after merges.
        """
        merged = root_id if root_id != registration.person_id else None
        registration.event, registration.organisation = self.event, self.organisation
        registration.person = Person._init_from_db(  # noqa: SLF001 - as a row would be read
            **self.person, id=registration.person_id, merged_into_id=merged, erased_at=None
        )
        return registration

    def consent_row(self, **more: Any) -> dict[str, Any]:
        """A consent's columns; purpose, wording and registration are given by `more`, or later."""
        given = {"registration_id": 0, "purpose": "", "wording": "", **more}
        return rows.row(Consent, language=self.language, given_at=self.at, **given)

    def columns(self, **more: Any) -> dict[str, Any]:
        """The registration's columns, but for person, status and place."""
        return {
            "project_id": self.event.project_id,
            "event_id": self.event.id,
            "role": self.entry.role,
            "organisation_id": self.organisation_id,
            "country": self.country,
            "gender": self.entry.gender,
            "birth_year": self.entry.birth_year,
            "target_group": self.entry.target_group,
            "language": self.language,
            "answers": self.entry.answers,
            "ticket_identity": self.identity,
            "hash": tokens.hashed(secret(self.identity)),
            "source": self.source,
            "after_event": self.late,
            "form_key": tokens.hashed(self.entry.form_key) if self.entry.form_key else "",
            "created_at": self.at,
            "changed_at": self.at,
            **more,
        }
