"""Persons who may be one: pairs proposed with their reason, merged or rejected by someone, never by the program."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from accounts.access import Actor
from accounts.audit import audit
from core import db
from core.clock import now
from core.db import atomic
from core.errors import DomainError, invalid, not_found
from core.i18n import Lazy, _
from core.text import search_key
from events.projects import Project
from registrations.persons import Merge, Person, RejectedPair

REASONS: dict[str, Lazy] = {
    "same_address": _("The same e-mail address, another name"),
    "same_mailbox": _("The same mailbox, written another way"),
    "same_name": _("The same name and organisation"),
    "similar_name": _("A similar name, the same organisation"),
    "same_name_no_organisation": _("The same name, no organisation on either"),
}
SIMILAR = 85
"""Of 100, by rapidfuzz over the words of both names in order."""
_LARGE = 30


@dataclass(frozen=True, slots=True)
class Known:
    """What comparing needs of a person."""

    id: int
    name: str
    folded: str
    words: str
    email: str
    mailbox: str
    organisation: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons, the one known first before the other, and why they may be one."""

    one: int
    two: int
    reason: str

    @property
    def why(self) -> Lazy:
        """The reason in words."""
        return REASONS[self.reason]


async def proposed(project_id: int) -> list[Pair]:
    """Pairs of a project that nobody has merged or rejected, the surest first."""
    people = [_known(row) for row in await db.rows(_PEOPLE, project_id)]
    rejected = {(r["one_id"], r["two_id"]) for r in await db.rows(_REJECTED, project_id)}
    found = await asyncio.to_thread(_pairs, people) if len(people) > 500 else _pairs(people)
    return [pair for pair in found if (pair.one, pair.two) not in rejected]


def mailbox(email: str) -> str:
    """An address in small letters, without the +tag that a mailbox ignores."""
    local, _at, domain = email.casefold().rpartition("@")
    return f"{local.split('+')[0]}@{domain}"


def _known(row: dict[str, Any]) -> Known:
    words = " ".join(sorted(search_key(row["name"]).split()))
    email = row["email_folded"]
    return Known(
        row["id"],
        row["name"],
        row["name_folded"],
        words,
        email,
        mailbox(email) if email else "",
        row["organisation"] or 0,
    )


def _pairs(people: list[Known]) -> list[Pair]:
    order = list(REASONS)
    found: dict[tuple[int, int], str] = {}
    for one, two, reason in _candidates(people):
        key = (min(one.id, two.id), max(one.id, two.id))
        if key not in found or order.index(reason) < order.index(found[key]):
            found[key] = reason
    pairs = [Pair(one, two, reason) for (one, two), reason in found.items()]
    return sorted(pairs, key=lambda p: (order.index(p.reason), p.one, p.two))


def _candidates(people: list[Known]) -> Iterator[tuple[Known, Known, str]]:
    by_mailbox: dict[str, list[Known]] = defaultdict(list)
    by_name: dict[tuple[str, int], list[Known]] = defaultdict(list)
    by_organisation: dict[int, list[Known]] = defaultdict(list)
    for one in people:
        if one.mailbox:
            by_mailbox[one.mailbox].append(one)
        by_name[one.folded, one.organisation].append(one)
        if one.organisation:
            by_organisation[one.organisation].append(one)
    for group in by_mailbox.values():
        for one, two in _couples(group):
            yield one, two, "same_address" if one.email == two.email else "same_mailbox"
    for (_name, organisation), group in by_name.items():
        for one, two in _couples(group):
            yield one, two, "same_name" if organisation else "same_name_no_organisation"
    for group in by_organisation.values():
        yield from _similar(group)


def _couples(group: list[Known]) -> Iterable[tuple[Known, Known]]:
    """All pairs of a group; of a large one (an office's shared mailbox) each with the first only."""
    if len(group) > _LARGE:
        return ((group[0], other) for other in group[1:])
    return combinations(group, 2)


