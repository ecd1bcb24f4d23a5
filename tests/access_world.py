"""A project with one of everything in it, its people, and a second project beside it: for the table
of who may what.
"""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import httpx
from fastapi import FastAPI
from PIL import Image

from accounts.management.invitations import Invitation
from accounts.sessions.access import Actor
from accounts.sessions.api_tokens import ApiToken
from accounts.sessions.sessions import WebSession
from accounts.users.roles import Role
from accounts.users.users import User
from checkin.attendance.gates import entrances
from checkin.phone.devices import Device
from checkin.phone.paired_phone import cookie as door_cookie
from checkin.review.papers import Paper
from checkin.scanning.scan_input import ScanEntry
from checkin.scanning.scans import record
from core import tokens
from core.clock import now
from core.http.pages import cookie_name
from events.event.event import Event
from events.feeds.organiser_address import OrganiserCalendar
from events.programme.materials import Material
from events.programme.sessions import Session
from events.projects.projects import Project
from events.projects.series import Series
from indicators.report.periods import Period
from indicators.rules.indicators import Indicator, ManualValue
from notifications.outbox.message import Message
from registrations.form.questions import Consent, Question
from registrations.mail import unsubscribe
from registrations.people.certificates import issued
from registrations.people.merge import merge, reject
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.conftest import browser
from tests.support import factories

ROLES = (
    "anonymous",
    "participant",
    "another participant",
    "phone",
    "viewer",
    "door",
    "organiser",
    "manager",
    "organiser of another project",
    "administrator",
    "revoked",
)
CREW = ("viewer", "door", "organiser", "manager")


@dataclass
class World:
    """Two projects. `ids` are what addresses of the first one are made of; `users`, `bearers` and
    `cookies` by role.
    """

    project: Project
    event: Event
    ids: dict[str, str] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    registration: str = ""
    other_registration: str = ""

    def client(self, app: FastAPI, role: str) -> httpx.AsyncClient:
        """Someone with this role, at the door of the program."""
        made = browser(app)
        made.cookies.set(cookie_name("visitor"), "vsv_somebody", domain="127.0.0.1")
        for name, value in self.cookies.get(role, {}).items():
            made.cookies.set(name, value, domain="127.0.0.1")
        return made


async def made() -> World:
    """A new world in the database."""
    project, other = await factories.project(), await factories.project()
    begun = now().replace(microsecond=0) - timedelta(hours=1)
    event = await factories.event(
        project, starts_at=begun, ends_at=begun + timedelta(hours=8), walk_ins="yes"
    )
    world = World(project, event)
    world.ids = {"project": project.slug, "event": event.slug}
    await _people(world, other)
    await _registrations(world, other)
    await _door(world)
    await _office(world)
    return world


async def _people(world: World, other: Project) -> None:
    users = {role: await factories.organiser(world.project, role_name=role) for role in CREW}
    users["organiser of another project"] = await factories.organiser(other)
    users["administrator"] = await factories.user(admin=True)
    users["revoked"] = await factories.organiser(world.project, role_name="manager")
    for role, user in users.items():
        secret, machine = tokens.random(tokens.SESSION), await factories.api_token(user)
        await WebSession.create(
            user_id=user.id, hash=tokens.hashed(secret), created_at=now(), seen_at=now()
        )
        world.cookies[role], world.bearers[role] = {cookie_name("session"): secret}, machine
    await WebSession.end(user_id=users["revoked"].id)
    await ApiToken.filter(user_id=users["revoked"].id).update(revoked_at=now())
    world.users = users
    someone = await factories.organiser(world.project, role_name="viewer")
    world.ids["role"] = str((await Role.get(user_id=someone.id)).id)
    world.ids["user"] = str(someone.id)
    invitation = await Invitation.send(
        Actor("test"), world.project.id, f"new{someone.id}@example.org", "door"
    )
    world.ids["invitation"] = str(invitation.id)
    world.ids["invitation secret"] = invitation.secret
    calendar = await OrganiserCalendar.of(users["organiser"])
    world.ids["calendar"] = calendar.url.rpartition("/")[2].removesuffix(".ics")


