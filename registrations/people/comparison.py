"""Compares people: which pairs may be the same person, and why. No queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from core.i18n import Lazy, _
from core.text import search_key

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


def mailbox(email: str) -> str:
    """An address in small letters, without the +tag that a mailbox ignores."""
    local, _at, domain = email.casefold().rpartition("@")
    return f"{local.split('+')[0]}@{domain}"


def known(row: dict[str, Any]) -> Known:
    """A person as the database answers them: id, name, name_folded, email_folded, organisation (its
    parent's).
    """
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


def pairs(people: list[Known]) -> list[Pair]:
    """Those of these people who may be one, each pair once with its surest reason, the surest
    first.
    """
    order = list(REASONS)
    found: dict[tuple[int, int], str] = {}
    for one, two, reason in _candidates(people):
        key = (min(one.id, two.id), max(one.id, two.id))
        if key not in found or order.index(reason) < order.index(found[key]):
            found[key] = reason
    made = [Pair(one, two, reason) for (one, two), reason in found.items()]
    return sorted(made, key=lambda p: (order.index(p.reason), p.one, p.two))


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
    """All pairs of a group; of a large one (an office's shared mailbox) each with the first
    only.
    """
    if len(group) > _LARGE:
        return ((group[0], other) for other in group[1:])
    return combinations(group, 2)


def _similar(group: list[Known]) -> Iterator[tuple[Known, Known, str]]:
    """Similar names; in a large organisation only those with a word that begins alike are
    compared.
    """
    blocks: dict[str, list[Known]] = defaultdict(list)
    for one in group:
        for start in {word[:3] for word in one.words.split()} if len(group) > _LARGE else {""}:
            blocks[start].append(one)
    for block in blocks.values():
        block.sort(key=lambda known: known.words)
        for number, one in enumerate(block):
            for two in (
                block[number + 1 :] if len(block) <= 400 else block[number + 1 : number + 40]
            ):
                if one.folded != two.folded and fuzz.ratio(
                    one.words, two.words, score_cutoff=SIMILAR
                ):
                    yield one, two, "similar_name"
