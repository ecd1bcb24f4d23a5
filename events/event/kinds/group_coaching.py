"""Coaching of a group; its hours are what the coach gave, once however many came."""

from core.i18n import _
from events.event.kind import Ask, Detail, Kind

KIND = Kind(
    "group_coaching",
    _("Group coaching"),
    _("Group coaching sessions"),
    "users",
    session_kind="workshop",
    details=(
        Detail("coach", _("Coach"), shown=True),
        Detail(
            "solution",
            _("Solution found"),
            "lines",
            _("What the organisations mean to put into practice."),
        ),
    ),
    asks=(Ask("challenge", "text", _("Which challenge would you like to work on?")),),
)
