"""Stopping mails that are not needed to attend: by one click in a mail program (RFC 8058), or on a page, with undo.

The address holds the person and a secret of their own; nothing else is stored than since when.
"""

import hmac

from core import settings, tokens
from core.clock import now
from registrations.persons import Person

STOP = "vsu_"
STOPPABLE = ("reminder", "thanks", "message")
"""Kinds of mail that one can do without: everything else says what one must know to attend."""


def url(person_id: int) -> str:
    """Where this person stops and resumes such mails."""
    return f"{settings.get().base_url}/u/{code(person_id)}"


def code(person_id: int) -> str:
    """The end of that address."""
    return f"{person_id}.{tokens.derived(STOP, person_id)}"


async def found(given: str) -> Person | None:
    """Whose address this is, with their project; None for a wrong one."""
    number, _dot, _secret = given.partition(".")
    if not number.isdecimal() or len(number) > 18:
        return None
    if not hmac.compare_digest(given.encode("utf-8", "replace"), code(int(number)).encode()):
        return None
    return await Person.get_or_none(id=int(number), erased_at=None).select_related("project")


async def stop(person: Person) -> None:
    """Only what is needed to attend, from now on."""
    person.mails_stopped_at = person.mails_stopped_at or now()
    await person.save(update_fields=["mails_stopped_at"])


async def resume(person: Person) -> None:
    """Everything again."""
    await Person.filter(id=person.id).update(mails_stopped_at=None)
