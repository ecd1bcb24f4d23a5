"""A consultation: an expert answers an organisation's questions."""

from core.i18n import _
from events.event.kind import Ask, Detail, Kind

KIND = Kind(
    "consultation",
    _("Consultation"),
    _("Consultations"),
    "info",
    session_kind="workshop",
    details=(
        Detail("expert", _("Expert"), shown=True),
        Detail("subject", _("Subject"), shown=True),
    ),
    asks=(Ask("question", "text", _("What would you like to ask?")),),
)
