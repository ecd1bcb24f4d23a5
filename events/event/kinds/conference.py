"""A conference: many people, talks, perhaps in tracks."""

from core.i18n import _
from events.event.kind import ACCESS, DIET, Detail, Kind

KIND = Kind(
    "conference",
    _("Conference"),
    _("Conferences"),
    "presentation",
    details=(
        Detail("tracks", _("Tracks"), "lines", _("One on each line, if talks run side by side.")),
        Detail(
            "interpreted",
            _("Interpreted into"),
            hint=_("The languages, if there is interpretation."),
            shown=True,
        ),
    ),
    asks=(DIET, ACCESS),
)
