"""What a counting rule says, in plain words and in the reader's language."""

from collections.abc import Iterator, Mapping

from core.i18n import Lazy, _, fmt
from events.projects.organisations import OrganisationKind
from indicators.rules import words
from indicators.rules.rules import Rule

_COUNTS: Mapping[str, Lazy] = {
    "participations": _("Counts each person once per event"),
    "people": _("Counts each person once"),
    "organisations": _(
        "Counts each organisation once, a department as the organisation it belongs to"
    ),
    "completions": _("Counts each person once per training scheme completed"),
    "delivered_hours": _("Adds up the length of the sessions held, however many people attended"),
    "participant_hours": _("Adds up the time that each person was present"),
    "events": _("Counts each event held"),
    "partners": _(
        "Counts each organisation of the project itself once: lead, partners and associated organisations"
    ),
    "manual": _("Adds up what was entered by hand"),
}

_PARTICIPATIONS: Mapping[str, Lazy] = {
    "scheme": _("Counts each person once per training scheme"),
    "scheme_or_event": _(
        "Counts each person once per training scheme, or per event outside any scheme"
    ),
}


def sentence(rule: Rule, series: Mapping[str, str] | None = None) -> str:
    """The rule as one sentence. `series` gives the names of the series by id."""
    if rule.unit == "manual":
        return f"{_COUNTS['manual']}."
    if rule.unit == "partners":
        return "; ".join(str(part) for part in (_COUNTS["partners"], *_of_whom(rule))) + "."
    parts = [
        _counts(rule),
        *_where(rule, series or {}),
        *_who(rule),
        *_how_much(rule),
        *_when(rule),
    ]
    return "; ".join(str(part) for part in parts) + "."


def _counts(rule: Rule) -> Lazy:
    if rule.unit == "participations":
        return _PARTICIPATIONS.get(rule.counting_unit, _COUNTS["participations"])
    return _COUNTS[rule.unit]


def _where(rule: Rule, series: Mapping[str, str]) -> Iterator[object]:
    if rule.kinds:
        yield _("only these kinds of event: %(kinds)s", kinds=words.kinds(rule.kinds))
    if rule.activities:
        yield _("only activity %(numbers)s", numbers=", ".join(rule.activities))
    if rule.series:
        yield _(
            "only the series %(names)s",
            names=", ".join(series.get(one, one) for one in rule.series),
        )
    if rule.publicity != "any":
        yield _PUBLICITY[rule.publicity]
    yield _("internal project meetings too") if rule.internal else _("no internal project meetings")
    yield from _which(rule)


def _which(rule: Rule) -> Iterator[object]:
    if rule.direction:
        start, end = fmt.country(rule.direction.start), fmt.country(rule.direction.end)
        yield _("only visits from %(start)s to %(end)s", start=start, end=end)
    if rule.by_scheme and not rule.lone_events_count:
        yield _("only events of a training scheme")
    if rule.min_days > 1:
        yield _("only what spans at least %(days)s days", days=rule.min_days)
    if rule.joint != "none":
        yield _JOINT[rule.joint]


_PUBLICITY: Mapping[str, Lazy] = {
    "open": _("only events open to the public"),
    "closed": _("only events that are not open to the public"),
}
_JOINT: Mapping[str, Lazy] = {
    "organised": _("organised by partners from at least two countries"),
    "organised_and_attended": _(
        "organised by partners and attended by people from at least two countries"
    ),
}


def _who(rule: Rule) -> Iterator[object]:
    if rule.roles:
        yield _(
            "people who came as %(roles)s",
            roles=", ".join(str(role.many) for role in rule.roles),
        )
    yield from _of_whom(rule)
    if rule.target_groups:
        yield _("of these target groups: %(groups)s", groups=", ".join(rule.target_groups))


def _of_whom(rule: Rule) -> Iterator[object]:
    if rule.countries:
        yield _(
            "from %(countries)s", countries=", ".join(fmt.country(code) for code in rule.countries)
        )
    if rule.organisation_kinds:
        found = ", ".join(
            str(OrganisationKind.of(kind).label).lower() for kind in rule.organisation_kinds
        )
        yield _("of these kinds of organisation: %(kinds)s", kinds=found)


def _how_much(rule: Rule) -> Iterator[object]:
    if rule.threshold_percent is not None:
        yield _("present for at least %(percent)s %% of the time", percent=rule.threshold_percent)
    elif rule.unit == "completions":
        yield _("present for as much of the time as the scheme asks")
    if rule.all_sessions:
        yield _("present at every session")
    if rule.evidence == "signed":
        yield _("with a signed attendance sheet")
    if rule.once_per == "project":
        yield _("once in the whole project")


def _when(rule: Rule) -> Iterator[object]:
    if rule.window == "project":
        yield _("between the project's first and last day")
    if rule.window == "year_after_end":
        yield _("in the year after the project's end")
