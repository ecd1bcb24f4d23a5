"""Coaching of one person or one organisation; its hours are what the coach gave."""

from core.i18n import _
from events.event.kind import Ask, Detail, Kind

KIND = Kind(
    "coaching",
    _("Coaching"),
    _("Coaching sessions"),
    "user",
    session_kind="workshop",
    details=(
        Detail("coach", _("Coach"), shown=True),
        Detail(
            "solution",
            _("Solution found"),
            "lines",
            _("What the organisation means to put into practice."),
        ),
    ),
    asks=(Ask("challenge", "text", _("Which challenge would you like to work on?")),),
)
