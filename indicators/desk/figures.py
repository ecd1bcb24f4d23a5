"""Organisers' pages of indicators: where the project stands, and why a number is what it is."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import meets
from core.errors import not_found
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import is_fragment, render
from core.http.spreadsheets import download
from core.i18n import _, fmt
from core.text import slug
from events.event.access import Scope, desk_project
from events.presentation.navigation import shell
from indicators.cache.figures import Counting
from indicators.counting.evaluation import Figure, total
from indicators.counting.items import PERSONAL, Item
from indicators.counting.spans import WHOLE, Span
from indicators.report import drill_down, overview
from indicators.report.navigation import here, one_of
from indicators.report.periods import FrozenFigure, Period
from indicators.report.report import Column, Reporting, thawed
from indicators.report.serializers import name_of
from indicators.rules import words
from indicators.rules.indicators import Indicator, ManualValue, RuleVersion

router = APIRouter(include_in_schema=False)

Viewer = Annotated[Scope, Depends(desk_project("viewer"))]
Organiser = Annotated[Scope, Depends(desk_project("organiser"))]
PER_PAGE = 50
EVENTS = 40


@router.get("/desk/p/{project}/indicators")
async def indicators(request: Request, scope: Viewer) -> Response:
    """Every indicator against its target, as a picture and as a table, by period."""
    counting = await Counting.of(scope.project)
    cards = await overview.cards(scope.project, counting)
    periods = await overview.with_columns(cards, counting)
    await counting.finish()
    frame = {**here(scope), "crumbs": shell(scope, current="indicators")["crumbs"][:1]}
    return render(
        request,
        "indicators/desk/indicators.html",
        cards=cards,
        periods=periods,
        may=meets(scope.role, "manager"),
        **frame,
    )


@router.get("/desk/p/{project}/indicators/{indicator}")
async def figure_page(
    request: Request,
    scope: Viewer,
    indicator: str,
    period: str = "",
    all: str = "",  # noqa: A002 - a word in an address
) -> Response:
    """One figure: its rule in words, gross, excluded, net, breakdowns, by event."""
    one = await one_of(scope, indicator)
    counting = await Counting.of(scope.project)
    reporting = await Reporting.of(counting)
    chosen = next((p for p in reporting.periods if str(p.id) == period), None)
    if period and not chosen:
        raise not_found()
    column = await reporting.column(one, chosen) if chosen else None
    rule = column.rule if column else one.counting
    figure = column.figure if column else await counting.figure(rule, indicator_id=one.id)
    card = await overview.card(counting, one, chosen.span if chosen else WHOLE, figure)
    await counting.finish()
    return render(
        request,
        "indicators/desk/figure.html",
        one=one,
        card=card,
        figure=figure,
        rule=rule,
        write=_writer(rule.in_hours, rule.unit == "manual"),
        sentence=await overview.said(scope.project, rule),
        steps=[(words.REASONS[reason], count) for reason, count in figure.excluded.items()],
        breakdowns=overview.breakdowns(figure),
        split=overview.split(one, rule, figure),
        lines=await drill_down.by_event(scope.project.id, figure, 10**6 if all else EVENTS),
        counted=sum(1 for counts in figure.events.values() if counts.get("")),
        values=await ManualValue.filter(indicator_id=one.id).order_by("starts_on", "id"),
        versions=await RuleVersion.filter(indicator_id=one.id).count(),
        form=Form(),
        **_periods(reporting, chosen, column),
        **_may(scope),
        **here(scope),
    )


def _periods(reporting: Reporting, chosen: Period | None, column: Column | None) -> dict[str, Any]:
    return {"periods": reporting.periods, "period": chosen, "column": column}


def _may(scope: Scope) -> dict[str, Any]:
    return {"may": meets(scope.role, "manager"), "sees_people": meets(scope.role, "organiser")}


def _writer(hours: bool, hundredths: bool) -> Any:
    if hours:
        return fmt.hours
    return (lambda value: fmt.number(value / 100)) if hundredths else fmt.number


@dataclass
class _Behind:
    """The list behind a figure: of the whole project, of a period, or as it was submitted."""

    one: Indicator
    counting: Counting
    period: Period | None
    frozen: Figure | None

    @classmethod
    async def of(cls, scope: Scope, given: str, period: str) -> "_Behind":
        one = await one_of(scope, given)
        chosen = (
            await Period.get_or_none(id=identity(period), project_id=scope.project.id)
            if period
            else None
        )
        if one.counting.unit == "manual" or (period and not chosen):
            raise not_found()
        frozen = None
        if chosen and chosen.submitted_at:
            kept = await FrozenFigure.get_or_none(period_id=chosen.id, indicator_id=one.id)
            frozen = thawed(kept, chosen.submitted_at) if kept else None
        return cls(one, await Counting.of(scope.project), chosen, frozen)

    @property
    def span(self) -> Span:
        return self.period.span if self.period else WHOLE

    async def full(self) -> Figure:
        """With the whole list."""
        return self.frozen or await self.counting.behind(self.one.counting, self.span)

    async def page(self, event: int, show: str, wanted: int) -> "_Page":
        """A page of the list; the first or the last for a number outside."""
        base = (await self.counting.book()).base
        whole = bool(self.frozen) or self.one.counting.unit == "partners"
        figure = await (
            self.full() if whole else self.counting.figure(self.one.counting, self.span)
        )
        await self.counting.finish()
        things = total(figure.items) if self.frozen else figure
        number = drill_down.number(things, event, show)
        page = min(max(1, wanted), max(1, -(-number // PER_PAGE)))
        first = (page - 1) * PER_PAGE
        if whole:
            items = drill_down.chosen(figure, base, event, show)[first:]
        else:
            at = (
                drill_down.Window([event], first)
                if event
                else drill_down.window(figure, base, show, first, PER_PAGE)
            )
            found = (
                await self.counting.behind_events(self.one.counting, self.span, at.events)
                if number
                else []
            )
            items = drill_down.chosen(Figure(items=found), base, event, show)[at.skip :]
        return _Page(items[:PER_PAGE], things, number, page)


@dataclass
class _Page:
    items: list[Item]
    figure: Figure
    number: int
    page: int


@router.get("/desk/p/{project}/indicators/{indicator}/people")
async def people(
    request: Request,
    scope: Organiser,
    indicator: str,
    period: str = "",
    event: str = "",
    show: str = "counted",
    page: int = 1,
) -> Response:
    """Who or what is behind a figure: counted, or left out for a reason; of all events or one."""
    behind_it = await _Behind.of(scope, indicator, period)
    one, base = behind_it.one, (await behind_it.counting.book()).base
    show = show if show in {"counted", "all", *words.REASONS} else "counted"
    at = base.events.get(identity(event)) if event else None
    found = await behind_it.page(at.id if at else 0, show, page)
    lines = await drill_down.lines(one.counting, base, found.items)
    shows = [
        ("counted", _("Counted")),
        *[(r, w) for r, w in words.REASONS.items() if r in found.figure.excluded],
        ("all", _("All")),
    ]
    name = name_of(one)
    return render(
        request,
        "indicators/desk/people_rows.html"
        if is_fragment(request)
        else "indicators/desk/people.html",
        headers={"Vary": "HX-Request-Type"},
        one=one,
        name=name,
        lines=lines,
        total=found.number,
        page=found.page,
        pages=-(-found.number // PER_PAGE),
        show=show,
        shows=[
            (key, word, drill_down.number(found.figure, at.id if at else 0, key))
            for key, word in shows
        ],
        at=(at.id, (await drill_down.names("event", "title", {at.id}))[at.id]) if at else None,
        period=behind_it.period,
        reasons=words.REASONS,
        personal=one.counting.unit in PERSONAL,
        hours=one.counting.in_hours,
        heading=drill_down.headings(one.counting)[0],
        **here(scope, (name, f"/desk/p/{scope.project.slug}/indicators/{one.id}")),
    )


@router.get("/desk/p/{project}/indicators/{indicator}/behind.{kind}")
async def export(
    scope: Organiser,
    indicator: str,
    kind: str,
    period: str = "",
    event: str = "",
    show: str = "all",
) -> Response:
    """The list behind a figure as CSV or XLSX, with what was left out and why."""
    if kind not in {"csv", "xlsx"}:
        raise not_found()
    behind_it = await _Behind.of(scope, indicator, period)
    one, chosen, base = behind_it.one, behind_it.period, await behind_it.counting.base()
    items = drill_down.chosen(await behind_it.full(), base, identity(event) if event else 0, show)
    head = [
        *drill_down.headings(one.counting),
        _("Country"),
        _("E-mail"),
        _("Event"),
        _("Date"),
        one.unit or _("Number"),
        _("Counted?"),
        *([_("Minutes")] if one.counting.in_hours else []),
    ]
    found = await drill_down.lines(one.counting, base, items)
    rows = drill_down.sheet(found, {"counted": _("Counted")}, minutes=one.counting.in_hours)
    name = "-".join(
        filter(
            None, [scope.project.slug, slug(name_of(one), 40), slug(chosen.name) if chosen else ""]
        )
    )
    return await download(kind, name, [str(word) for word in head], rows)


@router.get("/desk/p/{project}/indicators/{indicator}/people/{registration}")
async def evidence(
    request: Request, scope: Organiser, indicator: str, registration: str
) -> Response:
    """What one person's attendance rests on: the registration, and every scan, who made it and
    when.
    """
    one = await one_of(scope, indicator)
    found = await drill_down.evidence(scope.project.id, identity(registration))
    if not found:
        raise not_found()
    name = name_of(one)
    path = f"/desk/p/{scope.project.slug}/indicators/{one.id}"
    return render(
        request,
        "indicators/desk/evidence.html",
        one=one,
        found=found,
        **here(scope, (name, path), (str(_("The list behind it")), f"{path}/people")),
    )
