"""Fills the whole demo, step by step, and says where to look."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from accounts.management.sign_ins import printed_link
from accounts.users.roles import Role
from accounts.users.users import User
from checkin.attendance.attendance import settle
from checkin.phone.devices import Device, closes_at
from core import clock, settings
from core.db import atomic
from core.i18n import text
from demo.past import PLANS
from demo.plan import People
from demo.present import project as sixth
from demo.present.crowd import crowd
from demo.present.today import open_door
from demo.present.upcoming import coming
from demo.writer import ALICE, Stage
from demo.writer import fill as fill_plan
from events.event.event import Event
from events.projects.projects import Project
from events.projects.toml_file import import_projects

PROJECTS = Path(__file__).parent / "projects.toml"
USERS = (
    ("alice@example.org", "Alice", "organiser"),
    ("bob@example.org", "Bob", "door"),
    ("dace@example.org", "Dace", "viewer"),
)
"""Alice is the administrator too. Charlie, charlie@example.org, has an account and no role
anywhere.
"""
SIGN_IN = timedelta(hours=12)
A_STEP = 50
"""People of a crowd for one step of the bar."""

Report = Callable[[int, str], None]


class Links(NamedTuple):
    """Where to look."""

    sign_in: str
    pairing: str
    today: str


def steps(people: int, *, again: bool = False) -> int:
    """How many steps `fill` reports."""
    past = 0 if again else sum(len(plan().occasions) for plan in PLANS) + 3
    return past + 1 + -(-people // A_STEP)


async def fill(people: int, report: Report, *, again: bool = False) -> None:
    """Write everything; `again`: only what must be new, a door open now, and the people asked
    for.
    """
    cast = sixth.Cast(People(clock.now().year, ("municipalities", "NGOs", "young people")))
    if again:
        stage = await Stage(await Project.get(code=sixth.CODE)).ready()
    else:
        stage = await _begin(cast, report)
    if not await _running(stage.project):
        await open_door(stage, cast)
    report(1, "A door open now")
    async for done in crowd(stage, people):
        report(-(-done // A_STEP), "A crowd")
    await settle(stage.project.id)


async def _begin(cast: sixth.Cast, report: Report) -> Stage:
    await _users()
    await import_projects(PROJECTS)
    for make in PLANS:
        plan = make()
        async for _done in fill_plan(plan):
            report(1, plan.code)
    stage = await Stage(await sixth.begin()).ready()
    report(1, "A sixth project")
    await _roles(stage.project)
    await sixth.past(stage, cast)
    await sixth.report(stage.project)
    report(1, "What it has held")
    await coming(stage, cast)
    report(1, "What is coming")
    return stage


async def _users() -> None:
    for email, name, _role in (*USERS, ("charlie@example.org", "Charlie", "")):
        user = await User.known(email, name, "en")
        if email == ALICE.name:
            await User.filter(id=user.id).update(admin=True)


@atomic
async def _roles(project: Project) -> None:
    for email, _name, role in USERS:
        user = await User.known(email)
        await Role.create(user_id=user.id, project_id=project.id, role=role, created_at=clock.now())


async def _running(project: Project) -> Event | None:
    """The event whose door is open now, if one stays so for an hour."""
    moment = clock.now()
    running = Event.filter(project_id=project.id, status="published", starts_at__lte=moment)
    return (
        await running.filter(ends_at__gt=moment + timedelta(hours=1)).order_by("-starts_at").first()
    )


async def links() -> Links:
    """New links: for an organiser, and for a phone until today's door closes."""
    event = await _running(await Project.get(code=sixth.CODE))
    assert event, "the demo opened a door"
    alice = await User.known(ALICE.name)
    device, secret = await Device.offer(event, ALICE)
    await Device.filter(id=device.id).update(pairing_ends_at=closes_at(event))
    return Links(
        await printed_link(alice, SIGN_IN),
        f"{settings.get().base_url}/c/{secret}",
        f"“{text(event.title, 'en')}”, {event.url}",
    )
