"""Navigation of the desk: sections of a project, parts of an event, breadcrumbs, other projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.sessions.access import Actor, meets
from core.i18n import Lazy, _, text
from events.event.access import Scope

Crumb = tuple[str, str]


@dataclass(frozen=True)
class Item:
    """A way in the navigation."""

    href: str
    label: "Lazy | str"
    icon: str = ""
    current: bool = False


@dataclass(frozen=True)
class Choice:
    """A project to switch to."""

    href: str
    name: str
    current: bool


SECTIONS: dict[str, tuple[str, str, "Lazy", str]] = {
    "events": ("", "calendar", _("Events"), "viewer"),
    "indicators": ("/indicators", "chart-column", _("Indicators"), "viewer"),
    "periods": ("/periods", "flag", _("Periods"), "viewer"),
    "duplicates": ("/duplicates", "merge", _("Duplicates"), "organiser"),
    "outbox": ("/outbox", "send", _("Outbox"), "organiser"),
    "team": ("/team", "users", _("Team"), "manager"),
    "log": ("/log", "history", _("Log"), "manager"),
    "settings": ("/settings", "settings", _("Settings"), "manager"),
}
"""Sections of a project: address after /desk/p/{project}, icon, word, least role."""

PARTS: dict[str, tuple[str, "Lazy", str]] = {
    "overview": ("", _("Overview"), "viewer"),
    "programme": ("/programme", _("Programme"), "viewer"),
    "people": ("/people", _("People"), "viewer"),
    "form": ("/form", _("Form"), "organiser"),
    "door": ("/door", _("Door"), "door"),
    "messages": ("/messages", _("Messages"), "organiser"),
    "materials": ("/materials", _("Materials"), "organiser"),
}
"""Parts of an event: address after /desk/e/{event}, word, least role."""


def shell(
    scope: Scope, crumbs: Sequence[Crumb] = (), current: str = "events", tab: str = ""
) -> dict[str, Any]:
    """Arguments of `render` for a desk page: project, event, nav, crumbs, projects, tabs, role.

    `crumbs` are (label, address) between the project (or event) and the page itself; `current` is a
    section of the project and `tab` a part of the event. The template extends desk.html and shows
    `page_head(…, crumbs)` and, for an event, `tabs(tabs, _('Parts of the event'))`.
    """
    base = f"/desk/p/{scope.project.slug}"
    event = scope.found
    may_read = meets(scope.role, "viewer")
    trail: list[Crumb] = (
        [(scope.project.name, base)] if may_read else [(str(_("My desk")), "/desk")]
    )
    if event and may_read and tab != "overview":
        trail.append((text(event.title), f"/desk/e/{event.slug}"))
    return {
        "project": scope.project,
        "event": event,
        "role": scope.role,
        "nav": navigation(scope, current),
        "crumbs": [*trail, *crumbs],
        "projects": [*_choices(scope)],
        "tabs": event_tabs(scope, tab) if event else [],
    }


def navigation(scope: Scope, current: str) -> list[Item]:
    """The sections of the project that this role may open."""
    base = f"/desk/p/{scope.project.slug}"
    mine = [Item("/desk", _("My desk"), "house")]
    return mine + [
        Item(base + path, word, icon, key == current)
        for key, (path, icon, word, least) in SECTIONS.items()
        if meets(scope.role, least)
    ]


def home_navigation(actor: Actor, current: str = "/desk") -> list[Item]:
    """The way about outside a project."""
    items = [
        ("/desk", _("My desk"), "house"),
        ("/desk/calendar", _("My calendar"), "calendar-plus"),
    ]
    if actor.user and actor.user.admin:
        items += [
            ("/desk/p/new", _("New project"), "plus"),
            ("/desk/outbox", _("All e-mail"), "send"),
            ("/desk/admin", _("Accounts"), "users"),
            ("/desk/admin/log", _("Log"), "history"),
        ]
    return [Item(href, word, icon, href == current) for href, word, icon in items]


def event_tabs(scope: Scope, current: str) -> list[tuple["Lazy | str", str, bool]]:
    """The parts of the event that this role may open, for components/tabs.html."""
    base = f"/desk/e/{scope.event.slug}"
    return [
        (word, base + path, key == current)
        for key, (path, word, least) in PARTS.items()
        if meets(scope.role, least)
    ]


def _choices(scope: Scope) -> list[Choice]:
    here = scope.project.slug
    return [Choice(f"/desk/p/{p.slug}", p.name, p.slug == here) for p in scope.projects]
