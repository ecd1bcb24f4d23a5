"""A debate or a focus group: people say what they think, someone leads and writes it down."""

from core.i18n import _
from events.event.kind import ACCESS, Detail, Kind

KIND = Kind(
    "debate",
    _("Debate or focus group"),
    _("Debates and focus groups"),
    "volume-2",
    details=(
        Detail(
            "form",
            _("Debate or focus group"),
            "choice",
            options={"debate": _("Debate"), "focus_group": _("Focus group")},
        ),
        Detail("moderator", _("Moderator"), shown=True),
        Detail("motion", _("Question debated"), "lines", shown=True),
    ),
    asks=(ACCESS,),
)
