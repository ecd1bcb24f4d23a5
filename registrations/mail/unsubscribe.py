"""Unsubscribing from mail that is not needed to attend: by one click (RFC 8058) or on a page, with
undo.

The address holds whom it is about and a secret of their own. Of a person registered nothing else is
stored than since when; of an address that was only invited, see registrations.people.opt_outs.
"""

import hmac
import re
from dataclasses import dataclass

from core import settings, tokens
from core.clock import now
from core.text import fold
from events.projects.projects import Project
from registrations.people.opt_outs import Unwanted, mark
from registrations.registration.persons import Person

STOP = "vsu_"
STOPPABLE = ("reminder", "thanks", "message")
"""Kinds of mail that one can do without: everything else says what one must know to attend."""

_INVITED = re.compile(r"(\d{1,18})-([0-9a-f]{32})")


@dataclass
class Stopping:
    """Somebody who may stop such mails: a person registered, or whoever has an address that was
    invited.
    """

    project: Project
    stopped: bool
    person: Person | None = None
    mark: str = ""
    """Of the address, when there is no person."""

    @property
    def email(self) -> str:
        """Their address; empty for one that was only invited, which is not kept."""
        return self.person.email if self.person else ""

    async def stop(self) -> None:
        """Only what is needed to attend, from now on; no further invitation."""
        if self.person:
            await stop(self.person)
        else:
            await Unwanted.note(self.project.id, self.mark)
        self.stopped = True

    async def resume(self) -> None:
        """Everything again."""
        if self.person:
            await Person.filter(id=self.person.id).update(mails_stopped_at=None)
        else:
            await Unwanted.filter(project_id=self.project.id, mark=self.mark).delete()


def url(person_id: int) -> str:
    """Where this person stops and resumes such mails."""
    return f"{settings.get().base_url}/u/{code(person_id)}"


def invited_url(project_id: int, email: str) -> str:
    """Where whoever has this address stops and resumes this project's invitations."""
    return f"{settings.get().base_url}/u/{code(f'{project_id}-{mark(project_id, email)}')}"


def code(identity: int | str) -> str:
    """The end of such an address: a person, or a project and the mark of an address."""
    return f"{identity}.{tokens.derived(STOP, identity)}"


async def found(given: str) -> Stopping | None:
    """Whose address this is, with their project; None for a wrong one."""
    identity, _dot, _secret = given.partition(".")
    if not hmac.compare_digest(
        given.encode("utf-8", "replace"), code(identity).encode("utf-8", "replace")
    ):
        return None
    if invited := _INVITED.fullmatch(identity):
        project = await Project.get_or_none(id=int(invited[1]))
        there = project and await Unwanted.filter(project_id=project.id, mark=invited[2]).exists()
        return Stopping(project, bool(there), mark=invited[2]) if project else None
    if not identity.isascii() or not identity.isdecimal() or len(identity) > 18:
        return None
    person = await Person.get_or_none(id=int(identity), erased_at=None).select_related("project")
    return Stopping(person.project, person.mails_stopped_at is not None, person) if person else None


async def stop(person: Person) -> None:
    """Only what is needed to attend, from now on."""
    person.mails_stopped_at = person.mails_stopped_at or now()
    await person.save(update_fields=["mails_stopped_at"])


async def uninvited(project_id: int, emails: list[str]) -> set[str]:
    """Which of these addresses get no invitation: those who stopped them, also when they were
    registered before.
    """
    given = {fold(email): email for email in emails}
    known = await Person.filter(
        project_id=project_id, email_folded__in=list(given), erased_at=None
    ).exclude(mails_stopped_at=None)
    return await Unwanted.among(project_id, emails) | {
        given[p.email_folded] for p in known if p.email_folded in given
    }
