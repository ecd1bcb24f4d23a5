"""Applies an import as its preview showed it, in one transaction, and undoes it."""

from asyncio import to_thread
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.sessions.access import Actor
from core import db
from core.errors import DomainError
from core.i18n import _
from events.event.event import Event
from events.event.history import Change
from events.feeds.ics import uid
from events.programme.sessions import Session
from events.programme_import.ics import LONGEST_UID
from events.programme_import.plan import Item, Plan, digest, planned
from events.programme_import.rows import Row

CHANGED_MEANWHILE = "changed-meanwhile"


@dataclass
class Done:
    """How many sessions were added, changed and taken out; what history had before, and has now,
    last.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    before: int = 0
    last: int = 0


async def applied(
    event: Event,
    actor: Actor,
    rows: Sequence[Row],
    language: str,
    seen: str,
    chosen: Mapping[str, str],
    removed: Collection[int],
) -> Done:
    """Add, change, and take out the sessions `removed` of those that the plan offers. Nobody is
    told yet.

    `seen` is the digest of the preview. Raises a 409 with the code CHANGED_MEANWHILE when the
    programme is no longer the one that it showed, a 422 when a time is not decided.
    """
    # a long file is compared before others have to wait
    plan = await to_thread(planned, event, await event.sessions_now(), rows, language, chosen)
    return await _applied(event, actor, plan, seen, removed)


@db.atomic
async def _applied(
    event: Event, actor: Actor, plan: Plan, seen: str, removed: Collection[int]
) -> Done:
    await event.held_fast()
    if not plan.digest == seen == digest(event, await event.sessions_now()):
        raise DomainError(
            _(
                "The programme was changed meanwhile, so nothing was done. This is what the file would do now."
            ),
            409,
            code=CHANGED_MEANWHILE,
        )
    if plan.undecided:
        raise DomainError(_("Please choose the times that are marked below."), 422)
    done = Done(before=await _last(event))
    for item in plan.changed:
        assert item.session
        await item.session.change(event, actor, notify=False, **item.values)
        done.changed += 1
    for session in [s for s in [*plan.called_off, *plan.gone] if s.id in removed]:
        await session.remove(event, actor, notify=False, keep=True)
        done.removed += 1
    added = (
        await Session.add_all(event, actor, [item.values for item in plan.added])
        if plan.added
        else []
    )
    for item, session in zip(plan.added, added, strict=True):
        item.session = session
    done.added = len(added)
    await _remember([*plan.added, *plan.changed, *plan.same])
    done.last = await _last(event)
    return done


async def _remember(items: Sequence[Item]) -> None:
    """The UIDs by which the next import of the calendar finds them again."""
    new = []
    for item in items:
        found, said = item.session, item.row.uid[:LONGEST_UID]
        if (
            found
            and said
            and said not in {found.imported_uid, uid("session", found.id, found.created_at)}
        ):
            new.append((found.id, said))
    if new:
        await db.many("UPDATE session SET imported_uid = $2 WHERE id = $1", new)


async def _last(event: Event) -> int:
    found = await Change.filter(event_id=event.id).order_by("-id").first()
    return found.id if found else 0


@db.atomic
async def undone(event: Event, actor: Actor, before: int, last: int) -> int:
    """Take back what history has between these two; answers how much it was.

    Raises a 409 when the programme has changed since.
    """
    await event.held_fast()
    changes = await Change.filter(event_id=event.id, id__gt=before).order_by("-id")
    if not changes or changes[0].id != last:
        raise DomainError(
            _(
                "The programme was changed since, so the import stays. Change the sessions one by one."
            ),
            409,
        )
    for change in changes:
        session = await Session.get_or_none(id=change.session_id or 0, event_id=event.id)
        if session and change.action == "session_added":
            await session.remove(event, actor, notify=False)
        elif session and change.action == "session_removed":
            await session.restore(event, actor)
        elif session and change.action == "session_changed":
            await session.change(event, actor, notify=False, **_before(event, session, change))
    return len(changes)


def _before(event: Event, session: Session, change: Change) -> dict[str, Any]:
    """What it was, as the verb takes it; a zone that is the event's own is none of its own."""
    old = {name: values[0] for name, values in change.values.items()}
    zone = old.get("timezone", session.zone(event))
    if old.get("end_timezone") == zone:
        old["end_timezone"] = ""
    if old.get("timezone") == event.timezone:
        old["timezone"] = ""
    return old
