"""JSON: indicators, their values, and reporting periods (docs/interface.md)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from accounts.sessions.access import Actor, bearer, require
from core.errors import invalid, not_found
from core.http.api import PREFIX, Body, Paging, identity
from core.i18n import LANGUAGES, _, text
from core.text import clean
from events.event.access import Scope, api_project
from events.projects.projects import Project
from events.projects.series import Series
from indicators.cache.figures import Counting
from indicators.counting.spans import Span
from indicators.report.periods import Period
from indicators.report.report import Column, Reporting, submit
from indicators.report.serializers import amount, indicator_json, number
from indicators.rules.indicators import Indicator, ManualValue
from indicators.rules.rules import UNITS, Rule

router = APIRouter(prefix=PREFIX, tags=["indicators"])

Caller = Annotated[Actor, Depends(bearer)]
Viewer = Annotated[Scope, Depends(api_project("viewer"))]
Manager = Annotated[Scope, Depends(api_project("manager"))]
Amount = Annotated[Decimal, Field(max_digits=14, decimal_places=2, allow_inf_nan=False)]


class Dated(Body):
    """With a first and a last day, inclusive."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)

    starts_on: Annotated[date, Field(alias="from", ge=date(1900, 1, 1), le=date(2999, 12, 31))]
    ends_on: Annotated[date, Field(alias="to", ge=date(1900, 1, 1), le=date(2999, 12, 31))]


class IndicatorBody(Body):
    """A shipped rule by its code, or an own one with a name."""

    rule: str | dict[str, Any]
    name: (
        Annotated[str, Field(max_length=500)]
        | dict[str, Annotated[str, Field(max_length=500)]]
        | None
    ) = None
    unit: Annotated[str, Field(max_length=60)] | None = None
    baseline: Amount | None = None
    target: Amount | None = None
    note: Annotated[str, Field(max_length=5000)] | None = None


class ValueBody(Dated):
    """A figure entered by hand."""

    value: Amount
    note: Annotated[str, Field(max_length=5000)] | None = None
    evidence_url: Annotated[str, Field(max_length=500)] | None = None


class PeriodBody(Dated):
    """A reporting period."""

    name: Annotated[str, Field(max_length=200)]


class Nothing(Body):
    """An empty body."""


@router.post("/projects/{project}/indicators", status_code=201)
async def add_indicator(scope: Manager, body: IndicatorBody) -> Response:
    """Add an indicator; answers it with its figure over the whole project."""
    more: dict[str, Any] = {
        "baseline": body.baseline,
        "target": body.target,
        "note": clean(body.note or "", lines=True),
        "unit": clean(body.unit or ""),
    }
    named = _names(scope.project, body.name)
    if isinstance(body.rule, str):
        one = await Indicator.shipped(scope.project, scope.actor, body.rule, name=named, **more)
    else:
        given = body.rule
        if "unit" not in given and body.unit in UNITS:
            given = {**given, "unit": body.unit}
        one = await Indicator.add(scope.project, scope.actor, Rule.read(given), name=named, **more)
    counting = await Counting.of(scope.project)
    figure = await counting.figure(one.counting, indicator_id=one.id)
    return JSONResponse(indicator_json(one, figure, series=await _series(scope.project)), 201)


def _names(project: Project, given: str | dict[str, str] | None) -> dict[str, str]:
    first = next(iter(project.languages), "en")
    said = given if isinstance(given, dict) else {first: given or ""}
    if set(said) - set(LANGUAGES) - set(project.languages):
        raise invalid(name=_("Languages are named by codes like en, lt, lv or nb."))
    return {code: found for code, value in said.items() if (found := clean(value))}


async def _series(project: Project) -> dict[str, str]:
    return {str(one.id): text(one.title) for one in await Series.filter(project_id=project.id)}


