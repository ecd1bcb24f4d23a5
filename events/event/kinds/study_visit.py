"""A study visit: a delegation travels from one country to another; it has a direction, and people
need documents.
"""

from core.i18n import _
from events.event.kind import ACCESS, DIET, Ask, Detail, Kind

KIND = Kind(
    "study_visit",
    _("Study visit"),
    _("Study visits"),
    "bus",
    session_kind="visit",
    has_direction=True,
    details=(
        Detail(
            "meeting_point", _("Meeting point"), hint=_("Where the journey begins."), shown=True
        ),
        Detail(
            "passport",
            _("Remind people to bring a passport or an identity card"),
            "yes_no",
            shown=_("Bring a passport or an identity card."),
        ),
        Detail(
            "insurance",
            _("Remind people to bring a health insurance card"),
            "yes_no",
            shown=_("Bring a health insurance card."),
        ),
    ),
    asks=(
        Ask(
            "emergency_contact",
            "text",
            _("Whom may we call in an emergency?"),
            _("A name and a telephone number."),
        ),
        Ask(
            "documents",
            "yes_no",
            _("My passport or identity card is valid until after the visit"),
            _("Do not send us its number."),
        ),
        DIET,
        ACCESS,
    ),
)