async def _registrations(world: World, other: Project) -> None:
    event, moment = world.event, now()
    given = {
        "event_id": event.id,
        "created_at": moment,
        "changed_at": moment,
        "timezone": "Europe/Riga",
    }
    session = await Session.create(
        **given, kind="talk", title={"en": "Talk"}, starts_at=event.starts_at, ends_at=event.ends_at
    )
    question = await Question.create(
        event_id=event.id, key=f"why{event.id}", kind="text", label={"en": "Why?"}
    )
    later = {
        "starts_at": event.ends_at + timedelta(days=1),
        "ends_at": event.ends_at + timedelta(days=2),
    }
    elsewhere = await factories.event(other, **later)
    ina = await factories.register(event, "Ina Bērziņa", source="desk")
    twin = await factories.register(event, "Ina Berzina", source="desk")
    third = await factories.register(event, "Kari Nordmann", source="desk")
    stranger = await factories.register(elsewhere, "Charlie Stranger")
    consent = await Consent.create(
        registration_id=ina.id, purpose="photos", wording="…", language="en", given_at=moment
    )
    gone, kept = await Person.get(id=twin.person_id), await Person.get(id=ina.person_id)
    merged = await merge(gone, kept, Actor("test"))
    apart = await reject(world.project, third.person_id, ina.person_id, Actor("test"))
    world.registration, world.other_registration = ina.secret, stranger.secret
    world.ids |= {
        "session": str(session.id),
        "key": question.key,
        "registration": str(ina.id),
        "person": str(third.person_id),
        "kept": str(ina.person_id),
        "consent": str(consent.id),
        "merge": str(merged.id),
        "rejection": str(apart.id),
        "material": str((await _materials(event, elsewhere)).id),
        "message": str((await Message.filter(scope=world.project.id).order_by("id"))[0].id),
    }


async def _materials(event: Event, elsewhere: Event) -> Material:
    """The other project shows the same file, so that it stays on the disk when this one is taken
    away.
    """
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    for one in (elsewhere, event):
        found = await Material.add(one, Actor("test"), "Slides", upload=out.getvalue())
    return found


async def _door(world: World) -> None:
    actor = Actor("test")
    _device, pairing = await Device.offer(world.event, actor)
    paired, held = await Device.pair((await Device.offer(world.event, actor))[1], "Bob's phone")
    scan = str(uuid4())
    entry = ScanEntry(id=scan, registration=int(world.ids["registration"]), method="manual")
    await record(world.event, [entry], actor_name="test", organiser=True)
    world.ids |= {"scan": scan, "device": str(paired.id), "pairing": pairing}
    ina = await Registration.get(id=world.ids["registration"]).prefetch_related("event", "person")
    world.ids["number"] = (await issued(ina)).shown
    world.ids["stopping"] = unsubscribe.code(ina.person.id)
    left = ScanEntry(
        str(uuid4()), registration=ina.id, direction="out", method="manual", marks="everyone_out"
    )
    await record(world.event, [left], actor_name="test", organiser=True)
    out = io.BytesIO()
    Image.new("RGB", (2, 3)).save(out, "PNG")
    main_door = entrances(world.event, [])[0]
    paper, _number = await Paper.enter(
        world.event, main_door, [ina.id], actor, key=str(uuid4()), upload=out.getvalue()
    )
    # another sheet has the same scan, so that it stays on the disk when this one's is removed
    await Paper.create(project_id=0, event_id=0, unit="", file=paper.file, created_at=now())
    world.ids |= {"leaving": left.id, "paper": str(paper.id)}
    world.cookies["phone"] = {door_cookie(): held}


async def _office(world: World) -> None:
    project, actor = world.project, Actor("test")
    series = await Series.begin(project, actor, title={"en": "Scheme"}, kind="scheme")
    indicator = await Indicator.shipped(project, actor, "PEOPLE")
    manual = await Indicator.shipped(project, actor, "RCR84")
    value = await ManualValue.enter(manual, actor, Decimal(1), date(2026, 1, 1), date(2026, 1, 31))
    period = await Period.make(project, actor, "First half", date(2026, 1, 1), date(2026, 6, 30))
    world.ids |= {
        "series": str(series.id),
        "indicator": str(indicator.id),
        "period": str(period.id),
    }
    world.ids |= {"manual indicator": str(manual.id), "value": str(value.id)}
