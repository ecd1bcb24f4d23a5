"""Pairs kept in the database are those that comparing everybody would find, after every kind of
change.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from accounts.sessions.access import Actor
from core import db
from events.event.event import Event
from events.projects.organisations import Organisation
from events.projects.projects import Project
from registrations.people import pairs as duplicates_kept
from registrations.people.attendee_list import correct
from registrations.people.comparison import known, pairs
from registrations.people.erasure import erase
from registrations.people.merge import merge, reject, take_back, take_back_rejection
from registrations.people.pairs import compare, compare_all, how_many, proposed
from registrations.registration.persons import Merge, Person, RejectedPair
from registrations.registration.registration import Registration
from tests.support import factories

pytestmark = pytest.mark.usefixtures("database")
ACTOR = Actor("test")


async def looked(project: Project) -> list[tuple[int, int, str]]:
    """What a page of all shows; the number beside it fits."""
    shown = [(pair.one, pair.two, pair.reason) for pair in await proposed(project.id, 100)]
    assert await how_many(project.id) == len(shown)
    return shown


async def in_full(project: Project) -> list[tuple[int, int, str]]:
    """What comparing everybody finds."""
    found = pairs([known(row) for row in await db.rows(duplicates_kept.PEOPLE, project.id)])
    apart = {(one.one_id, one.two_id) for one in await RejectedPair.filter(project_id=project.id)}
    return [
        (pair.one, pair.two, pair.reason) for pair in found if (pair.one, pair.two) not in apart
    ]


async def there() -> tuple[Project, Event, Registration, Registration]:
    """Two registrations of what may be one person."""
    project = await factories.project()
    event = await factories.event(project)
    one = await factories.register(event, "Anna Ozola", "anna@example.org")
    return project, event, one, await factories.register(event, "A. Ozola", "anna+work@example.org")


async def test_every_change_is_seen_at_once() -> None:
    project, event, one, two = await there()
    persons = await Person.get(id=one.person_id), await Person.get(id=two.person_id)

    async def merge_and_back() -> None:
        found = await merge(persons[1], persons[0], ACTOR)
        assert await looked(project) == await in_full(project) == []
        await take_back(await Merge.get(id=found.id), ACTOR)

    async def reject_and_back() -> None:
        found = await reject(project, persons[0].id, persons[1].id, ACTOR)
        assert await looked(project) == await in_full(project) == []
        await take_back_rejection(project, found.id, ACTOR)

    async def organisations() -> None:
        town = await Organisation.create(project_id=project.id, name={"en": "Town"}, folded="town")
        office = await Organisation.create(
            project_id=project.id, name={"en": "Office"}, folded="office"
        )
        three = await factories.register(event, "Juris Kalns", "one@example.org")
        four = await factories.register(event, "Juris Kalns", "two@example.org")
        await Person.filter(id=three.person_id).update(organisation_id=town.id)
        await Person.filter(id=four.person_id).update(organisation_id=office.id)
        assert await looked(project) == await in_full(project)
        await Organisation.filter(id=office.id).update(parent_id=town.id)

    changes: list[tuple[Callable[[], Awaitable[object]], int]] = [
        (merge_and_back, 1),
        (reject_and_back, 1),
        (organisations, 2),
        (lambda: correct(two, "Anna Ozola", "other@example.org", ACTOR), 2),
        (lambda: correct(two, "Berta Liepa", "other@example.org", ACTOR), 1),
        (lambda: erase(persons[0]), 1),
        (lambda: factories.register(event, "B. Liepa", "OTHER@example.org"), 2),
    ]
    for change, number in changes:
        await change()
        shown = await looked(project)
        assert (len(shown), shown) == (number, await in_full(project))


async def test_a_look_without_a_change_compares_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    project, *_rest = await there()
    shown = await looked(project)
    monkeypatch.setattr(duplicates_kept, "PEOPLE", "SELECT nothing")
    assert await looked(project) == shown


async def test_a_large_project_is_compared_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    project, event, one, two = await there()
    monkeypatch.setattr(duplicates_kept, "LARGE", 1)
    assert await looked(project) == []
    assert await compare_all() == 1
    assert len(await looked(project)) == 1
    await factories.register(event, "Zane Upe", "anna@example.org")
    await merge(await Person.get(id=two.person_id), await Person.get(id=one.person_id), ACTOR)
    assert await looked(project) == []
    assert await compare_all() == 1
    assert await looked(project) == await in_full(project) != []
    assert await compare_all() == 0


async def test_who_compared_before_a_change_does_not_write_over_who_compared_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project, event, *_both = await there()
    read, go_on = asyncio.Event(), asyncio.Event()
    keep = duplicates_kept.keep

    async def slow(*given: object) -> bool:
        monkeypatch.setattr(duplicates_kept, "keep", keep)
        read.set()
        await go_on.wait()
        return await keep(*given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(duplicates_kept, "keep", slow)
    first = asyncio.create_task(compare(project.id))
    await read.wait()
    await factories.register(event, "Zane Upe", "anna@example.org")
    await compare(project.id)
    go_on.set()
    await first
    assert len(await looked(project)) == 3
    assert await looked(project) == await in_full(project)


async def test_another_projects_pairs_are_its_own() -> None:
    project, *_rest = await there()
    other, *_rest = await there()
    assert len(await looked(project)) == len(await looked(other)) == 1
    assert not {i for one in await looked(project) for i in one[:2]} & {
        i for one in await looked(other) for i in one[:2]
    }
