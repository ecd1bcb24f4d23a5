"""Navigation of one's own account and of the administration."""

from dataclasses import dataclass

from accounts.sessions.access import Actor
from core.i18n import Lazy, _


@dataclass(frozen=True)
class Way:
    """A way in the navigation beside the page."""

    href: str
    label: "Lazy | str"
    icon: str
    current: bool


def navigation(actor: Actor, current: str) -> list[Way]:
    """The way about in one's account, and in the administration for who may."""
    ways = [
        ("/desk", _("My desk"), "house"),
        ("/desk/account", _("My account"), "user"),
        ("/desk/account/tokens", _("API keys"), "key"),
    ]
    if actor.user and actor.user.admin:
        ways += [
            ("/desk/admin", _("Accounts"), "users"),
            ("/desk/outbox", _("Outbox"), "send"),
            ("/desk/admin/log", _("Log"), "history"),
        ]
    return [Way(href, label, icon, href == current) for href, label, icon in ways]
