"""A training: sessions that build on each other, often a part of a scheme that people complete."""

from core.i18n import _
from events.event.kind import ACCESS, EXPECTATION, Detail, Kind

KIND = Kind(
    "training",
    _("Training"),
    _("Training courses"),
    "graduation-cap",
    session_kind="workshop",
    details=(
        Detail("trainer", _("Trainer"), shown=True),
        Detail(
            "level",
            _("Level"),
            "choice",
            options={"basic": _("Basic"), "advanced": _("Advanced")},
            shown=True,
        ),
        Detail("certificate", _("Those who complete it get a certificate"), "yes_no", shown=True),
    ),
    asks=(EXPECTATION, ACCESS),
)
