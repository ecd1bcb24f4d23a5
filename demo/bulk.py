"""Bulk inserts: what the verbs write one row at a time, in a few statements."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from tortoise.models import Model

from core import db
from core.text import fold
from demo.plan import Guest, Org, Seat
from events.event.event import Event
from events.projects.organisations import Organisation
from events.projects.projects import Project
from registrations.form.entry import Entry
from registrations.placing.placement import Placement
from registrations.registration import seats, tickets
from registrations.registration.persons import UPSERT, Person, Said
from registrations.registration.registration import Registration

AT_ONCE = 2000


class Kept(NamedTuple):
    """A seat that was written: its ticket's identity."""

    seat: Seat
    identity: int


async def insert(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, by column; a column that is not named gets the model's default."""
    described = model._meta  # noqa: SLF001 - Tortoise has no public name for it
    columns = [
        c
        for name, c in described.fields_db_projection.items()
        if name != described.pk_attr or name in rows[0]
    ]
    fields = {
        described.fields_db_projection[name]: described.fields_map[name]
        for name in described.fields_db_projection
    }
    marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    lines = [
        [_stored(row[c] if c in row else _default(fields[c])) for c in columns] for row in rows
    ]
    await many(f"INSERT INTO {described.db_table} ({', '.join(columns)}) VALUES ({marks})", lines)


async def many(sql: str, lines: Sequence[Sequence[Any]]) -> None:
    """Run a statement for each line of values, some at a time."""
    for start in range(0, len(lines), AT_ONCE):
        await db.many(sql, lines[start : start + AT_ONCE])


def _default(field: Any) -> Any:
    return field.default() if callable(field.default) else field.default


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


class Register:
    """Organisations and people of one project as the database knows them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.organisations: dict[Org, Organisation] = {}
        self.people: dict[tuple[str, str], int] = {}

    async def meet(self, guests: Iterable[Guest]) -> None:
        """Make those that are new known."""
        new = {(g.name, g.email): g for g in guests if (g.name, g.email) not in self.people}
        for guest in new.values():
            if guest.organisation not in self.organisations:
                self.organisations[guest.organisation] = await self._organisation(
                    guest.organisation
                )
        await many(
            UPSERT.partition("RETURNING")[0], [self._values(guest) for guest in new.values()]
        )
        last = max(self.people.values(), default=0)
        found = await Person.filter(project_id=self.project.id, id__gt=last).values_list(
            "name", "email", "id"
        )
        self.people.update(
            {(str(name), str(email)): int(str(identity)) for name, email, identity in found}
        )

    def forget(self) -> None:
        """Drop the people, so that a crowd does not fill the memory."""
        self.people = (
            dict([max(self.people.items(), key=lambda item: item[1])]) if self.people else {}
        )

    async def _organisation(self, org: Org) -> Organisation:
        speaks = {"LT": "lt", "LV": "lv", "NO": "nb"}[org.country]
        found = await Organisation.known(
            self.project.id, org.name, org.country, org.kind, said_in=speaks
        )
        if org.part_of:
            whole = await Organisation.get(
                project_id=self.project.id, folded=fold(org.part_of), country=org.country
            )
            found.parent_id = whole.id
            await found.save(update_fields=["parent_id"])
        return found

    def _values(self, guest: Guest) -> list[Any]:
        said = Said(
            *(
                guest.name,
                guest.email,
                self.organisations[guest.organisation].id,
                guest.country,
                guest.gender,
            ),
            *(guest.birth_year, guest.target_group, guest.language),
        )
        return list(said.row(self.project.id))


async def seat(
    event: Event, register: Register, given: Sequence[tuple[Seat, datetime]]
) -> list[Kept]:
    """Write the registrations of these seats, each made at its moment, and count the event's
    places.
    """
    rows, kept = [], []
    for one, moment in given:
        placement = _wanted(event, register, one, moment)
        rows.append(_row(placement, register, one))
        kept.append(Kept(one, placement.identity))
    await insert(Registration, rows)
    await seats.take_left(event.id, sum(one.status == "confirmed" for one, _moment in given))
    await _replacements(kept)
    return kept


def _wanted(event: Event, register: Register, one: Seat, moment: datetime) -> Placement:
    guest = one.guest
    return Placement(
        event=event,
        entry=Entry(
            *(guest.name, guest.email),
            gender=guest.gender,
            birth_year=guest.birth_year,
            target_group=guest.target_group,
            role=one.role,
        ),
        source="demo",
        actor=None,
        notify=False,
        language=guest.language,
        organisation=register.organisations[guest.organisation],
        country=guest.country,
        identity=tickets.new_identity(),
        at=moment,
        joined=True,
    )


def _row(placement: Placement, register: Register, one: Seat) -> dict[str, Any]:
    gone = one.status in {"cancelled", "declined", "replaced"}
    return placement.columns(
        person_id=register.people[one.guest.name, one.guest.email],
        status=one.status,
        confirmed_at=placement.at,
        ended_at=placement.at if gone else None,
        revision=1 if gone else 0,
    )


async def _replacements(kept: Sequence[Kept]) -> None:
    """Who follows a replaced one in the list goes in that one's place."""
    for before, after in pairwise(kept):
        if before.seat.status == "replaced":
            await db.execute(
                "UPDATE registration SET replaces_id = (SELECT id FROM registration WHERE ticket_identity = $2) "
                "WHERE ticket_identity = $1",
                *(after.identity, before.identity),
            )
