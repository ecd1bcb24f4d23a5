"""What participants do on their own page: change their answers, choose sessions, look at needs that
are kept apart, withdraw a consent.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from accounts.audit.audit import audit
from core import tokens
from core.clock import now
from core.database import encryption
from core.db import atomic
from core.errors import DomainError, not_found
from core.http import limits
from core.i18n import _, language
from events.programme.sessions import Session
from events.projects.organisations import Organisation
from notifications.outbox.message import Message
from registrations.form.answers import keep_private
from registrations.form.questions import Consent, PrivateAnswer
from registrations.placing import register
from registrations.registration import seats
from registrations.registration.attendance import has_rechosen
from registrations.registration.choices import Choice
from registrations.registration.persons import Person
from registrations.registration.registration import PARTICIPANT, Registration

CODE_MINUTES = 10


@atomic
async def change(
    registration: Registration, said: Mapping[str, Any], answers: dict[str, object]
) -> None:
    """Write what a person now says of themselves, by the names of an Entry, and their answers."""
    organisation = None
    if name := said["organisation_name"]:
        country = said["organisation_country"] or said["country"]
        organisation = await Organisation.known(
            registration.project_id, name, country, said["organisation_kind"]
        )
    registration.organisation_id = organisation.id if organisation else None
    registration.country = said["country"] or said["organisation_country"]
    registration.gender, registration.birth_year = said["gender"], said["birth_year"]
    registration.target_group = said["target_group"]
    registration.answers = answers
    registration.changed_at, registration.revision = now(), registration.revision + 1
    names = ["organisation_id", "country", "gender", "birth_year", "target_group"]
    await registration.save(update_fields=[*names, "answers", "changed_at", "revision"])
    columns = {
        name: getattr(registration, name)
        for name in names
        if getattr(registration, name) not in {None, ""}
    }
    if columns:
        await Person.filter(id=registration.person_id).update(**columns)
    await audit(PARTICIPANT, "registration.changed", registration, [*names, "answers"])


@atomic
async def choose_sessions(registration: Registration, chosen: list[int]) -> None:
    """Instead of the sessions chosen before, these. 422 when one is full or not of this event."""
    await seats.hold(registration.event_id)
    known = Session.filter(event_id=registration.event_id, removed_at=None, id__in=chosen)
    if await known.count() != len(set(chosen)):
        said = _("This session is not part of the event.")
        raise DomainError(said, 422, {"sessions": said})
    await seats.leave_sessions(registration.id)
    if (refused := await seats.take_sessions(sorted(set(chosen)))) is not None:
        raise register.session_full(await Session.get(id=refused))
    for session_id in sorted(set(chosen)):
        await Choice.create(registration_id=registration.id, session_id=session_id)
    moment = now()
    await Registration.filter(id=registration.id).update(
        changed_at=moment, revision=registration.revision + 1
    )
    await has_rechosen(registration.id, registration.project_id)


def _code(registration: Registration, ago: int = 0) -> str:
    slot = int(now().timestamp()) // (CODE_MINUTES * 60) - ago
    number = int.from_bytes(
        tokens.key("private_code", f"{registration.ticket_identity}:{slot}")[:8], "big"
    )
    return f"{number % 10**6:06}"


async def send_code(registration: Registration) -> None:
    """Mail a code that opens what is kept apart, for ten minutes."""
    person = await Person.get(id=registration.person_id)
    code = _code(registration)
    await Message.queue(
        "private_code",
        *(person.email, person.name),
        language=registration.language,
        about={"registration": registration.id, "code": code, "minutes": CODE_MINUTES},
        scope=registration.project_id,
        subject_of=registration.event_id,
        dedup=f"private_code:{registration.id}:{tokens.hashed(code + str(now().date()))[:16]}",
    )


async def check_code(registration: Registration, given: str) -> None:
    """Raise a 422 on `code` unless this is the code that was mailed less than ten to twenty minutes
    ago.
    """
    await limits.hit("password", f"private_code:{registration.id}")
    bare = "".join(c for c in given if c.isascii() and c.isdigit())
    if not any(hmac.compare_digest(bare, _code(registration, ago)) for ago in (0, 1)):
        raise DomainError(
            _("This is not the code, or it has expired."),
            422,
            {"code": _("This is not the code, or it has expired.")},
        )


async def private_answers(registration: Registration) -> dict[str, str]:
    """What is kept apart, opened, by the question's key. Only after `check_code`."""
    found = await PrivateAnswer.filter(registration_id=registration.id).order_by("id")
    return {a.key: encryption.unseal(a.sealed) for a in found}


@atomic
async def change_needs(registration: Registration, needs: Mapping[str, str], wording: str) -> None:
    """Keep these needs instead of those there are; an empty one is removed. The consent is kept
    with its words.
    """
    await keep_private(registration, registration.event, needs)
    given = Consent.filter(registration_id=registration.id, purpose="needs", withdrawn_at=None)
    if any(needs.values()) and not await given.exists():
        await Consent.create(
            registration_id=registration.id,
            purpose="needs",
            wording=wording,
            language=language(),
            given_at=now(),
        )
    await audit(PARTICIPANT, "registration.needs_changed", registration)


@atomic
async def withdraw_consent(registration: Registration, consent_id: int) -> None:
    """Take a consent back. With that to keep needs, the needs go."""
    consent = await Consent.get_or_none(id=consent_id, registration_id=registration.id)
    if not consent:
        raise not_found()
    if consent.withdrawn_at:
        return
    consent.withdrawn_at = now()
    await consent.save(update_fields=["withdrawn_at"])
    if consent.purpose == "needs":
        await PrivateAnswer.filter(registration_id=registration.id).delete()
