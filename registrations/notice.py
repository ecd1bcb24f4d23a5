"""What every form of a registration shows: its closed lists, and until when names are kept."""

from typing import Any

from core.countries import choices
from core.i18n import Lazy, _, fmt
from events.events import Event
from registrations import forms


def choices_of(event: Event) -> dict[str, Any]:
    """The closed lists of the form."""
    return {
        "countries": list(choices().items()),
        "kinds": list(forms.KIND_WORDS.items()),
        "genders": list(forms.GENDER_WORDS.items()),
        "target_groups": [(g, g) for g in event.project.target_groups],
    }


def kept_until(event: Event) -> Lazy:
    """Until when names are kept, as the notice says it."""
    if day := event.project.retention_on:
        return _("Names are kept until %(day)s; then only numbers remain.", day=fmt.date(day, weekday=False))
    return _("Names are kept as long as the funder may ask for them; then only numbers remain.")
