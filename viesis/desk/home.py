"""The desk's first page: what needs attention today, in all projects of this user."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import Actor, meets, signed_in
from accounts.users.roles import Role
from core import db
from core.clock import now
from core.http.pages import render
from core.i18n import Lazy, _, fmt, plural, text
from events.event.access import projects_of
from events.event.event import Event
from events.presentation.display import leaf
from events.presentation.navigation import home_navigation

router = APIRouter(include_in_schema=False)

DOOR_AHEAD = timedelta(hours=18)
DRAFTS_AHEAD = timedelta(days=14)
NEXT_EVENTS = 5

_PROJECTS = {
    True: "SELECT id FROM project WHERE $1::bigint IS NOT NULL",
    False: "SELECT project_id FROM role WHERE user_id = $1::bigint AND role IN ('organiser', 'manager')",
}
_PEOPLE = """
SELECT r.event_id, r.status, count(*) AS n, min(r.offer_ends_at) AS ends_at
FROM registration r JOIN event e ON e.id = r.event_id
WHERE r.status IN ('pending', 'offered') AND e.ends_at > $2::timestamptz AND r.project_id IN ({mine})
GROUP BY r.event_id, r.status
"""
_MAILS = """
SELECT scope, count(*) AS n FROM message WHERE state IN ('failed', 'bounced') AND scope IN ({mine}) GROUP BY scope
"""


@dataclass(frozen=True)
class Need:
    """Something that waits for a person: a sentence, where it is done, and how urgent it is."""

    href: str
    what: "Lazy | str"
    where: str
    icon: str
    tone: str = "warning"


@router.get("/desk")
async def home(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
    """What needs me today?"""
    projects = await projects_of(actor)
    roles = await _roles(actor)
    needs = await _needs(actor, {p.id: p for p in projects})
    events = await _ahead([p.id for p in projects])
    by_id = {p.id: p for p in projects}
    doors = [e for e in events if e.status == "published" and e.starts_at <= now() + DOOR_AHEAD]
    return render(
        request,
        "viesis/desk/home.html",
        nav=home_navigation(actor),
        projects_mine=[(p, roles.get(p.id, "admin")) for p in projects],
        doors=[
            (leaf(e, f"/desk/e/{e.slug}/door"), by_id[e.project_id]) for e in doors[:NEXT_EVENTS]
        ],
        may_read={p.id for p in projects if meets(roles.get(p.id, "admin"), "viewer")},
        may_open={p.id for p in projects if meets(roles.get(p.id, "admin"), "door")},
        coming=[
            (leaf(e, f"/desk/e/{e.slug}"), by_id[e.project_id])
            for e in events
            if e not in doors and meets(roles.get(e.project_id, "admin"), "viewer")
        ][:NEXT_EVENTS],
        needs=needs,
        admin=bool(actor.user and actor.user.admin),
    )


async def _roles(actor: Actor) -> dict[int, str]:
    if not actor.user or actor.user.admin:
        return {}
    return {r.project_id: r.role for r in await Role.filter(user_id=actor.user.id)}


async def _ahead(ids: list[int]) -> list[Event]:
    """Events that have not ended, the next first."""
    found = Event.filter(project_id__in=ids, ends_at__gt=now(), status__in=("draft", "published"))
    return await found.order_by("starts_at", "id").limit(4 * NEXT_EVENTS)


async def _needs(actor: Actor, projects: dict[int, Any]) -> list[Need]:
    assert actor.user
    admin, user = actor.user.admin, actor.user.id
    people = await db.rows(_PEOPLE.format(mine=_PROJECTS[admin]), user, now())
    mails = await db.rows(_MAILS.format(mine=_PROJECTS[admin]), user)
    drafts = await _drafts(actor, list(projects))
    events = {
        e.id: e
        for e in await Event.filter(id__in=[r["event_id"] for r in people]).order_by("starts_at")
    }
    order = {key: n for n, key in enumerate(events)}
    people.sort(key=lambda r: (r["status"] != "offered", order[r["event_id"]]))
    return [
        *(_failed(projects[m["scope"]], m["n"]) for m in mails if m["scope"] in projects),
        *(_asked(events[r["event_id"]], r) for r in people),
        *(_unpublished(e) for e in drafts),
    ]


async def _drafts(actor: Actor, ids: list[int]) -> list[Event]:
    if actor.user and not actor.user.admin:
        found = Role.filter(user_id=actor.user.id, role__in=("organiser", "manager"))
        ids = [int(str(i)) for i in await found.values_list("project_id", flat=True)]
    soon = now() + DRAFTS_AHEAD
    found_events = Event.filter(
        project_id__in=ids, status="draft", starts_at__gt=now(), starts_at__lt=soon
    )
    return await found_events.order_by("starts_at").limit(NEXT_EVENTS)


def _failed(project: Any, n: int) -> Need:
    said = plural("%(n)s e-mail could not be delivered", "%(n)s e-mails could not be delivered", n)
    return Need(f"/desk/p/{project.slug}/outbox?show=failed", said, project.name, "mail", "danger")


def _asked(event: Event, found: dict[str, Any]) -> Need:
    base, title = f"/desk/e/{event.slug}/people?status={found['status']}", text(event.title)
    if found["status"] == "pending":
        said = plural(
            "%(n)s registration waits for your answer",
            "%(n)s registrations wait for your answer",
            found["n"],
        )
        return Need(base, said, title, "user-plus")
    return Need(base, _offers(found["n"], found["ends_at"], event.timezone), title, "hourglass")


def _offers(n: int, ends_at: datetime | str | None, zone: str) -> Lazy:
    until = fmt.datetime(db.moment(ends_at), zone) if ends_at else "–"
    return plural(
        "%(n)s offered seat is open until %(until)s",
        "%(n)s offered seats are open, the first until %(until)s",
        n,
        until=until,
    )


def _unpublished(event: Event) -> Need:
    said = _("Still a draft, and it is on %(day)s", day=fmt.day(event.starts_at, event.timezone))
    return Need(f"/desk/e/{event.slug}", said, text(event.title), "pencil", "info")
