"""Words for counting: reasons of exclusion, breakdowns and their buckets (docs/counting-rules.md)."""

from collections.abc import Mapping

from core.i18n import Lazy, _, fmt, plural
from events.event.kinds import kind_of
from events.projects.organisations import OrganisationKind
from registrations.registration.vocabulary import Gender

NOT_STATED = "not_stated"

REASONS: Mapping[str, Lazy] = {
    "cancelled_event": _("The event was cancelled"),
    "event": _("Another kind of event than this rule counts"),
    "not_joint": _("Not joint: partners or people of one country only"),
    "role": _("Came in another role"),
    "people": _("Other people than this rule counts"),
    "below_threshold": _("Attended too little"),
    "not_signed": _("No signed attendance sheet"),
    "duplicate_person": _("The same person under another name or address"),
    "counted_before": _("Already counted earlier in the project"),
}
"""Reasons of exclusion, in the order in which they are tried."""

DIMENSIONS: Mapping[str, Lazy] = {
    "gender": _("Gender"),
    "country": _("Country"),
    "organisation_kind": _("Kind of organisation"),
    "age": _("Age"),
    "target_group": _("Target group"),
    "direction": _("Direction of the visit"),
}

AGES: Mapping[str, Lazy] = {
    "under_25": _("Under 25"),
    "25_54": _("25 to 54"),
    "55_over": _("55 and over"),
}

UNITS: Mapping[str, Lazy] = {
    "participations": _("participations"),
    "people": _("people"),
    "organisations": _("organisations"),
    "completions": _("completions"),
    "delivered_hours": _("hours"),
    "participant_hours": _("hours"),
    "events": _("events"),
    "partners": _("organisations"),
    "manual": _("entered by hand"),
}
"""The word beside a number when its indicator names none."""


_BUCKETS: Mapping[str, Mapping[str, Lazy]] = {
    "gender": Gender.plurals(),
    "age": AGES,
    "organisation_kind": OrganisationKind.labels(),
}


def bucket(dimension: str, key: str) -> str:
    """What a bucket of a breakdown is called."""
    if key == NOT_STATED:
        return str(_("Not stated"))
    if dimension == "country":
        return fmt.country(key)
    if dimension == "direction":
        start, _to, end = key.partition(" to ")
        return f"{fmt.country(start)} → {fmt.country(end)}"
    return str(_BUCKETS.get(dimension, {}).get(key, key))


def kinds(codes: list[str]) -> str:
    """Kinds of event in a list: "conferences, workshops"."""
    return ", ".join(str(kind_of(code).many).lower() for code in codes)


PACKS = (
    _("Interreg 2021-27"),
    _("EEA and Norway Grants 2021-28"),
    _("Plain totals"),
    _("Participations in joint actions across borders"),
    _("Public events across borders jointly organised"),
    _("Participations in joint training schemes"),
    _("Completion of joint training schemes"),
    _("Organisations cooperating across borders"),
    _("Organisations cooperating across borders after project completion"),
    _("Participations in joint actions across borders after project completion"),
    _("Joint strategies"),
    _("Pilot actions"),
    _("Public-sector employees who completed training"),
    _("People trained by civil-society organisations"),
    _("Civil-society organisations completing training"),
    _("People"),
    _("Participations"),
    _("Hours delivered"),
    _("Hours attended"),
    _("Events held"),
    _("Study visits held"),
    _("participants"),
    _("strategies"),
    _("pilot actions"),
    _("visits"),
)
"""Texts of the packs, which are data, so that translators find them; a test holds both together."""


_COUNTED = {
    word.plural: word
    for word in (
        _("participant", "participants", n=1),
        _("participation", "participations", n=1),
        _("person", "people", n=1),
        _("organisation", "organisations", n=1),
        _("completion", "completions", n=1),
        _("event", "events", n=1),
        _("visit", "visits", n=1),
        _("strategy", "strategies", n=1),
        _("pilot action", "pilot actions", n=1),
    )
}


def unit(word: str, number: float | None = None) -> str:
    """The word beside a number in the reader's language, where the packs know it; else as it was
    given.
    """
    counted = _COUNTED.get(word)
    if counted and number is not None and number == int(number):
        return str(plural(counted.text, counted.plural, abs(int(number))))
    return str(Lazy(word)) if word else ""
