"""Organisers' pages that make and change indicators: from a pack or by an own rule, versions,
values by hand.
"""

from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core.errors import NO_DATE, NO_NUMBER, REQUIRED, DomainError, not_found
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import _, fmt, language
from events.event.access import Scope, desk_project
from events.presentation.posted_form import language_names
from indicators.report import overview
from indicators.report.navigation import here, one_of
from indicators.report.serializers import name_of, number
from indicators.rules import form as rule_form
from indicators.rules.indicators import Indicator, ManualValue, RuleVersion
from indicators.rules.rules import Rule, said, shipped
from indicators.rules.sentences import sentence

router = APIRouter(include_in_schema=False)

Viewer = Annotated[Scope, Depends(desk_project("viewer"))]
Manager = Annotated[Scope, Depends(desk_project("manager"))]
FIELDS = ("name", "unit", "target", "baseline", "note")


@router.get("/desk/p/{project}/indicators/new")
async def new(request: Request, scope: Manager, own: str = "") -> Response:
    """Choose one of the shipped rules, or describe an own one."""
    return await _new(
        request, scope, Form({"own": own, **rule_form.as_values(Rule(unit="people"))})
    )


async def _new(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    own = bool(form.values.get("own"))
    packs: dict[str, list[dict[str, Any]]] = {}
    for one in shipped().values():
        name = said(one.name).get(language(), one.name)
        found = {
            "code": one.code,
            "name": name,
            "sentence": sentence(one.counting()),
            "verify": one.verify,
        }
        packs.setdefault(one.pack, []).append(found)
    return render(
        request,
        "indicators/desk/own.html" if own else "indicators/desk/new.html",
        status,
        form=form,
        packs=packs,
        options=await rule_form.choices(scope.project),
        codes=language_names(scope.project.languages or [language()]),
        **here(scope),
    )


@router.post("/desk/p/{project}/indicators/new")
async def add(request: Request, scope: Manager) -> Response:
    """Add an indicator."""
    form = await Form.read(request, rule_form.LISTS)
    own = form.yes("own")
    columns = _columns(form)
    rule = rule_form.read(form, await rule_form.choices(scope.project)) if own else None
    name = _names(form, scope, required=own)
    code = "" if own else form.choice("rule", tuple(shipped()), required=True)
    try:
        form.check()
        if rule:
            one = await Indicator.add(scope.project, scope.actor, rule, name=name, **columns)
        else:
            one = await Indicator.shipped(scope.project, scope.actor, code, **columns)
    except DomainError as error:
        form.take(error)
        return await _new(request, scope, form, 422)
    return see_other(
        request, f"{here(scope)['base']}/{one.id}", _("The indicator is added, and counted.")
    )


def _names(form: Form, scope: Scope, *, required: bool) -> dict[str, str]:
    codes = scope.project.languages or [language()]
    found = {code: said for code in codes if (said := form.text(f"name_{code}", longest=500))}
    if required and not found:
        form.wrong(f"name_{codes[0]}", REQUIRED)
    return found


def _columns(form: Form) -> dict[str, Any]:
    return {
        "unit": form.text("unit_word", longest=60),
        "target": _decimal(form, "target"),
        "baseline": _decimal(form, "baseline"),
        "note": form.text("note", longest=5000, lines=True),
    }


def _decimal(form: Form, name: str, *, required: bool = False) -> Decimal | None:
    """A number as people write it: with a comma or a point, with spaces between thousands."""
    value = (
        form.text(name, required=required).replace("\u00a0", "").replace(" ", "").replace(",", ".")
    )
    if not value:
        return None
    found = None
    with suppress(InvalidOperation):
        found = Decimal(value)
    if found is None or not found.is_finite() or abs(found) >= 10**12:
        form.wrong(name, NO_NUMBER)
        return None
    return found.quantize(Decimal("0.01"))


@router.get("/desk/p/{project}/indicators/{indicator}/edit")
async def edit(request: Request, scope: Manager, indicator: str) -> Response:
    """Its name, unit, target, baseline and note."""
    one = await one_of(scope, indicator)
    values: dict[str, Any] = {"unit_word": one.unit, "note": one.note}
    values |= {
        name: "" if (n := number(getattr(one, name))) is None else str(n)
        for name in ("target", "baseline")
    }
    values |= {f"name_{code}": word for code, word in one.name.items()}
    return _edit(request, scope, one, Form(values))


def _edit(
    request: Request, scope: Scope, one: Indicator, form: Form, status: int = 200
) -> Response:
    codes = language_names(
        list(dict.fromkeys([*(scope.project.languages or [language()]), *one.name]))
    )
    path = f"/desk/p/{scope.project.slug}/indicators/{one.id}"
    frame = here(scope, (name_of(one), path))
    return render(
        request, "indicators/desk/edit.html", status, one=one, form=form, codes=codes, **frame
    )


@router.post("/desk/p/{project}/indicators/{indicator}/edit")
async def save(request: Request, scope: Manager, indicator: str) -> Response:
    """Change them."""
    one = await one_of(scope, indicator)
    form = await Form.read(request)
    columns = _columns(form)
    codes = dict.fromkeys([*(scope.project.languages or [language()]), *one.name])
    name = {code: word for code in codes if (word := form.text(f"name_{code}", longest=500))}
    if not name:
        form.wrong(f"name_{next(iter(codes))}", REQUIRED)
    if form.errors:
        return _edit(request, scope, one, form, 422)
    await one.change(scope.actor, {"name": name, **columns})
    return see_other(request, f"{here(scope)['base']}/{one.id}", _("Saved."))


@router.get("/desk/p/{project}/indicators/{indicator}/rule")
async def rule_page(request: Request, scope: Viewer, indicator: str) -> Response:
    """The rule, its versions, and for managers the form of a new one."""
    one = await one_of(scope, indicator)
    return await _rule(request, scope, one, Form(rule_form.as_values(one.counting)))


async def _rule(
    request: Request, scope: Scope, one: Indicator, form: Form, status: int = 200
) -> Response:
    versions = [
        {
            "what": str(_("Version %(number)s", number=version.number)),
            "text": await overview.said(scope.project, Rule.read(version.rule)),
            "when": fmt.datetime(version.at, scope.project.timezone),
            "who": version.actor,
            "tone": "" if version.number == one.version else "muted",
        }
        for version in await RuleVersion.filter(indicator_id=one.id).order_by("-number")
    ]
    path = f"/desk/p/{scope.project.slug}/indicators/{one.id}"
    return render(
        request,
        "indicators/desk/rule.html",
        status,
        one=one,
        form=form,
        versions=versions,
        options=await rule_form.choices(scope.project),
        may=scope.role in {"manager", "admin"} and one.counting.unit != "manual",
        **here(scope, (name_of(one), path)),
    )


@router.post("/desk/p/{project}/indicators/{indicator}/rule")
async def change_rule(request: Request, scope: Manager, indicator: str) -> Response:
    """Count by another rule from now on; what was submitted keeps its own."""
    one = await one_of(scope, indicator)
    form = await Form.read(request, rule_form.LISTS)
    rule = rule_form.read(form, await rule_form.choices(scope.project))
    try:
        form.check()
        assert rule, "no errors"
        changed = await one.count_by(rule, scope.actor)
    except DomainError as error:
        form.take(error)
        return await _rule(request, scope, one, form, 422)
    words = (
        _("This is version %(number)s of the rule.", number=one.version)
        if changed
        else _("The rule is the same.")
    )
    return see_other(request, f"{here(scope)['base']}/{one.id}", words)


@router.post("/desk/p/{project}/indicators/{indicator}/values")
async def enter(request: Request, scope: Manager, indicator: str) -> Response:
    """Enter a value by hand."""
    one = await one_of(scope, indicator)
    form = await Form.read(request)
    value = _decimal(form, "value", required=True)
    first, last = _day(form, "from"), _day(form, "to")
    note, evidence = (
        form.text("note", longest=5000, lines=True),
        form.text("evidence_url", longest=500),
    )
    try:
        form.check()
        assert value is not None, "no errors"
        assert first, "no errors"
        assert last, "no errors"
        await ManualValue.enter(one, scope.actor, value, first, last, note, evidence)
    except DomainError as error:
        form.take(error)
        frame = here(scope, (name_of(one), f"{here(scope)['base']}/{one.id}"))
        return render(request, "indicators/desk/value.html", 422, one=one, form=form, **frame)
    return see_other(request, f"{here(scope)['base']}/{one.id}", _("The value is entered."))


def _day(form: Form, name: str) -> date | None:
    value = form.text(name, required=True)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        form.wrong(name, NO_DATE)
        return None


@router.post("/desk/p/{project}/indicators/{indicator}/values/{value}/{what}")
async def withdraw(
    request: Request, scope: Manager, indicator: str, value: str, what: str
) -> Response:
    """Take a value out, or put it back."""
    one = await one_of(scope, indicator)
    found = await ManualValue.get_or_none(id=identity(value), indicator_id=one.id)
    if not found or what not in {"out", "back"}:
        raise not_found()
    await found.withdraw(scope.project.id, scope.actor, back=what == "back")
    path = f"{here(scope)['base']}/{one.id}"
    if what == "back":
        return see_other(request, path, _("The value counts again."))
    return see_other(
        request, path, _("The value is taken out."), undo=f"{path}/values/{found.id}/back"
    )
