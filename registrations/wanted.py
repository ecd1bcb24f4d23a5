"""A registration about to be made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.access import Actor
from core import tokens
from events.events import Event
from registrations.entries import Entry
from registrations.persons import Said
from registrations.registrations import secret


@dataclass(frozen=True)
class Wanted:
    """A registration about to be made: the event, what was said, by whom, and what follows from these."""

    event: Event
    entry: Entry
    source: str
    actor: Actor | None
    notify: bool
    language: str
    organisation_id: int | None
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
    def said(self) -> Said:
        """The person."""
        e = self.entry
        return Said(
            *(e.name, e.email, self.organisation_id, self.country, e.gender, e.birth_year, e.target_group, self.language)
        )

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
