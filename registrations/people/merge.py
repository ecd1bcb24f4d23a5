"""Merging people, and deciding that two are different. Always by somebody, never by the program;
pairs.py proposes.
"""

from accounts.audit.audit import audit
from accounts.sessions.access import Actor
from core.clock import now
from core.db import atomic
from core.errors import DomainError, invalid, not_found
from core.i18n import _
from events.projects.projects import Project
from registrations.registration.persons import Merge, Person, RejectedPair


@atomic
async def reject(project: Project, one: int, two: int, actor: Actor) -> RejectedPair:
    """These are two people: never proposed again. 404 for anyone of another project."""
    one, two = min(one, two), max(one, two)
    if one == two or await Person.filter(project_id=project.id, id__in=[one, two]).count() != 2:
        raise not_found(_("There is nothing with this id."))
    found = await RejectedPair.get_or_none(one_id=one, two_id=two)
    if not found:
        found = await RejectedPair.create(
            project_id=project.id, one_id=one, two_id=two, actor=actor.name, at=now()
        )
        await audit(actor, "persons.told_apart", found)
    return found


@atomic
async def take_back_rejection(project: Project, rejected_id: int, actor: Actor) -> None:
    """Propose the pair again."""
    found = await RejectedPair.get_or_none(id=rejected_id, project_id=project.id)
    if not found:
        raise not_found()
    await audit(actor, "persons.proposed_again", found)
    await found.delete()


@atomic
async def merge(gone: Person, kept: Person, actor: Actor) -> Merge:
    """Two persons are one: the facts of the first are those of the second from now on. Reversible.

    Raises a 404 when they are of two projects, a 422 for one and the same, a 409 when they are one
    already.
    """
    if gone.id == kept.id:
        raise invalid(into=_("This is the same person."))
    await Project.lock(gone.project_id)
    if gone.project_id != kept.project_id:
        raise not_found(_("There is nothing with this id."))
    await gone.refresh_from_db(fields=["merged_into_id"])
    await kept.refresh_from_db(fields=["merged_into_id"])
    first, last = gone.merged_into_id or gone.id, kept.merged_into_id or kept.id
    if first == last:
        raise DomainError(_("These two are one person already."), 409)
    found = await Merge.create(
        project_id=gone.project_id, gone_id=first, kept_id=last, actor=actor.name, at=now()
    )
    await _point(gone.project_id)
    await audit(actor, "persons.merged", found)
    return found


@atomic
async def take_back(found: Merge, actor: Actor) -> None:
    """Two people again, each with all that was theirs. Nothing happens the second time."""
    await Project.lock(found.project_id)
    await found.refresh_from_db(fields=["taken_back_at"])
    if found.taken_back_at:
        return
    found.taken_back_at = now()
    await found.save(update_fields=["taken_back_at"])
    await _point(found.project_id)
    await audit(actor, "persons.merge_taken_back", found)


async def _point(project_id: int) -> None:
    """Let every merged person name the last one of its chain: what stands follows from the merges
    that stand.
    """
    into = {
        m.gone_id: m.kept_id
        for m in await Merge.filter(project_id=project_id, taken_back_at=None).order_by("id")
    }
    wanted = {gone: _last(into, gone) for gone in into}
    touched = await Merge.filter(project_id=project_id).values_list("gone_id", flat=True)
    stands = await Person.filter(project_id=project_id, id__in=[int(str(i)) for i in touched]).only(
        "id", "merged_into_id"
    )
    for person in stands:
        if person.merged_into_id != wanted.get(person.id):
            await Person.filter(id=person.id).update(merged_into_id=wanted.get(person.id))


def _last(into: dict[int, int], person: int) -> int:
    seen = {person}
    while person in into and into[person] not in seen:
        person = into[person]
        seen.add(person)
    return person