@router.get("/projects/{project}/indicators")
async def list_indicators(
    request: Request,
    scope: Viewer,
    paging: Annotated[Paging, Depends()],
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
    period: str = "",
) -> Response:
    """Every indicator with its figure: of a span of dates, of a period, or of the whole project."""
    found = (
        await Indicator.filter(project_id=scope.project.id, id__gt=paging.after)
        .order_by("id")
        .limit(paging.limit + 1)
    )
    counting, series = await Counting.of(scope.project), await _series(scope.project)
    answer = []
    if period:
        reporting = await Reporting.of(counting)
        here = next((p for p in reporting.periods if p.id == identity(period)), None)
        if not here:
            raise not_found(_("There is nothing with this id."))
        for one in found:
            column = await reporting.column(one, here)
            shown = indicator_json(one, column.figure, column.rule, series)
            answer.append((one.id, {**shown, **_reported(here, column)}))
    else:
        span = Span(start, end)
        for one in found:
            figure = await counting.figure(one.counting, span, indicator_id=one.id)
            answer.append((one.id, indicator_json(one, figure, series=series)))
    await counting.finish()
    return paging.answer(request, answer)


def _reported(period: Period, column: Column) -> dict[str, Any]:
    """What a period adds to an indicator."""
    rule = column.rule
    return {
        "period": str(period.id),
        "submitted": column.frozen,
        "version": column.version,
        "cumulative": amount(rule, column.cumulative),
        "correction": amount(rule, column.correction),
        "corrections": [
            {
                "period": str(c.period_id),
                "name": c.name,
                "submitted": amount(rule, c.submitted),
                "difference": amount(rule, c.difference),
            }
            for c in column.corrections
        ],
    }


@router.post("/indicators/{indicator}/values", status_code=201)
async def enter_value(indicator: str, actor: Caller, body: ValueBody) -> Response:
    """Enter a figure by hand, with its evidence."""
    one = await Indicator.get_or_none(id=identity(indicator))
    if not one:
        raise not_found(_("There is nothing with this id."))
    await require(actor, one.project_id, "manager")
    value = await ManualValue.enter(
        one,
        actor,
        body.value,
        body.starts_on,
        body.ends_on,
        clean(body.note or "", lines=True),
        clean(body.evidence_url or ""),
    )
    return JSONResponse(value_json(value), 201)


def value_json(value: ManualValue) -> dict[str, Any]:
    """A value entered by hand."""
    return {
        "id": str(value.id),
        "indicator": str(value.indicator_id),
        "value": number(value.value),
        "from": value.starts_on.isoformat(),
        "to": value.ends_on.isoformat(),
        "note": value.note,
        "evidence_url": value.evidence_url or None,
    }


@router.post("/projects/{project}/periods", status_code=201)
async def make_period(scope: Manager, body: PeriodBody) -> Response:
    """Make a reporting period."""
    one = await Period.make(
        scope.project, scope.actor, clean(body.name), body.starts_on, body.ends_on
    )
    return JSONResponse(period_json(one), 201)


@router.get("/projects/{project}/periods")
async def list_periods(
    request: Request, scope: Viewer, paging: Annotated[Paging, Depends()]
) -> Response:
    """The reporting periods."""
    found = (
        await Period.filter(project_id=scope.project.id, id__gt=paging.after)
        .order_by("id")
        .limit(paging.limit + 1)
    )
    return paging.answer(request, [(one.id, period_json(one)) for one in found])


@router.post("/periods/{period}/submission")
async def submit_period(period: str, actor: Caller, _body: Nothing | None = None) -> Response:
    """Freeze the figures of a period. 409 the second time."""
    one = await Period.get_or_none(id=identity(period)).prefetch_related("project")
    if not one:
        raise not_found(_("There is nothing with this id."))
    await require(actor, one.project_id, "manager")
    await submit(one.project, one, actor)
    return JSONResponse(period_json(one))


def period_json(one: Period) -> dict[str, Any]:
    """A period."""
    return {
        "id": str(one.id),
        "name": one.name,
        "from": one.starts_on.isoformat(),
        "to": one.ends_on.isoformat(),
        "submitted": bool(one.submitted_at),
        "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
    }
