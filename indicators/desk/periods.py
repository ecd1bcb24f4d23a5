"""Organisers' pages of reporting periods: make, look, submit, take along."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import meets
from core.errors import NO_DATE, DomainError, not_found
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import render, see_other
from core.http.spreadsheets import Cell, download
from core.i18n import _
from core.text import slug
from events.event.access import Scope, desk_project
from events.presentation.navigation import shell
from indicators.cache.figures import Counting
from indicators.report import overview
from indicators.report.periods import Period
from indicators.report.report import submit

router = APIRouter(include_in_schema=False)

Viewer = Annotated[Scope, Depends(desk_project("viewer"))]
Manager = Annotated[Scope, Depends(desk_project("manager"))]


def _here(scope: Scope, *crumbs: tuple[str, str]) -> dict[str, Any]:
    return {**shell(scope, crumbs, "periods"), "base": f"/desk/p/{scope.project.slug}/periods"}


@router.get("/desk/p/{project}/periods")
async def periods(request: Request, scope: Viewer) -> Response:
    """The reporting periods, and a form for the next."""
    return await _periods(request, scope, Form())


async def _periods(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    found = await Period.filter(project_id=scope.project.id).order_by("starts_on", "id")
    may = meets(scope.role, "manager")
    return render(
        request,
        "indicators/desk/periods.html",
        status,
        periods=found,
        form=form,
        may=may,
        **_here(scope),
    )


@router.post("/desk/p/{project}/periods")
async def make(request: Request, scope: Manager) -> Response:
    """Make a period."""
    form = await Form.read(request)
    name = form.text("name", required=True)
    days: dict[str, date] = {}
    for field in ("from", "to"):
        try:
            days[field] = date.fromisoformat(form.text(field, required=True))
        except ValueError:
            form.wrong(field, NO_DATE)
    try:
        form.check()
        await Period.make(scope.project, scope.actor, name, days["from"], days["to"])
    except DomainError as error:
        form.take(error)
        return await _periods(request, scope, form, 422)
    return see_other(request, _here(scope)["base"], _("The period is made."))


async def _of(scope: Scope, given: str) -> Period:
    found = await Period.get_or_none(id=identity(given), project_id=scope.project.id)
    if not found:
        raise not_found()
    return found


@router.get("/desk/p/{project}/periods/{period}")
async def period_page(request: Request, scope: Viewer, period: str) -> Response:
    """Every indicator in a period: its value, the cumulative one, corrections to earlier
    periods.
    """
    one = await _of(scope, period)
    cards = await _cards(scope, one)
    crumbs = (str(_("Periods")), f"/desk/p/{scope.project.slug}/periods")
    may = meets(scope.role, "manager")
    return render(
        request,
        "indicators/desk/period.html",
        period=one,
        cards=cards,
        may=may,
        **_here(scope, crumbs),
    )


async def _cards(scope: Scope, one: Period) -> list[overview.Card]:
    counting = await Counting.of(scope.project)
    cards = await overview.cards(scope.project, counting)
    await overview.with_columns(cards, counting, only=one)
    await counting.finish()
    return cards


@router.get("/desk/p/{project}/periods/{period}/report.{kind}")
async def report(scope: Viewer, period: str, kind: str) -> Response:
    """The period's figures as CSV or XLSX."""
    if kind not in {"csv", "xlsx"}:
        raise not_found()
    one = await _of(scope, period)
    head = [
        _("Code"),
        _("Indicator"),
        _("Unit"),
        _("Target"),
        _("Recorded"),
        _("Counted"),
        _("From the beginning"),
        _("Correction to earlier periods"),
        _("How it is counted"),
    ]
    rows: list[list[Cell]] = []
    for card in await _cards(scope, one):
        (column,) = card.columns
        numbers = [
            card.shown(n)
            for n in (column.figure.gross, column.figure.net, column.cumulative, column.correction)
        ]
        sentence = await overview.said(scope.project, column.rule)
        rows.append([card.one.code, card.name, card.unit, card.target, *numbers, sentence])
    return await download(
        kind, f"{scope.project.slug}-{slug(one.name)}", [str(word) for word in head], rows
    )


@router.post("/desk/p/{project}/periods/{period}/submission")
async def submit_period(request: Request, scope: Manager, period: str) -> Response:
    """Freeze its figures."""
    one = await _of(scope, period)
    await submit(scope.project, one, scope.actor)
    return see_other(
        request, f"{_here(scope)['base']}/{one.id}", _("Submitted. These figures stay as they are.")
    )


@router.post("/desk/p/{project}/periods/{period}/removal")
async def remove(request: Request, scope: Manager, period: str) -> Response:
    """Remove a period that was not submitted."""
    await (await _of(scope, period)).drop(scope.actor)
    return see_other(request, _here(scope)["base"], _("The period is removed."))
