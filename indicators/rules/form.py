"""A counting rule as a form of plain words, and back."""

from typing import Any

from core.countries import code as country_code
from core.errors import NO_COUNTRY, DomainError
from core.http.forms import Form
from core.i18n import Lazy, _, text
from events.event.kinds import KINDS
from events.projects.organisations import OrganisationKind
from events.projects.projects import Activity, Project
from events.projects.series import Series
from indicators.rules.rules import UNITS, Rule
from registrations.registration.vocabulary import ParticipantRole

COUNTS: dict[str, Lazy] = {
    "participations": _("Participations: each person once per event or scheme"),
    "people": _("People: each person once"),
    "organisations": _("Organisations that people came from"),
    "completions": _("Completions of a training scheme"),
    "delivered_hours": _("Hours delivered: the length of the sessions held"),
    "participant_hours": _("Hours attended, added up over people"),
    "events": _("Events held"),
    "partners": _("Organisations of the project itself"),
    "manual": _("Entered by hand, with evidence"),
}
CLOSED: dict[str, dict[str, Lazy]] = {
    "counting_unit": {
        "event": _("Each event by itself"),
        "scheme": _("Training schemes; events outside them do not count"),
        "scheme_or_event": _("Training schemes, and events outside them"),
    },
    "window": {
        "any": _("Any time"),
        "project": _("Between the project's first and last day"),
        "year_after_end": _("In the year after the project's end"),
    },
    "publicity": {
        "any": _("Any"),
        "open": _("Open to the public"),
        "closed": _("Not open to the public"),
    },
    "joint": {
        "none": _("Anyone"),
        "organised": _("Partners from at least two countries"),
        "organised_and_attended": _(
            "Partners from at least two countries, and people from at least two"
        ),
    },
    "evidence": {
        "any": _("Any: ticket, tick, signed sheet, online"),
        "signed": _("A signed sheet only"),
    },
    "once_per": {"counting_unit": _("Each time"), "project": _("Once in the whole project")},
}
LISTS = ("kinds", "activities", "series", "roles", "organisation_kinds", "target_groups")


async def choices(project: Project) -> dict[str, Any]:
    """The options of every field."""
    activities = await Activity.filter(project_id=project.id).order_by("number")
    series = await Series.filter(project_id=project.id).order_by("id")
    return {
        "unit": list(COUNTS.items()),
        **{name: list(options.items()) for name, options in CLOSED.items()},
        "kinds": [(code, kind.many) for code, kind in KINDS.items()],
        "activities": [
            (one.number, f"{one.number} {text(one.title)}".strip()) for one in activities
        ],
        "series": [(str(one.id), text(one.title)) for one in series],
        "roles": list(ParticipantRole.plurals().items()),
        "organisation_kinds": list(OrganisationKind.labels().items()),
        "target_groups": [(one, one) for one in project.target_groups],
    }


def as_values(rule: Rule) -> dict[str, Any]:
    """A rule as the values of a form."""
    found = rule.as_json()
    direction = found.pop("direction") or {}
    return {
        **found,
        "internal": "yes" if rule.internal else "",
        "all_sessions": "yes" if rule.all_sessions else "",
        "threshold_percent": "" if rule.threshold_percent is None else str(rule.threshold_percent),
        "min_days": str(rule.min_days),
        "countries": ", ".join(rule.countries),
        "from": direction.get("from", ""),
        "to": direction.get("to", ""),
    }


def read(form: Form, options: dict[str, Any]) -> Rule | None:
    """The rule that a form describes, or None, its errors noted beside their fields."""
    given: dict[str, Any] = {"unit": form.choice("unit", UNITS, required=True)}
    for name, closed in CLOSED.items():
        given[name] = form.choice(name, tuple(closed)) or next(iter(closed))
    for name in LISTS:
        given[name] = form.several(name, [value for value, _word in options[name]])
    given["internal"], given["all_sessions"] = form.yes("internal"), form.yes("all_sessions")
    given["threshold_percent"] = form.integer("threshold_percent", most=100)
    given["min_days"] = form.integer("min_days", least=1, most=366) or 1
    given["countries"] = [
        _country(form, "countries", one) for one in form.text("countries").replace(",", " ").split()
    ]
    start, end = _country(form, "from", form.text("from")), _country(form, "to", form.text("to"))
    if bool(start) != bool(end):
        form.wrong("to" if start else "from", _("A direction has two countries."))
    elif start:
        given["direction"] = {"from": start, "to": end}
    if form.errors:
        return None
    try:
        return Rule.read(given)
    except DomainError as error:
        for name, message in error.fields.items():
            form.wrong(name.removeprefix("rule.").split(".")[0], message)
        return None


def _country(form: Form, name: str, given: str) -> str:
    found = country_code(given)
    if given and not found:
        form.wrong(name, NO_COUNTRY)
    return found
