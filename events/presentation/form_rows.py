"""Lists inside a form: a project's partners and resources as rows, activities and target groups as
lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.errors import DomainError
from core.http.forms import Form
from events.projects.projects import Activity, Partner, Project

PARTNER = ("name", "country", "kind", "role")
RESOURCE = ("kind", "title", "status", "url")
MOST = 100


@dataclass(frozen=True)
class PartnerRow:
    """A partner as a row of the form; `id` is empty for a new one."""

    id: str
    name: str
    country: str
    kind: str
    role: str


def _shown_name(partner: Partner) -> str:
    """The name by which the organisation is known: the first that it was given."""
    return next(iter(partner.organisation.name.values()), "")


def partner_rows(partners: Iterable[Partner], form: Form, spare: int) -> list[PartnerRow]:
    """The lead first, then the others, then empty rows; what was typed instead where the form was
    sent.
    """
    if "partner_0_name" in form.values:
        return [
            PartnerRow(str(form.values.get(f"partner_{n}_id", "")), *row)
            for n, row in _typed(form, "partner", PARTNER)
        ]
    ordered = sorted(partners, key=lambda p: (p.role != "lead", p.position, p.id))
    found = [
        PartnerRow(str(p.id), _shown_name(p), p.organisation.country, p.organisation.kind, p.role)
        for p in ordered
    ]
    if not found:
        found = [PartnerRow("", "", "", "", "lead")]
    return found + [PartnerRow("", "", "", "", "")] * spare


def _typed(form: Form, what: str, names: tuple[str, ...]) -> list[tuple[int, tuple[str, ...]]]:
    found = []
    for n in range(MOST):
        if f"{what}_{n}_{names[0]}" not in form.values:
            break
        found.append(
            (n, tuple(str(form.values.get(f"{what}_{n}_{name}") or "").strip() for name in names))
        )
    return found


async def partners_from(form: Form, project: Project) -> dict[str, Any]:
    """`lead` and `partners` as the project takes them. A name that was not touched keeps its other
    languages.
    """
    known = {
        str(p.id): p
        for p in await Partner.filter(project_id=project.id).prefetch_related("organisation")
    }
    lead: dict[str, Any] | None = None
    rest: list[dict[str, Any]] = []
    for n, (name, country, kind, role) in _typed(form, "partner", PARTNER):
        if not _stays(form, n, name):
            continue
        partner = known.get(str(form.values.get(f"partner_{n}_id", "")))
        same = partner and _shown_name(partner) == name
        said: Any = dict(partner.organisation.name) if partner and same else name
        given = {"name": said, "country": country, "kind": kind}
        if n == 0:
            lead = given
        else:
            rest.append({**given, "role": role})
    return {"lead": lead, "partners": rest}


def resources_from(form: Form) -> list[dict[str, str]]:
    """The rows that say what it is."""
    rows = [dict(zip(RESOURCE, row, strict=True)) for _n, row in _typed(form, "resource", RESOURCE)]
    return [row for row in rows if any(row.values())]


def lines(form: Form, name: str) -> list[str]:
    """What was typed, one on each line."""
    return [line.strip() for line in str(form.values.get(name) or "").splitlines() if line.strip()]


async def activities_from(form: Form, project: Project) -> list[dict[str, Any]]:
    """Each line a number and a title, in the project's first language; titles in others stay."""
    known = {a.number: a.title for a in await Activity.filter(project_id=project.id)}
    found = []
    for line in lines(form, "activities"):
        number, _space, title = line.partition(" ")
        old = known.get(number, {})
        shown = old.get(project.first_language) or next(iter(old.values()), "")
        said = old if title.strip() == shown else {**old, project.first_language: title.strip()}
        found.append({"number": number, "title": said})
    return found


def rows_errors(error: DomainError, form: Form) -> DomainError:
    """Errors of `lead.name`, `partners.2.country`, … stand beside the fields of the row from which
    they came.
    """
    partners = [
        n for n, (name, *_rest) in _typed(form, "partner", PARTNER) if n and _stays(form, n, name)
    ]
    resources = [n for n, row in _typed(form, "resource", RESOURCE) if any(row)]
    fields = {}
    for name, message in error.fields.items():
        what, _dot, rest = name.partition(".")
        index, _dot2, column = rest.partition(".")
        if what == "lead":
            fields[f"partner_0_{rest or 'name'}"] = message
        elif what == "partners" and index.isdigit():
            fields[f"partner_{partners[int(index)]}_{column or 'name'}"] = message
        elif what == "resources" and index.isdigit():
            fields[f"resource_{resources[int(index)]}_{column}"] = message
        else:
            fields["activities" if what == "activities" else name] = message
    return DomainError(error.message, error.status, fields)


def _stays(form: Form, n: int, name: str) -> bool:
    return bool(name) and not form.values.get(f"partner_{n}_gone")
