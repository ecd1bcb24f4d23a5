"""Erasing a person at their request: what identifies them goes, what was counted stays
countable.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import tokens
from core.clock import now, today
from core.db import atomic
from events.event.event import Event
from notifications.outbox.bounces import Bounce
from notifications.outbox.message import OPEN, Attempt, Message
from registrations.form.questions import Consent, PrivateAnswer
from registrations.people import erasure_journal
from registrations.registration.persons import Person
from registrations.registration.registration import PARTICIPANT, Registration
from registrations.registration.vocabulary import ACTIVE

RETENTION = Actor("retention")
RESTORE = Actor("restore")
LAST = "last:"
"""How the key of a last mail begins, which goes to whoever was just erased."""
ERASED = "—"
"""What stands where a name was."""

registrations_erased: list[Callable[[Sequence[Registration]], Awaitable[Any]]] = []
"""Called in the verb's transaction with the registrations of whoever is erased: what else names
them goes too.
"""


@atomic
async def erase(person: Person, actor: Actor = PARTICIPANT) -> None:
    """Make a person anonymous: coming registrations are cancelled, name, address, answers, consents
    and needs go.

    Organisation, country, gender and year of birth stay with the registrations of events that were
    attended, so that totals remain what they were; nothing in them leads back to the person.
    """
    found = await Registration.filter(person_id=person.id).order_by("id")
    ahead = await Event.filter(id__in=[r.event_id for r in found], ends_at__gt=now())
    coming = {e.id for e in ahead}
    left = [r for r in found if r.event_id in coming and r.status in ACTIVE]
    for registration in found:
        if registration in left:
            await registration.cancel(actor=actor, notify=False)
        await registration.refresh_from_db()
        await _forget(registration)
    mails = Message.filter(scope=person.project_id, to_email__iexact=person.email)
    await Bounce.mended(person.project_id, person.email)
    known = await mails
    await mails.filter(state__in=OPEN).update(state="withdrawn")
    await _forget_mails(known)
    if actor not in (
        RETENTION,
        RESTORE,
    ):  # a date that has come comes again after a restore; the others stand there
        await asyncio.to_thread(erasure_journal.note, person)
        await _call_off(left, person.email)
    nobody = tokens.hashed(tokens.random("erased"))
    await Person.filter(id=person.id).update(
        name=ERASED,
        name_folded=nobody,
        search="",
        email="",
        email_folded=nobody,
        language="",
        erased_at=now(),
    )
    for hook in registrations_erased:
        await hook(found)
    await audit(actor, "person.erased", person)


async def _call_off(left: Sequence[Registration], email: str) -> None:
    """One last mail takes the entry out of the calendar of whoever was invited; `forget_addresses`
    follows it.
    """
    for one in left:
        if one.invited_sequence is not None:
            given: dict[str, Any] = {
                "scope": one.project_id,
                "subject_of": one.event_id,
                "language": one.language,
            }
            about = {"registration": one.id}
            await Message.queue(
                "cancelled_registration", email, **given, about=about, dedup=f"{LAST}{one.id}"
            )


async def forget_addresses() -> int:
    """Timetable: last mails to those who were erased are out, or never will be: their addresses go.
    How many.
    """
    over = Message.filter(
        dedup__startswith=LAST, state__in=("sent", "failed", "bounced", "withdrawn")
    )
    found = await over.exclude(to_email="")
    await _forget_mails(found)
    return len(found)


async def _forget_mails(mails: Sequence[Message]) -> None:
    """What names the address: where a mail went, and what its server answered."""
    ids = [m.id for m in mails]
    await Attempt.filter(message_id__in=ids).update(answer="")
    for scope, email in {(m.scope, m.to_email) for m in mails}:
        await Bounce.mended(scope, email)
    await Message.filter(id__in=ids).update(to_email="", to_name="", subject="", answer="")


async def erase_again() -> int:
    """After a restore: erase those who had been erased since the backup was made. Answers how
    many.
    """
    found = await erasure_journal.returned()
    for person in found:
        await erase(person, RESTORE)
    return len(found)


async def forget_people() -> int:
    """Make everybody anonymous in projects whose date of retention has come. For the worker's
    timetable.

    A thousand at a time, so that a large project does not hold the database up; answers how many.
    """
    due = (
        Person.filter(project__retention_on__lte=today("UTC"), erased_at=None)
        .order_by("id")
        .limit(1000)
    )
    found = await due
    for person in found:
        await erase(person, RETENTION)
    return len(found)


async def _forget(registration: Registration) -> None:
    await PrivateAnswer.filter(registration_id=registration.id).delete()
    await Consent.filter(registration_id=registration.id).delete()
    await Registration.filter(id=registration.id).update(
        answers={},
        door_note="",
        cancel_reason="",
        form_key="",
        hash=None,
        generation=registration.generation + 1,
        changed_at=now(),
    )
