"""What every registration form shows beside its fields: closed lists, and how long data is kept."""

from typing import Any

from core.countries import choices
from core.http.forms import Form
from core.i18n import Lazy, _, fmt, text
from events.event.event import Event
from events.projects.organisations import OrganisationKind
from registrations.form import form as forms
from registrations.form.questions import Question
from registrations.registration.vocabulary import Gender


def choices_of(event: Event) -> dict[str, Any]:
    """The closed lists of the form."""
    return {
        "countries": list(choices().items()),
        "kinds": list(OrganisationKind.labels().items()),
        "genders": list(Gender.labels().items()),
        "target_groups": [(g, g) for g in event.project.target_groups],
    }


def kept_until(event: Event) -> Lazy:
    """Until when names are kept, as the notice says it."""
    if day := event.project.retention_on:
        return _(
            "Names are kept until %(day)s; then only numbers remain.",
            day=fmt.date(day, weekday=False),
        )
    return _("Names are kept as long as the funder may ask for them; then only numbers remain.")


_LABELS = {
    "name": _("Name and surname"),
    "email": _("E-mail"),
    "organisation": _("Organisation"),
    "organisation_country": _("Country"),
    "organisation_kind": _("Kind of organisation"),
    "birth_year": _("Year of birth"),
    "sessions": _("Sessions"),
}


def problems(form: Form, questions: list[Question]) -> list[tuple[str, "Lazy | str"]]:
    """What is wrong with a form, for components/error_summary.html: each with the field it speaks
    of.
    """
    labels: dict[str, Lazy | str] = {
        **_LABELS,
        **{forms.PREFIX + q.key: text(q.label) for q in questions},
    }
    return [
        (name, _("%(field)s: %(what)s", field=labels[name], what=said) if name in labels else said)
        for name, said in form.errors.items()
    ]
