"""A meeting of a working group, often one of a network's."""

from core.i18n import _
from events.event.kind import Ask, Detail, Kind

KIND = Kind(
    "working_group",
    _("Working group"),
    _("Working groups"),
    "file-text",
    details=(
        Detail("chair", _("Chair"), shown=True),
        Detail(
            "minutes_url",
            _("Minutes"),
            "address",
            _("The address of the minutes, after the meeting."),
        ),
    ),
    asks=(Ask("topic", "text", _("What should be on the agenda?")),),
)
