"""The list of an event's people for its organisers: filtered by typing, with actions on those
chosen.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core import db
from core.clock import now
from core.db import atomic
from core.errors import NO_EMAIL, DomainError
from core.i18n import Lazy, _, plural
from core.text import clean, fold, is_email, search_key
from events.event.event import Event
from registrations.registration import tickets
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from registrations.registration.vocabulary import ACTIVE, UNSEATED, RegistrationStatus
from registrations.registration.waiting_list import give_seat, with_positions

PER_PAGE = 50
SAID_NO = "said_no"
"""As a filter like a status: those who have a seat, and whose calendar answered No."""
MOST = 500
"""How many can be acted on at once."""

_WHERE = """
FROM registration r JOIN person p ON p.id = r.person_id LEFT JOIN organisation o ON o.id = r.organisation_id
WHERE r.event_id = $1::bigint
AND ($2 = '' OR r.status = $2 OR ($2 = 'said_no' AND r.status = 'confirmed' AND r.reply = 'declined'))
AND ($3 = '' OR p.search LIKE $3 ESCAPE '!' OR p.email_folded LIKE $3 ESCAPE '!' OR o.folded LIKE $3 ESCAPE '!'
     OR r.ticket_identity = $4::bigint)
"""
_IDS = f"SELECT r.id {_WHERE} ORDER BY p.search, r.id LIMIT $5::int OFFSET $6::int"
_HOW_MANY = f"SELECT COUNT(*) AS n {_WHERE}"
_COUNTED = """
SELECT status, COUNT(*) AS n, SUM(CASE WHEN reply = 'declined' THEN 1 ELSE 0 END) AS declined
FROM registration WHERE event_id = $1::bigint GROUP BY status
"""


@dataclass
class People:
    """A page of the list. `counts` are by status over the whole event, `total` is what the filter
    finds.

    `said_no` have a seat, and their calendar answered No.
    """

    q: str = ""
    status: str = ""
    page: int = 1
    rows: list[Registration] = field(default_factory=list)
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    said_no: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def everyone(self) -> int:
        """All there ever were."""
        return sum(self.counts.values())


async def people(
    event: Event, q: str = "", status: str = "", page: int = 1, per_page: int = PER_PAGE
) -> People:
    """The people whose name, address, organisation or ticket fits what was typed, by name."""
    found = People(
        q=q,
        status=status if status in {*RegistrationStatus, SAID_NO} else "",
        page=max(1, min(page, 10**6)),
    )
    counted = await db.rows(_COUNTED, event.id)
    found.counts = {str(c["status"]): int(c["n"]) for c in counted}
    found.said_no = sum(int(c["declined"]) for c in counted if c["status"] == "confirmed")
    typed = search_key(clean(q))[:100]
    like = "%" + "".join("!" + c if c in "!%_" else c for c in typed) + "%" if typed else ""
    given = (event.id, found.status, like, tickets.read(q) or -1)
    total = await db.row(_HOW_MANY, *given)
    found.total = int(total["n"]) if total else 0
    ids = [int(r["id"]) for r in await db.rows(_IDS, *given, per_page, (found.page - 1) * per_page)]
    rows = await Registration.filter(id__in=ids).prefetch_related("person", "organisation")
    await with_positions(rows)
    found.rows = sorted(rows, key=lambda r: ids.index(r.id))
    return found


Act = Callable[[Registration, Actor, str], Awaitable[None]]


@dataclass(frozen=True)
class Action:
    """Something that can be done to the chosen ones; `said` tells of how many. A dangerous one is
    confirmed first.
    """

    label: Lazy
    act: Act
    statuses: tuple[str, ...]
    said: Callable[[int], Lazy]
    danger: bool = False


async def _approve(one: Registration, actor: Actor, _reason: str) -> None:
    await one.approve(actor)


async def _offer(one: Registration, actor: Actor, _reason: str) -> None:
    await give_seat(one, actor, offer=True)


async def _seat(one: Registration, actor: Actor, _reason: str) -> None:
    await give_seat(one, actor)


async def _decline(one: Registration, actor: Actor, reason: str) -> None:
    await one.decline(actor, reason)


async def _cancel(one: Registration, actor: Actor, reason: str) -> None:
    await one.cancel(reason, actor)


WAITS = ("waiting",)
ACTIONS: dict[str, Action] = {
    "approve": Action(
        _("Approve"),
        _approve,
        ("pending",),
        lambda n: plural("%(n)s approved.", "%(n)s approved.", n),
    ),
    "offer": Action(
        _("Offer a seat"),
        _offer,
        WAITS,
        lambda n: plural("%(n)s seat offered.", "%(n)s seats offered.", n),
    ),
    "seat": Action(
        _("Give a seat at once"),
        _seat,
        WAITS,
        lambda n: plural("%(n)s person has a seat now.", "%(n)s people have a seat now.", n),
    ),
    "decline": Action(
        _("Decline"),
        _decline,
        UNSEATED,
        lambda n: plural("%(n)s declined.", "%(n)s declined.", n),
        danger=True,
    ),
    "cancel": Action(
        _("Cancel the registration"),
        _cancel,
        ACTIVE,
        lambda n: plural("%(n)s cancelled.", "%(n)s cancelled.", n),
        danger=True,
    ),
}


async def chosen(event: Event, ids: list[str], action: str) -> list[Registration]:
    """Those of this event among the ids to whom this can be done, those who wait longest first."""
    numbers = [int(i) for i in ids[:MOST] if i.isascii() and i.isdigit() and len(i) < 19]
    found = Registration.filter(
        event_id=event.id, id__in=numbers, status__in=ACTIONS[action].statuses
    )
    return await found.order_by("waiting_number", "id").select_related("person")


async def act(
    event: Event, ids: list[str], action: str, actor: Actor, reason: str = ""
) -> tuple[int, Lazy | str]:
    """Do it to each of the chosen: `(to how many it was done, why it stopped or nothing)`."""
    done = 0
    for one in await chosen(event, ids, action):
        try:
            await ACTIONS[action].act(one, actor, reason)
        except DomainError as error:
            return done, error.message
        done += 1
    return done, ""


@atomic
async def note_for_door(registration: Registration, note: str, actor: Actor) -> None:
    """What phones at the door show with the name, "needs interpreter"; nothing that the person gave
    in confidence.
    """
    if note == registration.door_note:
        return
    registration.door_note, registration.changed_at = note, now()
    await registration.save(update_fields=["door_note", "changed_at"])
    await audit(actor, "registration.door_note", registration, ["door_note"])


@atomic
async def correct(registration: Registration, name: str, email: str, actor: Actor) -> None:
    """Correct a name or an address. With another address the old link stops working, and the new
    one gets it.
    """
    name, email = clean(name), clean(email)
    person = await Person.get(id=registration.person_id)
    if not fold(name) or len(name) > 200:
        raise DomainError(_("Please give a name."), 422, {"name": _("Please give a name.")})
    if not is_email(email):
        wrong = NO_EMAIL
        raise DomainError(wrong, 422, {"email": wrong})
    folds = {"name_folded": fold(name)[:400], "email_folded": fold(email)[:254]}
    if await Person.filter(project_id=person.project_id, **folds).exclude(id=person.id).exists():
        said = _(
            "Somebody with this name and address is known already. If they are the same, merge them."
        )
        raise DomainError(said, 422, {"email": said})
    moved = folds["email_folded"] != person.email_folded
    columns: dict[str, Any] = {
        "name": name,
        "email": email,
        "search": search_key(name)[:600],
        **folds,
    }
    changed = [k for k in ("name", "email") if columns[k] != getattr(person, k)]
    await Person.filter(id=person.id).update(**columns)
    if moved:
        # the new mailbox has no invitation yet
        await Registration.filter(person_id=person.id).update(invited_sequence=None)
    # what phones at a door and calendars keep says the name
    await Registration.filter(person_id=person.id).update(changed_at=now())
    registration.person = await Person.get(id=person.id)
    if moved:
        await registration.renew_address()
        await registration.tell("link_again", once=f"{now():%Y%m%d%H%M%S}", moved=True)
    await audit(actor, "registration.corrected", registration, changed)
