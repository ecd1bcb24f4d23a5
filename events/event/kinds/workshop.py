"""A workshop: a small group works on something together."""

from core.i18n import _
from events.event.kind import ACCESS, EXPECTATION, Detail, Kind

KIND = Kind(
    "workshop",
    _("Workshop"),
    _("Workshops"),
    "pencil",
    session_kind="workshop",
    details=(
        Detail("bring", _("What to bring"), "lines", shown=True),
        Detail("result", _("What it should lead to"), "lines"),
    ),
    asks=(EXPECTATION, ACCESS),
)
