"""Converts a posted form into values by field name, and puts errors beside their fields."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import DomainError
from core.http.forms import Form
from core.i18n import LANGUAGES, Lazy, _, fmt


def language_names(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name in the reader's language) of each."""
    return [(code, fmt.locale.languages.get(code) or LANGUAGES.get(code, code)) for code in codes]


def words(form: Form, name: str, codes: Iterable[str]) -> dict[str, str]:
    """A translatable text from the fields `name_en`, `name_lv`, …"""
    return {code: str(form.values.get(f"{name}_{code}") or "") for code in codes}


def spread(name: str, value: Mapping[str, str] | None, codes: Iterable[str]) -> dict[str, str]:
    """The other way: a translatable text as fields."""
    return {f"{name}_{code}": (value or {}).get(code, "") for code in codes}


def number(form: Form, name: str) -> int | str | None:
    """A whole number where it is one, else what was typed, for the verb to refuse."""
    typed = str(form.values.get(name) or "").strip().replace("\u00a0", "").replace(" ", "")
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.lstrip("-").isdigit() else typed


def yes(form: Form, name: str) -> bool:
    """A checkbox."""
    return bool(form.values.get(name))


def local_input(value: datetime | None, zone: str) -> str:
    """A moment as a datetime-local field takes it, in the zone."""
    return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if value else ""


def take(form: Form, error: DomainError, texts: Iterable[str], first: str) -> None:
    """Note a verb's refusal beside the fields of the form; `texts` are the translatable ones.

    Where a clock change makes a time double or void, the field becomes a choice of the two moments.
    """
    translated = set(texts)
    fields: dict[str, Lazy | str] = {}
    for name, message in error.fields.items():
        fields[
            f"{name}_{first}" if name in translated else name.replace("details.", "details_")
        ] = message
    if given := error.extra.get("choices"):
        for name in fields:
            form.values[f"_choices_{name}"] = moment_choices([str(c) for c in given])  # type: ignore[attr-defined]  # a list
    form.take(DomainError(error.message, error.status, fields))


def moment_choices(given: list[str]) -> list[tuple[str, Lazy]]:
    """The two moments of a night on which the clocks change; summer time is the one further
    ahead.
    """
    moments = sorted(
        (datetime.fromisoformat(c) for c in given), key=lambda m: m.utcoffset() or timedelta()
    )
    winter, summer = moments[0], moments[-1]
    return [
        (summer.isoformat(), _("%(time)s summer time", time=f"{summer:%H:%M}")),
        (winter.isoformat(), _("%(time)s winter time", time=f"{winter:%H:%M}")),
    ]
