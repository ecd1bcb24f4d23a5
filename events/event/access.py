"""Access to a project or an event by role. Another project's is 404."""

from collections.abc import Awaitable, Callable
from copy import copy
from dataclasses import dataclass, replace

from fastapi import Depends
from starlette.requests import Request

from accounts.sessions.access import Actor, bearer, require, signed_in
from core.errors import not_found
from core.memory.single_flight import Looks
from events.event.event import Event
from events.projects.projects import Project


@dataclass(frozen=True)
class Scope:
    """Who acts, where, as what. `event` is set where the address names one, with its project
    fetched.
    """

    actor: Actor
    project: Project
    role: str
    found: Event | None = None
    projects: tuple[Project, ...] = ()
    """On desk pages: what this actor may switch to."""

    @property
    def event(self) -> Event:
        """The event that the address names."""
        assert self.found, "this address names no event"
        return self.found


Who = Callable[[Request], Awaitable[Actor]]


def project_scope(minimum: str, who: Who) -> Callable[..., Awaitable[Scope]]:
    """A dependency for addresses with `{project}`: at least the role `minimum` there."""

    async def scope(project: str, actor: Actor = Depends(who)) -> Scope:  # noqa: B008 - FastAPI's way to say a dependency
        found = await Project.get_or_none(slug=project)
        if not found:
            raise not_found()
        role = await require(actor, found.id, minimum)
        return Scope(actor, found, role, None, await _beside(actor, who))

    return scope


def event_scope(minimum: str, who: Who) -> Callable[..., Awaitable[Scope]]:
    """A dependency for addresses with `{event}`: at least the role `minimum` in its project."""

    async def scope(event: str, actor: Actor = Depends(who)) -> Scope:  # noqa: B008 - FastAPI's way to say a dependency
        found = await Event.get_or_none(slug=event).select_related("project")
        if not found:
            raise not_found()
        role = await require(actor, found.project_id, minimum)
        return Scope(actor, found.project, role, found, await _beside(actor, who))

    return scope


async def _beside(actor: Actor, who: Who) -> tuple[Project, ...]:
    return tuple(await projects_of(actor)) if who is signed_in else ()


async def projects_of(actor: Actor, most: int = 40) -> list[Project]:
    """The projects that the actor has a role in, the newest first."""
    user = actor.user
    if user and not user.admin:
        return await Project.filter(roles__user_id=user.id).order_by("-id").limit(most)
    return await Project.all().order_by("-id").limit(most) if user else []


def desk_project(minimum: str) -> Callable[..., Awaitable[Scope]]:
    """For organisers' pages with `{project}`."""
    return project_scope(minimum, signed_in)


def desk_event(minimum: str) -> Callable[..., Awaitable[Scope]]:
    """For organisers' pages with `{event}`."""
    return event_scope(minimum, signed_in)


def api_project(minimum: str) -> Callable[..., Awaitable[Scope]]:
    """For API calls with `{project}`."""
    return project_scope(minimum, bearer)


def api_event(minimum: str) -> Callable[..., Awaitable[Scope]]:
    """For API calls with `{event}`."""
    return event_scope(minimum, bearer)


_looks: Looks[Scope] = Looks()


async def api_event_at_once(request: Request, event: str, minimum: str) -> Scope:
    """As `api_event`, looked up once for all calls with one token that ask in the same moment."""
    find = event_scope(minimum, bearer)

    async def look() -> Scope:
        return await find(event, await bearer(request))

    found = await _looks.look((request.headers.get("authorization"), event, minimum), look)
    return replace(found, found=copy(found.found))
