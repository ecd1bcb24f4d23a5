"""Organisers' pages of a project: its events, and making one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from core import db
from core.clock import now
from core.errors import DomainError
from core.http.forms import Form
from core.http.pages import is_fragment, render, see_other
from core.i18n import Lazy, _, language
from core.text import search_key
from events.event.access import Scope, desk_event, desk_project
from events.event.event import Event
from events.event.kinds import KINDS, kind_of
from events.presentation.display import leaf
from events.presentation.navigation import shell
from events.presentation.posted_form import language_names, local_input, take, words
from events.programme.copies import copied

router = APIRouter(include_in_schema=False)

PER_PAGE = 50
FILTERS: dict[str, Lazy] = {
    "coming": _("Coming"),
    "drafts": _("Drafts"),
    "past": _("Past"),
    "all": _("All"),
}

_COUNTS = """
SELECT count(*) AS n_all,
  COALESCE(SUM(CASE WHEN status = 'draft' THEN 1 ELSE 0 END), 0) AS drafts,
  COALESCE(SUM(CASE WHEN status <> 'draft' AND ends_at > $2::timestamptz THEN 1 ELSE 0 END), 0) AS coming
FROM event WHERE project_id = $1::bigint
"""


@router.get("/desk/p/{project}")
async def project_desk(
    request: Request,
    scope: Annotated[Scope, Depends(desk_project("viewer"))],
    show: str = "",
    q: str = "",
    page: int = 1,
) -> Response:
    """The project's events, by default those to come; `q` narrows by typing."""
    counts = await _counted(scope)
    show = show if show in FILTERS else "coming" if counts["coming"] or not counts["all"] else "all"
    found, total = await _found(scope, show, search_key(q), max(1, page))
    context = {
        "rows": [(leaf(e, f"/desk/e/{e.slug}"), kind_of(e.kind)) for e in found],
        "total": total,
        "page": max(1, page),
        "pages": -(-total // PER_PAGE),
        "show": show,
        "q": q,
        "filters": [(key, word, counts[key]) for key, word in FILTERS.items()],
        **shell(scope),
        "crumbs": [],
    }
    template = "events/desk/event_rows.html" if is_fragment(request) else "events/desk/project.html"
    return render(request, template, headers={"Vary": "HX-Request-Type"}, **context)


async def _counted(scope: Scope) -> dict[str, int]:
    row = await db.row(_COUNTS, scope.project.id, now())
    assert row, "an aggregate answers a row"
    n, drafts, coming = int(row["n_all"]), int(row["drafts"]), int(row["coming"])
    return {"all": n, "drafts": drafts, "coming": coming, "past": n - drafts - coming}


async def _found(scope: Scope, show: str, sought: str, page: int) -> tuple[list[Event], int]:
    events = Event.filter(project_id=scope.project.id)
    if show == "drafts":
        events = events.filter(status="draft")
    elif show == "coming":
        events = events.exclude(status="draft").filter(ends_at__gt=now())
    elif show == "past":
        events = events.exclude(status="draft").filter(ends_at__lte=now())
    order = ("starts_at", "id") if show in {"coming", "drafts"} else ("-starts_at", "-id")
    if sought:
        known = await events.values_list("id", "title", "place", "slug")
        events = Event.filter(
            id__in=[i for i, *said in known if sought in search_key(_said(said))][:2000]
        )
    total = await events.count()
    return await events.order_by(*order).offset((page - 1) * PER_PAGE).limit(PER_PAGE), total


def _said(values: Any) -> str:
    title, place, slug = values
    return " ".join([*title.values(), place, slug])


@router.get("/desk/p/{project}/events/new")
async def new_event(
    request: Request, scope: Annotated[Scope, Depends(desk_project("organiser"))], kind: str = ""
) -> Response:
    """The short form; the rest can follow."""
    return _new(request, scope, Form({"kind": kind if kind in KINDS else ""}))


def _new(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "events/desk/event_new.html",
        status,
        form=form,
        kinds=list(KINDS.values()),
        codes=language_names(scope.project.languages or [language()]),
        **shell(scope),
    )


@router.post("/desk/p/{project}/events/new")
async def make_event(
    request: Request, scope: Annotated[Scope, Depends(desk_project("organiser"))]
) -> Response:
    """Make a draft."""
    form = await Form.read(request)
    codes = scope.project.languages or [language()]
    values = {name: form.values.get(name, "") for name in ("kind", "starts_at", "ends_at", "place")}
    try:
        made = await Event.draft(
            scope.project, scope.actor, title=words(form, "title", codes), **values
        )
    except DomainError as error:
        take(form, error, ("title",), codes[0])
        return _new(request, scope, form, error.status)
    return see_other(
        request,
        f"/desk/e/{made.slug}",
        _("The draft is made. Nobody sees it until you publish it."),
    )


@router.get("/desk/e/{event}/copy")
async def ask_for_a_copy(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """When does the copy begin?"""
    return _copy(
        request,
        scope,
        Form({"starts_at": local_input(scope.event.starts_at, scope.event.timezone)}),
    )


def _copy(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    return render(
        request, "events/desk/event_copy.html", status, form=form, **shell(scope, tab="copy")
    )


@router.post("/desk/e/{event}/copy")
async def copy_event(
    request: Request, scope: Annotated[Scope, Depends(desk_event("organiser"))]
) -> Response:
    """A draft like this event, with its programme and its form, without its people."""
    form = await Form.read(request)
    try:
        made = await copied(scope.event, scope.actor, str(form.values.get("starts_at") or ""))
    except DomainError as error:
        take(form, error, (), "")
        return _copy(request, scope, form, error.status)
    said = _(
        "This is the copy of %(title)s. It is a draft: look through it, then publish it.",
        title=scope.event.name,
    )
    return see_other(request, f"/desk/e/{made.slug}", said)