def _similar(group: list[Known]) -> Iterator[tuple[Known, Known, str]]:
    """Similar names; in a large organisation only those with a word that begins alike are compared."""
    blocks: dict[str, list[Known]] = defaultdict(list)
    for one in group:
        for start in {word[:3] for word in one.words.split()} if len(group) > _LARGE else {""}:
            blocks[start].append(one)
    for block in blocks.values():
        block.sort(key=lambda known: known.words)
        for number, one in enumerate(block):
            for two in block[number + 1 :] if len(block) <= 400 else block[number + 1 : number + 40]:
                if one.folded != two.folded and fuzz.ratio(one.words, two.words, score_cutoff=SIMILAR):
                    yield one, two, "similar_name"


@atomic
async def reject(project: Project, one: int, two: int, actor: Actor) -> RejectedPair:
    """These are two people: never proposed again. 404 for anyone of another project."""
    one, two = min(one, two), max(one, two)
    if one == two or await Person.filter(project_id=project.id, id__in=[one, two]).count() != 2:
        raise not_found(_("There is nothing with this id."))
    found = await RejectedPair.get_or_none(one_id=one, two_id=two)
    if not found:
        found = await RejectedPair.create(project_id=project.id, one_id=one, two_id=two, actor=actor.name, at=now())
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

    Raises a 404 when they are of two projects, a 422 for one and the same, a 409 when they are one already.
    """
    if gone.id == kept.id:
        raise invalid(into=_("This is the same person."))
    await _alone(gone.project_id)
    if gone.project_id != kept.project_id:
        raise not_found(_("There is nothing with this id."))
    await gone.refresh_from_db(fields=["merged_into_id"])
    await kept.refresh_from_db(fields=["merged_into_id"])
    first, last = gone.merged_into_id or gone.id, kept.merged_into_id or kept.id
    if first == last:
        raise DomainError(_("These two are one person already."), 409)
    found = await Merge.create(project_id=gone.project_id, gone_id=first, kept_id=last, actor=actor.name, at=now())
    await _point(gone.project_id)
    await audit(actor, "persons.merged", found)
    return found


@atomic
async def take_back(found: Merge, actor: Actor) -> None:
    """Two people again, each with all that was theirs. Nothing happens the second time."""
    await _alone(found.project_id)
    await found.refresh_from_db(fields=["taken_back_at"])
    if found.taken_back_at:
        return
    found.taken_back_at = now()
    await found.save(update_fields=["taken_back_at"])
    await _point(found.project_id)
    await audit(actor, "persons.merge_taken_back", found)


async def _alone(project_id: int) -> None:
    """One merge of a project at a time, on either engine."""
    await db.execute("UPDATE project SET code = code WHERE id = $1", project_id)


async def _point(project_id: int) -> None:
    """Let every merged person name the last one of its chain: what stands follows from the merges that stand."""
    into = {m.gone_id: m.kept_id for m in await Merge.filter(project_id=project_id, taken_back_at=None).order_by("id")}
    wanted = {gone: _last(into, gone) for gone in into}
    touched = await Merge.filter(project_id=project_id).values_list("gone_id", flat=True)
    stands = await Person.filter(id__in=[int(str(i)) for i in touched]).only("id", "merged_into_id")
    for person in stands:
        if person.merged_into_id != wanted.get(person.id):
            await Person.filter(id=person.id).update(merged_into_id=wanted.get(person.id))


def _last(into: dict[int, int], person: int) -> int:
    seen = {person}
    while person in into and into[person] not in seen:
        person = into[person]
        seen.add(person)
    return person


_PEOPLE = """
SELECT p.id, p.name, p.name_folded, p.email_folded, COALESCE(o.parent_id, p.organisation_id) AS organisation
FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.project_id = $1 AND p.merged_into_id IS NULL AND p.erased_at IS NULL ORDER BY p.id
"""
_REJECTED = "SELECT one_id, two_id FROM rejected_pair WHERE project_id = $1"
