"""A consultation: an expert answers an organisation's questions."""

from core.i18n import _
from events.kind import Ask, Detail, Kind

KIND = Kind(
    "consultation",
    _("Consultation"),
    _("Consultations"),
    "info",
    session_kind="workshop",
    details=(Detail("expert", _("Expert")), Detail("subject", _("Subject"))),
    asks=(Ask("question", "text", _("What would you like to ask?")),),
)
