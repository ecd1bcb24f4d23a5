"""Things that tests need, ready-made. Alice organises, Bob is at the door, Charlie is a stranger to
the project.
"""

from datetime import timedelta
from itertools import count
from typing import Any

import httpx

from accounts.sessions.api_tokens import ApiToken
from accounts.sessions.sessions import WebSession
from accounts.users.roles import Role
from accounts.users.users import User
from core import tokens
from core.clock import now
from core.http.pages import cookie_name
from core.text import fold, slug
from events.event.event import Event
from events.projects.projects import Project
from registrations.form.entry import Entry
from registrations.placing.register import place
from registrations.registration.registration import Registration

_number = count(1)


async def project(**over: Any) -> Project:
    """A project in two languages, in Latvian time."""
    n = next(_number)
    given = {
        "slug": f"project-{n}",
        "code": f"4.3-24/NFI/INP-{n:03}",
        "title": {"en": f"Project {n}", "lv": f"Projekts {n}"},
        "programme": "EEA and Norway Grants 2014–2021",
        "statement": {"en": "Supported by Norway Grants.", "lv": "Ar Norvēģijas grantu atbalstu."},
        "timezone": "Europe/Riga",
        "languages": ["en", "lv"],
        "created_at": now(),
        "changed_at": now(),
    }
    return await Project.create(**{**given, **over})


async def event(of: Project, **over: Any) -> Event:
    """A conference in ten days from nine to five, published, with forty seats."""
    n = next(_number)
    starts_at = (now() + timedelta(days=10)).replace(hour=7, minute=0, second=0, microsecond=0)
    given = {
        "project_id": of.id,
        "slug": f"event-{n}",
        "kind": "conference",
        "title": {"en": f"Conference {n}", "lv": f"Konference {n}"},
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=8),
        "timezone": of.timezone,
        "place": "Town hall",
        "country": "LV",
        "capacity": 40,
        "open_to_public": True,
        "status": "published",
        "created_at": now(),
        "changed_at": now(),
        "published_at": now(),
    }
    found = await Event.create(**{**given, **over})
    found.project = of
    return found


async def register(at: Event, name: str, email: str = "", **over: Any) -> Registration:
    """Someone who registered for an event through its form; `notify=False` leaves the mail out."""
    notify, source, language = (
        over.pop("notify", True),
        over.pop("source", "web"),
        over.pop("language", "en"),
    )
    email = email or f"{slug(name)}{next(_number)}@example.org"
    entry = Entry(**{"name": name, "email": email, "country": "LV", **over})
    made, _new = await place(at, entry, source=source, notify=notify, language=language)
    return made


async def user(email: str = "", *, admin: bool = False, **over: Any) -> User:
    """Someone who runs it, without a password."""
    email = email or f"person{next(_number)}@example.org"
    given = {"email": email, "email_folded": fold(email), "admin": admin, "created_at": now()}
    return await User.create(**{**given, **over})


async def role(who: User, of: Project, role: str) -> Role:
    """A role in a project."""
    return await Role.create(user_id=who.id, project_id=of.id, role=role, created_at=now())


async def organiser(of: Project, email: str = "", role_name: str = "organiser") -> User:
    """Someone with a role in a project."""
    found = await user(email)
    await role(found, of, role_name)
    return found


async def api_token(who: User, of: Project | None = None, name: str = "test") -> str:
    """A token for the API, of all the user's projects or of one."""
    secret = tokens.random(tokens.API)
    project_id = of.id if of else None
    await ApiToken.create(
        user_id=who.id,
        project_id=project_id,
        name=name,
        hash=tokens.hashed(secret),
        created_at=now(),
    )
    return secret


async def bearer(who: User, of: Project | None = None) -> dict[str, str]:
    """The header that carries a new token."""
    return {"Authorization": f"Bearer {await api_token(who, of)}"}


async def sign_in(client: httpx.AsyncClient, who: User) -> str:
    """Give a browser a session, by its cookie; answers what forms carry as `csrf`."""
    secret = tokens.random(tokens.SESSION)
    await WebSession.create(
        user_id=who.id, hash=tokens.hashed(secret), created_at=now(), seen_at=now()
    )
    client.cookies.set(cookie_name("session"), secret, domain="127.0.0.1")
    return csrf(client)


def csrf(client: httpx.AsyncClient) -> str:
    """The form token of this browser, once it has a session or has seen a form."""
    bound = (
        client.cookies.get(cookie_name("session"))
        or client.cookies.get(cookie_name("visitor"))
        or ""
    )
    return tokens.key("csrf", bound).hex()[:40]
